"""Our own kinds keep the promises that other packages' kinds are held to."""

import polars as pl
import pytest

from cleansing.conformance import check_kind, check_lossless, check_reasons, check_settled
from cleansing.registry import kind_type
from guiyi.kinds import Kind
from guiyi.plugins import BUILT_IN, KINDS, at

CELLS = [
    "ＡＢＣ贸易有限公司", "ÉÏº£»ªÌÚ", "张 三", "李四先生", "Li Wei", "王伟/李强", "0755-26712345",
    "13800138000 / 0755 26712345", "26712345", "1.38E+10", "010-62345678/79", "zs@gmial.com",
    "X@Y.com; z@y.com", "上海市闸北区共和新路1号", "518000 深圳市南山区", "朝阳区", "708461136",
    "914403007084611360", "914403007084610000", "E12345678", "2024年3月5日", "45356", "03/04/2024",
    "31/13/2024", "1709596800", "2024", "1-2万", "www.a.com", "锟斤拷", "a\u200bb", "9999-12-31",
    "11111111111", "518 000",
]  # fmt: skip


NOT_YET = {Kind.ADDRESS: ("张 三",)}
"""An address that is none loses its space without a reason."""


@pytest.mark.parametrize("kind", [Kind(name) for name in BUILT_IN[KINDS]])
def test_a_kind_keeps_its_promises(kind: Kind) -> None:
    """Shape, reasons, slices, order, settled values, and no letter lost."""
    check_kind(kind, [cell for cell in CELLS if cell not in NOT_YET.get(kind, ())])


def test_every_facet_named_by_its_place_is_there() -> None:
    """What our kinds name in other rooms exists; each kind is in the table of built-in ones."""
    assert set(Kind) <= set(BUILT_IN[KINDS])
    for kind in BUILT_IN[KINDS]:
        own = kind_type(Kind(kind))
        for facet in (own.sign, own.judge, own.mask):
            assert not isinstance(facet, str) or callable(at(facet))


@pytest.mark.parametrize(
    ("check", "cells", "said"),
    [
        (check_lossless, ["Ann 12"], "loses"),
        (check_reasons, ["Ann 12"], "without a reason"),
        (check_settled, ["ab"], "is clean, and becomes"),
    ],
)
def test_a_broken_promise_is_said(
    check: object, cells: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cleaner that cuts values short, without a reason, fails the checks with a sentence."""

    def cut(values: pl.Series, kind: Kind) -> pl.DataFrame:
        short = values.str.slice(1)
        return pl.DataFrame({"value": short, "reason": None, "key": short}).cast(pl.String)

    monkeypatch.setattr("cleansing.conformance.clean_values", cut)
    with pytest.raises(AssertionError, match=said):
        check(Kind.TEXT, cells)  # type: ignore[operator]
