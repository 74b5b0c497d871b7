"""Regions, postcodes, web addresses, codes, keys and free text."""

from pathlib import Path

import polars as pl
import pytest

from cleansing import clean_table, clean_values, infer_kinds
from guiyi.kinds import Kind


def clean(kind: Kind, value: str, *others: str) -> dict[str, object]:
    return clean_values(pl.Series([value, *others]), kind).row(0, named=True)


@pytest.mark.parametrize(
    ("raw", "value", "key"),
    [
        ("南京", "南京市", "320100"),
        ("江苏 南京", "江苏省南京市", "320100"),
        ("江苏省南京市", "江苏省南京市", "320100"),
        ("320100", "江苏省南京市", "320100"),
        ("32", "江苏省", "320000"),
        ("廣東", "广东省", "440000"),
        ("粤", "广东省", "440000"),
        ("北京朝阳区", "北京市朝阳区", "110105"),
        ("密云县", "北京市密云区", "110118"),
        ("襄樊", "湖北省襄阳市", "420600"),
        ("310108", "上海市静安区", "310106"),  # 闸北区, merged in 2015
        ("上海市市辖区", "上海市", "310000"),
        ("重庆市 县 城口县", "重庆市城口县", "500229"),
        ("雄安", "河北省雄安新区", "雄安新区"),  # no code in GB/T 2260
        ("河北雄安新区", "河北省雄安新区", "雄安新区"),
        ("兰州", "兰州市", "620100"),  # though there is a 兰州新区
        ("中国", "中国", "CN"),
        ("USA", "United States", "US"),
        ("大韩民国", "韩国", "KR"),
        ("London", "London", "london"),
        ("Las  Vegas", "Las Vegas", "lasvegas"),
    ],
)
def test_a_chinese_region_is_named_in_full_with_its_code(raw: str, value: str, key: str) -> None:
    """Short names, old names and codes lead to the division; other places stay as written."""
    cleaned = clean(Kind.REGION, raw)
    assert (cleaned["value"], cleaned["key"]) == (value, key)


@pytest.mark.parametrize(
    ("raw", "value", "key"),
    [
        ("Shaanxi", "陕西省", "610000"),
        ("Beijing", "北京市", "110000"),
        ("Hong Kong", "香港特别行政区", "810000"),
    ],
)
def test_pinyin_among_chinese_names_is_the_chinese_place(raw: str, value: str, key: str) -> None:
    """In a column of Chinese characters a Latin name is written as the others are."""
    cleaned = clean(Kind.REGION, raw, "南京", "厦门")
    assert (cleaned["value"], cleaned["key"]) == (value, key)


AMERICAN = [
    "Canton",
    "Peking",
    "Amoy",
    "Shanghai",
    "Macau",
    "Macon",
    "Nanking",
    "Holland",
    "Toledo",
]


@pytest.mark.parametrize("city", AMERICAN)
def test_a_city_in_an_american_file_is_no_city_of_china(city: str) -> None:
    """Canton in Ohio is Canton: neither its name nor its key become those of 广州市."""
    others = [other for other in AMERICAN if other != city]
    cleaned = clean(Kind.REGION, city, *others)
    assert (cleaned["value"], cleaned["reason"], cleaned["key"]) == (city, None, city.lower())


def test_a_column_of_one_latin_name_keeps_it() -> None:
    """All customers live in Canton, and nothing says which one."""
    assert clean(Kind.REGION, "Canton")["value"] == "Canton"


def test_an_english_file_of_chinese_cities_stays_english() -> None:
    """The spelling is the file's, the code tells that Xiamen and Xiamen City are one."""
    cleaned = clean_values(pl.Series(["Xiamen", "Xiamen City", "Shenzhen", "Beijing"]), Kind.REGION)
    assert cleaned["value"].to_list() == ["Xiamen", "Xiamen City", "Shenzhen", "Beijing"]
    assert cleaned["key"].to_list() == ["350200", "350200", "440300", "110000"]


def test_countries_in_english_have_one_english_name() -> None:
    """USA and UK are written out, Hong Kong and Taiwan stay as they are called in English."""
    written = ["USA", "UK", "China", "Hong Kong", "Taiwan", "Germany", "Macao SAR", "Utopia"]
    cleaned = clean_values(pl.Series(written), Kind.REGION)["value"].to_list()
    assert cleaned[:6] == [
        "United States",
        "United Kingdom",
        "China",
        "Hong Kong",
        "Taiwan",
        "Germany",
    ]
    assert cleaned[6:] == ["Macao", "Utopia"]


def test_chinese_characters_in_an_english_file_are_chinese_places() -> None:
    """One cell in Chinese characters is read by itself."""
    cleaned = clean(Kind.REGION, "深圳", "London", "Paris", "Leeds", "Rome", "Oslo")
    assert (cleaned["value"], cleaned["key"]) == ("深圳市", "440300")


CASES = Path(__file__).parents[3] / "shared" / "data" / "cases" / "matching"


@pytest.mark.shared
@pytest.mark.skipif(not CASES.exists(), reason="no ../shared/data here")
@pytest.mark.parametrize("name", ["canton.csv", "english_cn.csv"])
def test_places_of_english_files_stay_english(name: str) -> None:
    """No cell of a place gets a Chinese character that was not in it."""
    table = pl.read_csv(CASES / name, infer_schema=False)
    kinds = {column: guess.kind for column, guess in infer_kinds(table).items()}
    assert kinds["city"] is Kind.REGION
    cleaned = clean_table(table, kinds)
    shown = cleaned.select(n for n in table.columns if kinds[n] in (Kind.REGION, Kind.ADDRESS))
    assert not shown.select(pl.all().str.contains(r"\p{Han}").any()).row(0).count(True)
    assert cleaned["city"].to_list() == table["city"].to_list()


def test_a_name_of_several_places_is_not_guessed() -> None:
    """朝阳区 lies in Beijing and in Changchun: without more, it has no code."""
    cleaned = clean(Kind.REGION, "朝阳区")
    assert (cleaned["value"], cleaned["key"]) == ("朝阳区", "朝阳区")
    assert cleaned["reason"] == "several places have this name"


@pytest.mark.parametrize(
    ("raw", "value", "key"),
    [
        ("200000", "200000", "200000"),
        ("邮编：200000", "200000", "200000"),
        ("60302.0", "60302", "60302"),
        ("021381234", "02138-1234", "02138"),
        ("sw1a1aa", "SW1A 1AA", "SW1A1AA"),
        ("k1a0b1", "K1A 0B1", "K1A0B1"),
    ],
)
def test_a_postcode_is_written_as_its_country_does(raw: str, value: str, key: str) -> None:
    """Spaces, case and hyphens follow the country; the key has none of them."""
    cleaned = clean(Kind.POSTCODE, raw)
    assert (cleaned["value"], cleaned["key"]) == (value, key)


def test_a_lost_leading_zero_comes_back_where_the_column_shows_it() -> None:
    """2134 among five-digit codes was 02134; alone it may be Australian."""
    among = clean(Kind.POSTCODE, "2134", "60610", "60611", "60612", "60613", "60614")
    assert (among["value"], among["reason"]) == ("02134", "leading zero restored")
    assert clean(Kind.POSTCODE, "2134")["value"] == "2134"


@pytest.mark.parametrize(
    ("raw", "value", "key"),
    [
        ("WWW.Foo.com", "http://www.foo.com", "foo.com"),
        ("http://Foo.com/A?utm=1#x", "http://foo.com/A?utm=1#x", "foo.com/A?utm=1"),
        ("https://foo.com/", "https://foo.com/", "foo.com"),
        ("公司.cn", "http://公司.cn", "公司.cn"),
        ("no site", None, None),
    ],
)
def test_a_web_address_has_a_scheme_and_a_lower_case_host(
    raw: str, value: str | None, key: str | None
) -> None:
    """The host is lower case; what follows it is kept to the letter."""
    cleaned = clean(Kind.URL, raw)
    assert (cleaned["value"], cleaned["key"]) == (value, key)


@pytest.mark.parametrize(
    ("raw", "value", "reason"),
    [
        ("http://a.com/a b", "http://a.com/a b", "unsure: a space inside, or b is a note"),
        ("http://a.com/x/1,2.html", "http://a.com/x/1,2.html", None),
        ("http://a.com/x;jsessionid=1", "http://a.com/x;jsessionid=1", None),
        ("http://a.com/x 备用", "http://a.com/x", "note removed: 备用; tidied"),
        ("a.com;note", "http://a.com", "scheme added; note removed: note"),
        ("http://a.com/（旧）", "http://a.com/", "note removed: 旧; tidied"),
        ("http://a.com/Foo_(bar)", "http://a.com/Foo_(bar)", None),
        ("(http://a.com/)", "http://a.com/", "tidied"),
        ("www.example", "www.example", "unsure: no ending behind www"),
        ("zs@a.cn", None, "invalid: e-mail address"),
        ("ftp://zs@a.cn/x", "ftp://zs@a.cn/x", None),
        ("http://a.com/x,http://b.com", "http://a.com/x",
         "first of several; note removed: http://b.com; tidied"),
    ],
)  # fmt: skip
def test_no_address_is_cut_where_it_may_go_on(raw: str, value: str | None, reason: str) -> None:
    """A place on a host may hold commas and, wrongly, spaces; a mailbox is no web address."""
    cleaned = clean(Kind.URL, raw)
    assert (cleaned["value"], cleaned["reason"]) == (value, reason)


@pytest.mark.parametrize(
    ("raw", "value", "key"),
    [("１０２.0", "102", "102"), (" ab-1 ", "ab-1", "AB-1"), ("1.23E+15", None, None)],
)
def test_a_key_is_tidied_and_never_rounded(raw: str, value: str | None, key: str | None) -> None:
    """A spreadsheet's `.0` goes; digits lost to scientific notation are damage."""
    cleaned = clean(Kind.KEY, raw)
    assert (cleaned["value"], cleaned["key"]) == (value, key)


@pytest.mark.parametrize(("raw", "key"), [("Non-Active", "nonactive"), ("已 註銷", "已注销")])
def test_codes_are_compared_without_case_marks_and_script(raw: str, key: str) -> None:
    """The key of a code folds what does not distinguish codes."""
    assert clean(Kind.CODE, raw)["key"] == key


def test_free_text_is_shown_as_written() -> None:
    """Text keeps its script and width; only the key is folded."""
    cleaned = clean(Kind.TEXT, "  中國，ＡＢＣ\u200b ")
    assert (cleaned["value"], cleaned["key"]) == ("中國，ＡＢＣ", "中国 abc")
