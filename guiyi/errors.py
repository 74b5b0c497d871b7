"""What can go wrong, sorted by what the caller can do about it.

A record that fails a rule is a result, never an exception. Messages name a place (file, sheet, row,
key) and never a customer's value.
"""

import errno

from guiyi.messages import Message, as_message, at_place


class GuiyiError(Exception):
    """Something the user can mend: where, what was found, and what to do about it.

    `what` and `hint` are messages; a plain string is one without parameters.
    """

    def __init__(self, what: str, *, place: str | None = None, hint: str | None = None) -> None:
        super().__init__(what)
        self.what = as_message(what)
        self.place = place
        self.hint = None if hint is None else as_message(hint)

    def __str__(self) -> str:
        """One line: the place, then what was found there, then what to do."""
        return str(self.message)

    @property
    def message(self) -> Message:
        """The whole as one message, to be said in any language."""
        what = self.what
        if self.hint:
            what = Message("{what} — {hint}", what=what, hint=self.hint)
        return at_place(self.place, what) if self.place else what


def refusal(error: OSError) -> Message:
    """Why the operating system refused something, in the user's language for the common reasons."""
    reason = _REFUSALS.get(error.errno or 0)
    return as_message((error.strerror or str(error)).lower()) if reason is None else reason


_REFUSALS = {
    errno.ENOENT: Message("no such file or folder"),
    errno.EACCES: Message("no permission"),
    errno.EPERM: Message("no permission"),
    errno.EISDIR: Message("it is a folder"),
    errno.ENOTDIR: Message("a part of the path is not a folder"),
    errno.ENOSPC: Message("no space left"),
    errno.EROFS: Message("the file system is read-only"),
    errno.ENAMETOOLONG: Message("the name is too long"),
}


class SpecError(GuiyiError):
    """The project spec, a suite or a code list says something that cannot be."""


class SourceError(GuiyiError):
    """A source system cannot be read, or not all of it."""


class TargetError(GuiyiError):
    """A target system refused what was asked of it; asking again will not help."""


class ConnectionLost(GuiyiError):
    """A system went away in the middle; the same call may go through later."""

    waited_for = False
    """Whether patience has ended already: who calls what has waited need not wait again."""


class OutcomeUnknown(ConnectionLost):
    """A system went away and may have done what was asked. The same call asks it what it has done
    before it does the rest.
    """
