"""Whatever is cleaned, no digit and no letter of a place or an address is lost silently."""

import random

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from cleansing import clean_values
from cleansing.division_history import counties_of_gone_cities, prefectures
from cleansing.divisions import divisions, renamed_divisions, short_divisions, stem
from cleansing.text import simplify_text, tidy
from guiyi.kinds import Kind
from tests.examples import examples

_NOT_PARTS = ("value", "reason")


def lost(raw: str, row: dict[str, str | None]) -> set[str]:
    """Letters and digits of the raw value that are in no part, not in the value nor the reason."""
    kept = simplify_text(" ".join(cell for cell in row.values() if cell).lower())
    return set(filter(str.isalnum, simplify_text(tidy(raw).lower()))) - set(kept)


def _names() -> list[str]:
    """Every name of a place: of today, without its rank, short, former, and some that are wrong."""
    today = [name for row in divisions().rows() for name in row[1:] if name]
    names = {*today, *map(stem, today), *renamed_divisions()["old"], *short_divisions()}
    names |= {*prefectures(), *(city for _, city, _ in counties_of_gone_cities())}
    names |= {name for _, _, name in counties_of_gone_cities()}
    names |= {f"{stem(name)}{rank}" for name in today[::7] for rank in "区县市州"}
    return sorted(names | {"市辖区", "省直辖县级行政区划", "中国", "新区", "经开", "机场", "医院"})


NAMES = _names()
MARKS = ["", "", "", " ", "/", ",", "-", "|", "·", "，"]
ENDS = [
    "",
    "路1号",
    "科技路12号3栋502室",
    "镇",
    "村8组",
    " 518057",
    "医院",
    "高新区",
    "100020",
    "A座",
]
FRONTS = ["", "", "", "地址:", "联系地址：", "518000 ", "11049", "(100020)", "中国"]


def _written(rng: random.Random) -> str:
    chain = rng.choices(NAMES, k=rng.randint(1, 4))
    if rng.random() < 0.7:  # places that may lie in each other
        row = rng.choice(_ROWS)
        chain = [rng.choice([name, stem(name)]) for name in row[1:] if name]
        if rng.random() < 0.5:
            chain[rng.randrange(len(chain))] = rng.choice(NAMES)
    mark = rng.choice(MARKS)
    return rng.choice(FRONTS) + mark.join(chain) + rng.choice(ENDS)


_ROWS = divisions().rows()


def generated(count: int, seed: int) -> list[str]:
    """Addresses and regions as people write them, right and wrong."""
    rng = random.Random(seed)
    return sorted({_written(rng) for _ in range(count)})


@settings(max_examples=examples(10), deadline=None)
@given(st.integers(0, 2**32))
def test_no_letter_of_an_address_is_lost(seed: int) -> None:
    """Every character is in the value, a part, or named in the reason."""
    raws = generated(400, seed)
    rows = clean_values(pl.Series(raws), Kind.ADDRESS).to_dicts()
    bad = {raw: gone for raw, row in zip(raws, rows, strict=True) if (gone := lost(raw, row))}
    assert not bad


@settings(max_examples=examples(10), deadline=None)
@given(st.integers(0, 2**32))
def test_no_letter_of_a_region_is_lost(seed: int) -> None:
    """A standard name holds what was written, or the reason names it."""
    raws = generated(400, seed)
    rows = clean_values(pl.Series(raws), Kind.REGION).to_dicts()
    bad = {raw: gone for raw, row in zip(raws, rows, strict=True) if (gone := lost(raw, row))}
    assert not bad


@settings(max_examples=examples(10), deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=40))
def test_any_text_keeps_its_letters(raws: list[str]) -> None:
    """Also text that is no place at all, unless it is refused."""
    for kind in (Kind.ADDRESS, Kind.REGION):
        rows = clean_values(pl.Series(raws), kind).to_dicts()
        for raw, row in zip(raws, rows, strict=True):
            if row["value"] is not None and "mojibake" not in (row["reason"] or ""):
                assert not lost(raw, row) or raw != tidy(raw)
