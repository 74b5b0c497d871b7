"""Branches, group firms, countries, legal forms, romanised names: the parts, not the characters."""

import numpy as np
import polars as pl
import pytest

from cleansing import clean_table
from cleansing.place_chain import nested, readings
from dedup import Verdict, compare_values
from dedup.fields.chosen import compare_fields
from dedup.scoring.scorer import Scorer
from dedup.value_pairs.branch import canonical_branch
from guiyi.kinds import Kind

BANK = "中国工商银行股份有限公司"
BROKER = "国泰君安证券股份有限公司"
MATCH, REVIEW, OTHER = Verdict.MATCH, Verdict.REVIEW, Verdict.NON_MATCH


def verdict(left: str, right: str, kind: Kind = Kind.COMPANY_NAME) -> str:
    """What the judge says of two values."""
    return str(compare_values(pl.Series([left]), pl.Series([right]), kind)["verdict"][0])


@pytest.mark.parametrize(
    ("text", "names", "places", "rest"),
    [
        ("苏州昆山花桥", ("苏州", "昆山"), {"320583"}, "花桥"),
        ("浙江省诸暨市", ("浙江省", "诸暨市"), {"330681"}, ""),
        ("上海浦东", ("上海", "浦东"), {"310115"}, ""),
        ("宁乡县", ("宁乡县",), {"430182"}, ""),  # a city since 2017
        ("襄樊", ("襄樊",), {"4206"}, ""),  # 襄阳 since 2010
        ("荆州北京路", ("荆州",), {"4210", "421003"}, "北京路"),  # and its district
        ("南京江北新区", ("南京", "江北新区"), {"3201:江北新区"}, ""),
        ("吉林省", ("吉林省",), {"22"}, ""),
        ("吉林市", ("吉林市",), {"2202"}, ""),
    ],
)
def test_places_are_read_as_a_chain_of_divisions(
    text: str, names: tuple[str, ...], places: set[str], rest: str
) -> None:
    """Each place lies in the one before it; a name that is none of its places stays."""
    found = readings(text)[-1]
    assert (found.names, set(found.places), found.rest) == (names, places, rest)


def test_a_name_of_several_places_keeps_them_all() -> None:
    """鼓楼 is a district of four cities; behind 南京 it is one."""
    assert len(readings("鼓楼")[-1].places) == 4
    assert readings("南京鼓楼")[-1].places == {"320106"}
    assert nested(readings("江苏")[-1].places, readings("鼓楼")[-1].places)


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ("杭州分行", "杭州市分行", MATCH),
        ("成都锦江支行", "成都市锦江支行", MATCH),
        ("成都锦江支行", "成都市锦江区支行", MATCH),
        ("成都锦江支行", "成都青羊支行", OTHER),
        ("成都锦江支行", "成都分行", OTHER),
        ("无锡宜兴支行", "宜兴支行", MATCH),
        ("无锡宜兴支行", "无锡江阴支行", OTHER),
        ("苏州昆山花桥支行", "昆山花桥支行", MATCH),
        ("苏州花桥支行", "昆山花桥支行", MATCH),
        ("昆山花桥支行", "昆山支行", OTHER),
        ("昆山花桥支行", "昆山千灯支行", OTHER),
        ("广州分行天河支行", "广州天河支行", MATCH),
        ("广州分行天河支行", "广州分行", OTHER),
        ("滨海新区支行", "滨海支行", MATCH),
        ("解放支行", "解放路支行", REVIEW),
        ("鼓楼支行", "南京鼓楼支行", REVIEW),
        ("南京鼓楼支行", "徐州鼓楼支行", OTHER),
        ("吉林省分行", "吉林市分行", OTHER),
        ("湖北荆州分行", "荆州分行", MATCH),
        ("四川省分行营业部", "四川分行营业部", MATCH),
        ("四川省分行营业部", "四川省分行", OTHER),
        ("上海第一支行", "上海第二支行", OTHER),
        ("张家港支行", "张家港分行", REVIEW),
        ("静安支行", "静安寺支行", OTHER),
        ("苏州工业园区支行", "苏州园区支行", REVIEW),
    ],
)
def test_branches_of_a_bank(left: str, right: str, said: Verdict) -> None:
    """A place may be told at any level, with or without its rank; another place is another."""
    assert verdict(BANK + left, BANK + right) == said
    assert verdict("工行" + left, BANK + right) == said


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ("上海静安区南京西路证券营业部", "上海南京西路证券营业部", MATCH),
        ("上海静安区南京西路证券营业部", "上海南京西路营业部", MATCH),
        ("上海南京西路证券营业部", "上海南京东路证券营业部", OTHER),
        ("武汉市中北路证券营业部", "武汉中北路证券营业部", MATCH),
        ("北京建国路证券营业部", "天津建国路证券营业部", OTHER),
        ("中山路证券营业部", "南京中山路证券营业部", REVIEW),
        ("深圳免税商务大厦证券营业部", "深圳益田路免税商务大厦证券营业部", REVIEW),
    ],
)
def test_branches_of_a_broker(left: str, right: str, said: Verdict) -> None:
    """A road tells the branch, and its district may be left out; its side may not."""
    assert verdict(BROKER + left, BROKER + right) == said


def test_a_groups_broker_is_no_branch_of_its_bank() -> None:
    """光大证券 is not 光大 with a branch called 证券."""
    branch = "股份有限公司重庆民权路证券营业部"
    assert verdict(f"光大证券{branch}", f"光大证券{branch}".replace("重庆", "重庆市")) == MATCH
    assert verdict("光大证券股份有限公司南京分公司", "中国光大银行股份有限公司南京分行") == OTHER


def test_a_doubtful_branch_is_never_a_match() -> None:
    """However surely the firms are one, 解放支行 and 解放路支行 are for a person to see."""
    pair = pl.Series([BANK + "解放支行"]), pl.Series([BANK + "解放路支行"])
    assert 0.25 <= compare_values(*pair, Kind.COMPANY_NAME)["match_probability"][0] < 0.5


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ("雅戈尔投资控股有限公司", "雅戈尔控股有限公司", MATCH),
        ("卧龙控股集团有限公司", "卧龙集团控股有限公司", MATCH),
        ("上海均瑶集团有限公司", "上海均瑶（集团）有限公司", MATCH),
        ("北京金隅集团琉璃河水泥有限公司", "北京金隅琉璃河水泥有限公司", MATCH),
        ("北京金隅集团琉璃河水泥有限公司", "北京金隅集团前景水泥有限公司", OTHER),
        ("四川长虹实业有限公司", "四川长虹实业投资有限公司", REVIEW),
        ("江苏沙钢有限公司", "江苏沙钢集团有限公司", OTHER),
        ("山东仙坛集团股份有限公司", "山东仙坛股份有限公司", MATCH),
        ("南洋商业银行（中国）有限公司", "南洋商业银行有限公司", OTHER),
        ("宝山钢铁股份有限公司", "宝山钢铁集团有限公司", OTHER),
        ("杭州市余杭顺达小额贷款有限公司", "余杭顺达小额贷款有限公司", MATCH),
        ("杭州市余杭顺达小额贷款有限公司", "杭州市萧山顺达小额贷款有限公司", OTHER),
        ("江苏江阴农村商业银行股份有限公司", "江阴农村商业银行股份有限公司", MATCH),
        ("江阴农村商业银行股份有限公司", "张家港农村商业银行股份有限公司", OTHER),
        ("温州市商业银行股份有限公司", "温州银行股份有限公司", MATCH),
        ("哈尔滨市商业银行", "哈尔滨银行股份有限公司", MATCH),
        ("温州市商业银行股份有限公司", "台州银行股份有限公司", OTHER),
        ("苏宁苏宁易购集团股份有限公司", "苏宁易购集团股份有限公司", MATCH),
        ("宁波市鄞州博威合金材料制造有限公司", "宁波市鄞州博威台金材料制造有限公司", REVIEW),
        ("中铁十二局集团有限公司", "中铁二十局集团有限公司", OTHER),
        ("中国银行（澳门）股份有限公司", "中国银行股份有限公司（澳门）", MATCH),
        ("花旗银行（台湾）股份有限公司", "花旗银行（新加坡）有限公司", OTHER),
        ("中国工商银行（亚洲）有限公司", "中国工商银行（欧洲）有限公司", OTHER),
        ("宁波市信用社", "宁波市鄞州区农村信用社联合社", OTHER),
        ("浙江省农村信用社联合社", "浙江省德清县农村信用社联合社", OTHER),
        ("东方证券", "东方证券承销保荐有限公司", OTHER),
    ],
)
def test_group_firms_and_general_names(left: str, right: str, said: Verdict) -> None:
    """Words that tell little come and go; a group, a country, a number or a county tells."""
    found = verdict(left, right)
    assert found == said or (said == OTHER and found == REVIEW)


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ("Robert BoschGmbH", "Robert Bosch GmbH", MATCH),
        ("BASFSE", "BASF SE", MATCH),
        ("JOINT STOCK COMPANY RUSSIAN RAILWAYS", "Russian Railways JSC", MATCH),
        ("Public Joint Stock Company Gazprom", "Gazprom PJSC", MATCH),
        ("Sociedad Anónima Damm", "Damm S.A.", MATCH),
        ("Maspex Spółka z o.o.", "Maspex Sp. z o.o.", MATCH),
        ("Four Seasons Hotels Ltd", "4 Seasons Hotels Limited", MATCH),
        ("Studio Three Design Inc", "Studio Four Design Inc", OTHER),
        ("Cargill (Spain) S.L.", "Cargill (Italy) S.r.l.", OTHER),
        ("Nestlé (Thai) Ltd.", "Nestlé (Malaysia) Ltd.", OTHER),
        ("Citibank (Taiwan) Ltd", "Citibank (Singapore) Ltd", OTHER),
        ("Samsung Electronics (UK) Ltd", "Samsung Electronics (U.K.) Limited", MATCH),
        ("Siemens (China) Co., Ltd.", "Siemens Co., Ltd.", REVIEW),
        ("KKR Asian Fund III", "KKR Asian Fund IV", OTHER),
    ],
)
def test_western_firms(left: str, right: str, said: Verdict) -> None:
    """A form glued on or in front is a form; another country in brackets is another firm."""
    assert verdict(left, right) == said


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ("Muammar Qadhafi", "Moammar Gaddafi", MATCH),
        ("Mao Tse-tung", "Mao Zedong", MATCH),
        ("Mao Tse-tung", "Mao Zemin", OTHER),
        ("Liu Shao-ch'i", "Liu Shaoqi", MATCH),
        ("Zhang Tao", "Zhang Dao", OTHER),
        ("Mikhail Gorbachev", "Michail Gorbatschow", MATCH),
        ("Boris Yeltsin", "Boris Jelzin", MATCH),
        ("Sergei Ivanov", "Sergei Lavrov", OTHER),
        ("Anna Petrova", "Anna Petrov", REVIEW),
        ("Roh Moo-hyun", "No Mu-hyon", MATCH),
        ("Park Ji-sung", "Bak Jiseong", MATCH),
        ("Kim Jong-il", "Kim Jong-un", OTHER),
        ("Abdel Fattah el-Sisi", "Abd al-Fattah as-Sisi", MATCH),
        ("Mohamed Salem", "Mahmoud Salem", OTHER),
        ("Hassan Ali", "Hussein Ali", OTHER),
        ("AHMED ALI HASSAN MOHAMED", "AHMED ALI KARIM MOHAMED", OTHER),
        ("Fatima Zahra Ali Nasser", "Fatima Zahra Omar Nasser", OTHER),
        ("John Paul Smith", "John Pail Smith", MATCH),
    ],
)
def test_romanised_and_long_names(left: str, right: str, said: Verdict) -> None:
    """One name by several roads is one; a long name with another part is another."""
    found = verdict(left, right, Kind.PERSON_NAME)
    assert found == said or (said == OTHER and found == REVIEW)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("杭州分行", "杭州市分行", True),
        ("无锡宜兴支行", "宜兴支行", True),
        ("苏州昆山花桥支行", "昆山花桥支行", True),
        ("杭州分行", "杭州支行", False),
        ("昆山花桥支行", "昆山支行", False),
        ("南京鼓楼支行", "徐州鼓楼支行", False),
        ("鼓楼支行", "南京鼓楼支行", False),
    ],
)
def test_a_branch_has_one_form_in_batch_matching(left: str, right: str, same: bool) -> None:
    """What names one branch surely compares as equal in a table, what might not does not."""
    assert (canonical_branch(left) == canonical_branch(right)) is same
    names = pl.DataFrame({"name": [BANK + left, BANK + right]})
    kinds = {"name": Kind.COMPANY_NAME}
    (comparison,), _ = compare_fields(clean_table(names, kinds), kinds)
    found = Scorer([comparison], 2).compare(*np.array([[0], [1]], np.uint32))
    level = comparison.labels[int(found[0])]
    assert (level == "branch against parent or another branch") is not same
