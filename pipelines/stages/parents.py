"""What stewards have said of parents holds in every run: "this is the wrong one", "it is that one".

A parent that is named stands in the source record from the start, so that a record which waited for
want of one goes on. What a golden record's relation leads to is settled when there are golden
records of all entities: another record of the wrong parent is the wrong parent, too.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from governance import parents
from governance.parents import SettledParent, SettledParents
from governance.run_folder import GOLDEN, PROVENANCE
from governance.stewardship import Decision
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message
from guiyi.record_key import record_key
from guiyi.records import GOLDEN_ID, RECORD_ID, SOURCE, ref
from pipelines.stages.rekeying import under_new_names
from pipelines.stages.run import Run
from pipelines.stages.value_choices import STEWARD


def decided_now(run: Run, entity: str) -> pl.DataFrame:
    """The decisions about an entity's parents, with the records' names of this run, of the
    relations and entities that the spec has.
    """
    relations = run.project.relations(entity)
    decided = run.ledger.parents(entity)
    there = [of in run.entities and relations.get(r) == of for r, of in _places(decided)]
    decided = under_new_names(
        run, entity, decided.filter(pl.Series(there, dtype=pl.Boolean)), "record"
    )
    named = [decided.clear()]
    for (of,), part in decided.group_by("of"):
        named.append(under_new_names(run, str(of), part, "parent"))
    return pl.concat(named).sort("id")


def _places(decided: pl.DataFrame) -> list[tuple[str, str]]:
    return decided.select("relation", "of").rows()


def with_parents(
    run: Run, entity: str, rows: pl.DataFrame, records: Mapping[str, Sequence[pl.DataFrame]]
) -> pl.DataFrame:
    """Source records of an entity, with the parents that stewards have named and that are here.

    `records`: entity → the source records of this run, in pieces.
    """
    decided = decided_now(run, entity).filter(decision=Decision.PARENT.value)
    for (relation, of), part in decided.group_by("relation", "of", maintain_order=True):
        none = pl.DataFrame(schema={"key": pl.String})
        keys = [none, *(piece.select(key=record_key()) for piece in records.get(str(of), ()))]
        named = part.join(pl.concat(keys), left_on="parent", right_on="key", how="semi")
        name = ref(str(relation))
        old = pl.col(name) if name in rows.columns else pl.lit(None, pl.String)
        new = record_key().replace_strict(
            named["record"], named["parent"], default=None, return_dtype=pl.String
        )
        rows = rows.with_columns(pl.coalesce(new, old).alias(name))
    return rows


def records_and_golden_ids(run: Run, entity: str, table: str = "records") -> pl.DataFrame:
    """source, record_id, golden_id of every record in scope; one held back before merging became
    nothing. `table`: of which table the records are read.
    """
    records = run.get(f"{table}/{entity}", [SOURCE, RECORD_ID])
    clusters = run.get(f"clusters/{entity}", [SOURCE, RECORD_ID, GOLDEN_ID])
    return records.join(clusters, on=[SOURCE, RECORD_ID], how="left")


def _settled(
    run: Run, entity: str, table: str = "records"
) -> tuple[SettledParents, dict[str, pl.DataFrame]] | None:
    """What is decided of an entity's parents, and the records it was settled by, with their keys;
    None where nothing is.
    """
    decided = decided_now(run, entity)
    if decided.is_empty():
        return None
    groups = {
        name: records_and_golden_ids(run, name, table).select(GOLDEN_ID, key=record_key())
        for name in {entity, *decided["of"]}
    }
    return parents.settle(decided, entity, groups), groups


def wrong_parents(run: Run, entity: str) -> pl.DataFrame:
    """golden_id, relation, parent: the golden ids to which relations do not lead."""
    found = _settled(run, entity)
    rows = [
        (golden_id, relation, whose)
        for (golden_id, relation), settled in (found[0].of_golden.items() if found else ())
        for whose in settled.wrong
    ]
    return pl.DataFrame(
        rows, dict.fromkeys((GOLDEN_ID, "relation", "parent"), pl.String), orient="row"
    )


def lead_as_decided(run: Run, entity: str) -> None:
    """Let the relations of an entity's golden records lead where stewards say."""
    found = _settled(run, entity, "clean")
    if found is None:
        return
    settled, groups = found
    _note(run, entity, settled)
    relations = {relation for _, relation in settled.of_golden}
    for relation in sorted(relations):
        own = {gid: one for (gid, name), one in settled.of_golden.items() if name == relation}
        _lead(run, entity, relation, own, groups[run.project.relations(entity)[relation]])


def _note(run: Run, entity: str, settled: SettledParents) -> None:
    for relation, numbers in settled.conflicts:
        run.note(
            Message(
                "{entity}: decisions {numbers} contradict each other about `{relation}` of one "
                "golden record; the latest counts; revoke one: guiyi review revoke {folder} NUMBER",
                entity=entity,
                numbers=", ".join(map(str, numbers)),
                relation=relation,
                folder=run.project.folder,
            )
        )
    if settled.absent:
        run.note(
            Message.counted(
                "{entity}: {n} decision about parents names a record that is not here",
                "{entity}: {n} decisions about parents name records that are not here",
                n=settled.absent,
                entity=entity,
            )
        )


def _lead(
    run: Run, entity: str, relation: str, own: Mapping[str, SettledParent], records: pl.DataFrame
) -> None:
    """Write the golden records and the provenance of one relation anew."""
    field = ref(relation)
    golden, provenance = run.tables.read(GOLDEN, entity), run.tables.read(PROVENANCE, entity)
    if field not in golden.columns:
        golden = golden.with_columns(pl.lit(None, pl.String).alias(field))
    ids = list(own)
    about = (pl.col("field") == field) & pl.col(GOLDEN_ID).is_in(ids)
    beaten = dict(provenance.filter(about).select(GOLDEN_ID, "alternates").iter_rows())
    candidates = {
        gid: [key for key in (value, *(beaten.get(gid) or ())) if key]
        for gid, value in golden.filter(pl.col(GOLDEN_ID).is_in(ids))
        .select(GOLDEN_ID, field)
        .rows()
    }
    known = records.filter(pl.col("key").is_in([k for keys in candidates.values() for k in keys]))
    whose = dict(known.select("key", pl.col(GOLDEN_ID).fill_null(pl.col("key"))).iter_rows())
    changed = [
        row
        for gid, keys in candidates.items()
        if (row := _decided(gid, field, keys, own[gid], whose)) is not None
    ]
    if not changed:
        return
    rows = pl.DataFrame(changed, schema=dict(PROVENANCE.schema))
    of_rows = pl.col(GOLDEN_ID).is_in(rows[GOLDEN_ID].implode())
    new = pl.col(GOLDEN_ID).replace_strict(
        rows[GOLDEN_ID], rows["value"], default=None, return_dtype=pl.String
    )
    golden = golden.with_columns(pl.when(of_rows).then(new).otherwise(field).alias(field))
    run.put(f"golden/{entity}", even_chunks(golden))
    rest = provenance.filter(~(of_rows & (pl.col("field") == field)))
    run.put(f"provenance/{entity}", even_chunks(pl.concat([rest, rows.select(rest.columns)])))


def _decided(
    golden_id: str, field: str, keys: list[str], settled: SettledParent, whose: Mapping[str, str]
) -> dict[str, Any] | None:
    """The provenance of a relation by decisions; None where they leave it as it is."""
    left = [key for key in keys if whose.get(key, key) not in settled.wrong]
    here = [key for key in left if key in whose]
    value = settled.chosen or next(iter([*here, *left]), None)
    if settled.chosen is None and left[:1] == keys[:1]:
        return None
    return {
        GOLDEN_ID: golden_id,
        "field": field,
        "value": value,
        "rule": STEWARD,
        "alternates": [key for key in dict.fromkeys(keys) if key != value],
    }
