"""Pairs of values near the boundary, judged with nothing else known."""

import ast
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dedup
from dedup import Verdict, compare_values
from dedup.value_pairs.evidence import WEIGHTS
from dedup.value_pairs.reasons import CONTEXT
from guiyi.catalogue import codes_in
from guiyi.kinds import Kind
from tests.examples import examples

SAME, OTHER = True, False

PAIRS = {
    Kind.COMPANY_NAME: [
        ("腾讯科技（深圳）有限公司", "腾讯科技(深圳)有限责任公司", SAME),
        ("腾讯科技（深圳）有限公司", "腾讯科技（北京）有限公司", OTHER),
        ("腾讯", "腾讯科技（深圳）有限公司", SAME),
        ("小米科技有限责任公司", "小米通讯技术有限公司", OTHER),
        ("小米科技有限责任公司", "北京小米科技有限责任公司", SAME),
        ("中国银行股份有限公司上海市分行", "中国银行股份有限公司", OTHER),
        ("华为技术有限公司", "華為技術有限公司", SAME),
        ("长城汽车股份有限公司", "长安汽车股份有限公司", OTHER),
        ("IBM Corp", "International Business Machines Corporation", SAME),
        ("Apple Inc", "Apple Records", OTHER),
        ("Acme Fund II LP", "Acme Fund III LP", OTHER),
        ("Johnson & Johnson", "Johnson and Johnson Inc.", SAME),
        ("*ST天山", "新疆天山畜牧生物工程股份有限公司", SAME),
        ("瓦轴B", "瓦房店轴承股份有限公司", SAME),
        ("粤高速A", "广东省高速公路发展股份有限公司", SAME),
        ("鸿铭股份", "广东鸿铭智能股份有限公司", SAME),
        ("世芯-KY", "世芯電子股份有限公司", SAME),
        ("臺灣積體電路製造(股)公司", "台灣積體電路製造股份有限公司", SAME),
        ("招商银行", "招商证券", OTHER),
        ("北京市第八中学", "北京八中", SAME),
        ("北京市第八中学", "北京市第十八中学", OTHER),
        ("中国人民大学附属中学", "人大附中", SAME),
        ("上海市第一人民医院", "上海市第十人民医院", OTHER),
        ("国家税务总局深圳市税务局", "深圳市税务局", SAME),
        ("南京师范大学", "南京师范大学附属中学", OTHER),
        ("武汉市江岸区红光小学", "武汉市江汉区红光小学", OTHER),
        ("河北省第二建筑工程有限公司", "河北二建", SAME),
        ("成都市武侯区老码头火锅店", "老码头火锅（武侯店）", SAME),
        ("广州鑫源贸易有限公司", "广州新源贸易有限公司", OTHER),
        ("Northwestern University", "Northeastern University", OTHER),
        ("Shanghai Anoky Group Co., Ltd", "上海安诺其集团股份有限公司", SAME),
        ("恒大地产集团有限公司", "恒大地产集团重庆有限公司", OTHER),
        ("中铁一局集团有限公司", "中铁二局集团有限公司", OTHER),
        ("苏宁电器股份有限公司", "苏宁云商（原苏宁电器股份有限公司）", SAME),
        ("Jiangsu Leili Motor Corporation Limited", "江苏雷利电机股份有限公司", SAME),
        ("Ping An Bank Co., Ltd.", "平安证券股份有限公司", OTHER),
        ("Tencent", "腾讯科技（深圳）有限公司", SAME),
        ("GE", "General Electric Co", SAME),
        ("ABC Mfg. Co.", "ABC Manufacturing Company", SAME),
        ("University of Washington", "Washington University", OTHER),
        ("Bank of America", "Bank of China", OTHER),
    ],
    Kind.PERSON_NAME: [
        ("Robert Smith", "Bob Smith", SAME),
        ("Smith, Robert", "Robert Smith", SAME),
        ("王小明", "Wang Xiaoming", SAME),
        ("張三", "张三", SAME),
        ("李伟", "李娜", OTHER),
        ("John Smith", "Jane Smith", OTHER),
        ("J. Smith", "John Smith", SAME),
        ("John A. Smith", "John B. Smith", OTHER),
        ("John Smith Jr.", "John Smith Sr.", OTHER),
        ("Catherine Jones", "Katherine Jones", SAME),
        ("Michelle Lee", "Michael Lee", OTHER),
        ("Eric Brown", "Erica Brown", OTHER),
        ("Alexander Bell", "Alexandra Bell", OTHER),
        ("Teddy Roosevelt", "Theodore Roosevelt", SAME),
        ("Jake Chapman", "Jack Chapman", OTHER),
        ("Matild Madigan", "Matilda Madigan", SAME),
        ("Mary Smith", "Mary Smith Jones", SAME),
        ("John Paul Smith", "John Peter Smith", OTHER),
        ("Morris I Klein", "Morris II Klein", OTHER),
        ("Mr. J Smith", "Mrs. J Smith", OTHER),
        ("JP Dupont", "Jean-Pierre Dupont", SAME),
        ("吕布", "Lü Bu", SAME),
        ("蔡英文", "Tsai Ing-wen", SAME),
        ("陈大文", "Chan Tai Man", SAME),
        ("陈大文", "Chan Siu Ming", OTHER),
        ("王军建", "王建军", OTHER),
        ("Ms. Li Na", "李娜", SAME),
        ("Ivan Petrov", "Иван Петров", SAME),
        ("Sergei Ivanov", "Sergei Ivanova", OTHER),
        ("Lee Jae-yong", "Yi Jae-yong", SAME),
        ("Abdul Rahman Khan", "Abdurrahman Khan", SAME),
        ("Yuri Gagarin", "Jurij Gagarin", SAME),
        ("田中太郎", "Tanaka Taro", SAME),
        ("田中太郎", "Tanaka Jiro", OTHER),
        ("金正恩", "Kim Jong-un", SAME),
        ("约翰·史密斯", "John Smith", SAME),
        ("约翰·史密斯", "Peter Smith", OTHER),
        ("David Chen", "David Cheng", OTHER),
    ],
    Kind.ADDRESS: [
        ("浙江省杭州市西湖区文三路100号", "杭州文三路100号", SAME),
        ("南京市中山路10号", "武汉市中山路10号", OTHER),
        ("广州市天河区体育西路1号301室", "广州市天河区体育西路1号302室", OTHER),
        ("123 Main Street, Las Vegas NV 89132", "123 Main St Las Vegas", SAME),
        ("123 Main Street, Las Vegas NV 89132", "125 Main St Las Vegas", OTHER),
        ("12 Oak Ave", "12 Oak Street", OTHER),
        ("No. 18 Zhongguancun East Road, Beijing", "北京市海淀区中关村东路18号", SAME),
        ("No. 18 Zhongguancun South Road, Beijing", "北京市海淀区中关村东路18号", OTHER),
        ("350 Fifth Avenue, New York", "350 Sixth Avenue, New York", OTHER),
        ("2 East 55th Street, New York", "2 West 55th Street, New York", OTHER),
        ("10 High Street, Oxford", "10 High Street, Cambridge", OTHER),
        ("221B Baker Street, London", "221A Baker Street, London", OTHER),
        ("PO Box 123, Austin TX", "P.O. Box 132, Austin TX", OTHER),
        ("601 W. 26th St., New York, NY", "601 West 26 Street, New York", SAME),
        ("广州市越秀区东风东路100号", "广州市越秀区东风中路100号", OTHER),
        ("西安市雁塔区科技一路8号", "西安市雁塔区科技二路8号", OTHER),
        ("浙江省诸暨市山下湖镇郑家湖村", "浙江省诸暨市城西工业区", OTHER),
        ("北京市宣武区广安门外大街168号", "北京市西城区广安门外大街168号", SAME),
        ("台北市信義區信義路五段7號", "台北市信义区信义路5段7号", SAME),
        ("郑州市花园路39号院3号楼2单元501室", "郑州花园路39号院3-2-501", SAME),
        ("郑州市花园路39号院3号楼2单元501室", "郑州花园路39号院3号楼1单元501室", OTHER),
        ("成都市人民中路一段11号2单元3楼6号", "成都市人民中路1段11号2单元306", SAME),
        ("唐山市丰南区胥各庄镇东村3组", "唐山市丰南区胥各庄镇西村3组", OTHER),
        ("裕华区东岗路132号神兴小区11号楼", "神兴小区11栋", SAME),
        ("裕华区东岗路132号神兴小区11号楼", "神兴小区7栋", OTHER),
        ("东莞市长安镇振安路1号", "东莞市虎门镇振安路1号", OTHER),
        ("北京市西城区三里河路甲1号", "北京市西城区三里河路乙1号", OTHER),
        ("深圳市建优路8号2栋厂房101", "深圳市建优路8号2栋厂房111", OTHER),
        ("上海市浦东新区世纪大道88号", "88 Century Avenue, Pudong, Shanghai", SAME),
        ("One Penn Plaza, New York", "1 Penn Plaza, New York", SAME),
        ("45 West Thirty-Fourth St, New York", "45 W 34th Street, New York", SAME),
        ("25 Saint Andrews Way, Bristol", "25 St. Andrew's Way, Bristol", SAME),
        ("Unit 5/22 Collins Street, Melbourne", "5/22 Collins St, Melbourne", SAME),
        ("250 Highway 9 South", "250 Highway 90 South", OTHER),
        ("55 Market St, San Jose CA", "55 Market St, San Francisco CA", OTHER),
        ("15 Musgrave Crwscent, Perth", "15 Musgrave Crescent, Perth", SAME),
    ],
    Kind.PHONE: [("138 0013 8000", "+86 13800138000", SAME), ("13800138000", "13800138001", OTHER)],
    Kind.EMAIL: [("A.B@Example.com", "a.b@example.com", SAME), ("a@x.com", "a@y.com", OTHER)],
    Kind.USCC: [("91350211M000100Y43", "91350211M000100Y43 ", SAME),
                ("91350211M000100Y43", "91110108551385082Q", OTHER)],
    Kind.DATE: [("2024年3月5日", "2024-03-05", SAME), ("2024-03-05", "2024-05-03", OTHER)],
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "left", "right", "same"), [(k, *pair) for k, pairs in PAIRS.items() for pair in pairs]
)
def test_near_boundary_pairs(kind: Kind, left: str, right: str, same: bool) -> None:
    """What a careful clerk would call the same is at one half or above, and nothing else is."""
    judged = compare_values(pl.Series([left]), pl.Series([right]), kind)
    assert (judged["match_probability"][0] >= 0.5) is same
    assert (judged["verdict"][0] == Verdict.MATCH) is same
    assert judged["reason"][0]


@settings(max_examples=examples(8), deadline=None)
@given(st.text(min_size=1, max_size=12), st.text(min_size=1, max_size=12))
@pytest.mark.parametrize("kind", [Kind.COMPANY_NAME, Kind.PERSON_NAME, Kind.ADDRESS])
def test_order_of_the_two_does_not_matter(kind: Kind, left: str, right: str) -> None:
    """Whatever the text, it is judged without error and the same from either side."""
    one = compare_values(pl.Series([left]), pl.Series([right]), kind)["match_probability"][0]
    other = compare_values(pl.Series([right]), pl.Series([left]), kind)["match_probability"][0]
    assert one == pytest.approx(other)
    assert 0 <= one <= 1


@pytest.mark.parametrize("kind", [Kind.COMPANY_NAME, Kind.PERSON_NAME, Kind.ADDRESS, Kind.PHONE])
@pytest.mark.parametrize(("left", "right"), [(None, "x y"), ("", "x y"), (None, None), ("  ", "")])
def test_missing_values_are_not_the_same(kind: Kind, left: str | None, right: str | None) -> None:
    """Where a side is missing nothing is evidence, and the reason says so."""
    judged = compare_values(
        pl.Series([left], dtype=pl.String), pl.Series([right], dtype=pl.String), kind
    )
    assert judged["verdict"][0] == Verdict.NON_MATCH
    assert judged["reason"][0] == "nothing on one side"


def test_reasons_are_told_in_chinese() -> None:
    """Every reason that these pairs meet has a Chinese sentence, and no English is left over."""
    for kind, pairs in PAIRS.items():
        left, right = (pl.Series([pair[n] for pair in pairs]) for n in (0, 1))
        told = compare_values(left, right, kind)["reason"]
        said = compare_values(left, right, kind, language="zh")["reason"]
        for english, chinese in zip(told, said, strict=True):
            assert set(english.split("; ")) <= set(codes_in(CONTEXT, "zh"))
            assert not any(word in chinese for word in ("same", "other", "one", "name"))


def test_every_reason_of_the_judges_is_known_in_chinese() -> None:
    """The catalogue has the reasons of the table and those of judge.py itself, and no other."""
    known = set(codes_in(CONTEXT, "zh"))
    code = (Path(dedup.__file__).parent / "value_pairs" / "judge.py").read_text(encoding="utf-8")
    texts = {node.value for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant)}
    assert known == {e.reason for e in WEIGHTS.values()} | (known & texts)


def test_aliases_make_two_names_one_firm() -> None:
    """Names in one row of the alias table are one firm's, whatever they look like."""
    left, right = pl.Series(["老友记"]), pl.Series(["广州市粤膳餐饮管理有限公司"])
    table = pl.DataFrame({"full": right, "short": left})
    alone = compare_values(left, right, Kind.COMPANY_NAME)
    told = compare_values(left, right, Kind.COMPANY_NAME, aliases=table)
    assert alone["verdict"][0] != Verdict.MATCH
    assert told["verdict"][0] == Verdict.MATCH
    assert told["reason"][0] == "known under both names"


def test_repeated_pairs_are_judged_alike() -> None:
    """The same pair gets the same answer in every row, from either side."""
    left = pl.Series(["Bob Smith", "Robert Smith", "Bob Smith"])
    right = pl.Series(["Robert Smith", "Bob Smith", "Robert Smith"])
    assert compare_values(left, right, Kind.PERSON_NAME)["match_probability"].n_unique() == 1
