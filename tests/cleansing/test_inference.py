"""What a column holds is read from its values; headers may lie."""

from pathlib import Path

import polars as pl
import pytest

from cleansing import infer_kind, infer_kinds
from guiyi.kinds import Kind

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
