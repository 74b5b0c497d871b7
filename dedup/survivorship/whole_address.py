"""An address moves whole: street, city, state and postcode are taken from one record together.

Chosen apart, the columns of two addresses make a third at which nobody lives. So what the record
does not have stays empty, and what was imputed in it stays so, unless another record of the very
house has it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from cleansing.coded_table import CodedField
from dedup.forms.value_quality import PLACEHOLDER
from dedup.survivorship.candidate_values import all_voices, choices, rule_of
from dedup.survivorship.ranked_members import RankedMembers
from dedup.survivorship.strategies import LESS, MORE, Says, first
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.records import part
from guiyi.spec import EntitySpec, SurvivorshipRule, SurvivorshipStrategy

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_STREET = "street|streetname|strasse|straße|rue|calle"
_ADDRESS = "address|addr|via|road|line|lines|full|detail|detailed"
_PLACE = (
    "city|town|suburb|county|district|borough|locality|municipality|village|zip|zipcode|postcode"
    "|postalcode|postal|plz|apt|apartment|flat|suite|ort|ville|stadt|house|housenumber"
)
_AROUND = "state|province|prov|country"
"""Of a column of plain text or codes these tell a place only beside a street: a state may be that
of an order."""
_VAGUE = "region|land|code|number|no|nr|unit|room|building|post|name"
_ALL = frozenset(f"{_STREET}|{_ADDRESS}|{_PLACE}|{_AROUND}|{_VAGUE}".split("|"))
_SURE = frozenset(f"{_STREET}|{_PLACE}".split("|"))
_STREETS = frozenset(_STREET.split("|"))
_COUNTRIES = frozenset(_AROUND.split("|"))
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

    orders: npt.NDArray[np.int64]
    """For each cluster that record's place in the order of trust, -1 where it has no record."""
    same_house: npt.NDArray[np.bool_]
    """By place in that order: whether a record names the house that its cluster's carrier names."""


def address_columns(entity: EntitySpec, there: Iterable[str]) -> list[AddressColumns]:
    """Find the columns that are parts of one address, by kind and header.

    A record may have several addresses: `billing_city` is no part of what `city` belongs to. A
    column with a survivorship rule of its own goes its own way.
    """
    known = set(there)
    labels = {name: _label(name, f.kind) for name, f in entity.fields.items() if name in known}
    streets = {labels[name] for name in labels if _is_street(name, entity.fields[name].kind)}
    labelled: dict[str, list[str]] = {}
    for name, label in labels.items():
        if label is None and entity.fields[name].kind in _UNTYPED and _has(name, _COUNTRIES):
            label = beside if (beside := _rest(name)) in streets else None
        if label is not None:
            labelled.setdefault(label, []).append(name)
    _join_lines(labelled, entity)
    found = (_group(columns, entity) for columns in labelled.values())
    return [group for group in found if group is not None]


def _label(name: str, kind: Kind) -> str | None:
    """Whose address, or which of them, a column belongs to; None if to none."""
    sure = _has(name, _SURE) if _is_latin(name) else _HAN_SURE.search(name) is not None
    rest = _rest(name)
    return rest if kind in _TYPED or (kind in _UNTYPED and sure and not rest) else None


def _rest(name: str) -> str:
    """What a header says beside the parts of an address: `billing` of `billing_city`."""
    if _is_latin(name):
        return " ".join(word for word in _words(name) if word not in _ALL)
    return " ".join(_WORD.findall(_HAN.sub(" ", name).lower()))


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name)]


def _is_latin(name: str) -> bool:
    return _has(name, _ALL) and all(word.isascii() for word in _words(name))


def _is_street(name: str, kind: Kind) -> bool:
    return kind is Kind.ADDRESS or (kind in _TYPED | _UNTYPED and _has(name, _STREETS))


def _join_lines(labelled: dict[str, list[str]], entity: EntitySpec) -> None:
    """`address_1` and `address_2` beside one city are two lines, not two addresses."""
    for label in list(labelled):
        base = re.sub(r" ?\d+$", "", label)
        lines = all(entity.fields[name].kind is Kind.ADDRESS for name in labelled[label])
        if base != label and base in labelled and lines:
            labelled[base] += labelled.pop(label)


def _group(columns: Sequence[str], entity: EntitySpec) -> AddressColumns | None:
    kinds = entity.kinds
    streets = [n for n in columns if _is_street(n, kinds[n])]
    choice = rule_of(entity, (streets or list(columns))[0])
    together = tuple(name for name in columns if rule_of(entity, name) == choice)
    if choice.rule is SurvivorshipStrategy.UNION or len(together) < 2:
        return None
    regions = [name for name in together if kinds[name] is Kind.REGION]
    cities = [name for name in together if _has(name, _CITY) or "市" in name]
    street = next((name for name in streets if name in together), None)
    return AddressColumns(together, street, next(iter(cities or regions), None), choice)


def _has(name: str, words: frozenset[str]) -> bool:
    return bool(words.intersection(_words(name)))


def carriers(
    fields: Mapping[str, CodedField],
    standing: RankedMembers,
    entity: EntitySpec,
    group: AddressColumns,
) -> Carriers:
    """Choose the record that gives each cluster its address.

    The house most records name, or the rule of the street; of its records the fullest
    of it, then the best written, then by the values. Only clusters that disagree need a choice.
    """
    believed = standing.trusting(group.choice.sources) if group.choice.sources else standing
    members = believed.members
    clusters = members["cluster"].to_numpy()
    orders = np.full(len(standing.cluster_ids), -1, np.int64)
    orders[clusters[::-1]] = np.arange(len(clusters) - 1, -1, -1)
    signatures = _signatures(fields, group, members["row"].to_numpy())
    disputed = np.zeros(len(orders), np.bool_)
    disputed[clusters[signatures != signatures[orders[clusters]]]] = True
    candidates = _address_candidates(fields, believed.among(disputed), entity, group)
    best = first(_ranked(candidates, group))
    orders[best["cluster"].to_numpy()] = best["order"].to_numpy()
    return Carriers(orders, _in_same_house(candidates, best, members.height))


def _in_same_house(
    candidates: pl.DataFrame, best: pl.DataFrame, members: int
) -> npt.NDArray[np.bool_]:
    """Which members name the house of the best, in the same town as far as both have one."""
    chosen = candidates.join(best.select("cluster", own="house", town="city"), on="cluster")
    one_town = (pl.col("city") == pl.col("town")).fill_null(value=True)
    same = np.zeros(members, np.bool_)
    same[chosen.filter((pl.col("house") == pl.col("own")) & one_town)["order"].to_numpy()] = True
    return same


def _signatures(
    fields: Mapping[str, CodedField], group: AddressColumns, rows: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint64]:
    """Equal numbers for equal addresses; an imputed part is never equal to one that was given."""
    signatures = np.zeros(len(rows), np.uint64)
    for name in group.columns:
        field = fields[name]
        hashed = field.cells[name].hash().to_numpy()
        imputed = part(name, "imputed")
        if imputed in field.cells.columns:
            hashed = hashed + field.cells[imputed].fill_null(value=False).to_numpy()
        signatures = signatures * np.uint64(0x9E3779B97F4A7C15) + hashed[field.codes[rows]]
    return signatures


def _address_candidates(
    fields: Mapping[str, CodedField],
    standing: RankedMembers,
    entity: EntitySpec,
    group: AddressColumns,
) -> pl.DataFrame:
    """What each member says of its address: how much, how well written, and of which house."""
    members = standing.members.select("row", "cluster", "trust", "age", "order")
    nothing = pl.zeros(members.height, pl.UInt32, eager=True)
    sums = dict.fromkeys(("filled", "detail", "form", "length"), nothing)
    places = dict.fromkeys(("house", "city"), pl.repeat(None, members.height, eager=True))
    values, imputed = [], nothing
    for name in group.columns:
        cells = fields[name].cells
        column = next(column for column in choices(cells, entity) if column.name == name)
        own = all_voices(cells, standing.holding(fields[name].codes), column)
        heard = (own["says"] == Says.VALID) & (own["lesser"] < PLACEHOLDER).fill_null(value=False)
        value = own["value"].set(~heard, None)
        detail = own["detail"] if column.kind is Kind.ADDRESS else nothing
        values.append(value.alias(f"value {name}"))
        counts = {"filled": heard, "detail": detail, "form": own["form"].fill_null(0)}
        counts["length"] = value.str.len_chars().fill_null(0)
        sums = {n: sums[n] + counts[n].cast(pl.UInt32) * heard.cast(pl.UInt32) for n in sums}
        imputed += (own["says"] == Says.IMPUTED).cast(pl.UInt32)
        for place, of in (("house", group.street), ("city", group.city)):
            if name == of:
                places[place] = own["place"].set(~heard, None)
    facts = [column.alias(n) for n, column in (sums | places | {"imputed": imputed}).items()]
    return even_chunks(pl.DataFrame([*members.get_columns(), *facts, *values]))


_BY_TRUST = (("trust", LESS), ("age", LESS))
_QUALITY = (
    ("complete", MORE),
    ("detail", MORE),
    ("form", LESS),
    ("alike", MORE),
    ("length", MORE),
)
_BY: dict[SurvivorshipStrategy, tuple[tuple[str, bool], ...]] = {
    SurvivorshipStrategy.MOST_RECENT: (("age", LESS), ("trust", LESS), *_QUALITY),
    SurvivorshipStrategy.MOST_FREQUENT: (
        ("votes", MORE),
        ("trusted", LESS),
        ("youngest", LESS),
        *_QUALITY,
    ),
    SurvivorshipStrategy.MOST_COMPLETE: (*_QUALITY, *_BY_TRUST),
    SurvivorshipStrategy.SOURCE_PRIORITY: (*_BY_TRUST, *_QUALITY),
}


def _ranked(candidates: pl.DataFrame, group: AddressColumns) -> pl.DataFrame:
    """The members of all clusters, the one with the best address first."""
    values = [f"value {name}" for name in group.columns]
    place = pl.concat_str(pl.col("house", "city").cast(pl.String).fill_null(""), separator="|")
    ranks = candidates.with_columns(
        empty=pl.col("filled") == 0,
        homeless=pl.col("house").is_null(),
        complete=pl.col("filled") + pl.col("detail"),
        place=place,
        alike=pl.len().over("cluster", pl.struct(values).hash()),
    ).with_columns(
        votes=pl.len().over("cluster", "place"),
        trusted=pl.col("trust").min().over("cluster", "place"),
        youngest=pl.col("age").min().over("cluster", "place"),
    )
    by = (("empty", LESS), ("homeless", LESS), *_BY[group.choice.rule])
    by += (("imputed", MORE), *((name, LESS) for name in (*values, "order")))
    return ranks.sort(
        [name for name, _ in by], descending=[most for _, most in by], nulls_last=True
    )
