"""Outlook's files: messages, address cards and the rest, each counted once."""

import importlib
import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sources import inspect
from connectors.sources.mail import MailSource
from connectors.sources.mail.rtf import decompress, letter_of
from guiyi.errors import SourceError
from tests.examples import examples

Reader = Callable[..., tuple[pl.DataFrame, pl.DataFrame]]

END, FREE, FAT, NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
SECTOR, MINI = 512, 64


def compound(streams: dict[str, bytes]) -> bytes:
    """Write an OLE compound file ([MS-CFB]) of streams under 4 KB, folders one deep."""
    folders = sorted({path.split("/")[0] for path in streams if "/" in path})
    names = ["Root Entry", *folders, *streams]
    mini, mini_fat, starts = b"", [], {}
    for path, data in streams.items():
        count = -(-len(data) // MINI)
        starts[path] = len(mini_fat)
        mini_fat += [*range(len(mini_fat) + 1, len(mini_fat) + count), END][:count]
        mini += data.ljust(count * MINI, b"\0")
    children: dict[str, list[int]] = {"Root Entry": list(range(1, len(folders) + 1))}
    for number, path in enumerate(streams, start=len(folders) + 1):
        folder = path.split("/")[0] if "/" in path else "Root Entry"
        children.setdefault(folder, []).append(number)
    after = {}
    for kids in children.values():
        after |= dict(zip(kids, [*kids[1:], NONE], strict=True))
    pages = -(-len(names) // 4)
    content = 2 + pages
    entries = b""
    for number, path in enumerate(names):
        name = path.split("/")[-1].encode("utf-16-le")
        kind = 5 if number == 0 else 1 if path in folders else 2
        first = children.get(path, [NONE])[0] if kind != 2 else NONE
        start, size = (content, len(mini)) if number == 0 else (starts.get(path, 0), 0)
        size = size or len(streams.get(path, b""))
        entries += struct.pack(
            "<64sHBBIII36xIQ", name, len(name) + 2, kind, 1, NONE, after.get(number, NONE),
            first, start, size,
        )  # fmt: skip
    body = mini.ljust(-(-len(mini) // SECTOR) * SECTOR, b"\0")
    chain = [FAT, END, *range(3, content), END]
    chain += [*range(content + 1, content + len(body) // SECTOR), END]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")
    small = struct.pack(f"<{len(mini_fat)}I", *mini_fat).ljust(SECTOR, b"\xff")
    assert len(table) == len(small) == SECTOR
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 2, 0, 4096, 1, 1, END, 0)
    head += struct.pack("<I", 0) + b"\xff" * (436 - 4)
    return head + table + small + entries.ljust(pages * SECTOR, b"\0") + body


def outlook(
    texts: dict[int, str],
    recipients: tuple[dict[int, str], ...] = (),
    sent: datetime | None = None,
    binary: dict[int, bytes] | None = None,
    narrow: dict[int, bytes] | None = None,
) -> bytes:
    """Write a .msg file: texts by property number."""
    fixed = b""
    if sent is not None:
        ticks = (sent - datetime(1601, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 10
        fixed += struct.pack("<HHIQ", 0x40, 0x39, 6, ticks)
    if narrow:
        fixed += struct.pack("<HHIQ", 0x3, 0x3FFD, 6, 936)
    streams = {"__properties_version1.0": bytes(32) + fixed}
    streams |= {f"__substg1.0_{n:04X}001F": v.encode("utf-16-le") for n, v in texts.items()}
    streams |= {f"__substg1.0_{n:04X}0102": v for n, v in (binary or {}).items()}
    streams |= {f"__substg1.0_{n:04X}001E": v for n, v in (narrow or {}).items()}
    for number, person in enumerate(recipients):
        folder = f"__recip_version1.0_#{number:08X}"
        streams[f"{folder}/__properties_version1.0"] = bytes(8)
        streams |= {
            f"{folder}/__substg1.0_{n:04X}001F": v.encode("utf-16-le") for n, v in person.items()
        }
    return compound(streams)


SENT = datetime(2024, 3, 5, 8, tzinfo=UTC)
LETTER = {
    0x001A: "IPM.Note",
    0x0037: "报价",
    0x0C1A: "张三",
    0x5D01: "zhang@jia.example",
    0x1035: "<77@jia.example>",
    0x1000: "您好\r\n\r\n张三 销售经理\r\n甲科技有限公司\r\n手机：13800138000\r\n",
}
TO = ({0x3001: "Li, Si", 0x39FE: "li@yi.example"},)


@pytest.fixture
def contacts(tmp_path: Path, read: Reader) -> Callable[..., tuple[pl.DataFrame, pl.DataFrame]]:
    """Read .msg files of a folder."""

    def run(*files: bytes) -> tuple[pl.DataFrame, pl.DataFrame]:
        folder = tmp_path / "messages"
        folder.mkdir()
        for number, data in enumerate(files):
            (folder / f"{number}.msg").write_bytes(data)
        return read(MailSource(folder))

    return run


def test_a_message_is_read_with_all_its_people(contacts: Reader) -> None:
    """Sender, recipients, day, id and signature come out of the properties."""
    rows, damage = contacts(outlook(LETTER, TO, SENT))
    sender, receiver = rows.to_dicts()
    assert (sender["name"], sender["email"], sender["mobile"], sender["company"]) == (
        "张三", "zhang@jia.example", "13800138000", "甲科技有限公司",
    )  # fmt: skip
    assert (sender["first_seen"], sender["message_ids"]) == ("2024-03-05", "77@jia.example")
    assert (receiver["name"], receiver["email"]) == ("Li, Si", "li@yi.example")
    assert damage.height == 0


def test_old_headers_are_kept(contacts: Reader) -> None:
    """A message that came by mail still has the header it came with."""
    header = (
        "Received: by x\r\nFrom: =?gb2312?B?wO7LxA==?= <li@yi.example>\r\nAuto-Submitted: no\r\n"
    )
    rows, _ = contacts(outlook({0x001A: "IPM.Note", 0x007D: header, 0x1000: "hi"}, sent=SENT))
    assert rows.select("name", "email").rows() == [("李四", "li@yi.example")]


def test_texts_in_a_code_page_are_read(contacts: Reader) -> None:
    """What old Outlooks wrote in the system's code page is read by it."""
    texts = {0x5D01: "zhang@jia.example"}
    rows, _ = contacts(outlook(texts, sent=SENT, narrow={0x0C1A: "郗淼".encode("gbk")}))
    assert rows["name"].to_list() == ["郗淼"]


def test_a_sender_without_an_address_is_a_contact(contacts: Reader) -> None:
    """Inside one Exchange people have names and no addresses."""
    letter = {**LETTER, 0x5D01: "/O=CORP/OU=X/CN=RECIPIENTS/CN=ZHANG"}
    rows, _ = contacts(outlook(letter, sent=SENT))
    assert rows.select("name", "mobile", "email").rows() == [("张三", "13800138000", None)]


def test_an_address_card_is_a_contact(contacts: Reader) -> None:
    """A contact of Outlook's own address book comes with all its numbers."""
    card = {
        0x001A: "IPM.Contact", 0x3001: "李四", 0x3A16: "乙公司", 0x3A17: "经理", 0x3A18: "采购部",
        0x3A08: "010-65001234", 0x3A1C: "13900139000", 0x3A24: "010-65001235",
        0x8083: "li@yi.example", 0x8084: "李四 (li@yi.example)",
        0x3A29: "长安街1号", 0x3A27: "北京市", 0x3A26: "中国",
    }  # fmt: skip
    rows, _ = contacts(outlook(card))
    found = rows.row(0, named=True)
    wanted = {"name": "李四", "company": "乙公司", "title": "经理", "department": "采购部",
              "phone": "010-65001234", "mobile": "13900139000", "fax": "010-65001235",
              "email": "li@yi.example", "address": "中国北京市长安街1号"}  # fmt: skip
    assert {name: found[name] for name in wanted} == wanted


def test_every_item_is_counted_once(contacts: Reader) -> None:
    """Appointments are set aside, torn files are rows, and nothing is missing."""
    rows, damage = contacts(
        outlook(LETTER, TO, SENT),
        outlook({0x001A: "IPM.Appointment"}),
        outlook({0x001A: "REPORT.IPM.Note.NDR"}),
        b"\xd0\xcf\x11\xe0torn",
        outlook(LETTER, TO, SENT)[:1400],
    )
    assert rows["name"].null_count() == 2
    assert sorted(damage["problem"]) == [
        "skipped: automated mail",
        "skipped: other item",
        "unreadable: not a message",
        "unreadable: not a message",
    ]


def test_text_kept_as_rtf_is_read(contacts: Reader) -> None:
    """A letter of which Outlook kept only compressed RTF with HTML inside is a letter."""
    rtf = (
        rb"{\rtf1\ansi\ansicpg936\fromhtml1 {\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}"
        rb"\'d5\'c5\'c8\'fd{\*\htmltag84 <br>}\htmlrtf \par\htmlrtf0 "
        rb"{\*\htmltag84 <br>}\u25163?\u26426?\'a3\'ba13800138000{\*\htmltag72 </p>}}"
    )
    plain = len(rtf).to_bytes(4, "little") * 2 + b"MELA" + bytes(4) + rtf
    assert letter_of(plain) == ("html", "<p>张三<br><br>手机：13800138000</p>")
    letter = {k: v for k, v in LETTER.items() if k != 0x1000}
    rows, _ = contacts(outlook(letter, sent=SENT, binary={0x1009: plain}))
    assert rows["mobile"].to_list() == ["13800138000"]


def test_compression_is_undone() -> None:
    """The example of [MS-OXRTFCP] 3.1, where a run repeats what it is writing."""
    data = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232"
        "0af32068656c090020627705b06c647d0a800fa0"
    )
    assert decompress(data) == rb"{\rtf1\ansi\ansicpg1252\pard hello world}" + b"\r\n"


@settings(deadline=None, max_examples=examples(150))
@given(st.binary(max_size=400))
def test_no_rtf_crashes_the_reader(data: bytes) -> None:
    """Any bytes are some text, and no more of it than is allowed."""
    head = (1 << 30).to_bytes(4, "little") * 2 + b"LZFu" + bytes(4)
    assert len(decompress(head + data)) <= 18 * len(data)
    letter_of(head + data)


WHOLE = outlook(LETTER, TO, SENT)


@settings(deadline=None, max_examples=examples(100))
@given(at=st.integers(0, len(WHOLE) - 1), byte=st.integers(0, 255))
def test_no_torn_message_crashes_the_reader(
    at: int, byte: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whichever byte is wrong, the file is one item: read, set aside or refused."""
    folder = tmp_path_factory.getbasetemp() / "torn"
    folder.mkdir(exist_ok=True)
    (folder / "1.msg").write_bytes(WHOLE[:at] + bytes([byte]) + WHOLE[at + 1 :])
    (info,) = MailSource(folder).tables()
    assert info.notes[0] == "1 message"


def test_a_file_that_is_no_mailbox_is_refused(tmp_path: Path) -> None:
    """A .pst that is none ends in an error that says what to do."""
    pytest.importorskip("pypff", reason="needs the extra guiyi[pst]")
    (tmp_path / "a.pst").write_bytes(b"!BDN" + bytes(600))
    with pytest.raises(SourceError, match="not an Outlook mailbox") as caught:
        MailSource(tmp_path / "a.pst").tables()
    assert "scanpst" in str(caught.value.hint)


def test_without_the_extra_the_command_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has not installed libpff is told how."""
    monkeypatch.setitem(importlib.sys.modules, "pypff", None)  # type: ignore[attr-defined]
    (tmp_path / "a.pst").write_bytes(b"!BDN")
    with pytest.raises(SourceError) as caught:
        MailSource(tmp_path / "a.pst").tables()
    assert "pip install 'guiyi[pst]'" in str(caught.value.hint)


@pytest.mark.shared
def test_real_files_of_outlook(shared: Path, read: Reader, open_: Callable[..., Any]) -> None:
    """A real message, and a real mailbox with an appointment, a list and an address card."""
    rows, _ = read(open_(shared / "mail" / "strangeDate.msg", "mail"))
    assert rows.select("email", "first_seen").rows() == [
        ("time2talk@online-convert.com", "2016-02-23")
    ]
    pytest.importorskip("pypff", reason="needs the extra guiyi[pst]")
    rows, damage = read(open_(shared / "mail" / "dist-list.pst", "mail"))
    assert rows.select("name", "email").rows() == [("contact name 1", "contact1@rjohnson.id.au")]
    assert damage["problem"].to_list() == ["skipped: other item"] * 2
    assert str(inspect(str(shared / "mail" / "dist-list.pst")).kind) == "mail"
