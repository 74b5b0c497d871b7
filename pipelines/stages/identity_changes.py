"""What a run would change in who is who: records that are gone, and ids that change hands.

Judged before anything is remembered, so that a broken export, a renamed file or a wrong key stops
the run instead of giving customers new ids.
"""

import json

import polars as pl
from rapidfuzz.distance import JaroWinkler

from cleansing import clean_values
from governance.renaming import as_renamed
from governance.run_folder import ABSENT, MOVED
from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.records import GOLDEN_ID, RECORD_ID, SOURCE
from pipelines.stages.extraction import IN_SCOPE
from pipelines.stages.run import Run

NOT_DELIVERED, OUT_OF_SCOPE = "not delivered", "out of scope"
KEY = [SOURCE, RECORD_ID]
SAME_TABLE = 0.5
"""Share of the records of a table that is gone which another one has, from which it is the same."""


def write_changes(run: Run, entity: str, clusters: pl.DataFrame) -> None:
    """Write which known records are absent, and which have another golden id than before.

    `clusters` has source, record_id and golden_id of every member.
    """
    known = as_renamed(run.ledger.crosswalk(entity), run.get(f"rekeyed/{entity}"))
    scope = run.get(f"scope/{entity}", [*KEY, "scope"])
    if known.is_empty():  # the first run: everything is new
        run.put(f"absent/{entity}", pl.DataFrame(schema=ABSENT.schema))
        run.put(f"moved/{entity}", pl.DataFrame(schema=MOVED.schema))
        return
    missing = run.ledger.missing_records(entity).select(*KEY, since="missing_since")
    here = scope.group_by(KEY).agg(inside=(pl.col("scope") == IN_SCOPE).any())
    gone = (
        known.join(here, on=KEY, how="left", maintain_order="left")
        .filter(~pl.col("inside").fill_null(False))
        .join(missing, on=KEY, how="left", maintain_order="left")
    )
    why = pl.when(pl.col("inside").is_null()).then(pl.lit(NOT_DELIVERED))
    run.put(
        f"absent/{entity}",
        gone.select(*KEY, GOLDEN_ID, why.otherwise(pl.lit(OUT_OF_SCOPE)).alias("why"), "since"),
    )
    moved = (
        clusters.select(*KEY, GOLDEN_ID)
        .join(known.rename({GOLDEN_ID: "former"}), on=KEY, maintain_order="left")
        .filter(pl.col("former") != pl.col(GOLDEN_ID))
    )
    run.put(f"moved/{entity}", moved.select(*KEY, "former", GOLDEN_ID))


def counts(run: Run, entity: str) -> tuple[int, int, int, int]:
    """Known records, those newly not delivered, those that are here, those of another golden id."""
    absent = run.get(f"absent/{entity}", ["why", "since"])
    new = absent.filter(pl.col("since").is_null(), pl.col("why") == NOT_DELIVERED).height
    before = run.ledger.linked_records(entity)
    known = before - absent.filter(pl.col("since").is_not_null()).height
    return known, new, before - absent.height, run.get(f"moved/{entity}", [SOURCE]).height


SAMPLE = 2_000
"""Golden records looked at to see whether they still have their names."""
UNLIKE = 0.6
"""Names (of firms, brands) less similar than this (Jaro-Winkler) are those of two customers."""


def renamed(run: Run, entity: str) -> tuple[int, int]:
    """Of known golden records, how many were looked at and how many have quite another name.

    A running number taken for a key gives every customer the id of another one.
    """
    spec = run.project.entities[entity]
    kinds = _NAMES if spec.match.entity != "company" else _NAMES[::-1]
    by_kind = [[n for n, own in spec.kinds.items() if own == kind] for kind in kinds]
    names = {name: spec.kinds[name] for name in by_kind[0] or by_kind[1]}
    before = run.ledger.golden_sample(entity, SAMPLE)
    golden = run.get(f"golden/{entity}", [GOLDEN_ID, *names])
    both = before.join(golden, on=GOLDEN_ID, maintain_order="left")
    if not names or both.is_empty():
        return 0, 0
    kept = [json.loads(fields) for fields in both["fields"]]
    given = pl.Series([False] * both.height)
    unlike = pl.Series([True] * both.height)
    for name, kind in names.items():
        was = _spoken(pl.Series([one.get(name) for one in kept], dtype=pl.String), kind)
        now = _spoken(both[name], kind)
        there = was.is_not_null() & now.is_not_null()
        other = [_unlike(a, b) for a, b in zip(was.fill_null(""), now.fill_null(""), strict=True)]
        given |= there
        unlike &= pl.Series(other, dtype=pl.Boolean) | ~there
    return both.height, int((given & unlike).sum())


_NAMES = (Kind.PERSON_NAME, Kind.COMPANY_NAME)
"""A person goes by the person's name, a firm by its own."""


def _spoken(names: pl.Series, kind: Kind) -> pl.Series:
    """The distinctive part of a name: of a firm without its place, trade and legal form."""
    if kind is not Kind.COMPANY_NAME:
        return names
    cleaned = clean_values(names, kind)
    return cleaned.select(pl.coalesce("brand", "value"))["brand"]


def _unlike(one: str, other: str) -> bool:
    return JaroWinkler.similarity(one.casefold(), other.casefold()) < UNLIKE


def tell_renamed(run: Run, entity: str) -> None:
    """Say where a table that is gone has the very records another one newly has."""
    absent = run.get(f"absent/{entity}")
    gone = _parted(absent.filter(pl.col("since").is_null(), pl.col("why") == NOT_DELIVERED))
    here = _parted(run.get(f"clusters/{entity}", KEY))
    known = _parted(run.ledger.crosswalk(entity))
    whole = ["from", "table"]
    still = known.join(gone, on=[*whole, "key"], how="anti").select(whole).unique()
    former = gone.join(still, on=whole, how="anti")
    new = here.join(known.select(whole).unique(), on=whole, how="anti")
    both = former.join(new, on="key", suffix="_now").group_by(
        *whole, "from_now", "table_now", maintain_order=True
    )
    sizes = former.group_by(whole).agg(of=pl.len())
    for row in both.agg(same=pl.len()).join(sizes, on=whole).iter_rows(named=True):
        if row["same"] >= SAME_TABLE * row["of"]:
            _tell(run, entity, row)


def _parted(records: pl.DataFrame) -> pl.DataFrame:
    """Source, table and key of records."""
    table = pl.col(RECORD_ID).str.split("/").list.first()
    key = pl.col(RECORD_ID).str.replace("^[^/]*/", "")
    return records.select(pl.col(SOURCE).alias("from"), table.alias("table"), key.alias("key"))


def _tell(run: Run, entity: str, row: dict[str, object]) -> None:
    facts = {"entity": entity, "same": row["same"], "of": row["of"], "table": row["table"]}
    if row["from"] != row["from_now"]:
        sentence = (
            "{entity}: {same:,} of {of:,} records of source `{old}` now come from `{new}`; if it "
            "is the same one under another name: guiyi ledger rename-source {old} {new}"
        )
        run.note(Message(sentence, **facts, old=row["from"], new=row["from_now"]))
        return
    run.note(
        Message(
            "{entity}: {same:,} of {of:,} records of table `{table}` now come as `{new}`; if it is "
            "the same one under another name, write `namespace: {table}` beside its `entity`",
            **facts,
            new=row["table_now"],
        )
    )
