"""One record cleaned at once, as its table would clean it, without a plan over columns.

    cleaner = RecordCleaner.of(raw, kinds)            # raw: the table the record is held against
    cleaner.clean({"name": "Dr. Ann Smith", "phone": "(212) 555-0123"})

A column is cleaned by expressions that cost some 5–100 ms however short it is. Here most kinds have
a path of their own for one value; what such a path cannot read (Chinese names, addresses, firms)
goes through the column's, and is remembered. A path is only taken where it gives what the column
gives on the values of the table. What a column is witness to (whose country a phone belongs to, day
or month first) is noted down once. Only the parts that comparisons read are filled: `value`, `key`,
`all`, `given` and `surname`, and all of a company name.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any

import polars as pl

from cleansing import (
    amount,
    date,
    id_card,
    mail_cell,
    person_name,
    phone,
    postcode,
    region,
    text,
    uscc,
)
from cleansing.column import LONGEST, Row
from cleansing.date_words import DateOrder
from cleansing.empty_words import NOTHING, NULL
from cleansing.person_name.together import BREAK
from cleansing.phone_countries import witnesses
from cleansing.phone_country import CountryHint, country_of_phone, read_value
from cleansing.phone_home import home_of
from cleansing.region_script import RegionScript, script_of
from cleansing.registry import parts
from cleansing.table import NO_VALUE, clean_values
from cleansing.wrapping import are_guarded, unwrap, unwrap_one
from guiyi.kinds import Kind

Witness = dict[str, Any]
"""What a column knows that one value does not: a phone's home, a date's order, …"""
One = Callable[[str], Row | None]
"""One raw value to its row; None if only the column's path can decide."""
PROVED = 200
"""Distinct values of a column on which its own path must agree with the column's."""
MOST_REMEMBERED = 20_000
"""Values a field that needs the column's path remembers."""
READ = ("key", "all", "given", "surname")
"""Parts that comparisons read of kinds other than company names."""

_BLANK = re.compile(r"\S")
_UNTIDY = re.compile(text.UNTIDY)
_SALAD = re.compile("[\u00c0-\u00ff][\u0080-\u00ff]|[\u00c2-\u00ef][\u0080-\u2122]")
"""Two letters that may be one of another encoding; `cleansing.mojibake` then has the say."""
_SEVERAL = re.compile(BREAK)
_LATIN_END = "\u0250"
_NOTHING = re.compile(NOTHING)
_EASTERN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass
class FieldCleaner:
    """One field: its kind, what its column is witness to, and whether the short path is proved."""

    kind: Kind
    witness: Witness
    short: bool = True
    _known: dict[str, dict[str, object]] = field(default_factory=dict, init=False, repr=False)
    _one: One | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        """Open the short path of the kind, if it has one."""
        make = PATHS.get(self.kind)
        self._one = None if make is None else make(self.witness)
        self._names = tuple(parts(self.kind))
        self._guarded = bool(self.witness.get("guarded"))

    def clean(self, raw: str | None, country: str | None = None) -> dict[str, object]:
        """The clean value, its reason and parts, by name; `value` and `reason` among them.

        `country` is that of the record's telephones, if the record says one.
        """
        found = self._without_column(raw, country)
        if found is not None:
            return found
        assert raw is not None
        return self.whole(raw)

    def _without_column(
        self, raw: str | None, country: str | None = None
    ) -> dict[str, object] | None:
        """The clean value by the short path; None if only the column's path can decide."""
        held, unwrapped = (raw, None) if raw is None else unwrap_one(raw, self.kind, self._guarded)
        bare = "" if held is None else text.strip_invisible(held).strip()
        if raw is None or held is None or not bare or self._is_uninformative(bare):
            typed = raw is not None and _BLANK.search(raw) is not None
            return {"value": None, "reason": NO_VALUE if typed else None}
        if self._one is None or not self.short:
            return None
        row = (None, "invalid: too long") if len(held) > LONGEST else self._read(held, country)
        if row is None:
            return None
        found = dict(zip(("value", "reason", *self._names), row, strict=False))
        if unwrapped is not None and found["value"] is not None:
            reasons = found["reason"]
            found["reason"] = unwrapped if reasons is None else f"{reasons}; {unwrapped}"
        return found

    def whole(self, raw: str) -> dict[str, object]:
        """All parts of a value, as its column has them."""
        known = self._known.get(raw)
        if known is None:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            held, guard = (
                unwrap_one(raw, self.kind, self._guarded) if self._guarded else (raw, None)
            )
            known = clean_values(pl.Series([held]), self.kind).row(0, named=True)
            if guard is not None and known["value"] is not None:
                known["reason"] = (
                    guard if known["reason"] is None else f"{known['reason']}; {guard}"
                )
            self._known[raw] = known
        return known

    def _read(self, raw: str, country: str | None) -> Row | None:
        assert self._one is not None
        if self.kind is Kind.PHONE and country is not None:
            return _phone({"home": country})(raw)
        return self._one(raw)

    def _is_uninformative(self, bare: str) -> bool:
        if self.kind in (Kind.CODE, Kind.TEXT) or _NOTHING.match(bare) is None:
            return False
        return self.kind is not Kind.PERSON_NAME or bare != NULL

    def prove(self, values: pl.Series) -> None:
        """Leave the short path where it does not give what the column gives."""
        if self._one is None:
            return
        distinct = values.drop_nulls().unique().sort()
        if not len(distinct):
            return
        # The whole column is witness, a part of it is compared.
        every = max(1, len(distinct) // PROVED)
        expected = clean_values(distinct, self.kind).gather_every(every).to_dicts()
        names = ("value", *(name for name in READ if name in self._names))
        for raw, cleaned in zip(distinct.gather_every(every).to_list(), expected, strict=True):
            found = self._without_column(raw)
            if found is None:  # the column reads it, one value at a time: slow, and no other path
                continue
            if any(found.get(name) != cleaned[name] for name in names if name in found):
                self.short = False
                return


class RecordCleaner:
    """Cleans single records of one table."""

    def __init__(self, fields: Mapping[str, FieldCleaner]) -> None:
        self.fields = dict(fields)
        self._tellers = {
            name: {column: CountryHint(how) for column, how in own.witness["columns"].items()}
            for name, own in self.fields.items()
            if own.kind is Kind.PHONE and own.witness.get("columns")
        }

    @classmethod
    def of(
        cls,
        table: pl.DataFrame,
        kinds: Mapping[str, Kind],
        homes: Mapping[str, str] | None = None,
    ) -> "RecordCleaner":
        """Learn from a table, raw or clean (FIELD.raw), what its columns are witness to.

        `homes` has the country of telephones whose record names none, by field, as for a table.
        """
        made = {}
        for name, kind in kinds.items():
            own = f"{name}.raw" if f"{name}.raw" in table.columns else name
            values = table[own].cast(pl.String).drop_nulls().unique()
            if len(values) > MOST_WITNESSES:
                values = values.sample(MOST_WITNESSES, seed=1)
            made[name] = FieldCleaner(Kind(kind), witness_of(values, Kind(kind)))
            made[name].prove(values)
        known = {name: own.kind for name, own in made.items()}
        for name, witness in witnesses(table, known, {n: made[n].witness for n in made}).items():
            made[name] = replace(made[name], witness=witness)
        for name, home in (homes or {}).items():
            if name in made:
                made[name] = replace(made[name], witness={**made[name].witness, "home": home})
        return cls(made)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "RecordCleaner":
        """Take up what was noted down by `as_document`."""
        return cls(
            {
                name: FieldCleaner(Kind(kept["kind"]), dict(kept["witness"]), kept["short"])
                for name, kept in document.items()
            }
        )

    def as_document(self) -> dict[str, Any]:
        """What was learned, as JSON can hold it."""
        return {
            name: {"kind": str(own.kind), "witness": own.witness, "short": own.short}
            for name, own in self.fields.items()
        }

    def clean(self, record: Mapping[str, str | None]) -> dict[str, object]:
        """The record as a row of a clean table: FIELD, FIELD.raw, FIELD.reason and FIELD.PART.

        Fields that are not in the table pass through untouched.
        """
        out: dict[str, object] = {}
        for name, raw in record.items():
            own = self.fields.get(name)
            if own is None:
                out[name] = raw
                continue
            country = self._country(name, record) if name in self._tellers else None
            for part, value in own.clean(raw, country).items():
                out[name if part == "value" else f"{name}.{part}"] = value
            out[f"{name}.raw"] = raw
        return out

    def _country(self, phone: str, record: Mapping[str, str | None]) -> str | None:
        """The country of the record's telephones; an address is read only if a number needs it."""
        typed = record.get(phone)
        if typed is None or _HAS_COUNTRY.match(typed):
            return None

        def named(field: str, how: CountryHint) -> str | None:
            raw = record.get(field)
            if raw is None:
                return None
            if how is not CountryHint.ADDRESS:
                return read_value(raw, how)
            country = self.fields[field].whole(raw).get("country")
            return None if country is None else str(country)

        return country_of_phone(phone, self._tellers[phone], named)


_HAS_COUNTRY = re.compile(r"\s*(?:\+|00)[\d\s()+-]*$")


MOST_WITNESSES = 5_000
"""Distinct values of a column that are asked what it is witness to."""


def witness_of(values: pl.Series, kind: Kind) -> Witness:
    """What a column of raw values knows that one of them does not."""
    guarded = {"guarded": True} if are_guarded(values, kind) else {}
    values, _ = unwrap(values, kind)
    if kind is Kind.PHONE:
        return {"home": home_of(values)}
    if kind is Kind.DATE:
        return asdict(date.order_of(values))
    if kind is Kind.POSTCODE:
        return {"width": postcode.width_of(values)}
    if kind is Kind.REGION:
        return {"script": str(script_of(values)), **guarded}
    if kind is Kind.AMOUNT:
        return {"comma_is_point": amount.has_decimal_commas(values)}
    return guarded


# Short paths, each beside the column's in its own file -------------------------------------------


def _tidied(raw: str) -> str:
    return text.tidy(raw) if _UNTIDY.search(raw) else raw


def _folded(raw: str) -> str:
    return text.fold_marks(text.tidy(raw)) if _UNTIDY.search(raw) else raw


def _phone(witness: Witness) -> One:
    def one(raw: str) -> Row:
        return phone.clean_one(raw, _folded(phone.split_lines(raw)), witness["home"])

    return one


def _date(witness: Witness) -> One:
    order = DateOrder(**witness)
    return lambda raw: date.clean_one(raw, _folded(raw), order)


def _amount(witness: Witness) -> One:
    comma = bool(witness["comma_is_point"])
    return lambda raw: amount.clean_one(raw, _folded(raw), comma)


def _postcode(witness: Witness) -> One:
    return partial(_postcode_of, width=int(witness["width"]))


def _postcode_of(raw: str, width: int) -> Row:
    return postcode.clean_one(raw, _tidied(raw).upper(), width)


def _email(witness: Witness) -> One:
    return lambda raw: mail_cell.clean_one(raw, _tidied(raw))


def _uscc(witness: Witness) -> One:
    return lambda raw: uscc.clean_one(raw, _tidied(raw).upper())


def _id_card(witness: Witness) -> One:
    return lambda raw: id_card.clean_one(raw, _tidied(raw).upper())


def _region(witness: Witness) -> One:
    script = RegionScript(witness.get("script", RegionScript.CHINESE))
    return lambda raw: region.clean_one(raw, _tidied(raw), script)


def _code(witness: Witness) -> One:
    return _code_of


def _code_of(raw: str) -> Row:
    value = text.tidy(raw)
    key = re.sub(r"[\s_\-./\u200c\u200d]+", "", value.lower()) or value
    return (value, None if value == raw else "tidied", text.simplify_text(key))


def _person(witness: Witness) -> One:
    return _person_of


def _person_of(raw: str) -> Row | None:
    """Western and romanised names; Chinese ones are the column's."""
    if raw.strip() == NULL or _EASTERN.search(raw) or _SEVERAL.search(raw) or not _is_plain(raw):
        return None
    value = text.fold_marks(_tidied(raw))
    found = person_name.clean_one(value)
    return None if found is None else (value, found[-1], *found[:-1])


def _address(witness: Witness) -> One:
    return _address_of


def _address_of(raw: str) -> Row | None:
    """Of a foreign address the tidied text is compared; a Chinese one is the column's."""
    if _HAN.search(raw) or not _is_plain(raw):
        return None
    value = text.fold_marks(_tidied(raw))
    if not any(c.isalpha() for c in value):
        return (None, "invalid: no letters")
    return (value, None)  # the column's other parts are not compared


def _is_plain(raw: str) -> bool:
    """Whether a text is Latin and no salad of two encodings."""
    return raw.isascii() or (all(c < _LATIN_END for c in raw) and not _SALAD.search(raw))


PATHS: Mapping[Kind, Callable[[Witness], One]] = {
    Kind.PHONE: _phone,
    Kind.DATE: _date,
    Kind.AMOUNT: _amount,
    Kind.POSTCODE: _postcode,
    Kind.EMAIL: _email,
    Kind.USCC: _uscc,
    Kind.ID_CARD: _id_card,
    Kind.CODE: _code,
    Kind.PERSON_NAME: _person,
    Kind.ADDRESS: _address,
    Kind.REGION: _region,
}
"""The kinds whose single values need no column."""
