"""Readers of the systems customers are kept in: workbooks, text files, databases, mail, vCards.

Owns the way from a file or URL to batches of text, with what is damaged said cell by cell. Knows
nothing of scope, keys or entities, and never writes to a source.

    source = open_source("crm", SourceSpec(kind="excel", path="客户.xlsx", tables=[...]), folder)
    for batch in source.read(spec.tables[0]):
        batch.rows, batch.damage
"""

from connectors.sources.contract import DOUBTFUL, UNREADABLE, Batch, Link, Source, TableInfo
from connectors.sources.inspecting import Inspection, inspect
from connectors.sources.opening import open_source

__all__ = [
    "DOUBTFUL",
    "UNREADABLE",
    "Batch",
    "Inspection",
    "Link",
    "Source",
    "TableInfo",
    "inspect",
    "open_source",
]
