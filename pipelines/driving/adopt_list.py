"""What `guiyi adopt` has found, as a table for people: headings and reasons in their language."""

import json
from collections.abc import Sequence

import polars as pl

from connectors.targets import OWN_ID
from dedup.explanation import Sentences
from guiyi.even_chunks import even_chunks
from guiyi.messages import sentence
from guiyi.records import GOLDEN_ID
from pipelines.driving.adopting import Adoption

NOTHING = (None, "missing")
"""Levels that say nothing."""
FACTS = ("crm_entity", "verdict", GOLDEN_ID, OWN_ID, "probability", "why")


def adoption_list(adoptions: Sequence[Adoption], language: str) -> pl.DataFrame:
    """One table of all CRM entities: the facts, then each field as the sources and as the CRM have
    it.
    """
    return pl.concat([_listed(one, language) for one in adoptions], how="diagonal")


def _listed(adoption: Adoption, language: str) -> pl.DataFrame:
    values = adoption.values
    verdicts = {v: sentence(f"adopt.{v}", language, "cli") for v in ("match", "twin", "possible")}
    facts = even_chunks(
        values.with_columns(
            pl.lit(adoption.crm_entity).alias("crm_entity"),
            pl.col("verdict").replace(verdicts),
            pl.Series("why", reasons(adoption.found, language), pl.String),
        )
    )
    headings = {name: sentence(f"adopt.heading.{name}", language, "cli") for name in FACTS}
    sides = [
        values[side].alias(sentence(f"adopt.heading.{heading}", language, "cli", field=field))
        for field in adoption.fields
        for side, heading in ((field, "ours"), (f"{field} (CRM)", "theirs"))
    ]
    return even_chunks(facts.select(FACTS).rename(headings).with_columns(sides))


def reasons(found: pl.DataFrame, language: str) -> list[str]:
    """Why each pair is one customer, or may be: what is in doubt, and how the fields compare."""
    say = Sentences(language)
    lines = []
    for doubt, levels in found.select("doubt", "levels").iter_rows():
        compared = json.loads(levels or "{}").items()
        parts = [
            say.field(field, level) for field, level in compared if level not in (None, "missing")
        ]
        if doubt is not None:
            parts.insert(0, sentence(f"adopt.doubt.{doubt}", language, "cli"))
        lines.append(say.list(parts))
    return lines
