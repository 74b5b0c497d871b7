"""A record that lies abroad names no city of China, whatever its file is written in.

completions(kinds)       # Canton beside OH or 美国 stays Canton, among 深圳 and 上海
"""

from collections.abc import Iterator, Mapping

import polars as pl

from cleansing.address.countries import STATES
from cleansing.completion import Completion
from cleansing.text import tidy
from guiyi.kinds import Kind
from guiyi.records import part, raw, reason

_OF_CHINA = ("CN", "HK", "MO", "TW")


def completions(kinds: Mapping[str, Kind]) -> Iterator[Completion]:
    """Give places in Latin letters back their own names where the record names another country.

    The witnesses are the record's other regions (a country, a state of the USA) and the countries
    of its addresses.
    """
    regions = [name for name, kind in kinds.items() if kind is Kind.REGION]
    addresses = [name for name, kind in kinds.items() if kind is Kind.ADDRESS]
    for field in regions:
        taken = pl.col(part(field, "key")).str.contains(r"^\d{6}$") & _is_latin(field)
        signs = [_says_abroad(other) for other in regions if other != field]
        signs += [_is_foreign(pl.col(part(name, "country"))) for name in addresses]
        if signs:
            abroad = pl.any_horizontal(signs).fill_null(value=False)
            yield Completion(field, taken, _restored(field, abroad))


def _is_latin(field: str) -> pl.Expr:
    written = pl.col(raw(field))
    return written.str.contains(r"\p{Latin}") & ~written.str.contains(r"\p{Han}")


def _says_abroad(field: str) -> pl.Expr:
    state = pl.col(raw(field)).str.strip_chars().str.to_uppercase().is_in(STATES.split("|"))
    key = pl.col(part(field, "key"))
    return _is_foreign(key) | (state.fill_null(value=False) & ~key.str.contains(r"^\d{6}$"))


def _is_foreign(country: pl.Expr) -> pl.Expr:
    foreign = country.str.contains(r"^[A-Z]{2}$") & ~country.is_in(_OF_CHINA)
    return foreign.fill_null(value=False)


def _restored(field: str, abroad: pl.Expr) -> list[pl.Expr]:
    own = tidy(pl.col(raw(field)))
    key = own.str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", "")
    changed = pl.when(own != pl.col(raw(field))).then(pl.lit("tidied"))
    new = {field: own, reason(field): changed, part(field, "key"): key}
    return [
        pl.when(abroad).then(value).otherwise(pl.col(name)).alias(name)
        for name, value in new.items()
    ]
