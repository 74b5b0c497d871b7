"""Readers of the systems customers are kept in: workbooks, text files, databases, mail, vCards.

Owns the way from a file or URL to batches of text, with what is damaged said cell by cell. Knows
nothing of scope, keys or entities, and never writes to a source.

    source = open_source("crm", project.sources["crm"], project.folder)
    for batch in source.read(spec.tables[0]):
        batch.rows, batch.damage
"""

from connectors.sources.contract import DOUBTFUL, UNREADABLE, Batch, Link, Source, TableInfo
from connectors.sources.inspecting import Inspection, inspect
from connectors.sources.opening import open_place, open_source
from connectors.sources.source_type import Location, SourceType

__all__ = [
    "DOUBTFUL",
    "UNREADABLE",
    "Batch",
    "Inspection",
    "Link",
    "Location",
    "Source",
    "SourceType",
    "TableInfo",
    "inspect",
    "open_place",
    "open_source",
]
