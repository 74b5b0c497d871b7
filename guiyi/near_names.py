"""The name somebody meant when they wrote one that is not there."""

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

from guiyi.messages import Message

CUTOFF = 0.6
SHORT, SHORT_CUTOFF = 3, 0.5
"""One wrong character of two is half the name: `电活` is as near to `电话` as it can be."""
LISTED = 20
"""How many names a message lists."""


def nearest(name: str, there: Iterable[str]) -> str | None:
    """Find the name that was probably meant; case and full-width letters make no difference."""
    by_fold: dict[str, str] = {}
    for one in there:
        by_fold.setdefault(_fold(one), one)
    wanted = _fold(name)
    cutoff = SHORT_CUTOFF if len(wanted) <= SHORT else CUTOFF
    close = get_close_matches(wanted, list(by_fold), n=1, cutoff=cutoff)
    return by_fold[close[0]] if close else None


def did_you_mean(name: str, there: Iterable[str]) -> Message:
    """Offer the nearest of the names there are, and list them."""
    names = list(dict.fromkeys(there))
    if not names:
        return Message("there are none")
    close = nearest(name, names)
    listed = ", ".join(names[:LISTED]) + (" …" if len(names) > LISTED else "")
    if close is None:
        return Message("there are: {names}", names=listed)
    return Message("did you mean `{close}`? there are: {names}", close=close, names=listed)


def _fold(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
