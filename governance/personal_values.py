"""What only one person is known by, and how it is found in texts without touching anybody else."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
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
    counts in any text, where nothing goes on before or behind it. A name that others bear, and one
    inside a text, counts in a row that also says a key of the person.
    """

    names: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    kept: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    """Entity, or CRM entity → fields that stay whatever they say: the names of firms."""
    known: frozenset[str] = frozenset()
    """The person's names, those that others bear among them."""
    keys: frozenset[str] = frozenset()
    """Mailboxes, mobiles and numbers that say, beside such a name, that it is this person."""
    own_names: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    """Entity, or CRM entity → fields in which such a name is that of the record's own person."""
    touched: frozenset[str] = frozenset()
    """Keys and golden ids of records of others that say a name and a key."""

    def __bool__(self) -> bool:
        return bool(self.names or self.numbers or self.keys)

    @cached_property
    def spellings(self) -> list[str]:
        """Every value, as it stands in texts and in JSON: what a search may begin with."""
        every = self.names | self.numbers | (self.known if self.keys else frozenset())
        return sorted(every | {json.dumps(one, ensure_ascii=False)[1:-1] for one in every})

    @cached_property
    def _numbers(self) -> re.Pattern[str]:
        return _any_of(self.numbers, _NOTHING_BEFORE, _NOTHING_BEHIND)

    @cached_property
    def anywhere(self) -> re.Pattern[str]:
        """Finds numbers and mailboxes, and names with no letter before or behind them."""
        letter = r"[0-9A-Za-z_\u3400-\u9fff]"
        names = _any_of(self.names, f"(?<!{letter})", f"(?!{letter})").pattern
        return re.compile(f"{self._numbers.pattern}|{names}")

    @cached_property
    def _keys(self) -> re.Pattern[str]:
        return _any_of(self.keys, _NOTHING_BEFORE, _NOTHING_BEHIND)

    @cached_property
    def in_texts(self) -> re.Pattern[str]:
        """Finds the names between signs, or words that stand around a name."""
        return _any_of(self.known, _BEFORE_A_NAME, _BEHIND_A_NAME)

    def redacted(self, text: str) -> str | None:
        """A value without them; null where nothing else is left."""
        items = [one for one in text.split(JOINED) if one not in self.names | self.numbers]
        return _rest(self._numbers.sub(MARK, JOINED.join(items)))

    def beside(self, text: str) -> str | None:
        """A value of a row that says a key of the person, without the name in whatever text."""
        every = self.names | self.numbers | self.known
        items = [one for one in text.split(JOINED) if one not in every]
        return _rest(self.in_texts.sub(MARK, self._numbers.sub(MARK, JOINED.join(items))))

    def says_key(self, text: str) -> bool:
        """Whether a text says a key by which a name beside it is the person's."""
        return bool(self.keys and self._keys.search(text))

    def names_in(self, text: str) -> bool:
        """Whether a text names the person, or a namesake."""
        return text in self.known or bool(self.in_texts.search(text))

    def mentions(self, text: str) -> bool:
        """Whether a text says one of them."""
        if self.anywhere.search(text):
            return True
        return self.says_key(text) and self.names_in(text)

    def without(
        self, entity: str, fields: Mapping[str, Any], *, touched: bool = False
    ) -> dict[str, Any]:
        """The fields of a record of another entity, or of another person, without them.

        `touched`: whether it is known that a name in it is the person's.
        """
        kept = self.kept.get(entity, frozenset())
        own = self.own_names.get(entity, frozenset())
        here = touched or any(isinstance(v, str) and self.says_key(v) for v in fields.values())
        return {
            name: value
            if name in kept
            else self._value(value, self.beside if here and name not in own else self.redacted)
            for name, value in fields.items()
        }

    def _value(self, value: Any, rest: Callable[[str], str | None]) -> Any:
        if isinstance(value, list):
            return [one for one in (self._value(v, rest) for v in value) if one is not None]
        return rest(value) if isinstance(value, str) else value

    def says_key_in(self, columns: Iterable[str]) -> pl.Expr:
        """Whether one of some columns says a key of the person."""
        names = list(columns)
        if not self.keys or not names:
            return pl.lit(value=False)
        spelled = sorted(self.keys)
        return pl.any_horizontal(
            pl.when(pl.col(name).str.contains_any(spelled))
            .then(pl.col(name).map_elements(self.says_key, return_dtype=pl.Boolean))
            .otherwise(pl.lit(value=False))
            .fill_null(value=False)
            for name in names
        )

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

    def taken_out(self, column: str, here: pl.Expr | None = None) -> pl.Expr:
        """A column of values without them; `here`: in which rows a name is the person's."""
        value = pl.col(column)
        rest = value.map_elements(self.redacted, return_dtype=pl.String)
        if here is not None and self.keys:
            beside = value.map_elements(self.beside, return_dtype=pl.String)
            rest = pl.when(here).then(beside).otherwise(rest)
        return pl.when(self.may_hold(column)).then(rest).otherwise(column).alias(column)


def _rest(text: str) -> str | None:
    return text if text.strip(f" {MARK};,") else None


_NOTHING_BEFORE, _NOTHING_BEHIND = r"(?<![0-9A-Za-z_.+-])", r"(?![0-9A-Za-z_])"
_LETTER = r"[A-Za-z_\u3400-\u9fff]"
_WORDS_BEFORE = (
    "联系人", "负责人", "经办人", "联系", "客户", "转告", "通知", "告诉", "同事", "经理", "老板",
    "找", "问", "由", "与", "和", "给", "请", "跟", "向", "叫", "让", "是", "或", "及", "原",
)  # fmt: skip
_WORDS_BEHIND = (
    "先生", "女士", "小姐", "经理", "老师", "主任", "处长", "科长", "师傅", "同志", "总", "的",
    "电话", "手机", "邮箱", "微信", "联系", "来电", "反馈", "回复", "说", "已", "与", "和", "或",
)  # fmt: skip
"""Words that stand before and behind a Chinese name in a note; a name goes on with none of them."""
_BEFORE_A_NAME = f"(?:(?<!{_LETTER})|{'|'.join(f'(?<={word})' for word in _WORDS_BEFORE)})"
_BEHIND_A_NAME = f"(?=$|(?!{_LETTER})|{'|'.join(_WORDS_BEHIND)})"


def _any_of(values: Iterable[str], before: str, behind: str) -> re.Pattern[str]:
    longest_first = sorted(values, key=len, reverse=True)
    if not longest_first:
        return re.compile(r"(?!)")
    return re.compile(f"{before}(?:{'|'.join(map(re.escape, longest_first))}){behind}")
