"""What a column holds is read from its values; headers may lie."""

import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleansing import clean_values, infer_kind, infer_kinds
from guiyi.kinds import Kind
from tests.examples import examples

DATA = Path(__file__).parents[3] / "shared" / "data"

COLUMNS: dict[Kind, list[list[str]]] = {
    Kind.PHONE: [
        ["13800138000", "13912345678", "18612345678"],
        ["021-61234567", "0755-83765566转8001", "400-820-8820"],
        ["310/246-1501", "818-762-1221", "(213) 627-2300"],
    ],
    Kind.EMAIL: [["a@b.cn", "Bob <bob@example.org>", "info@firm.com"]],
    Kind.URL: [["www.firm.cn", "https://example.org/x", "shop.example.com"]],
    Kind.DATE: [
        ["1990-01-02", "1985-11-30", "2001-05-06"],
        ["12/11/1978", "3/31/1954", "1/2/2018"],
        ["19900102", "19851130", "20010506"],
        ["1990年1月2日", "1985年11月30日", "2001年5月6日"],
    ],
    Kind.USCC: [["91310116076409427L", "91340600MA2PEP518T", "92340602MA2PEL605A"]],
    Kind.ID_CARD: [
        ["11010519491231002X", "360426199101010071", "44011320141005001X"],
        ["294-66-9999", "293-90-9090", "201-77-7719"],
    ],
    Kind.PERSON_NAME: [
        ["王伟", "李娜", "张敏", "欧阳锋"],
        ["Robert Smith", "Mary Jones", "Alan Brown"],
        ["ROBERT", "MARY", "JENNIFER", "DAVID"],
        ["Smith", "Johnson", "Nguyen", "Patel"],
    ],
    Kind.COMPANY_NAME: [
        ["万科企业股份有限公司", "厦门市第一医院", "平安银行股份有限公司深圳分行"],
        ["Acme Inc.", "Universal Exports Ltd", "Müller GmbH", "St. Mary Church"],
    ],
    Kind.ADDRESS: [
        ["123 Main Street, Las Vegas NV 89132", "1515 Adela Lane", "701 Stone Canyon Rd."],
        ["广东省深圳市罗湖区深南东路5047号", "北京市海淀区中关村大街1号"],
    ],
    Kind.REGION: [
        ["南京市", "厦门", "江苏", "重庆"],
        ["320100", "440300", "110105"],
        ["NV", "CA", "OH", "TX"],
        ["London", "Leeds", "Manchester", "Birmingham"],
    ],
    Kind.AMOUNT: [["¥1,234.50", "¥99.00", "¥12.00"], ["261.96", "14.62", "957.58", "22.37"]],
    Kind.TEXT: [
        [
            "The customer called twice and asked for a new quotation before the end of the month.",
            "Delivered late; complained about the packaging, wants a refund of the shipping cost.",
        ]
    ],
}


@pytest.mark.parametrize(
    ("kind", "values"), [(kind, values) for kind, columns in COLUMNS.items() for values in columns]
)
@pytest.mark.parametrize("header", ["", "column_7"])
def test_the_values_alone_show_the_kind(kind: Kind, values: list[str], header: str) -> None:
    """Without a header, or under one that says nothing, the values decide."""
    guess = infer_kind(pl.Series(values), header)
    assert guess.kind is kind, guess.why


@pytest.mark.parametrize(
    ("header", "values", "kind"),
    [
        ("email", COLUMNS[Kind.PHONE][0], Kind.PHONE),
        ("phone", COLUMNS[Kind.EMAIL][0], Kind.EMAIL),
        ("city", COLUMNS[Kind.PERSON_NAME][1], Kind.PERSON_NAME),
        ("name", COLUMNS[Kind.ADDRESS][0], Kind.ADDRESS),
        ("address", COLUMNS[Kind.COMPANY_NAME][0], Kind.COMPANY_NAME),
        ("first_name", [f"{n * 2654435761 % 2**32:08x}" for n in range(1, 60)], Kind.KEY),
        ("company", [str(n) for n in range(1, 60)], Kind.KEY),
    ],
)
def test_a_lying_header_does_not_deceive(header: str, values: list[str], kind: Kind) -> None:
    """A header that contradicts the values is not believed."""
    guess = infer_kind(pl.Series(values), header)
    assert guess.kind is kind, guess.why


@pytest.mark.parametrize(
    ("header", "values", "kind"),
    [
        ("surname", ["Sondergeld", "Wheatley", "Kusha", "Abadzic"], Kind.PERSON_NAME),
        ("suburb", ["willaroo", "killarney", "kooltuo", "pine ridge"], Kind.REGION),
        ("postcode", ["2150", "4011", "4814", "2776"], Kind.POSTCODE),
        ("order_year", ["2010", "2009", "1990", "2015"], Kind.DATE),
        ("soc_sec_id", ["6988048", "7364009", "2635962"], Kind.ID_CARD),
        ("total", ["100", "200", "300", "100"], Kind.AMOUNT),
    ],
)
def test_a_header_settles_what_the_values_leave_open(
    header: str, values: list[str], kind: Kind
) -> None:
    """Where the values fit several kinds, the header breaks the tie."""
    guess = infer_kind(pl.Series(values), header)
    assert guess.kind is kind
    assert "header" in guess.why


@pytest.mark.parametrize(
    ("header", "values", "kind"),
    [
        ("phone", ["06172 38088", "06172 45110", "069 4472", "06174-2211"], Kind.PHONE),
        ("Tel.", ["88123", "620155", "8-8123"], Kind.PHONE),
        ("手机", ["1380013", "13900 x", "139-0013-80", "无", "1391234"], Kind.PHONE),
        ("联系方式", ["8812345转8", "(0755) 8321", "95588"], Kind.PHONE),
        ("Telefon", ["05542/9330", "05542/9331", "0171-33"], Kind.PHONE),
        ("Fax", ["1 55 55 80 05", "55 55 80 06"], Kind.PHONE),
        ("mobile", [f"555000{n:04d}" for n in range(1, 60)], Kind.PHONE),
        (
            "email",
            ["bob at firm.com", "ann(at)x.org", "joe.firm.com", "sue@@x", "kim@"],
            Kind.EMAIL,
        ),
        ("E-Mail", ["bob#x.com", "ann.x.org", "kim_x.de"], Kind.EMAIL),
        ("邮箱", ["wang.163.com", "li@", "@qq.com"], Kind.EMAIL),
        ("dob", ["3/85", "85.12", "12-1979", "Mar 85"], Kind.DATE),
        ("birthday", ["850315", "851230", "790101"], Kind.DATE),
        ("生日", ["85.3.15", "79年1月", "一九八五年三月"], Kind.DATE),
        ("date_of_birth", ["31.13.1985", "1985-02-31", "00/00/1985"], Kind.DATE),
        ("姓名", ["张三0", "张三1", "李四5"], Kind.PERSON_NAME),
        ("姓名", ["阿卜杜拉·买买提", "欧阳", "上官婉儿"], Kind.PERSON_NAME),
        ("surname", ["Xqzblorp", "Grzkx", "Vuul"] * 9, Kind.PERSON_NAME),
        ("Ansprechpartner", ["Phan Kim Ngân", "Stanisław Majewski", "Đỗ Văn Ý"], Kind.PERSON_NAME),
        ("ФИО", ["Гришин Павел", "Юдина Зоя Львовна"], Kind.PERSON_NAME),
        ("担当者", ["佐々木 ひろみ", "ヤマダ タロウ", "野々村健"], Kind.PERSON_NAME),
        ("Nachname", ["Schröpfl", "Äugler", "von Zitz"] * 9, Kind.PERSON_NAME),
        ("", [f"12{n * 62710561 % 10**9:09d}" for n in range(200)], Kind.PHONE),
        ("", ["姚跃春（主治医师）", "杜京仁 主管护师", "林琳鹏副主任医师"], Kind.PERSON_NAME),
        ("county", ["County A", "County B", "County C"] * 40, Kind.REGION),
        ("region", ["North", "South", "East", "West"] * 30, Kind.REGION),
        ("Region", ["R1", "R2"] * 30, Kind.REGION),
        ("territory", ["NE-1", "SW-2", "MW-3"] * 30, Kind.REGION),
        ("大区", ["华东", "华南", "华北"] * 30, Kind.REGION),
        ("house_number", [str(n) for n in range(1, 60)], Kind.CODE),
        ("House No.", ["12", "14A", "7-9"] * 10, Kind.CODE),
        ("门牌号", ["12号", "15号", "18"] * 30, Kind.CODE),
        ("lat", ["41.88", "41.9", "42"] * 30, Kind.AMOUNT),
        ("Longitude", [f"-87.{n:05d}" for n in range(7, 99999, 997)], Kind.AMOUNT),
        ("store", [f"Store {n}" for n in range(300)] * 2, Kind.CODE),
        ("门店", ["南京路店", "人民广场店", "徐家汇店"] * 30, Kind.CODE),
    ],
)
def test_a_header_that_names_the_kind_is_believed_of_odd_values(
    header: str, values: list[str], kind: Kind
) -> None:
    """A column called phone that holds digits is a phone, valid or not; so with other kinds."""
    guess = infer_kind(pl.Series(values), header)
    assert guess.kind is kind, guess.why


@pytest.mark.parametrize(
    ("header", "values", "wrong"),
    [
        ("phone_type", ["home", "work", "cell"] * 30, Kind.PHONE),
        ("phone", [str(n) for n in range(10001, 10060)], Kind.PHONE),
        ("", [str(10**10 + 7 * n) for n in range(200)], Kind.PHONE),
        ("单号", [f"1202311{n:04d}" for n in range(200)], Kind.PHONE),
        ("phone", ["2021-03-04", "1999-12-31", "2001-01-05"], Kind.PHONE),
        ("phone_cost", ["12.50", "8.99", "100.00"], Kind.PHONE),
        ("email_opt_in", ["yes", "no"] * 30, Kind.EMAIL),
        ("email", ["13800138000", "13912345678", "18612345678"], Kind.EMAIL),
        ("birth_weight", ["3500", "2980", "4100"], Kind.DATE),
        ("birth_order", ["1", "2", "3"] * 30, Kind.DATE),
        ("birthplace", ["Springfield", "Ogdenville"] * 9, Kind.DATE),
        ("姓名", ["万科企业股份有限公司", "厦门市第一医院", "建设银行"], Kind.PERSON_NAME),
        ("first_name", ["12", "15", "19"] * 30, Kind.PERSON_NAME),
        ("职务", ["项目经理", "高级工程师", "车间主任", "财务总监"] * 5, Kind.PERSON_NAME),
        ("", ["项目经理", "高级经理", "车间主任", "华东区总监"] * 5, Kind.PERSON_NAME),
        ("region", ["11", "12", "13"] * 30, Kind.REGION),
        ("state", ["active", "closed", "pending"] * 30, Kind.REGION),
        ("Column1", ["06172 38088", "06172 45110", "069 4472"], Kind.DATE),
        ("字段2", ["塑料 5 号", "水泥 8 号", "纸 2 号"], Kind.INDUSTRY),
    ],
)
def test_a_header_is_not_believed_of_what_cannot_be(
    header: str, values: list[str], wrong: Kind
) -> None:
    """A word for a kind in a header does not make flags, counts and other kinds into it."""
    guess = infer_kind(pl.Series(values), header)
    assert guess.kind is not wrong, guess.why


@pytest.mark.parametrize(
    ("header", "values", "kind"),
    [
        ("部门", ["采购部", "财务部", "房地产事业部", "互联网事业部"] * 5, Kind.CODE),
        ("字段1", [f"2023 {n}号客户" for n in range(20)], Kind.TEXT),
        ("备注", [f"2023年签约，金额{n}万" for n in range(20)], Kind.TEXT),
        ("col", [f"{(1340, 2041, 2023)[n % 3]}; {n}; foo" for n in range(20)], Kind.TEXT),
        ("col", [f"3011 {n} Main" for n in range(20)], Kind.TEXT),
        ("产品", ["塑料制品", "水泥", "纸", "橡胶", "家具", "钢铁", "煤炭"] * 2, Kind.TEXT),
        ("房号", ["2612", "2021", "3011", "1301"] * 5, Kind.CODE),
        ("年度", ["2022", "2023", "2024"] * 7, Kind.CODE),
        ("合同号", [f"2023-{n:03d}" for n in range(20)], Kind.KEY),
        (
            "行业",
            ["制造业/医药制造业", "软件业", "I6510", "C39计算机、通信和其他电子设备制造业"],
            Kind.INDUSTRY,
        ),
        ("注册资本", ["1000万元人民币", "500万人民币", "约2000万元"], Kind.AMOUNT),
        ("", ["2023; 5; foo", "2041; 6; bar", "1340; 7; foo"], Kind.TEXT),
        ("", ["C39-001", "C39-002", "I65-003"], Kind.KEY),
        ("", ["C13", "I65", "J66", "C39", "A01", "K70", "M73", "F51"], Kind.INDUSTRY),
        ("CODE", ["A01", "A02", "A03", "A04"] * 5, Kind.CODE),
        ("货架", ["A01", "A02", "A03", "A04"], Kind.KEY),
        ("类别", ["纺织", "食品", "家具"] * 5, Kind.CODE),
        ("主营", ["服装", "食品", "家具", "纺织"] * 5, Kind.CODE),
        ("行业", ["服装", "食品", "家具", "纺织"] * 5, Kind.INDUSTRY),
        ("LOGICAL", ["T", "F"] * 10, Kind.CODE),
        ("NUM", ["9999.9", "1234.5", "1999.1", "2024.3"] * 4, Kind.AMOUNT),
        ("", ["1990.1", "1999.9", "2001.5", "1876.2"] * 4, Kind.AMOUNT),
        ("日期", ["2024.3", "2023.12", "1999.9"], Kind.DATE),
        ("created_at", ["2024-03-05 10:30:00", "2024-03-06 11:30:00"], Kind.DATE),
        ("", ["Tue Mar 5 10:30:00 CST 2024", "Wed Mar 6 11:00:00 CST 2024"], Kind.DATE),
        ("", ["5. März 2024", "12. Juni 2023", "1. Mai 1999"], Kind.DATE),
        ("", ["/Date(1709600000000)/", "/Date(1609600000000)/"], Kind.DATE),
        ("", ["20240305 103000", "20230305 113000"], Kind.DATE),
        ("", ["10:30", "11:45", "09:05", "10:30"] * 5, Kind.CODE),
        ("Betrag", ["7.542,91 €", "12,50 €", "1.000,00 €"], Kind.AMOUNT),
        ("", ["1'234.50 CHF", "99.00 CHF"], Kind.AMOUNT),
        ("金额", ["100万美元", "50万人民币", "30万欧元"], Kind.AMOUNT),
        ("", ["KR-123", "RS232", "RM12"], Kind.KEY),
        ("", [f"186002{n * 7919 % 10**5:05d}" for n in range(60)], Kind.KEY),
        ("order", [f"186002-{n * 104729 % 10**6:06d}" for n in range(60)], Kind.KEY),
        ("订单号", [f"186002{n * 104729 % 10**8:08d}" for n in range(60)], Kind.KEY),
        ("手机", [f"186002{n * 7919 % 10**5:05d}" for n in range(60)], Kind.PHONE),
        ("no", [str(n * 37 % 397) for n in range(1, 61)], Kind.CODE),
        ("Nr.", [f"{n * 37 % 397}{'a' * (n % 3 == 0)}" for n in range(1, 61)], Kind.CODE),
        ("no", [str(n) for n in range(1, 61)], Kind.KEY),
        ("customer_no", [str(n * 37 % 397) for n in range(1, 61)], Kind.KEY),
        ("手机号", ["134xxxx7507", "138XXXX0001", "139××××1234"] * 4, Kind.PHONE),
        ("phone", ["134****7507", "13XXXXXXXXX"] * 4, Kind.PHONE),
        ("họ tên", ["Nguyễn Văn An", "Trần Thị Bích", "Lê Minh"] * 5, Kind.PERSON_NAME),
        ("Họ và tên", ["Nguyễn Văn An", "Trần Thị Bích", "Lê Minh"], Kind.PERSON_NAME),
    ],
)
def test_codes_and_notes_are_neither_industries_nor_places(
    header: str, values: list[str], kind: Kind
) -> None:
    """Only a column of which nearly all cells are industries, and nothing else, is one of them."""
    guess = infer_kind(pl.Series(values), header)
    assert guess.kind is kind, guess.why


@pytest.mark.parametrize("values", [["M", "F"] * 50, ["男", "女", "女"] * 40, ["active"] * 30])
def test_a_few_words_again_and_again_are_a_code(values: list[str]) -> None:
    """Gender and status columns are codes, whatever their script."""
    assert infer_kind(pl.Series(values), "").kind is Kind.CODE


def test_row_numbers_are_keys() -> None:
    """Numbers that run through the rows identify the rows, and nothing in the world."""
    assert infer_kind(pl.Series([str(n) for n in range(500)]), "").kind is Kind.KEY


@pytest.mark.parametrize("values", [[], [None, None], ["", " ", "N/A"]])
def test_a_column_without_values_is_text_of_no_confidence(values: list[str | None]) -> None:
    """With nothing to go by, the guess says so."""
    guess = infer_kind(pl.Series(values, dtype=pl.String), "phone")
    assert (guess.kind, guess.confidence) == (Kind.TEXT, 0.0)


def test_the_guess_does_not_depend_on_the_order_of_rows() -> None:
    """Shuffling a column changes neither the kind nor the confidence."""
    column = pl.Series([*COLUMNS[Kind.PERSON_NAME][1], *COLUMNS[Kind.COMPANY_NAME][1]] * 5)
    assert infer_kind(column, "x") == infer_kind(column.reverse(), "x")


REAL = {
    "labelled/fake_1000.csv": {
        "unique_id": Kind.KEY,
        "first_name": Kind.PERSON_NAME,
        "surname": Kind.PERSON_NAME,
        "dob": Kind.DATE,
        "city": Kind.REGION,
        "email": Kind.EMAIL,
    },
    "labelled/fodors_zagats/fodors.csv": {
        "id": Kind.KEY,
        "name": Kind.COMPANY_NAME,
        "addr": Kind.ADDRESS,
        "city": Kind.REGION,
        "phone": Kind.PHONE,
        "type": Kind.CODE,
    },
    "labelled/senzing_truthset/customers.csv": {
        "RECORD_ID": Kind.KEY,
        "PRIMARY_NAME_ORG": Kind.COMPANY_NAME,
        "PRIMARY_NAME_LAST": Kind.PERSON_NAME,
        "NATIVE_NAME_FULL": Kind.PERSON_NAME,
        "DATE_OF_BIRTH": Kind.DATE,
        "SSN_NUMBER": Kind.ID_CARD,
        "EMAIL_ADDRESS": Kind.EMAIL,
        "ADDR_LINE1": Kind.ADDRESS,
        "ADDR_CITY": Kind.REGION,
        "ADDR_STATE": Kind.REGION,
        "ADDR_POSTAL_CODE": Kind.POSTCODE,
        "PHONE_NUMBER": Kind.PHONE,
        "STATUS": Kind.CODE,
    },
    "labelled/chicago_sites.csv": {
        "Id": Kind.KEY,
        "Site name": Kind.COMPANY_NAME,
        "Address": Kind.ADDRESS,
        "Zip": Kind.POSTCODE,
        "Phone": Kind.PHONE,
        "Fax": Kind.PHONE,
    },
    "legacy/adventureworks/AdventureWorks_Customers.csv": {
        "CustomerKey": Kind.KEY,
        "FirstName": Kind.PERSON_NAME,
        "LastName": Kind.PERSON_NAME,
        "BirthDate": Kind.DATE,
        "Gender": Kind.CODE,
        "EmailAddress": Kind.EMAIL,
        "AnnualIncome": Kind.AMOUNT,
    },
    "chinese/listed_short_full_7827.csv": {
        "证券简称": Kind.COMPANY_NAME,
        "公司中文名称": Kind.COMPANY_NAME,
    },
}


@pytest.mark.shared
@pytest.mark.skipif(not DATA.exists(), reason="no ../shared/data here")
@pytest.mark.parametrize("path", list(REAL))
def test_real_files_are_understood(path: str) -> None:
    """Columns of real customer files get the kinds an expert would give them."""
    table = pl.read_csv(
        DATA / path, infer_schema=False, truncate_ragged_lines=True, encoding="utf8-lossy"
    )
    guessed = infer_kinds(table.select(list(REAL[path])))
    assert {name: guess.kind for name, guess in guessed.items()} == REAL[path]


CELL = st.text("0123456789ABCDT-./:; 年月日万元业制造软件$€(),", min_size=1, max_size=12)


@settings(max_examples=examples(150), deadline=None)
@given(
    st.lists(CELL, min_size=2, max_size=8, unique=True),
    st.sampled_from(["", "日期", "金额", "行业"]),
)
def test_a_guessed_kind_loses_nothing(cells: list[str], header: str) -> None:
    """Whatever the guess: each digit is in the value, a part, or the reason says what was done."""
    kind = infer_kind(pl.Series(cells), header).kind
    if kind not in (Kind.DATE, Kind.AMOUNT, Kind.INDUSTRY, Kind.CODE, Kind.KEY, Kind.TEXT):
        return  # other files' kinds
    for raw, row in zip(cells, clean_values(pl.Series(cells), kind).to_dicts(), strict=True):
        left = re.sub(r"\D", "", raw)
        shown = re.sub(r"\D", "", " ".join(str(part) for part in row.values() if part))
        told = str(row["reason"])
        assert (
            row["value"] is None
            or all(digit in shown for digit in left)
            or any(code in told for code in ("unit", "Chinese", "calendar", "Unix", "Excel", "E"))
            or (kind is Kind.AMOUNT and left.lstrip("0") in shown)
            or (kind is Kind.INDUSTRY and "standard name" in told)
        ), (kind, raw, row)
