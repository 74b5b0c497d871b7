"""What two mailboxes at one host say: a letter or digit more is another person's."""

# numba compiles these functions: they read like C on purpose, and stay untyped for it.
# ruff: noqa: SIM110
# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"

from numba import njit

from dedup.kernels.texts import begins

AT = 64
LEAST_HOST = 4
"""From so many characters on a host that begins another is that host, cut off by a narrow field."""


@njit(cache=True, nogil=True)
def colleagues(chars, a, la, b, lb):
    """Whether two addresses at one host are two people's by their mailboxes, however alike."""
    at_a = mailbox(chars, a, la)
    at_b = mailbox(chars, b, lb)
    host_a = max(la - at_a - 1, 0)
    host_b = max(lb - at_b - 1, 0)
    shorter = min(host_a, host_b)
    if shorter < LEAST_HOST or not begins(chars, a + at_a + 1, b + at_b + 1, shorter):
        return False
    return tells_apart(chars, a, at_a, b, at_b)


@njit(cache=True, nogil=True)
def mailbox(chars, a, la):
    """How many characters stand before the last @; all of them where there is none."""
    for i in range(la - 1, -1, -1):
        if chars[a + i] == AT:
            return i
    return la


@njit(cache=True, nogil=True)
def tells_apart(chars, a, la, b, lb):
    """Whether mailboxes differ in their first letter alone or in digits, as those of two people do.

    jshelton and mshelton share a surname; mary2 is called so because mary is taken.
    """
    i = 0
    while i < la and i < lb and chars[a + i] == chars[b + i]:
        i += 1
    end = 0
    while end < min(la, lb) - i and chars[a + la - 1 - end] == chars[b + lb - 1 - end]:
        end += 1
    if i == 0 and end > 0 and la - end == 1 and lb - end == 1:
        return True
    for p in range(a + i, a + la - end):
        if 48 <= chars[p] <= 57:
            return True
    for p in range(b + i, b + lb - end):
        if 48 <= chars[p] <= 57:
            return True
    return False
