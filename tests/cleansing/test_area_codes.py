"""Local numbers get the area code of the city their record names elsewhere."""

import polars as pl
import pytest

from cleansing import clean_table
from cleansing.area_codes import places_of_phones
from guiyi.kinds import Kind

KINDS = {"phone": Kind.PHONE, "address": Kind.ADDRESS, "region": Kind.REGION}


def cleaned(phone: str, address: str | None = None, region: str | None = None) -> dict[str, object]:
    """Clean one record among others that show the column to be Chinese."""
    table = pl.DataFrame(
        {
            "phone": [phone, "0755-26712346", "13800138001"],
            "address": [address, None, None],
            "region": [region, None, None],
        },
        schema=dict.fromkeys(KINDS, pl.String),
    )
    return clean_table(table, KINDS).row(0, named=True)


@pytest.mark.parametrize(
    ("phone", "address", "region", "number"),
    [
        ("26712345", "深圳市南山区科苑路1号", None, "+8675526712345"),
        ("26712345", None, "广东深圳", "+8675526712345"),
        ("2181234", "福建省厦门市思明区中山路1号", "深圳", "+865922181234"),
        ("62345678转802", "北京市海淀区中关村大街1号", None, "+861062345678 ext. 802"),
    ],
)
def test_the_city_gives_the_area_code(
    phone: str, address: str | None, region: str | None, number: str
) -> None:
    """The address is asked before the region; the reason names the field, the raw value stays."""
    row = cleaned(phone, address, region)
    told = "address" if address else "region"
    assert row["phone"] == number
    assert f"inferred: area code from {told}" in str(row["phone.reason"])
    assert (row["phone.raw"], row["phone.type"]) == (phone, "landline")
    assert row["phone.all"] == [row["phone.key"]]


@pytest.mark.parametrize(
    ("phone", "address"),
    [
        ("26712345", None),
        ("26712345", "朝阳区建国路1号"),  # of two cities
        ("26712345", "10 Downing Street, London SW1A 2AA, UK"),
        ("123456", "深圳市南山区科苑路1号"),  # too short for a number of that city
    ],
)
def test_nothing_is_inferred_where_nothing_tells(phone: str, address: str | None) -> None:
    """Without a city of one area code the number stays as it was given."""
    assert not str(cleaned(phone, address)["phone"]).startswith("+86")


def test_a_landline_tells_its_place() -> None:
    """The city, or the province where one code serves several cities; a mobile tells none."""
    keys = pl.Series(["+8675526712345", "+862162345678", "+862423456789", "+8613800138000", None])
    assert places_of_phones(keys).to_list() == ["广东省深圳市", "上海市", "辽宁省", None, None]
