"""Counties are handed from city to city, renamed, merged and dissolved; each change has its year.

    change_of("四川省", "资阳市", "简阳市")     # MOVED in 2016, to 四川省 成都市 简阳市
    change_of("河北省", "石家庄市", "桥东区")   # DISSOLVED in 2014: no single division has it now

A division moved if the table of codes ends it in one city and begins it in another in the same
year. That 张家口 has a 桥东区, too, does not make it the one that 石家庄 had.
Source: GB/T 2260 with its changes since 1981, as in python-stdnum's cn/loc.dat.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from cleansing.division_codes import (
    LISTED,
    DivisionCode,
    areas_of,
    by_stem,
    entries,
    in_prefix,
    is_county,
    provinces,
)
from cleansing.divisions import divisions, renamed_divisions, stem
from cleansing.knowledge import once, rows

Home = tuple[str, str, str]
"""Province, city and district of today."""
RECENT = 2000
"""Names that ended before are hardly written any more."""
_SHARED_OUT = {("440321", "宝安县"), ("320283", "锡山市"), ("220702", "扶余区")}
"""宝安县 became 宝安区 and 龙岗区, 锡山市 锡山区 and 惠山区, 扶余区 宁江区 and 扶余县."""
_NO_HEIR = frozenset({"市县"})
"""A city never becomes a county: 吉安县 beside 吉安市 is another division."""
_MUNICIPALITIES = ("11", "12", "31", "50")
_SPLIT_OFF = {"50": "51", "46": "44"}
"""重庆 left 四川 in 1997, 海南 left 广东 in 1988."""


class Change(StrEnum):
    """What became of a division."""

    RENAMED = "renamed"
    """Its territory is one division of the same city, under another name or rank."""
    MOVED = "moved"
    """The same division belongs to another city."""
    DISSOLVED = "dissolved"
    """Its territory was shared out, or where it went is unknown."""


@dataclass(frozen=True)
class Former:
    """What became of a division, in which year, and where it lies now if it is one division."""

    change: Change
    year: int
    home: Home | None


def change_of(province: str, city: str, district: str) -> Former | None:
    """What became of a district that its city had once; None if it has it still, or never had."""
    return _changes().get((province, stem(city), district))


@once
def renamed_within_city() -> list[tuple[str, Home]]:
    """Every name given up, or rank since changed, beside the division of the same city."""
    return sorted(
        {
            (name, former.home)
            for (_, _, name), former in _changes().items()
            if former.home is not None and former.change is Change.RENAMED
        }
    )


def borne() -> frozenset[tuple[str, str]]:
    """Province and former name, of every division that has another name, city or none today."""
    return frozenset((province, name) for province, _, name in _changes())


@once
def former_homes() -> dict[str, Home | None]:
    """A name given up to the division of today; None where it was that of several, or dissolved."""
    by_name: defaultdict[str, list[Former]] = defaultdict(list)
    for (_, _, name), former in _changes().items():
        by_name[name].append(former)
    return {name: _only_home(formers) for name, formers in by_name.items()}


def _only_home(formers: list[Former]) -> Home | None:
    """Where the last bearer of a name is, if no other one bore it lately."""
    last = max(formers, key=lambda former: former.year).home
    others = {f.home for f in formers if f.home != last and (f.home or f.year >= RECENT)}
    return None if others else last


GENERIC = re.compile(
    "(?:[新郊矿城东西南北中市]|市中|[新老]城|新市|中心|城中|[东西南北]城|城[东西南北])区"
)
"""What people call a part of any city, though it is the name of a division of one."""


@once
def ambiguous_alone() -> frozenset[str]:
    """Names and `province|name`s that are not only today's division's.

    桥东区 is 张家口's, and was 石家庄's until 2014; 东区 is 攀枝花's, and any city's.
    """
    today = {(row[1], row[3]): row[1:] for row in divisions().drop_nulls("district").rows()}
    borne = frozenset(name for _, name in today)
    found = {name for name in borne if GENERIC.fullmatch(name)}
    for (province, _, name), former in _changes().items():
        if former.year < RECENT or former.change is Change.MOVED:
            continue
        if name in borne:
            found.add(name)
        if today.get((province, name), former.home) != former.home:
            found.add(f"{province}|{name}")
    return frozenset(found)


@once
def counties_of_gone_cities() -> frozenset[Home]:
    """Province, city and county, of every city that had counties and is none any more: 巢湖市."""
    today = set(divisions()["city"].drop_nulls().to_list())
    return frozenset(
        (provinces()[area.code[:2]], area.name, entry.name)
        for areas in areas_of().values()
        for area in areas
        if area.name.endswith("市") and area.name not in today
        for entry in in_prefix()[area.code[:4]]
        if entry.until == area.until
    )


@once
def dissolved_in_city() -> frozenset[str]:
    """`city|name` of every division of a city of today that was shared out."""
    cities = {(p, stem(c)): c for p, c, _ in _by_code().values()}
    return frozenset(
        f"{cities[province, city]}|{name}"
        for (province, city, name), former in _changes().items()
        if former.change is Change.DISSOLVED and (province, city) in cities
    )


@once
def prefectures() -> dict[str, tuple[str, str | None]]:
    """A former prefecture to its province, and to the one city it became, None if shared out.

    上饶地区 is 上饶市, all of it; 柳州地区 became 来宾市 and parts of two others.
    """
    heirs: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    today = set(divisions()["city"].drop_nulls().to_list())
    for area in entries():
        if area.code[4:] != "00" or not area.name.endswith(("地区", "盟")) or area.name in today:
            continue
        last = [e for e in in_prefix()[area.code[:4]] if e.until == area.until]
        own = (provinces()[area.code[:2]], area.name)
        heirs[own] |= {home[1] for e in last if (home := _home(e)) is not None}
    return {
        name: (province, next(iter(cities)) if len(cities) == 1 else None)
        for (province, name), cities in heirs.items()
    }


@once
def _changes() -> dict[tuple[str, str, str], Former]:
    """Province, stem of the city and name → what became of the division."""
    found = {}
    for entry in sorted(entries(), key=lambda e: e.until):
        if entry.until > LISTED or not is_county(entry):
            continue
        province, home = provinces()[entry.code[:2]], _home(entry)
        for city in _cities_of(entry):
            if (province, city, entry.name) not in _today():
                found[province, city, entry.name] = _what_became(entry, province, city, home)
        if home is not None and home[0] != province:  # people write today's province before it
            found[home[0], stem(home[1]), entry.name] = Former(Change.RENAMED, entry.until, home)
    for name, city, province, year in rows("moved_divisions.tsv")[1:]:
        home = next(row[1:] for row in divisions().rows() if row[3] == name)
        found[province, city, name] = Former(Change.MOVED, int(year), home)
    return found


def _what_became(entry: DivisionCode, province: str, city: str, home: Home | None) -> Former:
    if home is None:
        return Former(Change.DISSOLVED, entry.until, None)
    change = Change.RENAMED if home[0] == province and stem(home[1]) == city else Change.MOVED
    return Former(change, entry.until, home)


def _cities_of(entry: DivisionCode) -> set[str]:
    """The stems of the cities it lay in, under the names of then and of today."""
    if entry.code[:2] in _MUNICIPALITIES:
        return {stem(provinces()[entry.code[:2]])}
    areas = {
        area.name
        for area in areas_of().get(entry.code[:4], ())
        if area.since < entry.until and entry.since < area.until
    }
    return {_new_city()[name] for name in areas if name in _new_city()} | set(map(stem, areas))


@cache
def _new_city() -> dict[str, str]:
    """A former name of a city to the stem of today's."""
    cities = renamed_divisions().filter(renamed_divisions()["district"].is_null())
    return {old: stem(city) for old, city in cities.select("old", "city").rows()}


def _home(entry: DivisionCode) -> Home | None:
    """Where the division that had this code and name is found today, following its changes."""
    for _ in range(9):
        if entry.until > LISTED:
            return _standing(entry)
        listed = _listed(entry)
        if listed is not None or (entry.code, entry.name) in _SHARED_OUT:
            return listed
        after = _successor(entry)
        if after is None:
            return _promoted(entry)
        entry = after
    return None


def _listed(entry: DivisionCode) -> Home | None:
    """What the list of renamed divisions says of it."""
    province = entry.code[:2]
    for code in (province, *(new for new, old in _SPLIT_OFF.items() if old == province)):
        of_name = _renamed().get((provinces()[code], entry.name), {})
        for city in _cities_of(entry) if of_name else ():
            if city in of_name:
                return of_name[city]
    return None


@cache
def _renamed() -> dict[tuple[str, str], dict[str, Home]]:
    """Province and old name → the stem of the city it was in → the division of today."""
    known: defaultdict[tuple[str, str], dict[str, Home]] = defaultdict(dict)
    table = renamed_divisions().drop_nulls("district")
    columns = ("old", "province", "city", "district", "was")
    for old, province, city, district, was in table.select(columns).rows():
        known[province, old][stem(was or city)] = (province, city, district)
    return known


def _successor(entry: DivisionCode) -> DivisionCode | None:
    """The one that begins in the year this one ends, and bears its name."""
    province, alike = entry.code[:2], by_stem()[stem(entry.name)]
    near = [
        e for e in alike if e.since in (entry.until, entry.until + 1) and e.code[:2] == province
    ]
    near += [
        e
        for e in alike
        if _SPLIT_OFF.get(e.code[:2]) == province and e.since <= entry.until + 1 < e.until
    ]
    near = [e for e in near if entry.name[-1] + e.name[-1] not in _NO_HEIR]
    for same in (
        [e for e in near if e.code[:4] == entry.code[:4]],
        [e for e in near if e.name == entry.name],
        near,
    ):
        if same:
            return same[0] if len(same) == 1 else None
    return None


def _promoted(entry: DivisionCode) -> Home | None:
    """A county and the ward that its city made of it, with different years: 清新县, 清新区."""
    province = provinces()[entry.code[:2]]
    places = (_wards().get((province, city, stem(entry.name))) for city in _cities_of(entry))
    homes = (home for home in places if home is not None and home[2] != entry.name)
    return next((home for home in homes if entry.name[-1] + home[2][-1] not in _NO_HEIR), None)


def _standing(entry: DivisionCode) -> Home | None:
    home = _by_code().get(entry.code)
    if home is not None and stem(home[2]) == stem(entry.name):
        return home
    homes = _by_name().get((provinces()[entry.code[:2]], entry.name), [])
    return homes[0] if len(homes) == 1 else None


@cache
def _today() -> frozenset[Home]:
    """Province, stem of the city, district."""
    return frozenset((p, stem(c), d) for p, c, d in _by_code().values())


@cache
def _wards() -> dict[Home, Home]:
    """Province, stem of the city, stem of the district → the division; 郊区 has no stem."""
    return {(p, stem(c), stem(d)): (p, c, d) for p, c, d in _by_code().values() if stem(d) != d}


@cache
def _by_code() -> dict[str, Home]:
    table = divisions().drop_nulls("district")
    return {code: (p, c, d) for code, p, c, d in table.rows() if code < "710000"}


@cache
def _by_name() -> defaultdict[tuple[str, str], list[Home]]:
    homes: defaultdict[tuple[str, str], list[Home]] = defaultdict(list)
    for home in _by_code().values():
        homes[home[0], home[2]].append(home)
    return homes
