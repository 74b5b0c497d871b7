"""Why rows are refused, in words that every target shares: a program's code hangs on them."""

import re

REQUIRED = "a value is required"
NOT_MAPPED = "a value is required, and nothing is mapped to the column"
TAKEN = "another row already has this value"
NO_PARENT = "the row it points to is not in the target"
TOO_LONG = "a value is too long"
NOT_A_CHOICE = "not one of the values the column takes"
CHANGED = "changed in the CRM since the load was planned; run again"
NOT_THERE = "the service reports that the row was written, but it is not there"
NOT_CHANGED = "the service reports that the row was written, but it is as before"
STILL_THERE = "the service reports that the row was deleted, but it is there"
LOCKED = "another process holds the row, or one that it belongs to"

_WORDS: tuple[tuple[str, str], ...] = (
    (r"foreign[ _]?key|外键", NO_PARENT),
    (r"unique|duplicate|already exists|重复|已存在|唯一", TAKEN),
    (
        r"required|not[ _]?null|cannot be null|can't be blank|must not be empty|必填|必录"
        r"|不能为空|不允许为空",
        REQUIRED,
    ),
    (r"too[ _]?long|max(imum)?[ _]?length|exceeds? the (maximum )?length|超长|长度", TOO_LONG),
)
"""What services write, and what it means; the first that is found counts."""


def reason_in(sentence: str) -> str | None:
    """The reason that a service's own sentence means; the sentence may hold a value and is not
    repeated.
    """
    for words, reason in _WORDS:
        if re.search(words, sentence, re.IGNORECASE):
            return reason
    return None
