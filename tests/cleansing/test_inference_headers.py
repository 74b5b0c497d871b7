"""Headers that decide what the form of the values leaves open."""

import polars as pl
import pytest

from cleansing import infer_kind
from guiyi.kinds import Kind


def test_a_column_called_phone_holds_phones_whatever_stands_beside_them() -> None:
    """Two numbers a cell, names beside them, hidden digits: three cells are enough."""
    typed = ["0755-83765566 138-0013-8001", "021-6123-4567 13900139001", "134****7507"]
    assert infer_kind(pl.Series(typed), "电话").kind is Kind.PHONE
    assert (
        infer_kind(pl.Series(["张总 13800138001", "王姐 0571 8765****"]), "Phone").kind
        is Kind.PHONE
    )
    assert infer_kind(pl.Series(["call 3 times", "see room 12"]), "Phone").kind is not Kind.PHONE


SPOKEN_AGAINST = [
    ("订单号", [f"138{n:08d}" for n in range(17, 10**8, 3_456_789)], {Kind.KEY, Kind.CODE}),
    ("QQ", [f"{n}" for n in range(2_595_803_159, 9_000_000_000, 312_345_678)], {Kind.KEY}),
    ("手机号", [f"138{n:08d}" for n in range(17, 10**8, 3_456_789)], {Kind.PHONE}),
    ("Gene", ["MARCH5", "SEPT2", "DEC1", "OCT4", "MARCH1"] * 4, {Kind.CODE}),
    ("marker", ["MARCH5", "SEPT2", "DEC1", "OCT4", "MARCH1"] * 4, {Kind.CODE}),
    ("date", ["March 5", "Sept 2", "Dec 1", "Oct 4"] * 2, {Kind.DATE}),
    ("签约日期", ["2020/01/15", "44138", "43920", "2024/03/26", "45001"], {Kind.DATE}),
    ("Umsatz", ["98.990,31", "556.228,43", "1.357.300,97", "12,50"], {Kind.AMOUNT}),
    ("Betrag", ["881'754.76", "729'597.17", "42'219.78", "12.50"], {Kind.AMOUNT}),
    ("PLZ", ["10115", "9111", "4109", "80331"] * 5, {Kind.POSTCODE}),
    ("邮编", ["100020", "30001", "50011", "200120"] * 5, {Kind.POSTCODE}),
    ("区县", ["南山区", "桥东区", "矿区", "朝阳区"] * 6, {Kind.REGION}),
    ("الاسم الكامل", ["محمد بن سلمان", "أحمد العتيبي", "علي حسن"], {Kind.PERSON_NAME}),
]


@pytest.mark.parametrize(("header", "values", "kinds"), SPOKEN_AGAINST)
def test_a_header_decides_what_the_form_leaves_open(
    header: str, values: list[str], kinds: set[Kind]
) -> None:
    """Orders have the form of mobiles, genes that of dates; zeros in front are lost."""
    assert infer_kind(pl.Series(values), header).kind in kinds
