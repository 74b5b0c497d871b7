"""Whose customers golden records are: by their owner's name or department, or by whom they belong
to.
"""

import unicodedata
from collections.abc import Collection

import polars as pl

from governance.ledger import Ledger
from governance.published_runs import published_runs
from governance.run_folder import GOLDEN
from guiyi.record_key import record_key
from guiyi.records import GOLDEN_ID, ref
from guiyi.spec import Project

_DEEPEST = 5
"""Relations followed from a record to its owner: an order's contact's company's head office."""


class Ownership:
    """The customers of one person."""

    def __init__(self, project: Project, ledger: Ledger, name: str) -> None:
        """`name`: the person's; departments they belong to stand in the spec."""
        self._project, self._ledger = project, ledger
        departments = project.privacy.departments.items()
        own = {_folded(name)}
        own |= {_folded(d) for d, people in departments if _folded(name) in map(_folded, people)}
        self._names = own
        self._every: dict[str, set[str]] = {}

    def is_reader(self, name: str) -> bool:
        """Whether it is the person's own name, or that of a department of theirs."""
        return _folded(name) in self._names

    def are(self, entity: str, golden_ids: pl.Series) -> pl.Series:
        """Of each golden id, whether it is a customer of the person."""
        return golden_ids.is_in(list(self._all(entity))).fill_null(value=False)

    def have(self, entity: str, keys: pl.Series) -> pl.Series:
        """Of each record key, whether it is of a customer of the person."""
        links = self._ledger.crosswalk(entity).with_columns(key=record_key())
        own = links.filter(self.are(entity, links[GOLDEN_ID]))["key"]
        return keys.is_in(own.implode()).fill_null(value=False)

    def among(self, entity: str, golden_ids: Collection[str]) -> set[str]:
        """Those of some golden records that are customers of the person."""
        return self._owned(entity, golden_ids, _DEEPEST)

    def _all(self, entity: str) -> set[str]:
        if entity not in self._every:
            self._every[entity] = self._owned(entity, None, _DEEPEST)
        return self._every[entity]

    def _owned(self, entity: str, golden_ids: Collection[str] | None, deeper: int) -> set[str]:
        spec = self._project.entities.get(entity)
        if spec is None or not deeper:
            return set()
        found: set[str] = set()
        for name in spec.owner:
            if name in spec.fields:
                found |= self._named(entity, name, golden_ids)
            else:
                found |= self._related(entity, name, golden_ids, deeper)
        return found

    def _named(self, entity: str, name: str, golden_ids: Collection[str] | None) -> set[str]:
        """Those whose owner is the person or a department of theirs."""
        images = self._ledger.golden_fields(entity, golden_ids)
        owner = pl.col("fields").str.json_path_match(f"$['{name}']")
        rows = images.select(GOLDEN_ID, owner=owner).drop_nulls().iter_rows()
        return {gid for gid, value in rows if any(map(self.is_reader, value.split("; ")))}

    def _related(
        self, entity: str, name: str, golden_ids: Collection[str] | None, deeper: int
    ) -> set[str]:
        """Those that belong to a customer of the person, as the last published run has it."""
        target = self._project.relations(entity)[name]
        runs = published_runs(self._project.folder)
        merged = next((run for run in runs if run.has(GOLDEN, entity)), None)
        if merged is None or ref(name) not in merged.scan(GOLDEN, entity).collect_schema():
            return set()
        points = merged.scan(GOLDEN, entity).select(GOLDEN_ID, key=ref(name)).drop_nulls()
        if golden_ids is not None:
            points = points.filter(pl.col(GOLDEN_ID).is_in(list(golden_ids)))
        links = self._ledger.crosswalk(target).select(key=record_key(), target=GOLDEN_ID)
        pointed = points.collect().join(links, on="key")
        own = self._owned(target, pointed["target"].unique().to_list(), deeper - 1)
        return set(pointed.filter(pl.col("target").is_in(list(own)))[GOLDEN_ID])


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
