"""Map: golden records become CRM entities; those whose relations lead nowhere are held back."""

import re
from collections.abc import Collection, Mapping

import polars as pl

from governance.run_folder import GOLDEN
from guiyi.messages import Message
from guiyi.records import GOLDEN_ID, RECORD_ID, SOURCE, part, ref
from mapping import CodeList, Mapped, map_entities, parts_of_names, read_codes
from pipelines.stages.parents import records_and_golden_ids, wrong_parents
from pipelines.stages.run import Run
from pipelines.stages.tally import Tally


def map_to_crm(run: Run) -> Tally:
    """Make the CRM entities of every golden record that may be loaded."""
    codes = read_codes(run.project)
    mapped = _map(run, codes)
    while mapped.orphans.height:  # holding one back may orphan those that point to it
        _hold_orphans(run, mapped.orphans)
        mapped = _map(run, codes)
    for name, table in mapped.entities.items():
        # In the order of the ids, in which a database writes and reads an index from end to end.
        run.put(f"crm/{name}", table.sort("external_id"))
    run.put("unmapped_codes", mapped.unmapped)
    for entity, above in mapped.head_offices.items():
        _note_head_offices(run, entity, above)
    _tell_further(run)
    golden = sum(healthy(run, entity, ()).height for entity in run.entities)
    rows = sum(table.height for table in mapped.entities.values())
    gaps = mapped.unmapped.height
    return Tally(golden, rows, _told(gaps) if gaps else "")


def _told(gaps: int) -> Message:
    return Message.counted("{n} code without translation", "{n} codes without translation", n=gaps)


def _note_head_offices(run: Run, entity: str, above: pl.DataFrame) -> None:
    """Say how many branches are under their head office by name, and how many are in doubt."""
    doubtful = above["head_office"].null_count()
    if above.height > doubtful:
        run.note(
            Message.counted(
                "{entity}: {n} branch leads to its head office by name, unless a source says where",
                "{entity}: {n} branches lead to their head office by name, unless a source says "
                "where",
                n=above.height - doubtful,
                entity=entity,
            )
        )
    if doubtful:
        run.note(
            Message.counted(
                "{entity}: {n} branch has no head office, as several customers bear its name",
                "{entity}: {n} branches have no head office, as several customers bear its name",
                n=doubtful,
                entity=entity,
            )
        )


def _tell_further(run: Run) -> None:
    """Name the fields of which a record has several values and the CRM gets the first alone."""
    for entity in run.entities:
        crm = [spec for spec in run.project.mapping.values() if spec.entity == entity]
        text = " ".join(f"{own.field} {own.expr}" for spec in crm for own in spec.fields.values())
        mentioned = set(re.split(r"[^\w.]+", text)) | set(re.split(r"\W+", text))
        there = run.tables.columns(GOLDEN, entity)
        for field in run.project.entities[entity].fields:
            every = part(field, "all")
            if every not in there or every in mentioned or field not in mentioned:
                continue
            lists = healthy(run, entity, [every])[every]
            several = int((lists.list.len() > 1).sum())
            if several:
                run.note(
                    Message.counted(
                        "{entity}: {n} record has further values of `{field}`, which are not "
                        "mapped; `{all_field}` has all of them",
                        "{entity}: {n} records have further values of `{field}`, which are not "
                        "mapped; `{all_field}` has all of them",
                        n=several,
                        entity=entity,
                        field=field,
                        all_field=every,
                    )
                )


def healthy(run: Run, entity: str, columns: Collection[str] | None = None) -> pl.DataFrame:
    """The golden records of an entity that are not in quarantine, or some of their columns."""
    held = run.quarantined(entity).select(GOLDEN_ID).drop_nulls().unique()
    wanted = None if columns is None else list(dict.fromkeys([GOLDEN_ID, *columns]))
    golden = run.get(f"golden/{entity}", wanted)
    if held.is_empty():
        return golden
    return golden.join(held, on=GOLDEN_ID, how="anti", maintain_order="left")


def _map(run: Run, codes: Mapping[str, CodeList]) -> Mapped:
    golden = {entity: healthy(run, entity, _mapped(run, entity)) for entity in run.entities}
    wrong = {entity: wrong_parents(run, entity) for entity in run.entities}
    return map_entities(golden, _crosswalks(run), run.project, codes, wrong)


def _mapped(run: Run, entity: str) -> list[str]:
    """The columns of golden records that a mapping may look at: relations, and those it writes."""
    specs = [spec for spec in run.project.mapping.values() if spec.entity == entity]
    text = " ".join(spec.model_dump_json() for spec in specs)
    columns, names = run.tables.columns(GOLDEN, entity), parts_of_names(run.project, entity)
    return [name for name in columns if name in text or name in names or name.startswith(ref(""))]


def _crosswalks(run: Run) -> pl.DataFrame:
    """The crosswalk of every entity that a relation to be mapped points to."""
    pointed_to = {
        run.project.relations(crm.entity)[relation]
        for crm in run.project.mapping.values()
        if crm.entity in run.entities
        for relation in crm.relations.values()
    }
    none = pl.DataFrame(schema=dict.fromkeys(("entity", SOURCE, RECORD_ID, GOLDEN_ID), pl.String))
    wanted = [entity for entity in run.entities if entity in pointed_to]
    return pl.concat([none, *(_crosswalk(run, entity) for entity in wanted)])


def _crosswalk(run: Run, entity: str) -> pl.DataFrame:
    """Say what became of every record in scope; one held back before merging became nothing."""
    became = records_and_golden_ids(run, entity)
    return became.select(pl.lit(entity).alias("entity"), SOURCE, RECORD_ID, GOLDEN_ID)


def _hold_orphans(run: Run, orphans: pl.DataFrame) -> None:
    for name, crm in run.project.mapping.items():
        lost = orphans.filter(pl.col("crm_entity") == name)
        hold_golden(
            run,
            crm.entity,
            "map",
            lost.select(
                pl.col("external_id").alias(GOLDEN_ID),
                pl.lit("relation").alias("expectation"),
                pl.col("relation").alias("column"),
                "reason",
            ),
        )


def hold_golden(run: Run, entity: str, stage: str, failures: pl.DataFrame) -> None:
    """Put golden records into quarantine, each with all its members."""
    members = run.get(f"clusters/{entity}", [SOURCE, RECORD_ID, GOLDEN_ID])
    held = members.join(failures, on=GOLDEN_ID)
    run.hold_back([held.with_columns(entity=pl.lit(entity), stage=pl.lit(stage))])
