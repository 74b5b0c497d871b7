"""What a trial raises."""


class LostError(AssertionError):
    """Something is not as it would be if nothing had been disturbed."""


def expect(holds: object, what: str) -> None:
    """Raise LostError if something does not hold."""
    if not holds:
        raise LostError(what)
