"""Names that one part of the spec uses and another has."""

from collections.abc import Iterable

from guiyi.messages import Message
from guiyi.near_names import did_you_mean


class UnknownName(ValueError):
    """A part of the spec names something another part does not have."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.path = path


def check_known(path: str, used: Iterable[str], have: Iterable[str], what: Message) -> None:
    """Refuse names that are not there. Raises UnknownName with the path in the spec."""
    names = sorted(have)
    for name in sorted(used):
        if name not in names:
            raise UnknownName(
                path,
                Message(
                    "unknown {what} `{name}`; {hint}",
                    what=what,
                    name=name,
                    hint=did_you_mean(name, names),
                ),
            )
