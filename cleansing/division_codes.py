"""Each code of GB/T 2260, and the names it stood for since 1981, each with its years.

Source: GB/T 2260 with its changes, as in python-stdnum's cn/loc.dat (after zh.wikipedia's pages
中华人民共和国行政区划代码, which follow the yearly changes of 民政部).
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from cleansing.divisions import divisions, stem

NOW = 9999
"""The end of what has not ended."""
LISTED = 2023
"""The year of `divisions()`: what ended later stands in it still."""
_PROVINCE = re.compile(r'^(\d{2}) province="(.+)"')
_LINE = re.compile(r'^  (\d{4}) county="(.+)"')
_PERIOD = re.compile(r"(?:\[(\d*)-(\d*)\])?([^,\[\]]+)")


@dataclass(frozen=True)
class DivisionCode:
    """A code, and the name it stood for over some years."""

    code: str
    name: str
    since: int
    until: int


def is_county(entry: DivisionCode) -> bool:
    """Whether it is a county, a district or a city under another one, and not the city itself."""
    return (
        entry.code[2:4] not in {"00", "90"}
        and entry.code[4:] != "00"
        and len(entry.name) > 1
        and entry.name[-1] in "县市区旗"
        and entry.name not in {"市辖区", "县"}
    )


@cache
def by_stem() -> defaultdict[str, list[DivisionCode]]:
    """Counties by their names without rank."""
    named: defaultdict[str, list[DivisionCode]] = defaultdict(list)
    for entry in entries():
        if entry.code[4:] != "00":
            named[stem(entry.name)].append(entry)
    return named


@cache
def in_prefix() -> defaultdict[str, list[DivisionCode]]:
    """Counties by the four digits of their city."""
    inside: defaultdict[str, list[DivisionCode]] = defaultdict(list)
    for entry in entries():
        if is_county(entry):
            inside[entry.code[:4]].append(entry)
    return inside


@cache
def areas_of() -> defaultdict[str, list[DivisionCode]]:
    """Cities and prefectures by their four digits."""
    areas: defaultdict[str, list[DivisionCode]] = defaultdict(list)
    for entry in entries():
        if entry.code[4:] == "00" and entry.code[2:4] not in {"00", "90"}:
            areas[entry.code[:4]].append(entry)
    return areas


@cache
def provinces() -> dict[str, str]:
    """Provinces by their two digits."""
    return {code[:2]: province for code, province, *_ in divisions().rows()}


@cache
def entries() -> tuple[DivisionCode, ...]:
    """Every name of every code, save those of Taiwan, Hong Kong and Macao."""
    return tuple(_read())


def _read() -> Iterator[DivisionCode]:
    text = files("stdnum").joinpath("cn", "loc.dat").read_text(encoding="utf-8")
    province = ""
    for line in text.splitlines():
        if head := _PROVINCE.match(line):
            province = head[1]
        elif (found := _LINE.match(line)) and province < "71":
            for since, until, name in _PERIOD.findall(found[2]):
                yield DivisionCode(province + found[1], name, int(since or 0), int(until or NOW))
