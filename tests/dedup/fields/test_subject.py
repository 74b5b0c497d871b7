"""What the rows of a table are about, told by tables as people hand them over."""

from itertools import product

import polars as pl
import pytest

from cleansing import clean_table, infer_kinds
from dedup import link, resolve
from dedup.fields.compared_columns import coded
from dedup.fields.subject import Subject, subject_of
from dedup.model.saved_model import read_model
from guiyi.kinds import Kind
from guiyi.spec import MatchSpec

HAN = [
    s + g
    for s, g in product("王李张刘陈杨赵黄周吴徐孙", ("伟", "秀英", "建国", "敏", "丽华", "磊"))
]
HAN_FIRMS = [
    f"{city}{brand}{trade}有限公司"
    for brand, city, trade in product(
        ("华腾", "瑞丰", "宏达", "鑫源", "博创", "金诺"),
        ("深圳", "苏州", "成都", "青岛"),
        ("科技", "机械", "贸易"),
    )
]
GIVEN = ("James", "Mary", "Robert", "Linda", "Karen", "Brian", "Susan", "Peter", "Laura")
LAST = ("Walker", "Hughes", "Schmidt", "Novak", "Carter", "Bennett", "Foster", "Morris")
WEST = [f"{g} {s}" for g, s in product(GIVEN, LAST)]
WEST_FIRMS = [
    f"{brand} {trade} {form}"
    for brand, trade, form in product(
        ("Alpine", "Redwood", "Harbor", "Summit", "Falcon", "Cobalt"),
        ("Logistics", "Software", "Foods", "Steel"),
        ("Inc", "Partners Ltd", "Holdings Ltd"),
    )
]
CITIES = ("Leeds", "Bristol", "Cardiff", "York")


def column(header: str, row: int, a_firm: int) -> str | None:
    """A cell of a row; rows of a company stand together, `a_firm` of them."""
    firm = row // a_firm
    kinds = header.split(":")
    cells = {
        "人": HAN[row % 72],
        "法人": HAN[firm % 72],
        "企": HAN_FIRMS[firm % 72],
        "person": WEST[row % 72],
        "given": GIVEN[row % 72 // 8],
        "last": LAST[row % 8],
        "firm": WEST_FIRMS[firm % 72],
        "clinic": f"{CITIES[firm % 4]} {('Dental', 'Eye', 'Skin')[firm % 3]} Clinic",
        "手机": f"138{row * 7919 % 10**8:08d}",
        "电话": f"0755-{26000000 + firm * 137}",
        "邮": f"user{row}@firm{firm}.cn",
        "info": f"info@firm{firm}.com",
        "mail": f"{LAST[row % 8].lower()}{row}@firm{firm}.com",
        "址": f"广东省深圳市南山区科技路{firm + 1}号",
        "address": f"{firm + 1} Station Road",
        "city": CITIES[firm % 4],
        "职务": ("销售经理", "工程师", "采购主管", "总监")[row % 4],
        "title": ("Sales Manager", "Engineer", "Buyer", "Director")[row % 4],
        "uscc": ("91440300", "91320500")[firm % 2] + f"MA5F{firm:05d}X",
        "资本": f"{100 + firm}万元",
        "行业": ("制造业", "批发业", "软件业")[firm % 3],
        "日": f"19{60 + row % 40}-0{1 + row % 9}-1{row % 10}",
        "性别": "男女"[row % 2],
        "销售": ("郑洁", "何平", "罗明")[firm % 3],
        "phone": f"020 7946 0{100 + row:03d}",
        "网址": f"www.firm{firm}.cn",
    }
    return cells[kinds[1]]


def table(spec: str, a_firm: int, rows: int = 72, blank: str = "") -> pl.DataFrame:
    """A table of columns `header:content`; every second cell of the column `blank` is empty."""
    return pl.DataFrame(
        {
            head.split(":")[0]: [
                None if head.split(":")[0] == blank and row % 2 else column(head, row, a_firm)
                for row in range(rows)
            ]
            for head in spec.split(", ")
        }
    )


def subject(frame: pl.DataFrame) -> Subject:
    """What is decided when nothing is said."""
    guessed = {name: guess.kind for name, guess in infer_kinds(frame).items()}
    kinds = {name: kind for name, kind in guessed.items() if kind is not Kind.KEY}
    return subject_of(coded(clean_table(frame, kinds), kinds), kinds)


PERSONS = [
    ("姓名:人, 公司:企, 职务:职务, 电话:电话, 邮箱:邮, 地址:址", 3),
    ("姓名:人, 公司:企, 职务:职务, 电话:电话, 邮箱:邮, 地址:址", 1),
    ("公司名称:企, 姓名:人, 职务:职务, 手机:手机", 4),
    ("客户名称:企, 姓名:人, 部门:职务, 职务:职务, 手机:手机", 4),
    ("first_name:given, last_name:last, email:mail, phone:phone, company:firm, job_title:title", 2),
    ("First Name:given, Last Name:last, Account Name:firm, Title:title, Email:mail", 1),
    ("company:firm, industry:行业, website:网址, first name:given, last name:last, title:title", 1),
    ("name:person, company:firm, city:city", 2),
    ("name:person, company:firm, city:city", 1),
    ("name:person, clinic:clinic, address:address, phone:phone", 6),
    ("clinic:clinic, name:person, phone:phone", 6),
    ("Column1:person, Column2:firm, Column3:city", 4),
    ("Column1:firm, Column2:person, Column3:phone", 6),
    ("Column1:人, Column2:企, Column3:职务, Column4:手机", 1),
    ("Column1:clinic, Column2:person, Column3:phone", 6),
    ("姓名:人, 工作单位:企, 性别:性别, 出生日期:日", 1),
    ("会员姓名:人, 单位:企, 手机:手机, 生日:日", 1),
    ("姓名:人, 电话:手机, 地址:址", 1),
    ("联系人:人, 公司:企, 部门:职务, 职务:职务, 手机:手机", 5),
    ("Attendee:person, Company:firm, Email:mail", 1),
]
FIRMS = [
    ("客户名称:企, 联系人:法人, 电话:电话, 邮箱:邮, 地址:址, 统一社会信用代码:uscc", 1),
    ("客户名称:企, 联系人:人, 电话:电话, 邮箱:邮, 地址:址, 统一社会信用代码:uscc", 2),
    ("客户名称:企, 联系人:人, 电话:电话, 地址:址", 1),
    ("公司名称:企, 联系人:人, 手机:手机, 地址:址", 1),
    ("联系人:人, 客户名称:企, 电话:电话", 1),
    ("企业名称:企, 法定代表人:法人, 注册资本:资本, 成立日期:日", 1),
    ("供应商:企, 联系人:人, 联系人手机:手机, 行业:行业", 1),
    ("name:firm, contact:person, phone:phone, city:city", 1),
    ("Account Name:firm, Primary Contact:person, Phone:phone, Industry:行业, Website:网址", 1),
    ("Vendor:firm, Attn:person, Address:address", 1),
    ("Firma:firm, Ansprechpartner:person, Telefon:phone", 1),
    ("Column1:企, Column2:法人, Column3:电话, Column4:uscc", 1),
    ("Column1:企, Column2:人, Column3:电话, Column4:址", 1),
    ("客户:企, 业务员:销售, 电话:电话", 1),
    ("Company Name:firm, Owner:person, Phone:phone", 1),
    ("字号名称:企, 经营者:法人, 统一社会信用代码:uscc", 1),
    ("公司名称:企, 电话:电话, 地址:址", 1),
    ("Customer:firm, Sales Rep:person, City:city", 1),
    ("company:firm, email:info, contact name:person", 1),
]


@pytest.mark.parametrize(("spec", "a_firm"), PERSONS)
def test_tables_of_persons(spec: str, a_firm: int) -> None:
    """Contacts, leads, members and practitioners are persons, whatever company stands beside."""
    found = subject(table(spec, a_firm))
    assert found.entity == "person", found.why


@pytest.mark.parametrize(("spec", "a_firm"), FIRMS)
def test_tables_of_companies(spec: str, a_firm: int) -> None:
    """Customers, suppliers and registers are companies, whoever is named as their contact."""
    found = subject(table(spec, a_firm))
    assert found.entity == "company", found.why


def test_a_name_that_most_rows_leave_out_is_not_what_they_are_about() -> None:
    """Of plain headers in a person's order, half without a person: companies."""
    spec = "Column1:person, Column2:firm, Column3:phone"
    assert subject(table(spec, 1)).entity == "person"
    assert subject(table(spec, 1, blank="Column1")).entity == "company"


def test_the_reasons_name_columns_and_numbers() -> None:
    """The explanation says which headers and how many persons a company has."""
    found = subject(table("姓名:人, 公司:企, 电话:手机", 4))
    assert found.sentence == (
        "Each row is taken for a person: 4.0 different persons per company; `姓名` names persons."
    )
    assert (found.both, found.other) == (True, "company")
    assert not subject(table("姓名:人, 电话:手机", 1)).both


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_hardly_any_rows_are_decided_too(rows: int) -> None:
    """By their headers, without a failure; an empty table names nobody."""
    found = subject(table("first name:given, last name:last, company:firm", 1, rows))
    assert found.entity == "person"


def test_what_is_asked_for_is_taken() -> None:
    """The spec's `entity` comes before all evidence, and stands in the model that is kept."""
    frame = table("姓名:人, 公司:企, 电话:手机, 邮箱:邮", 4)
    kinds = {name: guess.kind for name, guess in infer_kinds(frame).items()}
    clean = clean_table(frame, kinds)
    for asked in ("auto", "company"):
        found = resolve(clean, kinds, MatchSpec(entity=asked))
        expected = "person" if asked == "auto" else asked
        assert found.subject is not None
        assert found.subject.entity == found.model["subject"]["entity"] == expected
        assert found.model["explanation"][0] == found.subject.sentence
    kept = read_model(found.model)
    again = resolve(clean, kinds, model=kept)
    assert again.subject is not None
    assert again.subject.entity == "company"


def test_a_linkage_has_a_subject_too() -> None:
    """Two tables that are linked are looked at as one."""
    frame = table("姓名:人, 公司:企, 电话:手机, 邮箱:邮", 4)
    kinds = {name: guess.kind for name, guess in infer_kinds(frame).items()}
    clean = clean_table(frame, kinds)
    found = link(clean[:40], clean[30:], kinds)
    assert found.subject is not None
    assert found.subject.entity == "person"
    assert found.model["subject"] == found.subject.as_document()


def test_rows_in_any_order_are_about_the_same() -> None:
    """Neither the order of rows nor a column of constants or running numbers changes the answer."""
    frame = table("客户名称:企, 联系人:人, 电话:电话, 地址:址", 2)
    first = subject(frame)
    mixed = frame.sample(fraction=1.0, shuffle=True, seed=3).with_columns(
        pl.lit("CRM").alias("来源"), pl.int_range(pl.len()).cast(pl.String).alias("序号")
    )
    assert subject(mixed) == first


def test_a_column_taken_for_firms_names_persons_where_rows_have_a_job() -> None:
    """Foreign names look like firms; a job title and a birth date belong to neither."""
    frame = table("Name:firm, Job Title:title, City:city", 1)
    assert subject(frame).entity == "person"
    assert subject(table("Account:firm, Job Title:title, City:city", 1)).entity == "company"
