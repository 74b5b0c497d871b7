"""No message is dropped silently, and no message is too much for the reader."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sources.mail import MailSource
from connectors.sources.mail.letter import MAX_MESSAGE, letter
from connectors.sources.signature import parse_signature
from connectors.sources.vcard import VcardSource
from guiyi.spec import TableSpec
from tests.examples import examples

Reader = Callable[..., tuple[pl.DataFrame, pl.DataFrame]]
CONTACTS = TableSpec.model_construct(table="contacts", query=None)

KINDS = {
    "person": "From: p{n}@x.example\nTo: me@y.example\n\nhello\n",
    "signed": "From: p{n}@x.example\n\n--\n张三 经理\n甲科技有限公司\nTel: 010-6500{n:04}\n",
    "robot": "From: no-reply@x.example\n\nhello\n",
    "newsletter": "From: p{n}@x.example\nList-Unsubscribe: <x>\n\nhello\n",
    "nobody": "Subject: to nobody\n\nhello\n",
    "only to robots": "To: noreply@x.example\n\nhello\n",
    "junk": "this is no message\n",
    "cut": "From: p{n}@x.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n",
    "empty": "\n",
}


@settings(deadline=None, max_examples=examples(60))
@given(kinds=st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=12))
def test_every_message_is_accounted_for(
    kinds: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Messages = those contacts name + those set aside + those refused, each exactly once."""
    folder = tmp_path_factory.mktemp("mail")
    for number, kind in enumerate(kinds):
        text = f"Message-ID: <{number}@id>\n" + KINDS[kind].format(n=number)
        if kind in {"junk", "empty"}:
            text = KINDS[kind]
        (folder / f"{number:03}.eml").write_text(text, "utf-8")
    source = MailSource(folder)
    batches = list(source.read(CONTACTS))
    rows = pl.concat([batch.rows for batch in batches])
    damage = pl.concat([batch.damage for batch in batches])
    refused = set(damage.filter(pl.col("problem").str.starts_with("unreadable"))["_row"])
    people = rows.filter(~pl.col("_row").is_in(list(refused)))
    read = {i for ids in people["message_ids"].drop_nulls() for i in ids.split()}
    cut = {f"{n}@id" for n, kind in enumerate(kinds) if kind == "cut"}
    aside = damage.filter(pl.col("problem").str.starts_with("skipped")).height
    assert len(read - cut) + aside + len(refused) == len(kinds)
    counted = "1 message" if len(kinds) == 1 else f"{len(kinds)} messages"
    assert source.tables()[0].notes[0] == counted


def test_each_field_keeps_its_message(tmp_path: Path, read: Reader) -> None:
    """`origins` names the message every value was read from: the first that said it."""
    new = "张三\n销售总监\n甲科技有限公司\n手机：13800138000\n"
    for day, title in ((1, "销售经理"), (2, "销售经理"), (3, "销售总监")):
        (tmp_path / f"{day}.eml").write_text(
            f"From: zhang@x.example\nMessage-ID: <{day}@x>\n"
            f"Date: Mon, 0{day} Jan 2024 10:00:00 +0800\n\n--\n{new.replace('销售总监', title)}",
            "utf-8",
        )
    rows, _ = read(MailSource(tmp_path))
    (found,) = rows.to_dicts()
    assert (found["title"], found["messages"]) == ("销售总监", "3")
    origins = json.loads(found["origins"])
    assert origins["title"] == "3@x"
    assert origins["company"] == origins["mobile"] == "1@x"
    filled = {n for n, v in found.items() if v is not None and n in {*origins, "name", "email"}}
    assert set(origins) == filled


def test_raw_characters_in_headers_are_read(tmp_path: Path, read: Reader) -> None:
    """Programs that put GBK or UTF-8 into a header as it is are understood."""
    for number, charset in enumerate(("gbk", "utf-8")):
        head = f'From: "张三丰" <{number}@x.example>\n\nhi\n'
        (tmp_path / f"{number}.eml").write_bytes(head.encode(charset))
    rows, _ = read(MailSource(tmp_path))
    assert rows["name"].to_list() == ["张三丰", "张三丰"]


def test_a_large_message_is_not_cut_off(tmp_path: Path, read: Reader) -> None:
    """A letter whose attachment is longer than what is kept is a letter like others."""
    head = "From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhi\n\n--b\n\n"
    with (tmp_path / "1.eml").open("w") as out:
        out.write(head)
        out.write(("QUJD" * 19 + "\n") * (MAX_MESSAGE // 77 + 10))
        out.write("--b--\n")
    rows, damage = read(MailSource(tmp_path))
    assert (rows["email"].to_list(), damage.height) == (["a@x.example"], 0)


DEEP = b"From: a@x.example\n" + b"".join(
    b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(5000)
)
HOSTILE = {
    "nested parts": DEEP,
    "nested messages": b"From: a@x.example\n" + b"Content-Type: message/rfc822\n\n" * 5000,
    "header": b"From: " + b"a" * 3_000_000 + b"\n\nhi\n",
    "headers": b"From: a@x.example\n" + b"X-A: b\n" * 300_000 + b"\nhi\n",
    "recipients": b"To: " + b"a@x.example, " * 70_000 + b"\n\nhi\n",
    "quotes": b"From: " + b'"' * 900_000 + b"\n\nhi\n",
    "brackets": b"From: " + b"<" * 900_000 + b"\n\nhi\n",
    "words": b"From: " + b"=?a*" * 200_000 + b"\n\nhi\n",
    "folds": b"From: a@x.example\n" + b" \n" * 300_000 + b"\nhi\n",
    "truncated base64": b"From: a@x.example\nContent-Transfer-Encoding: base64\n\n5byg5LiJ5",
    "charset": b"From: a@x.example\nContent-Type: text/plain; charset=punycode\n\n"
    + b"\xe9a" * 100_000,
    "tags": b"From: a@x.example\nContent-Type: text/html\n\n" + b"<a " * 300_000,
    "zeros": b"From: a@x.example\n\n" + bytes(1_000_000),
}  # fmt: skip


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_message_is_read_or_refused(tmp_path: Path, data: bytes, read: Reader) -> None:
    """Messages made to hang a reader are one message: read, set aside or refused."""
    (tmp_path / "1.eml").write_bytes(data)
    source = MailSource(tmp_path)
    rows, damage = read(source)
    assert source.tables()[0].notes[0] == "1 message"
    assert rows.height or damage.height


MEASURE = """
import sys
from pathlib import Path
from connectors.sources.mail import MailSource
from connectors.sources.signature import parse_signature
from connectors.sources.vcard import VcardSource
mail = MailSource(Path(sys.argv[1])).tables()[0]
print(mail.notes[0], VcardSource(Path(sys.argv[2])).tables()[0].rows)
# ru_maxrss would count what the program had that forked this one
print(int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]))
"""


def test_a_line_without_end_fits_the_memory(tmp_path: Path) -> None:
    """A mailbox and a card with one line of half a gigabyte are read in less than that."""
    mailbox, card = tmp_path / "a.mbox", tmp_path / "a.vcf"
    mailbox.write_bytes(b"From x@y Mon Jan  1 00:00:00 2024\nFrom: a@x.example\n\n")
    card.write_bytes(b"BEGIN:VCARD\nFN:a\nNOTE:")
    for path in (mailbox, card):
        with path.open("r+b") as out:
            out.truncate(1 << 29)  # a hole: zeros without a line's end
    command = [sys.executable, "-c", MEASURE, str(mailbox), str(card)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    said, kilobytes = done.stdout.splitlines()
    assert said == "1 message 1"
    assert int(kilobytes) < 400_000


def test_a_card_of_endless_cards_is_bounded(tmp_path: Path, read: Reader) -> None:
    """Cards in cards, and properties that repeat each other, end in rows with a problem."""
    nested = b"BEGIN:VCARD\nFN:a\nAGENT:\n" * 20_000
    many = b"BEGIN:VCARD\nFN:b\n" + b"ORG:" + b"x;" * 30_000 + b"\n" + b"NOTE:y\n" * 100_000
    (tmp_path / "a.vcf").write_bytes(nested + b"END:VCARD\n" * 20_000 + many)
    rows, damage = read(VcardSource(tmp_path / "a.vcf"))
    assert rows["name"].to_list() == ["a", "b"]
    assert damage["problem"].to_list() == ["unreadable: card cut off"]


def test_a_mailbox_between_messages_is_one_message(tmp_path: Path) -> None:
    """A line that looks like a separator inside a letter splits nothing."""
    data = b"From: a@x.example\n\nhi\nFrom here on: no blank line\n\nFrom me to you 2024\n"
    assert letter(data, "x").message is not None
    (tmp_path / "a.mbox").write_bytes(b"From x@y Mon Jan  1 00:00:00 2024\n" + data)
    assert MailSource(tmp_path / "a.mbox").tables()[0].notes == ("1 message",)


HEAD = b"From: %s <%s@x.example>\nTo: us@our.example\nDate: Mon, 26 Jan 2009 17:20:56 +0000\n\n"


@pytest.mark.parametrize(
    ("separator", "before"),
    [
        (b"From b@x.example Mon Jan 26 17:21:56 2009", b"\n"),
        (b"From b@x.example Mon Jan 26 17:21:56 2009", b""),
        (b"From b at x.example  Mon Jan 26 17:21:56 2009", b""),
        (b"From - Mon Jan 26 17:21:56 2009", b""),
        (b"From b@x.example 2009-01-26T17:21:56Z", b"\n"),
        (b"From MAILER-DAEMON", b"\n"),
        (b"From MAILER-DAEMON", b""),
        (b"From ", b"\n"),
        (b"From", b""),
    ],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_header_behind_it_makes_a_separator(
    tmp_path: Path, separator: bytes, before: bytes, end: bytes
) -> None:
    """Programs leave out the blank line, the date or all but the word; no letter is lost by it."""
    first, second = (HEAD % (name, name[:1].lower()) + b"hi\n" for name in (b"Ann Lee", b"Bob Roe"))
    data = separator + b"\n" + first + before + separator + b"\n" + second
    (tmp_path / "a.mbox").write_bytes(data.replace(b"\n", end))
    source = MailSource(tmp_path / "a.mbox")
    assert source.tables()[0].notes == ("2 messages",)
    (batch,) = source.read(TableSpec.model_construct(table="contacts"))
    assert batch.rows["name"].drop_nulls().to_list() == ["Ann Lee", "Bob Roe"]


@pytest.mark.parametrize(
    "body",
    [
        b"From what I see, all is fine.\n",
        b"From the President of xyz@abc.example\nwe got news.\n",
        b"From carl@c.example Mon Mar  4 09:00:00 2024\nis how it began.\n",
        b"From Bob\nTo: everybody\nSubject: lunch\n",
        b"From:\nBob\n",
    ],
)
def test_a_sentence_is_no_separator(tmp_path: Path, body: bytes) -> None:
    """Letters begin sentences with the word, and tell of other letters; that splits nothing."""
    data = b"From a@x.example Mon Jan 26 17:21:56 2009\n" + HEAD % (b"Ann Lee", b"a")
    (tmp_path / "a.mbox").write_bytes(data + b"hi\n\n" + body)
    source = MailSource(tmp_path / "a.mbox")
    assert source.tables()[0].notes == ("1 message",)


@pytest.mark.parametrize("word", ["From", "To", "Subject", "Dear", "Hello"])
def test_nobody_is_called_as_lines_of_letters_begin(word: str) -> None:
    """`From bob@x.example` under a letter names a mailbox and no person."""
    assert "name" not in parse_signature(f"--\n{word} bob@x.example")
