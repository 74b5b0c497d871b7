"""The text of a message, as its writer saw it: the plain part, or the HTML made plain."""

import re
from email.message import Message
from html.parser import HTMLParser

from connectors.sources import encoding

MAX_TEXT = 1 << 18
"""Characters of a body that are read: no letter is longer."""
_BLOCKS = frozenset(
    {"p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"hr", "blockquote", "pre", "section", "article"}
)
_SILENT = frozenset({"script", "style", "head", "title", "template"})
_QUOTES = ("gmail_quote", "yahoo_quoted", "moz-cite-prefix", "appendonsend", "divrplyfwdmsg")


def text_of(message: Message) -> str:
    """Return the text of a message; attachments and messages inside it are left out."""
    plain: list[str] = []
    html: list[str] = []
    _collect(message, plain, html)
    text = "\n".join(plain)
    if not text.strip() and html:
        text = "\n".join(plain_text(page) for page in html)
    return text[:MAX_TEXT].replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")


def _collect(part: Message, plain: list[str], html: list[str], depth: int = 0) -> None:
    if part.is_multipart():
        if part.get_content_type() == "message/rfc822" or depth > 20:
            return
        for child in part.get_payload():
            if isinstance(child, Message):
                _collect(child, plain, html, depth + 1)
        return
    if "attachment" in str(part.get("Content-Disposition", "")).lower():
        return
    kind = part.get_content_type()
    if kind in {"text/plain", "text/html"}:
        (plain if kind == "text/plain" else html).append(_decoded(part))


def _decoded(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return str(part.get_payload())
    charset = part.get_content_charset()
    return encoding.decode(data[: 4 * MAX_TEXT], charset)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._silent = 0
        self._quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = " ".join(value or "" for name, value in attrs if name in {"class", "id"}).lower()
        if tag in _SILENT:
            self._silent += 1
        if tag == "blockquote" or any(mark in said for mark in _QUOTES):
            self._quoted += tag == "blockquote"
            self.out.append("\n")
        if tag in _BLOCKS:
            self.out.append("\n")
        if tag in {"td", "th"}:
            self.out.append("  ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        if tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)
        if tag in _BLOCKS:
            self.out.append("\n")

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        text = re.sub(r"[ \t\r\n]+", " ", data)
        self.out.append(text if not self._quoted else f"\n> {text}\n")


def plain_text(page: str) -> str:
    """Turn HTML into lines of text; what it quotes starts with `> `."""
    parser = _Text()
    try:
        parser.feed(page[: 4 * MAX_TEXT])
        parser.close()
    except (AssertionError, ValueError):  # html.parser on malformed declarations
        pass
    lines = (line.strip() for line in "".join(parser.out).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
