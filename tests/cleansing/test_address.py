"""Addresses: places completed, road, number and room pulled out."""

from functools import cache
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleansing import address
from cleansing.divisions import stem
from tests.examples import examples

SHARED = Path(__file__).parents[2] / "../shared/data"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="no shared data here")

PLACES = [
    # raw, province, city, district
    ("广东省深圳市罗湖区深南东路5047号", "广东省", "深圳市", "罗湖区"),
    ("福建厦门湖里兴隆路1号", "福建省", "厦门市", "湖里区"),
    ("重庆重庆市渝中区民族路1号", "重庆市", "重庆市", "渝中区"),
    ("吉林市船营区解放路1号", "吉林省", "吉林市", "船营区"),
    ("江苏省丹阳市凤林大道9号", "江苏省", "镇江市", "丹阳市"),
    ("湖南省吉首市峒河街道", "湖南省", "湘西土家族苗族自治州", "吉首市"),
    ("南昌县莲塘镇", "江西省", "南昌市", "南昌县"),
    ("浦东新区张江路665号", "上海市", "上海市", "浦东新区"),
    ("中国（上海）自由贸易试验区张江路665号", "上海市", "上海市", None),
    ("中国（湖北）自由贸易试验区武汉片区武汉市洪山区珞喻路1号", "湖北省", "武汉市", "洪山区"),
    ("中国（河北）自由贸易试验区雄安片区保定市容城县1号", "河北省", "保定市", "容城县"),
    ("上海市闸北区共和新路1号", "上海市", "上海市", "静安区"),
    ("襄樊市樊城区人民路1号", "湖北省", "襄阳市", "樊城区"),
    ("密云县鼓楼东大街1号", "北京市", "北京市", "密云区"),
    ("河南省济源市承留镇", "河南省", "济源市", "济源市"),
    ("臺北市中山區中山北路2段113號", "台湾省", "台北市", "中山区"),
    ("香港九龙观塘区观塘道388号", "香港特别行政区", "香港特别行政区", "观塘区"),
    ("北京路123号", None, None, None),
    ("上海南京东路100号", "上海市", "上海市", None),
    ("朝阳区建国路1号", None, None, "朝阳区"),
    ("北京市朝阳门北大街8号", "北京市", "北京市", None),
    ("南京玄武门22号", "江苏省", "南京市", None),
    ("上海市静安寺南京西路1618号", "上海市", "上海市", None),
    ("天津市河西务镇1号", "天津市", "天津市", None),
    ("福州鼓楼湖南路1号", "福建省", "福州市", "鼓楼区"),
    ("上海虹口江湾路1号", "上海市", "上海市", "虹口区"),
    ("山东青岛市南区香港中路", "山东省", "青岛市", "市南区"),
    ("青岛市市南区香港中路10号", "山东省", "青岛市", "市南区"),
    ("乐山市中区嘉州大道1号", "四川省", "乐山市", "市中区"),
    ("台南市南区大成路1号", "台湾省", "台南市", "南区"),
    ("重庆石柱县万安街道1号", "重庆市", "重庆市", "石柱土家族自治县"),
    ("鄂尔多斯准格尔旗薛家湾镇1号", "内蒙古自治区", "鄂尔多斯市", "准格尔旗"),
    ("香港湾仔港湾道18号", "香港特别行政区", "香港特别行政区", "湾仔区"),
    ("九龍旺角彌敦道688號", "香港特别行政区", "香港特别行政区", None),
    ("1515 Adela Ln, Las Vegas, NV 89111", "NV", "Las Vegas", None),
    ("河北雄安新区容城县奥威路100号", "河北省", "保定市", "容城县"),
    ("徐州萧县龙城镇", "安徽省", "宿州市", "萧县"),
    ("四川省资阳市简阳市建设路1号", "四川省", "成都市", "简阳市"),
    ("天津市滨海新区塘沽区新港路1号", "天津市", "天津市", "滨海新区"),
    ("山东省莱芜市莱城区凤城西大街1号", "山东省", "济南市", "莱芜区"),
    ("内蒙古自治区呼和浩特市新城区", "内蒙古自治区", "呼和浩特市", "新城区"),
    ("吉林省吉林经济技术开发区九站街718号", "吉林省", "吉林市", None),
    ("東京都千代田区丸の内2丁目4番1号", "東京都", None, "千代田区"),
    ("No. 3099 Keyuan South Road, Shenzhen, Guangdong 518000, China", "广东省", "深圳市", None),
]

FOREIGN = [
    # raw, country, postcode, city, road, number
    ("10 Downing Street, London SW1A 2AA, UK", "GB", "SW1A 2AA", "London", "downing street", "10"),
    ("350 Fifth Ave, New York, NY 10118", "US", "10118", "New York", "fifth avenue", "350"),
    ("100 King St, Toronto, ON M5H 1J9", "CA", "M5H 1J9", "Toronto", "king street", "100"),
    ("Elbstraße 123, 10117 Berlin, Germany", "DE", "10117", "Berlin", "elbstrasse", "123"),
    ("Hauptstr. 5a, 80331 München", None, "80331", "München", "hauptstrasse", "5a"),
    ("Via Roma 10, 20121 Milano, Italy", "IT", "20121", "Milano", "via roma", "10"),
    ("1234 Park Road", None, None, None, "park road", "1234"),
    ("4301 S. Cottage", None, None, None, "south cottage", "4301"),
    ("12345 Elm Dr.", None, None, None, "elm drive", "12345"),
    ("5600 Wilshire Blvd W", None, None, None, "wilshire boulevard west", "5600"),
    ("12 Rue de Rivoli, 75004 Paris, France", "FR", "75004", "Paris", "rue de rivoli", "12"),
    ("2-11-3 Meguro, Meguro-ku, Tokyo 153-0063, Japan", "JP", "153-0063", None, "meguro", "2-11-3"),
    (
        "5F, No. 7, Sec. 5, Xinyi Rd., Xinyi Dist., Taipei City 110, Taiwan (R.O.C.)",
        "TW", "110", "Taipei City", "xinyi road sec 5", "7",
    ),
    ("Lippo Centre, 89 Queensway, Admiralty, Hong Kong", "HK", None, None, "queensway", "89"),
    ("1 Raffles Place #20-61, Singapore 048616", "SG", "048616", None, "raffles place", "1"),
    ("香港中環皇后大道中99號", "HK", None, "香港特别行政区", "皇后大道中", "99"),
    ("〒100-0005 東京都千代田区丸の内2丁目4番1号", "JP", "100-0005", None, "丸の内", "2-4-1"),
]  # fmt: skip

INSIDE = [
    # raw, town, building
    ("深圳市南山区粤海街道科苑南路3099号A座12楼", "粤海街道", "A"),
    ("安徽省萧县龙城镇", "龙城镇", None),
    ("香港九龍尖沙咀廣東道30號新港中心1座10樓", "尖沙咀", "新港中心"),
    ("北京市海淀区中关村大街1号院5号楼3单元1002", None, "5"),
]

TOLD = [
    # raw, reason
    ("四川省资阳市简阳市建设路1号", "places completed; division moved: 资阳市, 2016"),
    ("厦门市海淀区中山路1号", "disagrees: no 海淀区 in 厦门市"),
    ("518000 深圳市南山区科苑路1号", "places completed; postcode taken out"),
    ("上海市闸北区共和新路1号", "division renamed"),
    ("内蒙古自治区呼和浩特市新城区", None),
]

DOORS = [
    # raw, road, number, room
    ("深圳市罗湖区深南东路5047号", "深南东路", "5047", None),
    ("北京市朝阳门北大街8号", "朝阳门北大街", "8", None),
    ("广州白云山路1号", "白云山路", "1", None),
    ("成都高新天府三街199号", "天府三街", "199", None),
    ("成都高新区天府三街199号", "天府三街", "199", None),
    ("深圳市南山区高新南一道8号", "高新南一道", "8", None),
    ("西安高新路1号", "高新路", "1", None),
    ("上海自贸区临港新片区环湖西一路1号", "环湖西一路", "1", None),
    ("郑州经开第八大街1号", "第八大街", "1", None),
    ("北京市朝阳区酒仙桥路甲17号", "酒仙桥路", "甲17", None),
    ("北京市朝阳区酒仙桥路乙10号院3号楼", "酒仙桥路", "乙10", "3"),
    ("厦门市湖里区兴隆路一号3号楼2单元501室", "兴隆路", "1", "3-2-501"),
    ("上海市浦东新区张江路665弄12号301室", "张江路", "665弄12", "301"),
    ("成都市新都区蓉都大道南二段98号附101号", "蓉都大道南二段", "98-101", None),
    ("惠州市大亚湾西区龙山8路9号", "大亚湾西区龙山八路", "9", None),
    ("臺北市中山區中山北路2段113號8樓之3", "中山北路二段", "113", "8-3"),
    ("杭州市滨江区长河街道江南大道3900号3层3001室", "江南大道", "3900", "3-3001"),
    ("1450 N City Rd Suite 900, Arlington, VA 23208", "north city road", "1450", "900"),
    ("Flat 3, 24 Elm Road, Leeds LS6 2AB", "elm road", "24", "3"),
]

SAME_KEY = [
    ("福建省厦门市湖里区兴隆路1号3号楼2单元501室", "厦门兴隆路一号3栋2单元501"),
    ("广东省深圳市罗湖区桂园街道深南东路5047号", "深圳市深南东路５０４７号"),
    ("深圳市盐田区环梅路33号万科中心", "环梅路33号"),
    ("臺北市中山北路2段113號", "台北市中山區中山北路二段113号"),
    ("123 Main St.", "123 MAIN STREET"),
    ("1304 Poppy Hills Dr, Blacklick, OH 43004", "1304 Poppy Hills Drive"),
]

COMPLETED = [
    # raw, value
    ("深圳南山区科苑南路3099号", "广东省深圳市南山区科苑南路3099号"),
    ("重庆重庆市渝中区民族路1号", "重庆市渝中区民族路1号"),
    ("浙江义乌稠州北路1号", "浙江省义乌市稠州北路1号"),
    ("朝阳区建国路1号", "朝阳区建国路1号"),
    ("青岛市南区香港中路10号", "山东省青岛市市南区香港中路10号"),
    ("东莞市长安镇乌沙社区", "广东省东莞市长安镇乌沙社区"),
    ("上海市闸北区共和新路1号", "上海市闸北区共和新路1号"),
    ("四川省成都高新区高朋大道5号(创新中心)", "四川省成都高新区高朋大道5号（创新中心）"),
    ("臺北市中山區1號", "臺北市中山區1號"),
]


@cache
def _table() -> dict[str, dict[str, str | None]]:
    """Clean all the names above at once, as a column."""
    names = pl.Series(
        sorted(
            {
                *(
                    *(r[0] for r in (*PLACES, *DOORS, *COMPLETED, *FOREIGN, *INSIDE, *TOLD)),
                    *(a for pair in SAME_KEY for a in pair),
                )
            }
        )
    )
    return dict(zip(names, address.clean(names).to_dicts(), strict=True))


def parsed(raw: str) -> dict[str, str | None]:
    """Tell what became of one value, cleaned among the others where it is one of them."""
    known = _table().get(raw)
    return known or address.clean(pl.Series([raw])).to_dicts()[0]


@pytest.mark.parametrize(("raw", "province", "city", "district"), PLACES)
def test_places_are_named_in_full_as_they_are_today(
    raw: str, province: str | None, city: str | None, district: str | None
) -> None:
    """What is missing is completed where only one place fits, and never guessed."""
    row = parsed(raw)
    assert (row["province"], row["city"], row["district"]) == (province, city, district)


@pytest.mark.parametrize(("raw", "road", "number", "room"), DOORS)
def test_road_number_and_room_are_pulled_out(
    raw: str, road: str, number: str, room: str | None
) -> None:
    """Numerals in words are digits, roads called by a number are words."""
    row = parsed(raw)
    assert (row["road"], row["number"], row["room"]) == (road, number, room)


@pytest.mark.parametrize(("left", "right"), SAME_KEY)
def test_the_key_survives_missing_levels(left: str, right: str) -> None:
    """Road, number and room are the same whatever else was left out."""
    assert parsed(left)["key"] == parsed(right)["key"]


@pytest.mark.parametrize(("raw", "value"), COMPLETED)
def test_the_value_is_completed_upwards_where_certain(raw: str, value: str) -> None:
    """A clean address names every place above the first one written, and loses nothing."""
    assert parsed(raw)["value"] == value


@pytest.mark.parametrize(("raw", "country", "postcode", "city", "road", "number"), FOREIGN)
def test_a_foreign_address_is_read_as_its_own_land_writes_it(
    raw: str,
    country: str | None,
    postcode: str | None,
    city: str | None,
    road: str,
    number: str,
) -> None:
    """House number before or behind the road, postcode before or behind the town."""
    row = parsed(raw)
    assert (row["country"], row["postcode"], row["city"]) == (country, postcode, city)
    assert (row["road"], row["number"]) == (road, number)
    assert row["value"] == raw


@pytest.mark.parametrize(("raw", "town", "building"), INSIDE)
def test_town_and_building_are_parts(raw: str, town: str | None, building: str | None) -> None:
    """Between the district and the road, and between the number and the room."""
    assert (parsed(raw)["town"], parsed(raw)["building"]) == (town, building)


@pytest.mark.parametrize(("raw", "reason"), TOLD)
def test_what_was_noticed_is_told(raw: str, reason: str | None) -> None:
    """A county handed to another city, a place that cannot be, a postcode: each has its code."""
    assert parsed(raw)["reason"] == reason


def test_village_doors_differ() -> None:
    """Without a road the village is the key: number 12 of two villages is not one door."""
    keys = {parsed(f"河北省定州市东亭镇{village}12号")["key"] for village in ("东亭村", "西亭村")}
    assert len(keys) == 2


def test_a_former_name_is_told() -> None:
    """闸北区 is part of 静安区 since 2015; the value keeps what was written."""
    assert "division renamed" in (parsed("上海市闸北区共和新路1号")["reason"] or "")


@settings(max_examples=examples(15), deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.text(max_size=20), st.sampled_from([p[0] for p in PLACES])))
)
def test_cleaning_keeps_the_rows_and_is_idempotent(raw: list[str | None]) -> None:
    """One row out for each value in, and a clean value is a fixed point."""
    first = address.clean(pl.Series(raw, dtype=pl.String))
    again = address.clean(first["value"])
    assert first.height == len(raw)
    assert first.columns == ["value", "reason", *address.PARTS]
    assert again["value"].to_list() == first["value"].to_list()


@needs_shared
@pytest.mark.shared
def test_registered_addresses_of_an_exchange() -> None:
    """Province and city agree with the exchange's own columns in 995 of 1,000.

    The misses: counties directly under a province (济源, 石河子), which are their own city with us
    and none with the exchange, and addresses that name a development zone in the city's place.
    """
    table = pl.read_excel(SHARED / "chinese/szse_list_a.xlsx").filter(
        pl.col("注册地址").is_not_null() & pl.col("省    份").is_not_null()
    )
    found = address.clean(table["注册地址"])
    provinces = [stem(name) if name else None for name in found["province"].to_list()]
    right = sum(
        (province, city) == expected
        for province, city, expected in zip(
            provinces, found["city"], table.select("省    份", "城     市").rows(), strict=True
        )
    )
    assert right / table.height >= 0.995
