"""What only one person is known by, and how it is found in texts without touching anybody else."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

MARK = "█"
"""What stands where a value was, in a text that says more."""
JOINED = "; "
"""Between the values of a field that holds several."""


@dataclass(frozen=True)
class PersonalValues:
    """Names, and numbers and mailboxes, that nobody else has.

    A name counts where it is the whole of a value: 王伟 is not in 王伟民. A number or mailbox
    counts in any text, where nothing goes on before or behind it.
    """

    names: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    kept: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    """Entity, or CRM entity → fields that stay whatever they say: the names of firms."""

    def __bool__(self) -> bool:
        return bool(self.names or self.numbers)

    @cached_property
    def spellings(self) -> list[str]:
        """Every value, as it stands in texts and in JSON: what a search may begin with."""
        every = self.names | self.numbers
        return sorted(every | {json.dumps(one, ensure_ascii=False)[1:-1] for one in every})

    @cached_property
    def _numbers(self) -> re.Pattern[str]:
        return _any_of(self.numbers, r"(?<![0-9A-Za-z_.+-])", r"(?![0-9A-Za-z_])")

    @cached_property
    def anywhere(self) -> re.Pattern[str]:
        """Finds numbers and mailboxes, and names with no letter before or behind them."""
        letter = r"[0-9A-Za-z_\u3400-\u9fff]"
        names = _any_of(self.names, f"(?<!{letter})", f"(?!{letter})").pattern
        return re.compile(f"{self._numbers.pattern}|{names}")

    def redacted(self, text: str) -> str | None:
        """A value without them; null where nothing else is left."""
        items = [one for one in text.split(JOINED) if one not in self.names | self.numbers]
        rest = self._numbers.sub(MARK, JOINED.join(items))
        return rest if rest.strip(f" {MARK};,") else None

    def mentions(self, text: str) -> bool:
        """Whether a text says one of them."""
        return bool(self.anywhere.search(text))

    def without(self, entity: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of a record of another entity, or of another person, without them."""
        kept = self.kept.get(entity, frozenset())
        return {n: value if n in kept else self._value(value) for n, value in fields.items()}

    def _value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [one for one in map(self._value, value) if one is not None]
        return self.redacted(value) if isinstance(value, str) else value

    def may_hold(self, column: str) -> pl.Expr:
        """Whether a text may hold one of them, JSON included: a first sieve."""
        if not self:
            return pl.lit(value=False)
        return pl.col(column).str.contains_any(self.spellings).fill_null(value=False)

    def said_in(self, column: str) -> pl.Expr:
        """Whether a text says one of them."""
        says = pl.col(column).map_elements(self.mentions, return_dtype=pl.Boolean)
        return (
            pl.when(self.may_hold(column))
            .then(says)
            .otherwise(pl.lit(value=False))
            .fill_null(value=False)
        )

    def taken_out(self, column: str) -> pl.Expr:
        """A column of values without them."""
        rest = pl.col(column).map_elements(self.redacted, return_dtype=pl.String)
        return pl.when(self.may_hold(column)).then(rest).otherwise(column).alias(column)


def _any_of(values: Iterable[str], before: str, behind: str) -> re.Pattern[str]:
    longest_first = sorted(values, key=len, reverse=True)
    if not longest_first:
        return re.compile(r"(?!)")
    return re.compile(f"{before}(?:{'|'.join(map(re.escape, longest_first))}){behind}")
