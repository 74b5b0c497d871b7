"""Kinds of pairs of company names that clerks leave behind: slips, repeats, group names, branches.

`MATCH` and `OTHER` are those verdicts; `SEEN` is a match or for review, `APART` is never a match.
"""

import polars as pl
import pytest

from dedup import Verdict, compare_values
from guiyi.kinds import Kind

MATCH, REVIEW, OTHER = ({verdict} for verdict in (Verdict.MATCH, Verdict.REVIEW, Verdict.NON_MATCH))
SEEN, APART = MATCH | REVIEW, REVIEW | OTHER


def verdict(left: str, right: str) -> str:
    """What is said of two names, from either side."""
    judged = compare_values(pl.Series([left, right]), pl.Series([right, left]), Kind.COMPANY_NAME)
    first, second = judged["verdict"].to_list()
    assert first == second
    return str(first)


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ("贵州老干妈妈食品有限责任公司", "贵州老干妈食品有限责任公司", MATCH),
        ("常州市常州市天马化纤有限公司", "常州市天马化纤有限公司", MATCH),
        ("嘉兴民丰特种纸股份有限公司公司", "嘉兴民丰特种纸股份有限公司", MATCH),
        ("旺旺集团", "旺旺旺集团", SEEN),
        ("第11中学", "第1中学", OTHER),
        ("上海二二科技有限公司", "上海二科技有限公司", APART),
    ],
)
def test_a_word_said_twice(left: str, right: str, said: set[Verdict]) -> None:
    """A character or word said twice in a row is a slip; a figure said twice is another number."""
    assert verdict(left, right) in said


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ("中国兵器装备集团公司株洲硬质合金研究所有限公司", "株洲硬质合金研究所有限公司", MATCH),
        ("中国兵器工业集团西安北方光电研究所", "西安北方光电研究所", MATCH),
        ("正泰集团公司浙江正泰电器股份有限公司", "正泰集团公司", APART),
        ("万科集团物业管理有限公司", "物业管理有限公司", APART),
        ("攀钢集团有限公司", "攀钢集团攀枝花钢钒有限公司", APART),
        ("中国银行股份有限公司杭州分行", "杭州分行", APART),
    ],
)
def test_a_groups_name_in_front(left: str, right: str, said: set[Verdict]) -> None:
    """A group's name before a registered name is no part of it; its daughter is not the group."""
    assert verdict(left, right) in said


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ("徐州恩华药业股份有限公司。", "徐州恩华药业股份有限公司", MATCH),
        ("中海油田服务股份有限公司（天津）分公司", "中海油田服务股份有限公司天津分公司", MATCH),
        ("渣打银行（中国）有限公司（深圳）分行", "渣打银行(中国)有限公司深圳分行", MATCH),
        ("立信会计师事务所（特殊普通合伙）浙江分所", "立信会计师事务所浙江分所", MATCH),
        ("立信会计师事务所（特殊普通合伙）浙江分所", "立信会计师事务所（特殊普通合伙）", APART),
        ("德意志银行（中国）有限公司上海分行", "德意志银行(中国)上海市分行", MATCH),
        ("德意志银行（中国）有限公司上海分行", "德意志银行(中国)广州分行", APART),
        ("日本瑞穗银行（中国）有限公司", "瑞穗银行（中国）有限公司", MATCH),
        ("日本瑞穗银行（中国）有限公司无锡市分行", "瑞穗银行（中国）有限公司无锡分行", MATCH),
        ("法国兴业银行股份有限公司", "兴业银行股份有限公司", APART),
    ],
)
def test_stops_brackets_and_countries(left: str, right: str, said: set[Verdict]) -> None:
    """A full stop, a branch's brackets and a bank's country in front tell no other firm."""
    assert verdict(left, right) in said


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ("广东东菱凯琴电器股份有限公司", "广东东菱凯瑟电器股份有限公司", REVIEW),
        ("江苏洋河酒厂股份有限公司", "江苏详河酒厂股份有限公司", REVIEW),
        ("洛阳栾川钥业集团股份有限公司", "洛阳栾川钼业集团股份有限公司", SEEN),
        ("浙江省杭州市富春江环保热电股份有限公司", "浙江省抗州市富春江环保热电股份有限公司", SEEN),
        ("宁波新海电气工业科技股份有限公司", "宁波海新电气工业科技股份有限公司", REVIEW),
        ("深圳市金证科技股份有限公司", "深圳市金政科技股份有限公司", REVIEW),
        ("北京万达一期房地产开发有限公司", "北京万达二期房地产开发有限公司", OTHER),
        ("红杉资本股权投资基金II（有限合伙）", "红杉资本股权投资基金III（有限合伙）", OTHER),
        ("红杉资本股权投资基金甲（有限合伙）", "红杉资本股权投资基金乙（有限合伙）", OTHER),
        ("江苏省第一建筑安装工程有限公司", "江苏省第二建筑安装工程有限公司", OTHER),
        ("上海华谊机械设备有限公司", "上海华谊机电设备有限公司", APART),
        ("长城汽车股份有限公司", "长安汽车股份有限公司", OTHER),
    ],
)
def test_one_wrong_character(left: str, right: str, said: set[Verdict]) -> None:
    """One wrong character in a long name is for a person to see; a number is no slip."""
    assert verdict(left, right) in said


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ("东方航空", "东方航空物流股份有限公司", APART),
        ("盐田港", "盐田港物流有限公司", APART),
        ("民生银行", "民生银行金融租赁有限公司", APART),
        ("兴业银行", "兴业银行基金管理有限公司", APART),
        ("海信集团", "海信集团财务有限公司", APART),
        ("中国农业发展银行", "中国农业银行股份有限公司", OTHER),
        ("中国进出口银行", "中国银行", OTHER),
        ("大连港", "大连港股份有限公司", MATCH),
        ("海南航空", "海南航空控股股份有限公司", MATCH),
        ("北摩航空", "北京北摩航空科技股份有限公司", MATCH),
        ("海信集团", "海信集团控股股份有限公司", SEEN),
        ("太平人寿", "太平人寿保险有限公司", MATCH),
        ("腾讯", "腾讯科技（深圳）有限公司", MATCH),
        ("中国移动", "中国移动通信集团有限公司", MATCH),
    ],
)
def test_a_whole_name_within_another_firms(left: str, right: str, said: set[Verdict]) -> None:
    """A name that ends with its trade is whole: what goes on with another trade is a daughter."""
    assert verdict(left, right) in said


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ("吉林市人民医院", "吉林省人民医院", OTHER),
        ("吉林省图书馆", "吉林市图书馆", OTHER),
        ("山东省医药总公司", "济南市医药总公司", OTHER),
        ("河北省粮油食品进出口公司", "石家庄市粮油食品进出口公司", OTHER),
        ("山东省鲁能置业有限公司", "济南市鲁能置业有限公司", APART),
        ("浙江省杭州市第二中学", "杭州市第二中学", MATCH),
        ("浙江省杭州市新华书店有限公司", "杭州市新华书店有限公司", MATCH),
        ("重庆市图书馆", "重庆图书馆", MATCH),
    ],
)
def test_places_of_two_ranks(left: str, right: str, said: set[Verdict]) -> None:
    """Province and city each have an institution of one name; the way to a city tells nothing."""
    assert verdict(left, right) in said


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ("中山大学附属第一医院", "广州医科大学附属第一医院", OTHER),
        ("安徽中医药大学第一附属医院", "安徽医科大学第一附属医院", OTHER),
        ("河北医科大学第二医院", "河北省第二医院", APART),
        ("首都师范大学附属中学", "东北师范大学附属中学", OTHER),
        ("浙江大学附属第一医院", "浙江大学医学院附属第一医院", SEEN),
        ("首都医科大学附属北京同仁医院", "北京同仁医院", SEEN),
        ("湖南师范大学附属中学", "湖南师大附中", SEEN),
    ],
)
def test_hospitals_and_schools_of_universities(left: str, right: str, said: set[Verdict]) -> None:
    """The hospitals and schools of two universities are two; one may leave its university out."""
    assert verdict(left, right) in said


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ("大理州人民医院", "大理白族自治州人民医院", MATCH),
        ("红河自治州交通建设有限公司", "红河哈尼族彝族自治州交通建设有限公司", MATCH),
        ("中国建设银行延边州分行", "中国建设银行股份有限公司延边朝鲜族自治州分行", MATCH),
        ("禄劝县农村信用社", "禄劝彝族苗族自治县农村信用合作联社", MATCH),
        ("赤城农信社", "赤城县农村信用合作联社", MATCH),
        ("赤城县信用联社", "赤城县农村信用合作联社", MATCH),
        ("赤城县农村信用社", "张北县农村信用合作联社", APART),
        ("青县农信社", "河北省农村信用社联合社", APART),
        ("中国银行股份有限公司红河州分行", "中国银行股份有限公司文山州分行", APART),
    ],
)
def test_autonomous_places_and_credit_unions(left: str, right: str, said: set[Verdict]) -> None:
    """People leave the peoples out of a prefecture's name, and shorten 农村信用合作联社."""
    assert verdict(left, right) in said


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ("Müller Maschinenbau GmbH", "Mueller Maschinenbau GmbH", MATCH),
        ("Mueller Maschinenbau GmbH", "Muller Maschinenbau GmbH", MATCH),
        ("Groß Logistik GmbH", "Gross Logistik GmbH", MATCH),
        ("Aktiengesellschaft Kühnle", "Kühnle AG", MATCH),
        ("Società per Azioni Bertoni", "Bertoni S.p.A.", MATCH),
        ("3rd Rock Ventures LLC", "Third Rock Ventures, LLC", MATCH),
        ("Twenty-Second Street Capital LP", "22nd Street Capital LP", MATCH),
        ("1st National Bank of Ohio", "Second National Bank of Ohio", OTHER),
        ("Kowalski Srvcs Inc", "Kowalski Services Inc.", MATCH),
        ("Smith Mgmt Consltg Grp", "Smith Management Consulting Group", MATCH),
        ("Pacific Intl Frt Fwdg Ltd", "Pacific International Freight Forwarding Ltd", MATCH),
        ("Novorossiysky Morskoy Torgovy Port", "Novorossiiskii Morskoi Torgovyi Port", MATCH),
        ("Abdul Latif Jameel Co.", "Abdullatif Jamil Company", MATCH),
        ("Doosan Heavy Industries", "Dusan Heavy Industries", SEEN),
        ("Abu Dhabi Marine Services", "Abu Dabi Marine Services", SEEN),
        ("Saudi Binladin Group", "Saudi Bin Laden Group", SEEN),
        ("Bauer Foods KG", "Baur Foods KG", APART),
        ("Continental Carbon Company", "Continental Carbine Company", APART),
        ("Deutsche Bank AG", "Deutsche Bahn AG", OTHER),
    ],
)
def test_spellings_of_western_names(left: str, right: str, said: set[Verdict]) -> None:
    """Umlauts, ordinals, short words, forms in front and romanisations leave the name the same."""
    assert verdict(left, right) in said
