"""The sales department's mail export: an mbox in the encodings its writers use."""

from datetime import UTC
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from html import escape
from pathlib import Path
from random import Random

from pipelines.demo.letters import DemoMessage, Office
from pipelines.demo.truth import TruthNotes
from pipelines.demo.world import World


def write_mailbox(world: World, file: Path, seed: int) -> TruthNotes:
    """Write the mail export, and say who is who in it."""
    office = Office(Random(f"{seed}/mail"), world, TruthNotes("mail"))
    letters = sorted(office.letters(), key=lambda letter: (letter.when, letter.sender))
    office.know_us()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as out:
        for number, letter in enumerate(letters):
            stamp = letter.when.astimezone(UTC).strftime("%a %b %d %H:%M:%S %Y")
            out.write(f"From {letter.sender[1]} {stamp}\n".encode())
            out.write(_wrap(letter, number).replace(b"\nFrom ", b"\n>From "))
            out.write(b"\n\n")
    return office.truth


def _wrap(letter: DemoMessage, number: int) -> bytes:
    whole = f"{letter.text}\n{letter.quoted}\n" if letter.quoted else letter.text
    charset = _that_can(whole + letter.subject, letter.charset)
    plain = MIMEText(whole, "plain", charset)
    message: MIMEText | MIMEMultipart = plain
    if letter.html:
        message = MIMEMultipart("alternative", boundary=f"=_part_{number:05d}")
        message.attach(plain)
        message.attach(MIMEText(_html(letter), "html", charset))
    message["From"] = _mailbox(*letter.sender, charset)
    message["To"] = _mailbox(*letter.to, charset)
    if letter.cc:
        message["Cc"] = ", ".join(_mailbox(*box, charset) for box in letter.cc)
    message["Subject"] = str(Header(letter.subject, charset).encode())
    message["Date"] = letter.when.strftime("%a, %d %b %Y %H:%M:%S %z")
    message["Message-ID"] = f"<{number:05d}.{letter.when:%Y%m%d}@{letter.sender[1].split('@')[1]}>"
    for name, value in letter.headers:
        message[name] = value
    return message.as_bytes()


def _that_can(text: str, charset: str) -> str:
    """The charset itself if it has all the characters, else the next larger one."""
    for name in (charset, "gbk" if charset == "gb2312" else "utf-8"):
        try:
            text.encode(name)
        except UnicodeEncodeError:
            continue
        return name
    return "utf-8"


def _mailbox(name: str, email: str, charset: str) -> str:
    if name.isascii():
        return f'"{name}" <{email}>'
    return f"{Header(name, _that_can(name, charset)).encode()} <{email}>"


def _html(letter: DemoMessage) -> str:
    def lines(text: str) -> str:
        return "<br>\n".join(escape(line) for line in text.split("\n"))

    body = f"<div>{lines(letter.text)}</div>"
    if letter.quoted:
        body += f'\n<blockquote type="cite">{lines(letter.quoted)}</blockquote>'
    return f"<html><body>\n{body}\n</body></html>\n"
