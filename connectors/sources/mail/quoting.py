"""A reply carries older letters below it. They are cut: each was, or was not, a message itself.
What was forwarded is kept apart: its writer may be known from nowhere else.
"""

import re
from dataclasses import dataclass, field

_HEADER = r"发件人|發件人|寄件者|寄件人|发信人|From|Von|De"
_FORWARD = re.compile(
    r"^\s*(?:-{2,}|_{2,})?\s*(?:Forwarded message|Begin forwarded message|Fwd:|Original Message"
    r"|转发(?:的)?邮件(?:信息)?|轉寄的郵件|原始邮件|原邮件|原始郵件|回复的原邮件|邮件原件)\s*:?"
    r"\s*(?:-{2,}|_{2,})?\s*:?\s*$",
    re.IGNORECASE,
)
_IS_FORWARD = re.compile(r"forward|fwd|转发|轉寄", re.IGNORECASE)
_FIELD = re.compile(
    rf"^\s*[*>]*\s*(?P<name>{_HEADER}|发送时间|发送日期|傳送時間|日期|时间|收件人|抄送|主题|主旨|主題"
    r"|Sent|Date|To|Cc|Subject|Reply-To)\s*\*?\s*[:：]\s*\*?\s*(?P<value>.*)$",
    re.IGNORECASE,
)
_FROM = re.compile(rf"^(?:{_HEADER})$", re.IGNORECASE)
_WROTE = re.compile(
    r"^\s*(?:-*\s*(?:On|Am|Le|El|Il)\b.{4,200}"
    r"(?:wrote|schrieb|a écrit|escribió|ha scritto)\s*:?\s*$"
    r"|(?:在|于)?.{0,80}\d{4}.{0,120}(?:写道|寫道|來信|wrote)\s*[:：]?\s*$"
    r"|.{0,60}<[^<>\s]+@[^<>\s]+>\s*(?:于|在)?.{0,60}(?:写道|寫道|wrote)\s*[:：]?\s*$"
    r"|\d{1,2}[./]\d{1,2}[./]\d{4}.{0,200}(?:написал|пишет|wrote|schrieb)[^:]{0,4}:\s*$"
    r"|\d{4}[-/年].{4,100}<[^<>\s]+@[^<>\s]+>\s*[:：]?\s*$)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Block:
    """A letter inside the letter: who it says it is from, and its text."""

    sender: str
    text: str


@dataclass
class MessageText:
    """What the writer wrote, and what was forwarded with it."""

    own: str
    forwarded: list[Block] = field(default_factory=list)


def take_apart(text: str, subject: str = "") -> MessageText:
    """Cut quoted replies off a text, and forwarded letters out of it."""
    lines = text.split("\n")
    cut = next((n for n in range(len(lines)) if _starts_older(lines, n)), len(lines))
    own = [line for line in lines[:cut] if not line.lstrip().startswith(">")]
    rest = lines[cut:]
    forwards = _IS_FORWARD.search(subject) is not None or (
        bool(rest) and _IS_FORWARD.search(rest[0]) is not None
    )
    return MessageText("\n".join(own).rstrip(), _blocks(rest) if forwards else [])


def _starts_older(lines: list[str], at: int) -> bool:
    line = lines[at]
    if len(line) > 400:
        return False
    if _FORWARD.match(line) or _WROTE.match(line):
        return True
    following = lines[at + 1].strip() if at + 1 < len(lines) else ""
    # Mail programs wrap the line that introduces a quotation.
    wrapped = len(line) < 200 and re.match(r"\s*(?:On |Am |Le |在|于)", line)
    if wrapped and following and _WROTE.match(f"{line.strip()} {following}"):
        return True
    return _is_header(lines, at)


def _is_header(lines: list[str], at: int) -> bool:
    """`From:` with two more header fields in the lines below it starts an older letter."""
    first = _FIELD.match(lines[at])
    if first is None or not _FROM.match(first["name"]):
        return False
    return sum(_FIELD.match(line) is not None for line in lines[at + 1 : at + 6]) >= 2


def _blocks(lines: list[str]) -> list[Block]:
    """Split what is below the cut into letters, each after its own `From:`."""
    lines = [re.sub(r"^(?:\s*>)+ ?", "", line) for line in lines]
    starts = [n for n in range(len(lines)) if _is_header(lines, n)]
    blocks = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        first = _FIELD.match(lines[start])
        body = start
        while body < end and (_FIELD.match(lines[body]) or not lines[body].strip()):
            body += 1
        text = [line for line in lines[body:end] if not _FORWARD.match(line)]
        blocks.append(Block(first["value"].strip() if first else "", "\n".join(text).rstrip()))
    return blocks
