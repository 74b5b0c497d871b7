"""Names that one part of the spec uses and another has."""

from collections.abc import Callable, Iterable

from guiyi.messages import Message
from guiyi.near_names import did_you_mean


class UnknownName(ValueError):
    """A part of the spec names something another part does not have."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.others: list[UnknownName] = []
        """Further ones, found by other checks."""


def check_all(checks: Iterable[Callable[[], None]]) -> None:
    """Make every check. Raises the first UnknownName, which has the others with it."""
    found = []
    for check in checks:
        try:
            check()
        except UnknownName as mistake:
            found.append(mistake)
    if found:
        found[0].others = found[1:]
        raise found[0]


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
