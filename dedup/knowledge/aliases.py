"""The alias table of a project: names that stand for one firm, numbered."""

import polars as pl

from cleansing import clean_values
from dedup.knowledge.company_words import with_words_written_out
from guiyi.kinds import Kind


def alias_groups(aliases: pl.DataFrame | None) -> dict[str, int]:
    """Number the firms of an alias table: every name in a row stands for the same firm."""
    if aliases is None or not aliases.height:
        return {}
    groups: dict[str, int] = {}
    for name in aliases.columns:
        cleaned = clean_values(aliases[name], Kind.COMPANY_NAME).select(
            "key", brand=pl.coalesce("brand", "value").str.to_lowercase()
        )
        for keys in (cleaned["key"], with_words_written_out(cleaned)["key"]):
            for row, key in enumerate(keys):
                if key is not None:
                    groups.setdefault(key, groups.get(key, row))
    return groups
