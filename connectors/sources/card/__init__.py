"""Business cards: photographs and scans become contacts, each field with how surely it was read.

Owns finding the lines of a card and their fields. What was read with little confidence is marked
`doubtful`, so that a person compares it with the picture before it is believed.

    source = CardSource(Path("cards/"))
    next(source.read(table)).rows    one row a picture
"""

from typing import TYPE_CHECKING

from guiyi.lazily import lazily

if TYPE_CHECKING:
    from connectors.sources.card.source import CardSource
else:
    __getattr__ = lazily(__name__, {"CardSource": "connectors.sources.card.source"})

__all__ = ["CardSource"]
