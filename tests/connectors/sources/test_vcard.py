"""vCards of every version and vendor become contacts; broken ones are still rows."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sources.vcard import VcardSource
from guiyi.errors import SourceError
from tests.examples import examples

Reader = Callable[..., tuple[pl.DataFrame, pl.DataFrame]]


def card(*lines: str | bytes) -> bytes:
    body = b"\r\n".join(line.encode() if isinstance(line, str) else line for line in lines)
    return b"BEGIN:VCARD\r\n" + body + b"\r\nEND:VCARD\r\n"


@pytest.mark.parametrize(
    ("lines", "column", "value"),
    [
        (["FN:张三"], "name", "张三"),
        (["N:张;三;;;"], "name", "张三"),
        (["N:Doe;John;Q.;Dr.;Jr."], "name", "Dr. John Q. Doe Jr."),
        (["FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E5=BC=A0=E4=B8=89"], "name", "张三"),
        (["FN;ENCODING=QUOTED-PRINTABLE;CHARSET=GB2312:=D5=C5=C8=FD"], "name", "张三"),
        (["FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E5=BC=A0=", "=E4=B8=89"], "name", "张三"),
        (["FN:Zhang", "  San"], "name", "Zhang San"),
        (["FN:a\\, b\\; c\\\\d\\ne"], "name", "a, b; c\\d e"),
        (["ORG:甲公司;市场部;一组"], "company", "甲公司"),
        (["ORG:甲公司;市场部;一组"], "department", "市场部 / 一组"),
        (["ORG:Jia\\; Yi"], "company", "Jia; Yi"),
        (["TITLE:销售经理"], "title", "销售经理"),
        (["TEL;TYPE=CELL:13800138000"], "mobile", "13800138000"),
        (["TEL;CELL;VOICE:13800138000"], "mobile", "13800138000"),
        (["TEL;TYPE=WORK,FAX:1", "TEL;TYPE=WORK:2"], "fax", "1"),
        (["TEL;TYPE=WORK,FAX:1", "TEL;TYPE=WORK:2", "TEL:3"], "phone", "2; 3"),
        (['TEL;VALUE=uri;TYPE="cell,voice":tel:+86-138;ext=8'], "mobile", "+86-138 ext. 8"),
        (["item1.EMAIL;type=pref:a@b.cn", "EMAIL:a@b.cn", "EMAIL:c@d.cn"], "email",
         "a@b.cn; c@d.cn"),
        (["ADR;TYPE=WORK:;3楼;科技南路5号;深圳市;广东省;518000;中国"], "address",
         "中国广东省深圳市科技南路5号3楼 518000"),
        (["ADR:;;1 Main St;Springfield;IL;62701;USA"], "address",
         "1 Main St, Springfield, IL, 62701, USA"),
        (["ADR:;Suite 4;1 Main St;Springfield;IL;62701;USA"], "address",
         "1 Main St, Suite 4, Springfield, IL, 62701, USA"),
        (["N:;;;Dr.;", "TITLE:y"], "name", None),
        (["URL:http\\://a.cn"], "url", "http://a.cn"),
        (["REV:2024-03-05T10:00:00Z"], "last_seen", "2024-03-05"),
        (["REV:20240305"], "last_seen", "2024-03-05"),
        (["REV:1747922601891"], "last_seen", "2025-05-22"),
        (["REV:20240305120000"], "last_seen", "2024-03-05"),
        (["REV:2024030512"], "last_seen", "2024-03-05"),
        (["REV:1747922601"], "last_seen", "2025-05-22"),
        (["REV:20249926"], "last_seen", None),
        (["REV:174792260"], "last_seen", None),
        (["PHONE.WORK:0704189993"], "phone", "0704189993"),
        (["PHONE.CELL:0704189993"], "mobile", "0704189993"),
        (["EMAIL.HOME:a@b.cn"], "email", "a@b.cn"),
        (["work.TEL:1"], "phone", "1"),
        (["TEL;TYPE=arbeit:031 328 05 51"], "phone", "031 328 05 51"),
        (["ADR:;;1 Main St;Bonn;;;", "ADR:;;2 High St;Ulm;;;"], "address", "1 Main St, Bonn"),
        (["ADR:;;1 Main St;Bonn;;;", "ADR:;;2 High St;Ulm;;;"], "address_2", "2 High St, Ulm"),
        (["BDAY:--0305"], "birthday", "--03-05"),
        (["BDAY;X-APPLE-OMIT-YEAR=1604:1604-03-05"], "birthday", "--03-05"),
        (["BDAY:19900305"], "birthday", "1990-03-05"),
        (["BDAY:1990-03-05"], "birthday", "1990-03-05"),
        (["BDAY;VALUE=text:circa 1800"], "birthday", "circa 1800"),
        (["NOTE:first\\nsecond\\, with", " \\; folded"], "note", "first\nsecond, with; folded"),
        (["NOTE:a\\\\nb"], "note", "a\\nb"),
        (["item1.TEL:1", "item1.X-ABLabel:Mobile"], "mobile", "1"),
        (["item1.TEL:1", "item1.X-ABLabel:_$!<Mobile>!$_"], "mobile", "1"),
        (["item1.TEL:1", "item1.X-ABLabel:备用手机"], "mobile", "1"),
        (["item1.TEL:1", "item2.X-ABLabel:Mobile", "item2.URL:a.cn"], "phone", "1"),
        (["item1.TEL:1", "item1.X-ABLabel:传真"], "fax", "1"),
        (["item1.TEL:1", "item1.X-ABLabel:Assistant"], "phone", "1"),
        (["FN:x", "PHOTO;ENCODING=b:" + "QUJD" * 9999, "TITLE:y"], "title", "y"),
        (["FN:x", "PHOTO;ENCODING=BASE64:", " QUJD", "", "TITLE:y"], "title", "y"),
    ],
)  # fmt: skip
def test_a_property_becomes_its_column(
    tmp_path: Path, read: Reader, lines: list[str], column: str, value: str | None
) -> None:
    """Properties of vCard 2.1, 3.0 and 4.0 are read by their own rules."""
    (tmp_path / "a.vcf").write_bytes(card(*lines))
    rows, damage = read(VcardSource(tmp_path / "a.vcf"))
    assert rows[column].to_list() == [value]
    assert damage.filter(pl.col("problem") != "unreadable: empty card").height == 0


def test_a_file_of_another_encoding_is_read(tmp_path: Path, read: Reader) -> None:
    """Cards that a Chinese Outlook wrote in GBK, without saying so, are read."""
    (tmp_path / "a.vcf").write_bytes(
        card("FN:张三".encode("gbk"), "ORG:深圳市华星科技有限公司".encode("gbk"))
    )
    rows, _ = read(VcardSource(tmp_path / "a.vcf"))
    assert rows.select("name", "company").rows() == [("张三", "深圳市华星科技有限公司")]


@pytest.mark.parametrize(
    ("data", "names", "problems"),
    [
        (card("FN:a") + b"BEGIN:VCARD\nFN:b\n", ["a", "b"], [(2, "unreadable: card cut off")]),
        (b"BEGIN:VCARD\nFN:a\n" + card("FN:b"), ["a", "b"], [(1, "unreadable: card cut off")]),
        (card("NOTE:x") + card("FN:b"), [None, "b"], [(1, "unreadable: empty card")]),
        (card("FN:a", "this is no property!"), ["a"], [(1, "unparsed lines")]),
        (card("FN:a", "AGENT:", "BEGIN:VCARD", "FN:c", "END:VCARD", "TITLE:t"), ["a"], []),
        (card("FN:a", "NOTE:" + "x" * (1 << 22), "TITLE:t"), ["a"], []),
        (card("FN:a", *["NOTE:x"] * 3000), ["a"], [(1, "unreadable: card too long")]),
    ],
)
def test_a_broken_card_is_a_row(
    tmp_path: Path, read: Reader, data: bytes, names: list[str], problems: list[tuple[int, str]]
) -> None:
    """A card cut off, empty or endless is a row with a problem, and harms no other card."""
    (tmp_path / "a.vcf").write_bytes(data)
    rows, damage = read(VcardSource(tmp_path / "a.vcf"))
    assert rows["name"].to_list() == names
    assert damage.select("_row", "problem").rows() == problems


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path, read: Reader) -> None:
    """Files of a folder and its folders are read, and rows numbered through."""
    (tmp_path / "sub").mkdir()
    for name, who in (("b.vcf", "乙"), ("a.VCF", "甲"), ("sub/c.vcf", "丙"), ("d.txt", "丁")):
        (tmp_path / name).write_bytes(card(f"FN:{who}"))
    rows, _ = read(VcardSource(tmp_path))
    assert rows["name"].to_list() == ["甲", "乙", "丙"]
    assert rows["_row"].to_list() == [1, 2, 3]
    assert rows["_place"][2] == "sub/c.vcf line 1"


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    """Properties without a place in a contact are named, with how often they came."""
    (tmp_path / "a.vcf").write_bytes(
        card("FN:a", "GEO:x", "GENDER:F") + card("FN:b", "GEO:y", "PHOTO:QUJD")
    )
    assert VcardSource(tmp_path / "a.vcf").tables()[0].notes == ("not read: GEO (2), GENDER (1)",)


def test_a_file_without_cards_is_refused(tmp_path: Path) -> None:
    """A text without a card, or a folder without a file, is a mistake of the spec."""
    (tmp_path / "a.vcf").write_text("hello")
    with pytest.raises(SourceError, match="no vCard"):
        VcardSource(tmp_path / "a.vcf").tables()
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match=r"no \.vcf file"):
        VcardSource(tmp_path / "empty")


@settings(deadline=None, max_examples=examples(60))
@given(data=st.lists(st.sampled_from(
    [b"BEGIN:VCARD\n", b"END:VCARD\n", b"FN:a\n", b"TEL;TYPE=:1\n", b"AGENT:\n", b"\xff\xfe:;\n",
     b";=:\n", b"N;ENCODING=QUOTED-PRINTABLE:=ZZ=\n", b" fold\n", b"ORG:\\;;\n", b"\n"]
)).map(b"".join))  # fmt: skip
def test_no_card_crashes_the_reader(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    """However its lines are mixed, each card that begins is a row."""
    path = tmp_path_factory.getbasetemp() / "any.vcf"
    path.write_bytes(data)
    try:
        (info,) = VcardSource(path).tables()
    except SourceError:
        assert b"BEGIN:VCARD" not in data
        return
    assert info.rows <= data.count(b"BEGIN:VCARD")
