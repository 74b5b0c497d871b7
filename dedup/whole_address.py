"""An address moves whole: street, city, state and postcode are taken from one record together.

Chosen apart, the columns of two addresses make a third at which nobody lives.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from cleansing.coded_table import CodedField
from dedup.standing import Standing
from dedup.value_quality import PLACEHOLDER
from dedup.voices import choices, rule_of, voices
from dedup.winners import LESS, MORE, Says, first
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.spec import EntitySpec, Rule, SurvivorshipRule

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_STREET = "address|addr|street|strasse|straße|rue|calle|via|road|line|lines|full|detail|detailed"
_PLACE = (
    "city|town|suburb|county|district|borough|locality|municipality|village|zip|zipcode|postcode"
    "|postalcode|postal|plz|apt|apartment|flat|suite|ort|ville|stadt|house|housenumber"
)
_VAGUE = "state|province|prov|region|country|land|code|number|no|nr|unit|room|building|post|name"
_ALL = frozenset(f"{_STREET}|{_PLACE}|{_VAGUE}".split("|"))
_SURE = frozenset(_PLACE.split("|"))
_CITY = frozenset(("city", "town", "locality", "ort", "ville", "stadt"))
_HAN = re.compile(
    r"详细|联系|所在|地址|住址|住所|地點|地点|街道|门牌号?|門牌號?|邮政编码|邮编|郵遞區號|省份|省市"
    r"|城市|地级市|区县|县区|国家|國家|地区|[省市区區县縣镇鎮乡鄉路村]"
)
_HAN_SURE = re.compile(r"[省市区區县縣镇鎮乡鄉]|邮编|邮政编码|郵遞區號|街道|门牌|門牌")
_TYPED = frozenset({Kind.ADDRESS, Kind.REGION, Kind.POSTCODE})
_UNTYPED = frozenset({Kind.TEXT, Kind.CODE})


@dataclass(frozen=True)
class AddressColumns:
    """The columns that hold one address of a record."""

    columns: tuple[str, ...]
    street: str | None
    city: str | None
    choice: SurvivorshipRule
    """By which rule one record is chosen: that of the street."""


@dataclass(frozen=True)
class Carriers:
    """Which record gives each golden record its address."""

    rows: npt.NDArray[np.int64]
    """For each cluster a row, -1 where no record has anything of an address."""
    orders: npt.NDArray[np.int64]
    """For each cluster that record's place in the order of belief."""


def address_columns(entity: EntitySpec, there: Iterable[str]) -> list[AddressColumns]:
    """Find the columns that are parts of one address, by kind and header.

    A record may have several addresses: `billing_city` is no part of what `city` belongs to. A
    column with a survivorship rule of its own goes its own way.
    """
    known = set(there)
    labelled: dict[str, list[str]] = {}
    for name, field in entity.fields.items():
        label = _label(name, field.kind) if name in known else None
        if label is not None:
            labelled.setdefault(label, []).append(name)
    _join_lines(labelled, entity)
    found = (_group(columns, entity) for columns in labelled.values())
    return [group for group in found if group is not None]


def _label(name: str, kind: Kind) -> str | None:
    """Whose address, or which of them, a column belongs to; None if to none."""
    words = [word.lower() for word in _WORD.findall(name)]
    if any(word in _ALL for word in words) and all(word.isascii() for word in words):
        sure = any(word in _SURE for word in words)
        rest = [word for word in words if word not in _ALL]
    else:
        sure = _HAN_SURE.search(name) is not None
        rest = [word for word in _WORD.findall(_HAN.sub(" ", name).lower()) if word]
    if kind in _TYPED or (kind in _UNTYPED and sure and not rest):
        return " ".join(rest)
    return None


def _join_lines(labelled: dict[str, list[str]], entity: EntitySpec) -> None:
    """`address_1` and `address_2` beside one city are two lines, not two addresses."""
    for label in list(labelled):
        base = re.sub(r" ?\d+$", "", label)
        lines = all(entity.fields[name].kind is Kind.ADDRESS for name in labelled[label])
        if base != label and base in labelled and lines:
            labelled[base] += labelled.pop(label)


def _group(columns: Sequence[str], entity: EntitySpec) -> AddressColumns | None:
    kinds = entity.kinds
    streets = [name for name in columns if kinds[name] is Kind.ADDRESS]
    choice = rule_of(entity, (streets or list(columns))[0])
    together = tuple(name for name in columns if rule_of(entity, name) == choice)
    if choice.rule is Rule.UNION or len(together) < 2:
        return None
    regions = [name for name in together if kinds[name] is Kind.REGION]
    cities = [name for name in together if _is_city(name)]
    street = next((name for name in streets if name in together), None)
    return AddressColumns(together, street, next(iter(cities or regions), None), choice)


def _is_city(name: str) -> bool:
    return bool(_CITY & {word.lower() for word in _WORD.findall(name)}) or "市" in name


def carriers(
    fields: Mapping[str, CodedField], standing: Standing, entity: EntitySpec, group: AddressColumns
) -> Carriers:
    """Choose the record that gives each cluster its address.

    The house most records name, or the rule of the street; of its records the one that tells most
    of it, then the best written, then by the values. Only clusters that disagree need a choice.
    """
    believed = standing.trusting(group.choice.sources) if group.choice.sources else standing
    members = believed.members
    clusters = members["cluster"].to_numpy()
    orders = np.full(len(standing.cluster_ids), -1, np.int64)
    orders[clusters[::-1]] = np.arange(len(clusters) - 1, -1, -1)
    said = _signatures(fields, group, members["row"].to_numpy())
    disputed = np.zeros(len(orders), np.bool_)
    disputed[clusters[said != said[orders[clusters]]]] = True
    told = _told(fields, believed.among(disputed), entity, group)
    best = first(_ranked(told, group))
    orders[best["cluster"].to_numpy()] = best["order"].to_numpy()
    rows = members["row"].to_numpy()[orders]
    return Carriers(np.where(orders < 0, -1, rows), orders)


def _signatures(
    fields: Mapping[str, CodedField], group: AddressColumns, rows: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint64]:
    """Equal numbers for equal addresses."""
    said = np.zeros(len(rows), np.uint64)
    for name in group.columns:
        field = fields[name]
        hashed = field.cells[name].hash().to_numpy()
        said = said * np.uint64(0x9E3779B97F4A7C15) + hashed[field.codes[rows]]
    return said


def _told(
    fields: Mapping[str, CodedField], standing: Standing, entity: EntitySpec, group: AddressColumns
) -> pl.DataFrame:
    """What each member says of its address: how much, how well written, and of which house."""
    told = standing.members.select("row", "cluster", "trust", "age", "order").with_columns(
        filled=pl.lit(0, pl.UInt32),
        detail=pl.lit(0, pl.UInt32),
        form=pl.lit(0, pl.UInt32),
        length=pl.lit(0, pl.UInt32),
        house=pl.lit(None, pl.String),
        city=pl.lit(None, pl.String),
    )
    for name in group.columns:
        cells = fields[name].cells
        column = next(column for column in choices(cells, entity) if column.name == name)
        own = voices(cells, standing.holding(fields[name].codes), column)
        heard = own.filter(pl.col("says") == Says.VALID, pl.col("lesser") < PLACEHOLDER)
        heard = heard.select(
            "order",
            pl.col("value").alias(f"value {name}"),
            pl.col("place").alias("_place"),
            pl.col("detail" if column.kind is Kind.ADDRESS else "lesser").alias("_detail"),
            pl.col("form").alias("_form"),
            pl.col("value").str.len_chars().alias("_length"),
        )
        told = told.join(heard, on="order", how="left", maintain_order="left").with_columns(
            pl.col("filled") + pl.col(f"value {name}").is_not_null(),
            *(pl.col(n) + pl.col(f"_{n}").fill_null(0) for n in ("detail", "form", "length")),
        )
        if name == group.street:
            told = told.with_columns(house="_place")
        if name == group.city:
            told = told.with_columns(city="_place")
        told = told.drop("_place", "_detail", "_form", "_length")
    return even_chunks(told)


_BELIEVED = (("trust", LESS), ("age", LESS))
_QUALITY = (
    ("complete", MORE),
    ("detail", MORE),
    ("form", LESS),
    ("alike", MORE),
    ("length", MORE),
)
_BY: dict[Rule, tuple[tuple[str, bool], ...]] = {
    Rule.MOST_RECENT: (("age", LESS), ("trust", LESS), *_QUALITY),
    Rule.MOST_FREQUENT: (("votes", MORE), ("trusted", LESS), ("youngest", LESS), *_QUALITY),
    Rule.MOST_COMPLETE: (*_QUALITY, *_BELIEVED),
    Rule.SOURCE_PRIORITY: (*_BELIEVED, *_QUALITY),
}


def _ranked(told: pl.DataFrame, group: AddressColumns) -> pl.DataFrame:
    """The members of all clusters, the one with the best address first."""
    values = [f"value {name}" for name in group.columns]
    place = pl.concat_str(pl.col("house", "city").fill_null(""), separator="|")
    ranks = told.with_columns(
        empty=pl.col("filled") == 0,
        homeless=pl.col("house").is_null(),
        complete=pl.col("filled") + pl.col("detail"),
        place=place,
        alike=pl.len().over("cluster", *values),
    ).with_columns(
        votes=pl.len().over("cluster", "place"),
        trusted=pl.col("trust").min().over("cluster", "place"),
        youngest=pl.col("age").min().over("cluster", "place"),
    )
    by = (("empty", LESS), ("homeless", LESS), *_BY[group.choice.rule])
    by += tuple((name, LESS) for name in (*values, "order"))
    return ranks.sort(
        [name for name, _ in by], descending=[most for _, most in by], nulls_last=True
    )
