"""How well a run found out who is who, what is wrong and what belongs together, by the truth."""

from pathlib import Path
from typing import TypedDict

import polars as pl

from governance.run_folder import EXTRACT, PLACE, ROW, SCOPE, RunFolder
from guiyi.records import GOLDEN_ID, RECORD_ID, SOURCE
from guiyi.records import PLACE as RECORD_PLACE


class EntityScore(TypedDict):
    """One entity, pair by pair: two records of a cluster are a pair."""

    records: int
    """The records of the entity that should have become members of golden records."""
    true_pairs: int
    found_pairs: int
    right_pairs: int
    precision: float
    recall: float
    f1: float


class Caught(TypedDict):
    """What validation held back."""

    must_fail: int
    """The records that must be held back."""
    caught: int
    """How many of them were."""
    held_wrongly: int
    """How many others were held back as well."""


class Placed(TypedDict):
    """Where orders ended up."""

    orders: int
    """The orders in the CRM tables made from them."""
    right: int
    """How many of them belong to the account of the firm that gave them."""


KEYS = [SOURCE, RECORD_ID]
MATCHED = ("company", "person")


def score(folder: Path, run_folder: Path) -> dict[str, EntityScore]:
    """Compare the clusters of a run of the demo with the truth, entity by entity.

    `folder` is the demo's project, `run_folder` the run's. Counted are the records the run
    extracted; one that it held back by mistake costs its pairs. Records that had to be held back
    or left out are not counted, and neither are entities whose records are not matched.
    """
    scores: dict[str, EntityScore] = {}
    for entity in MATCHED:
        file = run_folder / "clusters" / f"{entity}.parquet"
        if file.exists():
            clusters = pl.read_parquet(file, columns=[*KEYS, "cluster_id"])
            extracted = pl.read_parquet(run_folder / "records" / f"{entity}.parquet", columns=KEYS)
            truth = _truth(folder, run_folder).filter(pl.col("entity") == entity)
            scores[entity] = score_clusters(truth.join(extracted, on=KEYS, how="semi"), clusters)
    return scores


def score_clusters(truth: pl.DataFrame, clusters: pl.DataFrame) -> EntityScore:
    """Compare clusters (source, record_id, cluster_id) with the truth about one entity."""
    counted = truth.filter(pl.col("must_fail").is_null() & pl.col("out_of_scope").is_null())
    known = counted.join(clusters, on=KEYS, how="left", validate="1:1")
    found = known.drop_nulls("cluster_id")
    true_pairs = _pairs(known, "true_id")
    found_pairs = _pairs(found, "cluster_id")
    right_pairs = _pairs(found, "true_id", "cluster_id")
    precision = right_pairs / found_pairs if found_pairs else 1.0
    recall = right_pairs / true_pairs if true_pairs else 1.0
    both = precision + recall
    return EntityScore(
        records=known.height,
        true_pairs=true_pairs,
        found_pairs=found_pairs,
        right_pairs=right_pairs,
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / both if both else 0.0,
    )


def score_validation(folder: Path, run_folder: Path) -> Caught:
    """Compare the quarantine of a run of the demo, one that came to its gate, with the truth."""
    held = pl.read_parquet(run_folder / "quarantine.parquet").drop_nulls(RECORD_ID)
    held = held.select("entity", *KEYS).unique()
    must_fail = _truth(folder, run_folder).filter(pl.col("must_fail").is_not_null())
    caught = must_fail.join(held, on=["entity", *KEYS], how="semi").height
    return Caught(must_fail=must_fail.height, caught=caught, held_wrongly=held.height - caught)


def score_orders(folder: Path, run_folder: Path) -> Placed:
    """See whether each order of a run of the demo, one that came to its gate, is its firm's."""
    truth = _truth(folder, run_folder)
    firms = (
        _members(run_folder, "company")
        .join(truth.filter(pl.col("entity") == "company"), on=KEYS)
        .select(pl.col(GOLDEN_ID).alias("account"), pl.col("true_id").alias("belongs_to"))
        .unique()
    )
    orders = _members(run_folder, "order").join(truth.filter(pl.col("entity") == "order"), on=KEYS)
    crm = [run_folder / "crm" / f"{name}.parquet" for name in ("order", "opportunity")]
    loaded = pl.concat([pl.read_parquet(file, columns=["external_id", "account"]) for file in crm])
    placed = loaded.join(orders, left_on="external_id", right_on=GOLDEN_ID)
    right = placed.join(firms, on=["account", "belongs_to"], how="semi")
    return Placed(orders=placed.height, right=right.height)


def _truth(folder: Path, run_folder: Path) -> pl.DataFrame:
    """The truth, with the record ids of this run.

    It names rows without a key by their number; a run names them by what they say.
    """
    truth = pl.read_parquet(folder / "truth.parquet")
    run = RunFolder(run_folder)
    if not run.names(EXTRACT):
        return truth
    rows = pl.concat(run.read(EXTRACT, name, [ROW, PLACE]) for name in run.names(EXTRACT))
    scope = pl.concat(
        run.read(SCOPE, entity).with_columns(entity=pl.lit(entity)) for entity in run.names(SCOPE)
    )
    table = pl.col(RECORD_ID).str.extract("^([^/]*/)~")
    named = (
        scope.filter(table.is_not_null())
        .join(rows.unique(PLACE), left_on=RECORD_PLACE, right_on=PLACE)
        .select(SOURCE, "entity", number=pl.concat_str(table, ROW), now=RECORD_ID)
    )
    keys = [SOURCE, "entity", "number"]
    return (
        truth.with_columns(number=RECORD_ID)
        .join(named.unique(keys), on=keys, how="left", maintain_order="left")
        .with_columns(pl.coalesce("now", RECORD_ID).alias(RECORD_ID))
        .drop("number", "now")
    )


def _members(run_folder: Path, entity: str) -> pl.DataFrame:
    file = run_folder / "clusters" / f"{entity}.parquet"
    return pl.read_parquet(file, columns=[*KEYS, GOLDEN_ID])


def _pairs(records: pl.DataFrame, *columns: str) -> int:
    size = pl.col("len").cast(pl.Int64)
    sizes = records.group_by(columns).len()
    return int(sizes.select((size * (size - 1) // 2).sum()).item())
