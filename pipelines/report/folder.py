"""A finished run's folder, read only as far as a report needs it."""

import json
from pathlib import Path
from typing import Any

import polars as pl

from governance.run_folder import TABLES, RunFolder, named
from guiyi.errors import SourceError
from guiyi.kinds import Kind
from guiyi.record_key import parted, record_key
from guiyi.records import RECORD_ID, raw, reason


def cleaning_of(field: str) -> list[pl.Expr]:
    """What cleaning did to a cell of a field."""
    return [
        pl.col(field).is_not_null().alias("valid"),
        pl.col(raw(field)).is_not_null().alias("filled"),
        pl.col(reason(field)).alias("reason"),
    ]


class FinishedRun:
    """The tables of one run; a table that is not there means its stage did not run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tables = RunFolder(path)
        manifest = path / "manifest.json"
        if not manifest.exists():
            raise SourceError(
                "not a run folder: it has no manifest.json",
                place=str(path),
                hint="give a folder under .guiyi/runs/",
            )
        self.manifest: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))

    def golden_name(self, golden_id: object) -> str:
        """A golden id as a person is shown it."""
        return str(golden_id)

    def some_records(self, entity: str, keys: list[str], columns: list[str]) -> pl.DataFrame:
        """Some columns of the clean records with these keys (`source:record_id`)."""
        # By one column first: a key is put together for the few rows that may have it alone.
        ids = [parted(key)[1] for key in keys]
        likely = self.scan(f"clean/{entity}").filter(pl.col(RECORD_ID).is_in(ids))
        return likely.filter(record_key().is_in(keys)).select(columns).collect()

    def tally(self, entity: str, field: str) -> pl.DataFrame:
        """How many records (`len`) have a valid value, had any (`filled`), for what reason."""
        cleaned = self.scan(f"clean/{entity}").select(cleaning_of(field))
        return cleaned.group_by("valid", "filled", "reason").len().collect()

    def pairs_among(self, entity: str, keys: list[str]) -> pl.DataFrame:
        """The pairs between some records; without columns if none were compared."""
        if not self.has(f"pairs/{entity}"):
            return pl.DataFrame()
        both = pl.col("left").is_in(keys) & pl.col("right").is_in(keys)
        return self.scan(f"pairs/{entity}").filter(both).collect()

    def has(self, name: str) -> bool:
        """Tell whether a table was written."""
        return self.tables.has(*named(name))

    def scan(self, name: str) -> pl.LazyFrame:
        """A table, not read yet; empty and without columns if it was not written."""
        return self.tables.scan(*named(name)) if self.has(name) else pl.LazyFrame()

    def read(self, name: str) -> pl.DataFrame:
        """A table; empty and without columns if it was not written."""
        return self.scan(name).collect()

    def columns(self, name: str) -> list[str]:
        """The columns of a table."""
        return self.scan(name).collect_schema().names()

    def names(self, folder: str) -> list[str]:
        """Of what there are tables of a kind, in the manifest's order where it knows them."""
        (table,) = (table for table in TABLES if table.name == folder)
        found = self.tables.names(table)
        known = [*self.kinds, *self.manifest.get("mapping", {})]
        return sorted(found, key=lambda name: known.index(name) if name in known else len(known))

    @property
    def kinds(self) -> dict[str, dict[str, Kind]]:
        """The field kinds, by entity and field."""
        kinds: dict[str, dict[str, str]] = self.manifest.get("kinds") or {}
        return {e: {f: Kind(kind) for f, kind in fields.items()} for e, fields in kinds.items()}

    @property
    def sources(self) -> list[str]:
        """The sources, the most trusted first."""
        return list(self.manifest.get("sources") or [])

    def model(self, entity: str) -> dict[str, Any]:
        """The match model of an entity; empty if it was not matched."""
        file = self.path / "models" / f"{entity}.json"
        if not file.exists():
            return {}
        model: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return model
