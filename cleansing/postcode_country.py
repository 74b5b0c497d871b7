"""A ZIP code that lost its zeros is known by its state: 2139 beside MA was 02139.

completions(kinds, cells)          # 501 beside NY was 00501; 2139 beside CA stays, unsure

The zeros that a column alone gave back are taken away again where the record names a state, or a
country, that has no such code.
"""

from collections.abc import Iterator, Mapping

import polars as pl

from cleansing.address.countries import STATES
from cleansing.coded_table import CodedField
from cleansing.completion import Completion
from guiyi.kinds import Kind
from guiyi.records import part, raw, reason

RESTORED = "leading zero restored"
_ZEROS = {
    "CT": "06",
    "MA": "01|02|055",
    "ME": "039|04",
    "NH": "03[0-8]",
    "NJ": "07|08",
    "NY": "005|06390",
    "PR": "00[679]",
    "RI": "02[89]",
    "VI": "008",
    "VT": "05",
}
"""The states and territories with ZIP codes that begin with zero (USPS L002, 3-digit prefixes)."""
_NAMES = {
    "connecticut": "CT",
    "massachusetts": "MA",
    "maine": "ME",
    "new hampshire": "NH",
    "new jersey": "NJ",
    "new york": "NY",
    "puerto rico": "PR",
    "rhode island": "RI",
    "vermont": "VT",
}
_FOUR_DIGITS = "AT|AU|BE|BG|CH|CY|DK|GE|HU|LI|LU|LV|MD|MK|NL|NO|NZ|PH|SI|TN|ZA"
"""Countries whose postcodes have four digits (UPU S42)."""


def completions(
    kinds: Mapping[str, Kind], fields: Mapping[str, CodedField]
) -> Iterator[Completion]:
    """Give ZIP codes their zeros back by the state of their record, and only by that."""
    codes = [name for name, kind in kinds.items() if kind is Kind.POSTCODE and name in fields]
    states = [_state(name, kinds[name]) for name in kinds if kinds[name] in _PLACES]
    countries = [_country(name, kinds[name]) for name in kinds if kinds[name] in _PLACES]
    for field in codes if states else ():
        bare = pl.col(raw(field)).str.strip_chars().str.replace(r"\.0+$", "")
        short = bare.str.contains(r"^\d{3,4}(?:-\d{4})?$")
        country = pl.coalesce(countries)
        state = pl.when(country.is_null() | (country == "US")).then(pl.coalesce(states))
        whole = bare.str.contains(r"^\d{5}(?:-\d{4})?$").any()
        others_whole = bool(fields[field].cells.select(whole).item())
        yield Completion(field, short, _restored(field, bare, state, country, others_whole))


_PLACES = (Kind.REGION, Kind.ADDRESS)


def _state(field: str, kind: Kind) -> pl.Expr:
    """The state of the USA that a field names."""
    column = part(field, "province") if kind is Kind.ADDRESS else raw(field)
    name = pl.col(column).str.strip_chars()
    known = name.str.to_uppercase()
    spelled = name.str.to_lowercase().replace_strict(_NAMES, default=None, return_dtype=pl.String)
    return pl.coalesce(pl.when(known.is_in([*STATES.split("|"), "VI"])).then(known), spelled)


def _country(field: str, kind: Kind) -> pl.Expr:
    column = pl.col(part(field, "country") if kind is Kind.ADDRESS else part(field, "key"))
    return pl.when(column.str.contains("^[A-Z]{2}$")).then(column)


def _restored(
    field: str, bare: pl.Expr, state: pl.Expr, country: pl.Expr, whole: bool
) -> list[pl.Expr]:
    """The new value, reason and key of a code of three or four digits; `whole`: some have five."""
    digits = bare.str.extract(r"^(\d+)")
    zip5 = digits.str.zfill(5)
    full = zip5 + bare.str.extract(r"(-\d{4})$").fill_null("")
    theirs = pl.any_horizontal(
        (state == name) & zip5.str.contains(f"^(?:{codes})") for name, codes in _ZEROS.items()
    )
    fits = theirs.fill_null(value=False)
    abroad = country.str.contains(f"^(?:{_FOUR_DIGITS})$").fill_null(value=False) & state.is_null()
    wrong = state.is_not_null() & ~fits & whole
    doubt = pl.concat_str(pl.lit("unsure: no ZIP code "), zip5, pl.lit(" in "), state)
    own = abroad & (digits.str.len_bytes() == 4)
    new = {
        field: (full, bare, bare),
        reason(field): (pl.lit(RESTORED), doubt, pl.lit(None, pl.String)),
        part(field, "key"): (zip5, digits, digits),
    }
    return [
        pl.when(fits)
        .then(restored)
        .when(wrong)
        .then(doubtful)
        .when(own)
        .then(foreign)
        .otherwise(pl.col(name))
        .alias(name)
        for name, (restored, doubtful, foreign) in new.items()
    ]
