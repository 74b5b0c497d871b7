"""A mapped project, a target on every backend and a real ledger."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sqlalchemy.engine import URL

from connectors.targets import Target, open_target
from governance import Ledger, open_ledger
from guiyi.spec import Project
from mapping import Mapped
from mapping.entities import UNMAPPED
from mapping.relations import ORPHANS
from pipelines.loading import LoadJob, Patience, plan

SPEC: dict[str, Any] = {
    "project": "test",
    "sources": {
        "crm": {
            "kind": "delimited",
            "path": "x.csv",
            "tables": [
                {"entity": "company", "columns": {"name": "name"}},
                {
                    "entity": "person",
                    "columns": {"name": "name"},
                    "refs": {"employer": {"entity": "company", "columns": "c", "table": "T"}},
                },
            ],
        }
    },
    "entities": {
        "company": {"fields": {"name": "company_name", "phone": "phone"}},
        "person": {"fields": {"name": "person_name"}},
    },
    "mapping": {
        "account": {"entity": "company", "fields": {"name": "name", "phone": "phone"}},
        "contact": {
            "entity": "person",
            "fields": {"name": "name"},
            "relations": {"account_id": "employer"},
        },
    },
    "load": {"test_batch": 5, "batch_size": 20},
}


def accounts(count: int = 60, **changed: str) -> pl.DataFrame:
    """Make accounts A000…; `A007="x"` gives one another name."""
    ids = [f"A{n:03}" for n in range(count)]
    names = [changed.get(name, f"公司 {name}") for name in ids]
    phones = [None if n % 5 == 0 else f"+86{n:011}" for n in range(count)]
    return pl.DataFrame({"external_id": ids, "name": names, "phone": phones})


def contacts(count: int = 60) -> pl.DataFrame:
    """Make contacts C000…, each of the account with its number, every fifth of none."""
    return pl.DataFrame(
        {
            "external_id": [f"C{n:03}" for n in range(count)],
            "name": [f"王{n}" for n in range(count)],
            "account_id": [None if n % 5 == 0 else f"A{n:03}" for n in range(count)],
        }
    )


def mapped(**entities: pl.DataFrame) -> Mapped:
    """Make what the map stage hands over."""
    tables = entities or {"account": accounts(), "contact": contacts()}
    return Mapped(tables, pl.DataFrame(schema=UNMAPPED), pl.DataFrame(schema=ORPHANS))


@dataclass
class Bench:
    """A project with its target and ledger, on which loads are made."""

    project: Project
    database: URL
    target: Target
    ledger: Ledger
    mapped: dict[str, Mapped] = field(default_factory=dict)
    """What each run has mapped so far."""

    def load(self, run_id: str, rows: Mapped | None = None, **options: Any) -> LoadJob:
        """Plan a load of rows."""
        patience = Patience(pauses=(0.0, 0.0), sleep=lambda _: None)
        earlier = self.mapped.copy()
        self.mapped[run_id] = rows or mapped()

        def runs(entity: str) -> Iterator[tuple[str, pl.LazyFrame]]:
            return (
                (run, earlier[run].entities[entity].lazy()) for run in sorted(earlier, reverse=True)
            )

        planned = plan(
            (rows or mapped()).entities, self.target, self.project, ledger=self.ledger, earlier=runs
        )
        load = LoadJob(planned, self.target, self.ledger, run_id, self.project, patience=patience)
        return replace(load, **options)

    def found(self, entity: str, *columns: str) -> pl.DataFrame:
        """Read what the target holds."""
        return self.target.fetch(entity, columns or ("name",))


@pytest.fixture
def make_bench(database: URL, tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    """Open a project on this backend, its spec changed as asked."""
    made: list[Bench] = []

    def make(**changes: Any) -> Bench:
        url = database.render_as_string(hide_password=False)
        spec = {**SPEC, "target": {"url": url}, **changes}
        project = Project.model_validate(spec)
        target = open_target(project.target, tmp_path)
        made.append(Bench(project, database, target, open_ledger("sqlite:///ledger.db", tmp_path)))
        return made[-1]

    yield make
    for bench in made:
        bench.target.close()
        bench.ledger.close()


class Rows:
    """Makers of CRM rows, for tests that change some of them."""

    accounts = staticmethod(accounts)
    contacts = staticmethod(contacts)

    def __call__(self, **entities: pl.DataFrame) -> Mapped:
        """Hand rows over as the map stage does."""
        return mapped(**entities)


@pytest.fixture
def rows() -> Rows:
    """Makers of CRM rows."""
    return Rows()


@pytest.fixture
def bench(make_bench: Callable[..., Bench]) -> Bench:
    """A project with test batches of 5 and batches of 20."""
    return make_bench()
