"""Exports of Outlook's and Google's address books become contacts, and lose nothing."""

import csv
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sources import inspect
from connectors.sources.address_book import AddressBookSource
from connectors.sources.contacts import COLUMNS
from guiyi.errors import SourceError
from guiyi.spec import TableSpec
from tests.examples import examples

Reader = Callable[..., tuple[pl.DataFrame, pl.DataFrame]]
CONTACTS = TableSpec.model_construct(table="contacts", query=None)


def named(header: str) -> list[str]:
    return header.split(",")


OUTLOOK = named(
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,"
    "Business Street 2,Business City,Business State,Business Postal Code,Business Country/Region,"
    "Home Street,Home City,Business Fax,Business Phone,Business Phone 2,Home Phone,Mobile Phone,"
    "E-mail Address,E-mail Type,E-mail 2 Address,Notes,Web Page"
)
CHINESE = named(
    "英文称谓,名,中间名,姓,中文称谓,单位,部门,职务,商务地址 街道,商务地址 市/县,"
    "商务地址 省/市/自治区,商务地址 邮政编码,商务地址 国家/地区,商务传真,商务电话,商务电话 2,"
    "单位主要电话,移动电话,电子邮件地址,电子邮件 2 地址,附注,网页"
)
TAIWAN = named(
    "頭銜,名字,中間名,姓氏,稱謂,公司,部門,職稱,商務 - 街,商務 - 市/鎮,商務 - 縣/市,"
    "商務 - 郵遞區號,商務傳真,商務電話,行動電話,電子郵件地址,網頁"
)
GOOGLE_OLD = named(
    "Name,Given Name,Additional Name,Family Name,Name Prefix,Organization 1 - Name,"
    "Organization 1 - Title,Organization 1 - Department,E-mail 1 - Type,E-mail 1 - Value,"
    "Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,Phone 2 - Value,Phone 3 - Type,Phone 3 - Value,"
    "Address 1 - Formatted,Website 1 - Value"
)
GOOGLE = named(
    "First Name,Middle Name,Last Name,Name Prefix,Name Suffix,Nickname,Organization Name,"
    "Organization Title,Organization Department,Labels,E-mail 1 - Label,E-mail 1 - Value,"
    "Phone 1 - Label,Phone 1 - Value,Address 1 - Formatted,Address 1 - Street,Address 1 - City,"
    "Address 1 - Region,Address 1 - Postal Code,Address 1 - Country"
)


def export(
    folder: Path, header: list[str], *people: dict[str, str], encoding: str = "utf-8"
) -> Path:
    path = folder / "contacts.csv"
    with path.open("w", encoding=encoding, newline="") as out:
        rows = csv.DictWriter(out, header, restval="")
        rows.writeheader()
        rows.writerows(people)
    return path


def found(path: Path, read: Reader) -> dict[str, str]:
    rows, damage = read(AddressBookSource(path))
    assert damage.height == 0
    return {n: v for n, v in rows.row(0, named=True).items() if v is not None and n[0] != "_"}


def test_outlook(tmp_path: Path, read: Reader) -> None:
    """Parts become one name and one address; several numbers stay, what is left over too."""
    path = export(tmp_path, OUTLOOK, {
        "Title": "Dr.", "First Name": "John", "Middle Name": "Q.", "Last Name": "Doe",
        "Suffix": "Jr.", "Company": "Acme, Inc.", "Department": "Sales", "Job Title": "Director",
        "Business Street": "1 Main St", "Business Street 2": "Suite 4",
        "Business City": "Springfield", "Business State": "IL", "Business Postal Code": "62701",
        "Business Country/Region": "USA", "Home Street": "9 Home Rd", "Business Fax": "217 3",
        "Business Phone": "217 1", "Business Phone 2": "217 2", "Home Phone": "217 1",
        "Mobile Phone": "217 9", "E-mail Address": "j@a.example", "E-mail Type": "SMTP",
        "E-mail 2 Address": "k@a.example", "Notes": "likes\ngolf", "Web Page": "www.a.example",
    })  # fmt: skip
    assert found(path, read) == {
        "name": "Dr. John Q. Doe Jr.", "title": "Director", "department": "Sales",
        "company": "Acme, Inc.", "mobile": "217 9", "phone": "217 1; 217 2", "fax": "217 3",
        "email": "j@a.example; k@a.example", "url": "www.a.example",
        "address": "1 Main St, Suite 4, Springfield, IL, 62701, USA",
        "Home Street": "9 Home Rd", "E-mail Type": "SMTP", "Notes": "likes\ngolf",
        "Title": "Dr.", "Suffix": "Jr.",
    }  # fmt: skip


def test_outlook_in_chinese(tmp_path: Path, read: Reader) -> None:
    """The headers of a Chinese Outlook, in its own encoding; names and addresses without blanks."""
    path = export(tmp_path, CHINESE, {
        "名": "小明", "姓": "王", "单位": "上海甲科技有限公司", "部门": "销售部", "职务": "经理",
        "商务地址 街道": "科技南路5号", "商务地址 市/县": "深圳市",
        "商务地址 省/市/自治区": "广东省", "商务地址 邮政编码": "518000",
        "商务地址 国家/地区": "中国", "商务传真": "1", "商务电话": "2", "商务电话 2": "3",
        "单位主要电话": "4", "移动电话": "013800138000", "电子邮件地址": "w@a.example",
        "电子邮件 2 地址": "x@a.example", "附注": "老客户", "网页": "www.a.example",
    }, encoding="gbk")  # fmt: skip
    assert found(path, read) == {
        "name": "王小明", "company": "上海甲科技有限公司", "department": "销售部", "title": "经理",
        "address": "中国广东省深圳市科技南路5号 518000", "fax": "1", "phone": "2; 3; 4",
        "mobile": "013800138000", "email": "w@a.example; x@a.example", "附注": "老客户",
        "url": "www.a.example",
    }  # fmt: skip


def test_a_column_may_have_several_names(tmp_path: Path, read: Reader) -> None:
    """Versions of a Chinese Outlook differ in the names for the parts of an address."""
    header = named(
        "姓,名,电子邮件地址,商务电话,商务地址 街道,商务地址 城市,商务地址 省份,商务地址 邮编"
    )
    path = export(tmp_path, header, {
        "姓": "王", "名": "小明", "商务地址 街道": "科技南路5号", "商务地址 城市": "深圳市",
        "商务地址 省份": "广东省", "商务地址 邮编": "518000",
    })  # fmt: skip
    assert found(path, read) == {"name": "王小明", "address": "广东省深圳市科技南路5号 518000"}


def test_outlook_in_taiwan(tmp_path: Path, read: Reader) -> None:
    """The headers of a Taiwanese Outlook, in Big5."""
    path = export(tmp_path, TAIWAN, {
        "名字": "志強", "姓氏": "林", "公司": "台灣電子股份有限公司", "職稱": "業務經理",
        "商務 - 街": "瑞光路513巷26號7樓", "商務 - 市/鎮": "內湖區", "商務 - 縣/市": "台北市",
        "商務電話": "(02)2531-7099", "行動電話": "0912-345-678", "電子郵件地址": "l@t.example",
    }, encoding="big5")  # fmt: skip
    assert found(path, read) == {
        "name": "林志強", "company": "台灣電子股份有限公司", "title": "業務經理",
        "address": "台北市內湖區瑞光路513巷26號7樓", "phone": "(02)2531-7099",
        "mobile": "0912-345-678", "email": "l@t.example",
    }  # fmt: skip


def test_google_before_2024(tmp_path: Path, read: Reader) -> None:
    """A number is what the column beside it says."""
    path = export(tmp_path, GOOGLE_OLD, {
        "Name": "Dr. Ann Lee", "Given Name": "Ann", "Family Name": "Lee", "Name Prefix": "Dr.",
        "Organization 1 - Name": "Acme", "Organization 1 - Title": "Buyer",
        "E-mail 1 - Type": "* Work", "E-mail 1 - Value": "a@a.example ::: b@a.example",
        "Phone 1 - Type": "Work Fax", "Phone 1 - Value": "1",
        "Phone 2 - Type": "Mobile", "Phone 2 - Value": "2 ::: 3",
        "Phone 3 - Type": "Work", "Phone 3 - Value": "4",
        "Address 1 - Formatted": "1 Main St\nSpringfield", "Website 1 - Value": "a.example",
    })  # fmt: skip
    assert found(path, read) == {
        "name": "Dr. Ann Lee", "company": "Acme", "title": "Buyer", "fax": "1", "mobile": "2; 3",
        "phone": "4", "email": "a@a.example; b@a.example", "E-mail 1 - Type": "* Work",
        "address": "1 Main St, Springfield", "url": "a.example",
        "Name": "Dr. Ann Lee", "Name Prefix": "Dr.",
    }  # fmt: skip


def test_google(tmp_path: Path, read: Reader) -> None:
    """The headers since 2024; somebody known by the organisation alone is a contact."""
    path = export(
        tmp_path, GOOGLE,
        {"Organization Name": "乙公司", "Phone 1 - Label": "手机", "Phone 1 - Value": "139"},
        {"Nickname": "老王", "Phone 1 - Value": "138"},
    )  # fmt: skip
    rows, _ = read(AddressBookSource(path))
    assert rows.select("name", "company", "mobile", "phone").rows() == [
        (None, "乙公司", "139", None),
        ("老王", None, None, "138"),
    ]


@pytest.mark.parametrize("header", [GOOGLE_OLD, GOOGLE])
def test_of_several_addresses_the_first_is_the_address(
    tmp_path: Path, read: Reader, header: list[str]
) -> None:
    """Google writes those of one label into one cell; all of them stay in its own column."""
    two = "1 Main St\nSpringfield ::: 2 Elm St\nShelbyville"
    path = export(tmp_path, header, {"E-mail 1 - Value": "a@b.cn", "Address 1 - Formatted": two})
    told = found(path, read)
    assert told["address"] == "1 Main St, Springfield"
    assert told["Address 1 - Formatted"] == two


def test_of_addresses_in_parts_the_others_stay_beside(tmp_path: Path, read: Reader) -> None:
    """The parts of the first are put together, never street of one and city of another."""
    path = export(tmp_path, GOOGLE, {
        "E-mail 1 - Value": "a@b.cn", "Address 1 - Street": "科技路1号 ::: 建国路2号",
        "Address 1 - City": "深圳市 ::: 北京市", "Address 1 - Country": "中国",
    })  # fmt: skip
    assert found(path, read) == {
        "email": "a@b.cn", "address": "中国深圳市科技路1号",
        "Address 1 - Street": "科技路1号 ::: 建国路2号", "Address 1 - City": "深圳市 ::: 北京市",
    }  # fmt: skip


def test_a_contact_with_a_single_value_is_a_row(tmp_path: Path, read: Reader) -> None:
    """A person of whom only the name is known is a contact, no title and no total."""
    people = [{"First Name": name} for name in ("Ann", "合计", "制表人：王", "Total")]
    rows, damage = read(AddressBookSource(export(tmp_path, OUTLOOK, *people)))
    assert rows.height + damage.height == 4
    assert rows["name"][0] == "Ann"


def test_an_export_is_known_by_its_columns(tmp_path: Path) -> None:
    """`guiyi init` sees what a file is; a list of customers is none."""
    for header in (OUTLOOK, CHINESE, TAIWAN, GOOGLE_OLD, GOOGLE):
        path = export(tmp_path, header, {header[1]: "x"})
        assert str(inspect(str(path)).kind) == "address_book"
    path = export(tmp_path, ["Name", "Company", "Phone", "Email"], {"Name": "x"})
    assert str(inspect(str(path)).kind) == "delimited"
    with pytest.raises(SourceError, match="not an export of contacts"):
        AddressBookSource(path).tables()


VALUES = st.text('张a 1;,"\n', max_size=6)


@settings(deadline=None, max_examples=examples(12))
@given(people=st.lists(st.dictionaries(st.sampled_from(OUTLOOK), VALUES), min_size=1, max_size=5))
def test_no_value_is_lost(
    people: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Every value of every column is in the row, in `contacts` or beside."""
    source = AddressBookSource(export(tmp_path_factory.mktemp("book"), OUTLOOK, *people))
    rows = pl.concat([batch.rows for batch in source.read(CONTACTS)])
    assert source.tables()[0].columns[: len(COLUMNS)] == COLUMNS
    said = ["".join(f"{v or ''}" for v in row) for row in rows.rows()]
    whole = "".join("".join(said).split())
    for person in people:
        for value in person.values():
            assert "".join(value.split()) in whole
