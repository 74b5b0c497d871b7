"""Whose national telephone numbers a record holds, its other columns say: a country, an address.

    readings = naming_columns(columns, kinds)      # {"Country": "country", "Address": "address"}
    codes = countries_of_phone("Phone", readings, countries)     # ISO 3166-1 codes, row by row

Nothing here looks at the numbers themselves: see `phone_home` for what they say of each other.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from cleansing import knowledge, region
from cleansing.address.countries import STATES
from cleansing.coded import Coded
from cleansing.column_sample import fold_header
from cleansing.region_script import RegionScript, script_of
from cleansing.text import tidy
from guiyi.kinds import Kind


class CountryHint(StrEnum):
    """How a column names a country; an earlier one is believed before a later one."""

    COUNTRY = "country"
    """Names of countries in any language, or their ISO 3166-1 codes."""
    DIAL = "dial"
    """Country calling codes: +31, 0031."""
    DIVISION = "division"
    """Provinces, cities and districts of China."""
    STATE = "state"
    """States of the USA."""
    ADDRESS = "address"
    """What the cleaner of addresses reads as the country."""


_HEADER = re.compile(
    r"\b(?:country|countries|nation|land|pays|pa[ií]s|paese|iso ?(?:2|3|3166)\b)"
    r"|国家|國家|国别|國別|所在国"
)
_OTHER_LAND = re.compile(r"birth|born|nationalit|citizen|origin|passport|国籍|國籍|出生|原籍|原产")
"""Where somebody comes from is not where the telephone stands."""
_DIAL_HEADER = re.compile(
    r"dial|calling|phone code|country code|\bidd\b|\bcc\b"
    r"|国际区号|國際區號|国家代码|国家区号|国际冠码"
)
_STATE_HEADER = re.compile(r"\bstate\b|\bst\b|province|region|\b州\b|^州$")

_MOST = 2_000
"""A column of countries has few distinct values, however long it is."""
_NEARLY_ALL, _ALL = 0.9, 0.95
"""The share of rows that must name a country: with a header that says so, and without."""

Named = Callable[[str], str | None]
_NO, _CONFLICT = -1, -2
Countries = npt.NDArray[np.int16]


def may_name_country(name: str, kind: Kind | None, column: Coded | pl.Series) -> bool:
    """Whether a column may name a country, as far as its kind, header and first cells show."""
    if kind is Kind.ADDRESS or kind is Kind.REGION:
        return True
    header = fold_header(name)
    if _HEADER.search(header) or _DIAL_HEADER.search(header):
        return kind in _KINDS
    if kind not in (Kind.CODE, Kind.TEXT):
        return False
    values = column.values if isinstance(column, Coded) else column
    first = values.head(20).cast(pl.String).drop_nulls().to_list()
    return any(_country_in_full(text) or _of_code(text) for text in first)


_KINDS = (None, Kind.REGION, Kind.CODE, Kind.TEXT, Kind.AMOUNT, Kind.KEY)


def naming_columns(
    columns: Mapping[str, Coded], kinds: Mapping[str, Kind]
) -> dict[str, CountryHint]:
    """The columns that name a record's country, and how each is read.

    Columns without a kind are looked at where their header says that they hold countries.
    """
    found = {
        name: _reading(fold_header(name), column, kinds.get(name))
        for name, column in columns.items()
    }
    return {name: reading for name, reading in found.items() if reading is not None}


def _reading(header: str, column: Coded, kind: Kind | None) -> CountryHint | None:
    if kind is Kind.ADDRESS:
        return CountryHint.ADDRESS
    if kind not in _KINDS:
        return None
    says, few = _HEADER.search(header) is not None, len(column.values) <= _MOST
    dials = _DIAL_HEADER.search(header) is not None
    if not few or not column.filled or _OTHER_LAND.search(header):
        return None
    if kind is None and not says and not dials:
        return None
    if _share(column, _country if says else _country_in_full) >= (_NEARLY_ALL if says else _ALL):
        return CountryHint.COUNTRY
    if _share(column, _of_bare_code if dials else _of_code) >= _NEARLY_ALL:
        return CountryHint.DIAL
    if kind is not Kind.REGION:
        return None
    if _STATE_HEADER.search(header) and _share(column, _state) >= _NEARLY_ALL:
        return CountryHint.STATE
    chinese = script_of(column.values) is RegionScript.CHINESE
    return CountryHint.DIVISION if chinese else None


def _share(column: Coded, named: Named) -> float:
    given = column.map(lambda values: values.set(~values.str.contains(r"\S"), None))
    return given.share(_mapped(given.values, named).is_not_null())


def _mapped(values: pl.Series, named: Named) -> pl.Series:
    countries = [None if text is None else named(text) for text in values.to_list()]
    return pl.Series(countries, dtype=pl.String)


# --- one column or value --------------------------------------------------------------------------


def read_column(values: pl.Series, reading: CountryHint) -> pl.Series:
    """The country that each distinct value of a column names."""
    if reading is CountryHint.DIVISION:
        keys = region.clean_as(values, RegionScript.CHINESE)["key"]
        return _mapped(keys, _of_division)
    return _mapped(values, _NAMED[reading])


def read_value(text: str, reading: CountryHint) -> str | None:
    """The country that one value of such a column names."""
    if reading is CountryHint.DIVISION:
        found = region.clean_one(text, tidy(text), RegionScript.CHINESE)
        key = None if found is None else found[2]
        return None if key is None else _of_division(str(key))
    return _NAMED[reading](text)


def _country(text: str) -> str | None:
    """The country of a name or code: Netherlands, 荷兰, Niederlande, NL, NLD, NL - Netherlands."""
    whole = _fold(text)
    if whole in _names():
        return _names()[whole]
    if whole.upper() in _codes():
        return _codes()[whole.upper()]
    pieces = [piece for piece in re.split(r"[()（）/,，\-–:：|;；]+", text) if piece.strip()]
    countries = {_country(piece) for piece in pieces} if len(pieces) > 1 else set()
    return countries.pop() if len(countries) == 1 else None


def _country_in_full(text: str) -> str | None:
    """As `_country`, without a header: IN, DE and CA are states as well, and Georgia is."""
    bare = _fold(text)
    short = len(bare) < 4 and bare.isascii()
    return None if short or bare == "georgia" else _country(text)


def _of_code(text: str) -> str | None:
    found = re.fullmatch(r"\s*(?:\+|00)\s*([1-9]\d{0,3})(?:\.0)?\s*", text)
    return _of_calling_code(int(found[1])) if found else None


def _of_bare_code(text: str) -> str | None:
    found = re.fullmatch(r"\s*(?:\+|00)?\s*([1-9]\d{0,3})(?:\.0)?\s*", text)
    return _of_calling_code(int(found[1])) if found else None


@cache
def _of_calling_code(code: int) -> str | None:
    """The main country of a calling code; libphonenumber calls those of no country 001."""
    import phonenumbers

    region_code: str = phonenumbers.region_code_for_country_code(code)
    return region_code if region_code.isalpha() and region_code != "ZZ" else None


def _state(text: str) -> str | None:
    return "US" if text.strip().upper() in _STATES else None


_STATES = frozenset(STATES.split("|"))
_OWN_PLAN = {"71": "TW", "81": "HK", "82": "MO"}
"""Divisions of GB/T 2260 with a country calling code of their own."""


def _of_division(key: str) -> str | None:
    return _OWN_PLAN.get(key[:2], "CN") if re.fullmatch(r"\d{6}", key) else None


_NAMED: Mapping[CountryHint, Named] = {
    CountryHint.COUNTRY: _country,
    CountryHint.DIAL: _of_bare_code,
    CountryHint.STATE: _state,
}


def _fold(text: str) -> str:
    """Letters alone, in lower case, without accents."""
    plain = unicodedata.normalize("NFKD", text)
    letters = (c for c in plain if unicodedata.category(c)[0] == "L")
    return unicodedata.normalize("NFC", "".join(letters)).casefold()


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for code, english, chinese, also in knowledge.rows("countries.tsv")[1:]:
        names |= dict.fromkeys(map(_fold, (english, chinese, *filter(None, also.split("|")))), code)
    for code, _, more in knowledge.rows("country_names.tsv")[1:]:
        for name in filter(None, more.split("|")):
            names.setdefault(_fold(name), code)
    return {name: code for name, code in names.items() if len(name) > 1}


@cache
def _codes() -> dict[str, str]:
    table = knowledge.rows("country_names.tsv")[1:]
    return {code: code for code, _, _ in table} | {three: code for code, three, _ in table if three}


# --- the rows of a table --------------------------------------------------------------------------


def countries_of_phone(
    phone: str, readings: Mapping[str, CountryHint], countries: Mapping[str, Coded]
) -> Coded | None:
    """For each row the country that its other columns give to a field of telephones.

    `countries` has, for each such column, the country each of its values names.
    """
    if not readings:
        return None
    known = pl.concat([c.values.drop_nulls() for c in countries.values()]).unique().sort().to_list()
    if not known:
        return None
    place = {code: n for n, code in enumerate(known)}
    settled: Countries | None = None
    for names in _tiers(phone, readings):
        tier = _agreed([_placed(countries[name], place) for name in names])
        settled = tier if settled is None else np.where(settled == _NO, tier, settled)
    assert settled is not None
    codes = np.where(settled < 0, len(known), settled).astype(np.int32)
    return Coded(pl.Series([*known, None], dtype=pl.String), codes)


def country_of_phone(
    phone: str,
    readings: Mapping[str, CountryHint],
    country: Callable[[str, CountryHint], str | None],
) -> str | None:
    """As `countries_of_phone`, of one record; `country` reads one of its fields."""
    for names in _tiers(phone, readings):
        countries = {code for name in names if (code := country(name, readings[name])) is not None}
        if countries:
            return countries.pop() if len(countries) == 1 else None
    return None


def _tiers(phone: str, readings: Mapping[str, CountryHint]) -> Iterable[Sequence[str]]:
    """Columns of one reading after the other; Billing Phone lies in Billing Country, if given."""
    own = set(fold_header(phone).split())
    for reading in CountryHint:
        names = [name for name, how in readings.items() if how is reading]
        near = [name for name in names if own & set(fold_header(name).split())]
        if names:
            yield near or names


def _placed(column: Coded, place: Mapping[str, int]) -> Countries:
    values = [_NO if code is None else place[code] for code in column.values.to_list()]
    return np.array(values, dtype=np.int16)[column.codes]


def _agreed(columns: Sequence[Countries]) -> Countries:
    """What columns of one reading say together: nothing certain where two of them disagree."""
    countries = columns[0]
    for other in columns[1:]:
        differ = (countries >= 0) & (other >= 0) & (countries != other)
        countries = np.where(
            differ, np.int16(_CONFLICT), np.where(countries == _NO, other, countries)
        )
    return countries
