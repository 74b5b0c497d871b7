"""Business cards: photographs and scans become contacts, each field with how surely it was read.

Owns finding the lines of a card and their fields. What was read with little confidence is marked
`doubtful`, so that a person compares it with the picture before it is believed.

    source = CardSource(Path("cards/"))
    next(source.read(table)).rows    one row a picture
"""

from connectors.sources.card.source import CardSource

__all__ = ["CardSource"]
