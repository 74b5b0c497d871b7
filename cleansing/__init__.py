"""A value as an expert would write it, a key to match it by, and the reason for each change.

Owns the cleaning of values, one file a field kind, and the guess of what a column holds. Knows
neither files nor databases: columns come in, columns go out.

    from cleansing import clean_table, infer_kinds
    guesses = infer_kinds(table)
    clean = clean_table(table, {field: guess.kind for field, guess in guesses.items()})
"""

from typing import TYPE_CHECKING

from cleansing.inference import KindGuess, infer_kind, infer_kinds
from cleansing.registry import cleaner, parts
from cleansing.table import clean_table, clean_values
from guiyi.lazily import lazily

if TYPE_CHECKING:
    from cleansing.record import RecordCleaner
else:
    __getattr__ = lazily(__name__, {"RecordCleaner": "cleansing.record"})

__all__ = [
    "KindGuess",
    "RecordCleaner",
    "clean_table",
    "clean_values",
    "cleaner",
    "infer_kind",
    "infer_kinds",
    "parts",
]
