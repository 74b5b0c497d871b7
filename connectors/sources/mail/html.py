"""HTML made plain: lines where a reader sees lines, quotations marked.

A scanner of our own, in one pass: the standard library's parser takes hours for a megabyte of
tags that never close.
"""

import re
from html import unescape

MAX_PAGE = 1 << 20
"""Characters of a page that are read: no letter is longer."""
_BLOCKS = frozenset(
    {"p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"hr", "blockquote", "pre", "section", "article", "o:p", "dd", "dt", "center"}
)
_SILENT = frozenset({"script", "style", "head", "title", "template"})
_QUOTES = re.compile(r"gmail_quote|yahoo_quoted|moz-cite-prefix|appendonsend|divrplyfwdmsg", re.I)
_TOKEN = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:]*)([^<>]*)>|<[!?/][^<>]*>|([^<]+)|<")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_MANY_LINES = re.compile(r"\n{3,}")


def plain_text(page: str) -> str:
    """Turn HTML into lines of text; what it quotes starts with `> `."""
    scanner = _Scanner()
    for token in _TOKEN.finditer(_without_comments(page[:MAX_PAGE])):
        closes, tag, attributes, text = token.groups()
        if tag is not None:
            scanner.tag(tag.lower(), attributes, bool(closes))
        elif text is not None:
            scanner.text(text)
    lines = (line.strip() for line in "".join(scanner.out).splitlines())
    return _MANY_LINES.sub("\n\n", "\n".join(lines))


def _without_comments(page: str) -> str:
    kept, at = [], 0
    while (start := page.find("<!--", at)) >= 0:
        kept.append(page[at:start])
        end = page.find("-->", start)
        if end < 0:
            return "".join(kept)
        at = end + 3
    return "".join([*kept, page[at:]])


class _Scanner:
    def __init__(self) -> None:
        self.out: list[str] = []
        self._silent = ""
        self._quoted = 0

    def tag(self, tag: str, attributes: str, closes: bool) -> None:
        if self._silent:
            self._silent = "" if closes and tag == self._silent else self._silent
            return
        if tag in _SILENT and not closes and not attributes.endswith("/"):
            self._silent = tag
        elif tag == "blockquote":
            self._quoted = max(0, self._quoted + (-1 if closes else 1))
        if tag in _BLOCKS or (not closes and attributes and _QUOTES.search(attributes)):
            self.out.append("\n")
        elif tag in {"td", "th"}:
            self.out.append("  ")

    def text(self, text: str) -> None:
        if self._silent:
            return
        text = unescape(_BLANKS.sub(" ", text))
        self.out.append(text if not self._quoted else f"\n> {text}\n")
