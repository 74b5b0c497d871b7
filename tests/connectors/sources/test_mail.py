"""Mailboxes: who wrote, to whom, and what their signatures say."""

import base64
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sources.mail import MailSource
from connectors.sources.mail.body import plain_text
from connectors.sources.mail.headers import people, readable
from connectors.sources.mail.quoting import take_apart
from connectors.sources.signature import parse_signature
from guiyi.errors import SourceError
from tests.examples import examples

Reader = Callable[..., tuple[pl.DataFrame, pl.DataFrame]]

CHINESE = """您好，

报价单请查收，如有疑问请随时联系。

此致
敬礼！

张三 | 销售总监
市场部
深圳市华星科技有限公司
手机：13800138000  电话：0755-86123456转8001
传真: 0755-86123457
邮箱：zhangsan@huaxing.example
地址：广东省深圳市南山区科技南路5号3楼
网址：www.huaxing.com.cn
"""
ENGLISH = """Hi,

thanks for the order, we will ship soon.

Best regards,
John Smith, Sales Director
Acme Widgets Co., Ltd.
Tel: +1 (212) 555-0100 ext. 22 | M: +1 917 555 0199
12 Main Street, Suite 4, New York, NY 10001
john@acme.example www.acme.com
"""


def word(text: str, charset: str) -> str:
    return f"=?{charset}?B?{base64.b64encode(text.encode(charset)).decode()}?="


def letter(
    body: str,
    sender: str = "zhang@jia.example",
    to: str = "me@corp.example",
    day: int = 1,
    more: str = "",
    charset: str = "utf-8",
    encoded: str | None = None,
) -> bytes:
    head = (
        f"From: {sender}\nTo: {to}\nDate: Mon, {day:02} Jan 2024 10:00:00 +0800\n"
        f"Message-ID: <{day}@x>\n{more}MIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n\n"
    )
    return head.encode() + base64.encodebytes(body.encode(encoded or charset)) + b"\n"


def mbox(*letters: bytes) -> bytes:
    return b"".join(b"From x@y Mon Jan  1 00:00:00 2024\n" + one for one in letters)


@pytest.fixture
def contacts(tmp_path: Path, read: Reader) -> Callable[..., tuple[pl.DataFrame, pl.DataFrame]]:
    """Read letters as an mbox: contacts and damage."""

    def run(*letters: bytes, data: bytes | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
        path = tmp_path / "export.mbox"
        path.write_bytes(mbox(*letters) if data is None else data)
        return read(MailSource(path))

    return run


def person(rows: pl.DataFrame, email: str) -> dict[str, str | None]:
    (found,) = rows.filter(pl.col("email") == email).to_dicts()
    return found


SIGNATURES = [
    (CHINESE, "", {
        "name": "张三", "title": "销售总监", "department": "市场部",
        "company": "深圳市华星科技有限公司", "mobile": "13800138000",
        "phone": "0755-86123456转8001", "fax": "0755-86123457",
        "email": "zhangsan@huaxing.example", "url": "www.huaxing.com.cn",
        "address": "广东省深圳市南山区科技南路5号3楼",
    }),
    (ENGLISH, "", {
        "name": "John Smith", "title": "Sales Director", "company": "Acme Widgets Co., Ltd.",
        "phone": "+1 (212) 555-0100 ext. 22", "mobile": "+1 917 555 0199",
        "address": "12 Main Street, Suite 4, New York, NY 10001",
        "email": "john@acme.example", "url": "www.acme.com",
    }),
    ("請查收\n\n林志強 業務經理\n台灣電子股份有限公司\n電話: (02)2531-7099 分機 123\n"
     "行動電話: 0912-345-678\n", "林志強", {
        "name": "林志強", "title": "業務經理", "company": "台灣電子股份有限公司",
        "phone": "(02)2531-7099 分機 123", "mobile": "0912-345-678",
    }),
    ("好的\n-- \n王 伟\n东方贸易有限公司 采购部\nT: 010-65001234 F: 010-65001235\n", "", {
        "name": "王伟", "company": "东方贸易有限公司", "department": "采购部",
        "phone": "010-65001234", "fax": "010-65001235",
    }),
    ("text\n\nGina Xxxxxxxxx\ngina@example.com\n(555) 346-9947\nwww.example.com\n",
     "Gina Xxxxxxxxx", {
        "name": "Gina Xxxxxxxxx", "email": "gina@example.com", "phone": "(555) 346-9947",
        "url": "www.example.com",
    }),
    ("好的\n--\n刘洋\n维翼（郑州）农业发展有限公司 采购部\n手机：13800138000\n", "刘洋", {
        "name": "刘洋", "company": "维翼（郑州）农业发展有限公司", "department": "采购部",
        "mobile": "13800138000",
    }),
    ("好的\n--\n昆明市祺 翼隆软件有限公司 销售部\n手机：13800138000\n", "", {
        "company": "昆明市祺 翼隆软件有限公司", "department": "销售部", "mobile": "13800138000",
    }),
    ("好的\n--\n张三 采购经理 苏腾精密模具有限公司\n手机：13800138000\n", "", {
        "name": "张三", "title": "采购经理", "company": "苏腾精密模具有限公司",
        "mobile": "13800138000",
    }),
    ("Thanks\n\nJane Doe | Buyer | Harbor  Energy LLC\nT: +1 212 555 0100\n", "Jane Doe", {
        "name": "Jane Doe", "title": "Buyer", "company": "Harbor Energy LLC",
        "phone": "+1 212 555 0100",
    }),
    ("请今天下午三点前回复，谢谢。", "", {}),
    ("The order 20240105 of 2024-01-05 has 12 items.\nPlease confirm.\n", "", {}),
    ("ok\n\n发自我的iPhone", "", {}),
    ("", "", {}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sender", "expected"), SIGNATURES)
def test_a_signature_is_taken_apart(text: str, sender: str, expected: dict[str, str]) -> None:
    """Names, titles, companies, numbers and addresses go to their own columns."""
    assert parse_signature(text, sender) == expected


def test_a_disclaimer_is_no_signature() -> None:
    """What lawyers add below a signature is left out."""
    text = ENGLISH + "\nThis e-mail is confidential. Call +1 800 555 9999 if it is not yours.\n"
    assert parse_signature(text) == parse_signature(ENGLISH)


@pytest.mark.parametrize(
    "intro",
    [
        "On Mon, Jan 1, 2024 at 10:00 AM Me <me@corp.example> wrote:",
        "On Monday, January 1, 2024 at 10:00 AM, a rather long name of someone\n<me@x.cn> wrote:",
        "在 2024年1月1日，王五 <wang@x.cn> 写道：",
        "-----Original Message-----",
        "------------------ 原始邮件 ------------------",
        "发件人: 王五 <wang@x.cn>\n发送时间: 2024年1月1日\n收件人: 张三\n主题: 回复",
        "From: Wang [mailto:wang@x.cn]\nSent: Monday\nTo: Zhang\nSubject: Re",
        "> 王五\n> 手机: 13911111111",
    ],
)
def test_quoted_letters_are_cut(intro: str) -> None:
    """What a reply quotes does not become the writer's signature."""
    quoted = f"{CHINESE}\n{intro}\n\n王五\n北方公司\n手机: 13911111111\n"
    if intro.startswith(">"):
        quoted = f"{CHINESE}\n{intro}\n"
    assert parse_signature(take_apart(quoted).own) == parse_signature(CHINESE)


def test_one_person_is_one_contact(contacts: Reader) -> None:
    """The same signature many times is one contact, with its first and last day and messages."""
    sender = f"{word('张三', 'gb2312')} <zhangsan@huaxing.example>"
    letters = [
        letter(CHINESE, sender, day=day, charset="gb2312", encoded="gbk") for day in (3, 1, 9)
    ]
    rows, damage = contacts(*letters)
    found = person(rows, "zhangsan@huaxing.example")
    assert rows.height == 2
    assert damage.height == 0
    assert found["name"] == "张三"
    assert found["company"] == "深圳市华星科技有限公司"
    assert (found["first_seen"], found["last_seen"]) == ("2024-01-01", "2024-01-09")
    assert (found["messages"], found["message_ids"]) == ("3", "3@x 1@x 9@x")


def test_the_latest_signature_wins(contacts: Reader) -> None:
    """Who changed the job is known by the new one."""
    old, new = CHINESE, CHINESE.replace("销售总监", "副总经理")
    rows, _ = contacts(letter(new, day=9), letter(old, day=1))
    assert person(rows, "zhang@jia.example")["title"] == "副总经理"


def test_a_name_in_short_is_no_news(contacts: Reader) -> None:
    """Who later writes as Tom is still Tom Lee."""
    senders = ("Tom <tom@b.example>", "Tom Lee <tom@b.example>", "Tom <tom@b.example>")
    letters = [letter("hello", sender, day=day) for day, sender in enumerate(senders, start=1)]
    rows, _ = contacts(*letters)
    assert person(rows, "tom@b.example")["name"] == "Tom Lee"


def test_people_of_one_mailbox_stay_apart(contacts: Reader) -> None:
    """Two people who sign the letters of a shared mailbox are two contacts."""
    second = CHINESE.replace("张三", "李四").replace("13800138000", "13900139000")
    rows, _ = contacts(
        letter(CHINESE, "sales@jia.example"), letter(second, "sales@jia.example", day=2)
    )
    assert set(rows.filter(pl.col("email") == "sales@jia.example")["name"]) == {"张三", "李四"}


def test_forwarded_letters_are_read(contacts: Reader) -> None:
    """The writer of a forwarded letter is a contact, with the signature under it."""
    body = (
        "FYI\n\n---------- Forwarded message ----------\nFrom: 李四 <lisi@dongfang.example>\n"
        "Date: Mon, 1 Jan 2024\nSubject: hi\nTo: me@corp.example\n\n您好\n\n--\n"
        "李四 采购部经理\n东方贸易有限公司\nTel: 010-65001234\n"
    )
    rows, _ = contacts(letter(body, "me@corp.example", "x@z.example"))
    found = person(rows, "lisi@dongfang.example")
    assert (found["name"], found["company"]) == ("李四", "东方贸易有限公司")
    assert person(rows, "me@corp.example")["company"] is None


def test_letters_forwarded_as_attachments_are_read(tmp_path: Path, read: Reader) -> None:
    """The writer of an attached letter is a contact; that it was a letter of the day it bears."""
    inner = (
        "From: li@yi.example\nTo: x@z.example\nDate: Fri, 05 Jan 2024 10:00:00 +0800\n"
        "Message-ID: <5@yi>\n\n--\n李四 采购部经理\n东方贸易有限公司\nTel: 010-65001234\n"
    )
    robot = "From: no-reply@shop.example\nTo: y@z.example\n\nhello\n"
    parts = "".join(f"--b\nContent-Type: message/rfc822\n\n{one}\n" for one in (inner, robot))
    (tmp_path / "1.eml").write_text(
        "From: me@corp.example\nDate: Tue, 09 Jan 2024 10:00:00 +0800\n"
        f"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nFYI\n{parts}--b--\n",
        "utf-8",
    )
    rows, damage = read(MailSource(tmp_path))
    found = person(rows, "li@yi.example")
    assert (found["name"], found["phone"], found["first_seen"], found["message_ids"]) == (
        "李四", "010-65001234", "2024-01-05", "5@yi",
    )  # fmt: skip
    assert set(rows["email"]) == {"me@corp.example", "li@yi.example", "x@z.example"}
    assert damage.height == 0


@pytest.mark.parametrize(
    ("sender", "more"),
    [
        ("no-reply@shop.example", ""),
        ("noreply+12@shop.example", ""),
        ("MAILER-DAEMON@shop.example", ""),
        ("news@shop.example", "List-Unsubscribe: <mailto:x@y.cn>\n"),
        ("a@shop.example", "Auto-Submitted: auto-replied\n"),
        ("a@shop.example", "Precedence: bulk\n"),
    ],
)
def test_robots_are_set_aside(contacts: Reader, sender: str, more: str) -> None:
    """Newsletters and robots are counted, and make no contact."""
    rows, damage = contacts(letter("x", sender, more=more), letter("y", day=2))
    assert set(rows["email"]) == {"zhang@jia.example", "me@corp.example"}
    assert damage["problem"].to_list() == ["skipped: automated mail"]
    assert not set(damage["_row"]) & set(rows["_row"])


@pytest.mark.parametrize(
    ("field", "name", "email"),
    [
        ("张三 <a@b.cn>", "张三", "a@b.cn"),
        (f"{word('张三', 'gb2312')} <a@b.cn>", "张三", "a@b.cn"),
        (f"{word('林志強', 'big5')} <a@b.cn>", "林志強", "a@b.cn"),
        ("=?gb2312?B?" + base64.b64encode("林志強".encode("big5")).decode() + "?= <a@b.cn>",
         "林志強", "a@b.cn"),
        ("=?GBK?Q?=D5=C5=C8=FD?= <a@b.cn>", "张三", "a@b.cn"),
        ('"Smith, John" <a@b.cn>', "Smith, John", "a@b.cn"),
        ("a@b.cn (John Doe)", "John Doe", "a@b.cn"),
        ("a@b.cn", "", "a@b.cn"),
        ("'a@b.cn' <a@b.cn>", "", "a@b.cn"),
        ('"a" <a@b.cn>', "", "a@b.cn"),
        ('"From" <from@b.cn>', "From", "from@b.cn"),
        ("Tom <tom@b.cn>", "Tom", "tom@b.cn"),
        ("10086 <10086@b.cn>", "", "10086@b.cn"),
        ("TOM.LEE <tom.lee@b.cn>", "", "tom.lee@b.cn"),
        ('"Info" <info@b.cn>', "", "info@b.cn"),
        ("Team: John <a@b.cn>;", "John", "a@b.cn"),
    ],
)  # fmt: skip
def test_an_address_is_read(field: str, name: str, email: str) -> None:
    """A correspondent is a name and an address, in whatever a mail program made of them."""
    assert [(p.name, p.email) for p in people(field)] == [(name, email)]


@pytest.mark.parametrize("name", ["郗淼", "仝卉", "陶喆", "瞿翀", "缪堃", "芈玥", "逯鹏翾"])
@pytest.mark.parametrize("charset", ["gb2312", "gbk", "gb18030"])
def test_a_short_name_is_in_the_encoding_it_declares(name: str, charset: str) -> None:
    """Two or three rare characters prove nothing against the encoding that is declared."""
    word = base64.b64encode(name.encode("gb18030")).decode()
    assert people(f"=?{charset}?B?{word}?= <a@b.cn>")[0].name == name


def test_a_character_cut_between_words_is_whole() -> None:
    """Programs that break an encoded word in the middle of a character are understood."""
    data = "深圳市".encode()
    cut = [base64.b64encode(part).decode() for part in (data[:4], data[4:])]
    assert readable(f"=?utf-8?B?{cut[0]}?=\n =?utf-8?B?{cut[1]}?=") == "深圳市"


def test_html_becomes_lines() -> None:
    """Blocks are lines, entities are characters, scripts are nothing, quotations are marked."""
    page = (
        "<html><style>p{}</style><p>张三&nbsp;经理</p><div>Tel: 1<br>Fax: 2</div>"
        "<script>x()</script><blockquote>old</blockquote>"
    )
    lines = [line for line in plain_text(page).splitlines() if line]
    assert lines == ["张三\xa0经理", "Tel: 1", "Fax: 2", "> old"]


def test_a_mailbox_cut_off_is_read_as_far_as_it_goes(contacts: Reader) -> None:
    """The letter a mailbox ends in the middle of is a row of its own, and refused."""
    rows, damage = contacts(data=mbox(letter("a"), letter("b", "li@yi.example", day=2))[:-3])
    assert damage["problem"].to_list() == ["unreadable: message cut off"]
    broken = rows.filter(pl.col("_row") == damage["_row"][0])
    assert broken["email"].to_list() == ["li@yi.example"]
    assert person(rows, "zhang@jia.example")["messages"] == "1"


def test_what_is_no_message_is_a_row(tmp_path: Path, read: Reader) -> None:
    """A file that is no message is refused by itself."""
    (tmp_path / "1.eml").write_bytes(letter("a"))
    (tmp_path / "2.eml").write_bytes(b"\x00\x01 not a message")
    rows, damage = read(MailSource(tmp_path))
    assert rows.height == 3
    assert damage["problem"].to_list() == ["unreadable: not a message"]


def test_folders_and_maildirs_are_read(tmp_path: Path, read: Reader) -> None:
    """A Maildir, and .eml files in folders of folders, are mailboxes."""
    for name in ("cur", "new", "tmp", "deep/er"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "cur/1:2,S").write_bytes(letter("a", "a@x.example"))
    (tmp_path / "new/2").write_bytes(letter("b", "b@x.example"))
    (tmp_path / "deep/er/3.eml").write_bytes(letter("c", "c@x.example"))
    (tmp_path / "notes.txt").write_text("no mail")
    rows, _ = read(MailSource(tmp_path))
    assert {"a@x.example", "b@x.example", "c@x.example"} <= set(rows["email"])


def test_an_empty_mailbox_is_refused(tmp_path: Path) -> None:
    """A folder without messages is a mistake of the spec."""
    with pytest.raises(SourceError, match="no message"):
        MailSource(tmp_path).tables()


@settings(deadline=None, max_examples=examples(150))
@given(st.text("张三 经理公司市区路0123456789-+()转@.:：|/\nTelMobaw,", max_size=120))
def test_no_signature_crashes_the_parser(text: str) -> None:
    """Any text is a signature or none, and what is found stands in it."""
    found = parse_signature(text)
    squeezed = "".join(text.split())
    for value in found.values():
        assert all("".join(part.split()) in squeezed for part in value.split("; "))


PIECES = [
    b"From x@y Mon Jan  1 00:00:00 2024\n",
    b"From: a@b.cn\n",
    b"To: =?x?B?====?= <c@d.cn>\n",
    b"Date: x\n",
    b"Content-Type: multipart/mixed; boundary=x\n",
    b"Content-Type: text/html; charset=foo\n",
    b"\n",
    b"--x\n",
    b"--x--\n",
    b"\xff\xfe\n",
    b"Tel: 0755-86123456\n",
]


@settings(deadline=None, max_examples=examples(60))
@given(data=st.lists(st.sampled_from(PIECES)).map(b"".join))
def test_no_mailbox_crashes_the_reader(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever a file holds, it is read or refused."""
    path = tmp_path_factory.getbasetemp() / "any.mbox"
    path.write_bytes(data)
    try:
        (info,) = MailSource(path).tables()
    except SourceError:
        return
    assert (info.rows or 0) >= 0
