"""Which fields move together: those the spec names, and the columns of one address.

An address moves whole: street, city, state and postcode are taken from one record.
"""

import re
from collections.abc import Iterable, Sequence

from dedup.survivorship.candidate_values import rule_of
from dedup.survivorship.field_groups import FieldGroup
from dedup.survivorship.rules import RULES
from guiyi.kinds import Kind
from guiyi.spec import EntitySpec

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
_APART = frozenset(rule for rule, ranking in RULES.items() if not ranking.whole)
"""Rules that choose no record, so that each column goes its own way."""
_TYPED = frozenset({Kind.ADDRESS, Kind.REGION, Kind.POSTCODE})
_UNTYPED = frozenset({Kind.TEXT, Kind.CODE})


def field_groups(entity: EntitySpec, there: Iterable[str]) -> list[FieldGroup]:
    """The fields that move together: those the spec names, and of the others each address."""
    known = [name for name in entity.fields if name in set(there)]
    named = [
        _named_group([name for name in known if name in rule.fields], entity)
        for rule in entity.survivorship.values()
        if rule.fields
    ]
    taken = {name for rule in entity.survivorship.values() for name in rule.fields}
    return [
        *(group for group in named if group is not None),
        *address_columns(entity, (name for name in known if name not in taken)),
    ]


def _named_group(columns: Sequence[str], entity: EntitySpec) -> FieldGroup | None:
    if len(columns) < 2:  # one column alone is chosen by the same rule
        return None
    kinds = entity.kinds
    street = next((name for name in columns if _is_street(name, kinds[name])), None)
    choice = rule_of(entity, columns[0])
    return FieldGroup(tuple(columns), street, _city(columns, entity), choice, named=True)


def _city(columns: Sequence[str], entity: EntitySpec) -> str | None:
    regions = [name for name in columns if entity.kinds[name] is Kind.REGION]
    cities = [name for name in columns if _has(name, _CITY) or "市" in name]
    return next(iter(cities or regions), None)


def address_columns(entity: EntitySpec, there: Iterable[str]) -> list[FieldGroup]:
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


def _group(columns: Sequence[str], entity: EntitySpec) -> FieldGroup | None:
    kinds = entity.kinds
    streets = [n for n in columns if _is_street(n, kinds[n])]
    choice = rule_of(entity, (streets or list(columns))[0])
    together = tuple(name for name in columns if rule_of(entity, name) == choice)
    if choice.rule in _APART or len(together) < 2:
        return None
    street = next((name for name in streets if name in together), None)
    return FieldGroup(together, street, _city(together, entity), choice)


def _has(name: str, words: frozenset[str]) -> bool:
    return bool(words.intersection(_words(name)))
