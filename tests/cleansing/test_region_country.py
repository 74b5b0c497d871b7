"""In a Chinese file, a record that lies abroad keeps its own places."""

import polars as pl
import pytest

from cleansing import clean_table
from guiyi.kinds import Kind

CITIES = ["深圳", "上海", "厦门", "Canton"]


@pytest.mark.parametrize(
    ("field", "kind", "beside"),
    [
        ("country", Kind.REGION, ["中国", "中国", "中国", "美国"]),
        ("country", Kind.REGION, ["中国", "中国", "中国", "USA"]),
        ("state", Kind.REGION, ["广东", "上海", "福建", "OH"]),
        ("address", Kind.ADDRESS, ["科技路1号", "世纪大道2号", None, "5 Elm Pl, Canton, OH 44702"]),
    ],
)
def test_a_record_abroad_keeps_the_name_of_its_city(
    field: str, kind: Kind, beside: list[str | None]
) -> None:
    """A foreign country, an American state or an address says that Canton is not 广州市."""
    table = pl.DataFrame({"city": CITIES, field: beside})
    cleaned = clean_table(table, {"city": Kind.REGION, field: kind})
    assert cleaned["city"].to_list() == ["深圳市", "上海市", "厦门市", "Canton"]
    assert cleaned["city.key"].to_list() == ["440300", "310000", "350200", "canton"]
    assert cleaned["city.reason"][3] is None


@pytest.mark.parametrize("beside", ["中国", "广东", "CN", None, "Guangdong"])
def test_a_record_in_china_is_named_in_chinese(beside: str | None) -> None:
    """Nothing else said, or China said, Canton among Chinese names is 广州市."""
    table = pl.DataFrame({"city": CITIES, "country": ["中国", "中国", "广东", beside]})
    cleaned = clean_table(table, dict.fromkeys(table.columns, Kind.REGION))
    assert (cleaned["city"][3], cleaned["city.key"][3]) == ("广州市", "440100")
