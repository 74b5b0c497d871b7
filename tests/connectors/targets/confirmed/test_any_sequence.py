"""Whatever goes wrong in whatever order: nothing lost, nothing doubled, no false success."""

import random
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from connectors.targets import EXTERNAL_ID, Target
from guiyi.errors import ConnectionLost
from tests.connectors.targets.hubspot.test_hubspot import bench
from tests.connectors.targets.kingdee.bench import kingdee_bench
from tests.connectors.targets.misbehaving import by_chance
from tests.connectors.targets.odoo.bench import odoo_bench
from tests.connectors.targets.rest.test_rest import standing_in
from tests.connectors.targets.salesforce.bench import salesforce_bench
from tests.connectors.targets.sql_database import table
from tests.examples import examples

ROWS = 260
ACCOUNTS: dict[str, Any] = {"tables": {"account": "conformance"}, "relations": {}}
CUSTOMERS = {"form": "PLAIN", "id": "FID"}
OPENED = {
    "hubspot": lambda patch: bench(patch),
    "Directus": lambda patch: standing_in("Directus", patch),
    "NocoBase": lambda patch: standing_in("NocoBase", patch),
    "kingdee": lambda patch: kingdee_bench(patch, "signed", entities={"account": CUSTOMERS}),
    "odoo": lambda patch: odoo_bench(patch, "json2"),
    "odoo jsonrpc": lambda patch: odoo_bench(patch, "jsonrpc"),
    "salesforce": lambda patch: salesforce_bench(patch, **ACCOUNTS),
    "salesforce jobs": lambda patch: salesforce_bench(patch, bulk_from=1, **ACCOUNTS),
}


def _again(act: Callable[[], Any]) -> Any:
    """As a load does: the same call until it ends."""
    for _ in range(200):
        try:
            return act()
        except ConnectionLost:
            continue
    raise AssertionError("it never ended")


def _load(target: Target, rows: pl.DataFrame, size: int) -> None:
    for part in rows.iter_slices(size):
        ids = part[EXTERNAL_ID].to_list()
        _again(lambda i=ids: target.fetch("account", ["name"], i))
        refused = _again(lambda p=part: target.upsert("account", p))
        assert refused == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", OPENED)
@pytest.mark.parametrize("seed", range(examples(2)))
def test_any_sequence_of_faults_is_survived(
    kind: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sixth of all requests fails; the seed is in the name of the test."""
    drawn = random.Random(seed)
    with OPENED[kind](monkeypatch) as made:
        target = made.open()
        target.prepare("account", ["name"])
        made.service.chance = by_chance(seed, 1 / 6)
        ids: list[str | None] = [f"G{n:03}" for n in range(ROWS)]
        first = table(external_id=ids, name=[f"公司{n}" for n in range(ROWS)])
        _load(target, first, drawn.randint(20, ROWS))
        changed = drawn.sample(range(ROWS), 40)
        names = {f"公司{n}": f"新公司{n}" for n in changed}
        second = first.with_columns(pl.col("name").replace(names))
        _load(target, second, drawn.randint(20, ROWS))
        found = _again(lambda: target.fetch("account", ["name"]))
        assert found.sort(EXTERNAL_ID).equals(second)
        gone = drawn.sample(second[EXTERNAL_ID].to_list(), 30)
        _again(lambda: target.delete("account", gone))
        made.service.chance = lambda: ""
        left = target.fetch("account", ["name"])
        kept = second.filter(~pl.col(EXTERNAL_ID).is_in(gone))
        assert left.sort(EXTERNAL_ID).equals(kept)
