"""A Chinese landline begins with the area code of its city; at home people leave it out.

completions(kinds)        # 26712345 beside an address in 深圳 is 0755 26712345
"""

from collections.abc import Iterator, Mapping
from functools import cache

import polars as pl

from cleansing.completion import Completion
from cleansing.divisions import divisions
from cleansing.knowledge import rows
from cleansing.phone_number import UNKNOWN, landline_pattern
from guiyi.kinds import Kind
from guiyi.records import part, reason

COMPLETED = "inferred: area code from"
"""The reason of a number whose area code came from another field; the field's name follows."""

_LOCAL = f"unverified|{UNKNOWN}"
"""Reasons of a number that may lack its area code."""


@cache
def _areas() -> pl.DataFrame:
    """Columns area, province, city: a row for each city an area code serves."""
    head, *table = rows("area_codes.tsv")
    return pl.DataFrame(table, schema=list(head), orient="row")


@cache
def _area_of_city() -> dict[str, str]:
    """City → its area code, where it has only one."""
    alone = (
        _areas()
        .group_by("city")
        .agg(pl.col("area").unique())
        .filter(pl.col("area").list.len() == 1)
    )
    return dict(zip(alone["city"].to_list(), alone["area"].list.first().to_list(), strict=True))


@cache
def _place_of_area() -> dict[str, str]:
    """Area code → its city in full, or only the province where it serves several cities."""
    grouped = _areas().group_by("area").agg(pl.col("province").unique(), pl.col("city").unique())
    return {
        area: provinces[0] + (cities[0] if len(cities) == 1 and cities[0] != provinces[0] else "")
        for area, provinces, cities in grouped.rows()
        if len(provinces) == 1
    }


def places_of_phones(keys: pl.Series) -> pl.Series:
    """The city or province of each Chinese landline in E.164; null for any other number."""
    number = pl.col("key").str.extract(rf"^\+86((?:{landline_pattern()}))$")
    area = pl.coalesce(number.str.extract(r"^(10|2\d)"), number.str.extract(r"^([3-9]\d\d)"))
    frame = keys.alias("key").to_frame()
    return frame.select(
        area.replace_strict(_place_of_area(), default=None, return_dtype=pl.String).alias("place")
    ).to_series()


def completions(kinds: Mapping[str, Kind]) -> Iterator[Completion]:
    """Put the area code before local numbers whose record names the city elsewhere.

    The number becomes a landline in E.164; the reason says from which field its area code was
    inferred. No digit that was given is changed.
    """
    phones = [name for name, kind in kinds.items() if kind is Kind.PHONE]
    places = [name for name, kind in kinds.items() if kind in (Kind.ADDRESS, Kind.REGION)]
    places.sort(key=lambda name: kinds[name] is Kind.REGION)
    for phone in phones:
        for place in places:
            yield _completion(phone, _city(place, kinds[place]), place)


def _city(field: str, kind: Kind) -> pl.Expr:
    if kind is Kind.ADDRESS:
        return pl.col(part(field, "city"))
    return pl.col(part(field, "key")).replace_strict(_city_of_region(), default=None)


@cache
def _city_of_region() -> dict[str, str]:
    """GB/T 2260 code of a city or district → the city."""
    known = divisions().drop_nulls("city").select("code", "city").unique("code", keep="first")
    return dict(known.rows())


def _completion(phone: str, city: pl.Expr, named_by: str) -> Completion:
    key, every = part(phone, "key"), part(phone, "all")
    local = pl.col(key).str.contains(r"^[2-8]\d{6,7}$") & pl.col(reason(phone)).str.contains(_LOCAL)
    area = city.replace_strict(_area_of_city(), default=None, return_dtype=pl.String)
    full = pl.concat_str(area, key)
    sure = full.str.contains(rf"^(?:{landline_pattern()})$").fill_null(value=False)
    number = pl.lit("+86") + full
    completed = pl.col(reason(phone)).str.replace(_LOCAL, f"{COMPLETED} {named_by}")
    shown = pl.concat_str(number, pl.lit(" ext. ") + pl.col(part(phone, "ext")), ignore_nulls=True)
    others = pl.col(every).list.set_difference(pl.concat_list(key))
    changed = {
        phone: shown,
        reason(phone): completed,
        key: number,
        every: pl.concat_list(number, others),
        part(phone, "type"): pl.lit("landline"),
    }
    return Completion(
        phone,
        local,
        [pl.when(sure).then(new).otherwise(pl.col(n)).alias(n) for n, new in changed.items()],
    )
