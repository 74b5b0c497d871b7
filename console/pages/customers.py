"""A customer from all sides: values with their reasons, records, history, relations."""

from typing import Any

import polars as pl

from console.asked import Answer, Ask, Moved, Refused, ShownPage
from console.customers.notes import Note
from console.customers.records import name_of
from console.rights import Right
from governance import GoldenAt, LedgerError, Masking, Resolved
from governance.run_folder import GOLDEN, PROVENANCE, RunFolder, RunTable, kept_runs
from guiyi.record_key import key_of, parted
from guiyi.records import GOLDEN_ID, ref
from pipelines.report.records import read_records
from pipelines.stewarding.golden_views import golden_at, history, resolved, shown

MOST = 50
"""Records and dependants listed at once."""


def one(asked: Ask) -> Answer:
    """A customer as it is, or as it stood on a day (`as_of`)."""
    name, day = asked.path["golden_id"], asked.given("as_of") or None
    desk, door = asked.desk, asked.door
    try:
        where = resolved(door, name)
        if where.leads_to != name and where.status == "merged" and day is None:
            return Moved(f"/customers/{where.leads_to}", {"golden_id": where.leads_to})
        found = golden_at(desk.project, desk.ledger, name, day, None)
    except LedgerError as error:
        raise Refused(404, error.what, error.hint or "") from None
    view = shown(door, found)
    content = {
        **view,
        "called": _called(view["fields"]),
        "status": where.status,
        "leads_to": where.leads_to,
        "as_of": day,
        "why": _whence(asked, found) if view["own"] else {},
        "members": _members(asked, found) if view["own"] else [],
        "all_members": len(view["members"]),
        "dependants": _dependants(asked, found) if view["own"] else [],
        "parents": _parents(asked, found) if view["own"] else [],
        "history": history(door, name).to_dicts(),
        "choosable": list(door.kinds(found.entity)),
        "may_decide": Right.REVIEW in asked.who.rights and view["own"] and day is None,
        "notes": _notes(asked, where),
        "done": bool(asked.given("done")),
    }
    return ShownPage("customers/one.html.j2", content)


def _called(fields: dict[str, Any]) -> str | None:
    """What a customer is called: the first of its fields that has a value the reader sees."""
    return next((str(value) for value in fields.values() if value), None)


def unmask(asked: Ask) -> Answer:
    """Show what is masked of one customer, for a reason: the audit chain keeps both.

    It is shown once; nothing else is unmasked by it.
    """
    why, name = asked.wanted("why"), asked.path["golden_id"]
    desk, door = asked.desk, asked.door
    try:
        found = golden_at(desk.project, desk.ledger, name, None, None)
    except LedgerError as error:
        raise Refused(404, error.what, error.hint or "") from None
    if not door.sees(found.entity, found.golden_id):
        raise Refused(403, "this customer is somebody else's")
    kinds, values = door.kinds(found.entity), found.fields or {}
    own = {field: value for field, value in values.items() if field in kinds and value is not None}
    masked = door.values(found.entity, found.golden_id, own)
    hidden = {field: value for field, value in own.items() if masked[field] != value}
    details = {"entity": found.entity, "fields": sorted(hidden), "role": asked.who.role}
    reason = Masking.usual(desk.project).text(why[:400])
    desk.ledger.audit(
        "read.unmasked", found.golden_id, {**details, "why": reason}, who=asked.who.name
    )
    return ShownPage("customers/unmasked.html.j2", {"golden_id": found.golden_id, "fields": hidden})


def _members(asked: Ask, found: GoldenAt) -> list[dict[str, str | None]]:
    """The records it has, some of them: key as it may be shown, name in addresses, and place."""
    keys = found.members[:MOST]
    queue = asked.desk.queues.of(found.entity)
    heads = {}
    if queue is not None and queue.run.has(f"clean/{found.entity}"):
        heads = read_records(queue.run, found.entity, keys, asked.door.masking).heads
    return [
        {
            "key": asked.door.key(key),
            "source": parted(key)[0],
            "name": name_of(key),
            "place": heads[key].place if key in heads else None,
        }
        for key in keys
    ]


def _notes(asked: Ask, where: Resolved) -> list[Note]:
    """The notes on it; those on an erased person are taken out."""
    if where.status == "erased":
        asked.desk.notes.forget(where.golden_id)
    if Right.REVIEW not in asked.who.rights:
        return []
    return asked.desk.notes.of(where.leads_to)


def _whence(asked: Ask, found: GoldenAt) -> dict[str, dict[str, Any]]:
    """Why each value won, by field, as the latest run that made it says."""
    folder = _run_of(asked, found)
    if folder is None:
        return {}
    rows = folder.scan(PROVENANCE, found.entity).filter(pl.col(GOLDEN_ID) == found.golden_id)
    table = rows.collect()
    masked = asked.door.table(found.entity, _by_field(table))
    words, result = asked.say.report, {}
    for row in masked.iter_rows(named=True):
        record = key_of(row["source"], row["record_id"]) if row["source"] else None
        result[row["field"]] = {
            "rule": words.named("rule", row["rule"] or ""),
            "why": words.named("why", row["why"] or "") if row["why"] else None,
            "record": None if record is None else asked.door.key(record),
            "name": None if record is None else name_of(record),
            "alternates": len(row["alternates"] or []),
        }
    return result


def _by_field(table: pl.DataFrame) -> pl.DataFrame:
    return table.select(GOLDEN_ID, "field", "source", "record_id", "rule", "why", "alternates")


def _run_of(asked: Ask, found: GoldenAt) -> RunFolder | None:
    """The run whose golden record it is, if its folder is kept."""
    for folder in kept_runs(asked.desk.project.folder):
        is_it = found.run_id is None or folder.path.name <= found.run_id
        if is_it and folder.has(PROVENANCE, found.entity):
            return folder
    return None


def _parents(asked: Ask, found: GoldenAt) -> list[dict[str, str]]:
    """The customers this one's relations lead to, as the latest run has them."""
    relations = asked.desk.project.relations(found.entity)
    folder = _latest(asked, GOLDEN, found.entity)
    if folder is None or not relations:
        return []
    there = set(folder.columns(GOLDEN, found.entity))
    known = {name: entity for name, entity in relations.items() if ref(name) in there}
    own = folder.scan(GOLDEN, found.entity).filter(pl.col(GOLDEN_ID) == found.golden_id)
    row = next(own.select([ref(name) for name in known]).collect().iter_rows(named=True), {})
    links = []
    for relation, entity in known.items():
        name = _leads_to(asked, row[ref(relation)]) if row.get(ref(relation)) else ""
        if name:
            links.append({"relation": relation, "entity": entity, "golden_id": name})
    return links


def _leads_to(asked: Ask, record: str) -> str:
    """The golden id of a record; none where it was never published."""
    try:
        return asked.desk.ledger.resolve(record).leads_to
    except LedgerError:
        return ""


def _dependants(asked: Ask, found: GoldenAt) -> list[dict[str, Any]]:
    """Whose relations lead to this customer in the latest run, some of each sort."""
    keys = asked.desk.ledger.resolve(found.golden_id).members
    result: list[dict[str, Any]] = []
    for entity in asked.desk.project.entities:
        folder = _latest(asked, GOLDEN, entity)
        if folder is None:
            continue
        there = folder.columns(GOLDEN, entity)
        for relation, other in asked.desk.project.relations(entity).items():
            column = ref(relation)
            if other != found.entity or column not in there:
                continue
            own = folder.scan(GOLDEN, entity).filter(pl.col(column).is_in(keys))
            ids = own.select(GOLDEN_ID).collect()[GOLDEN_ID]
            if len(ids):
                some = ids.sort().head(MOST).to_list()
                named = {"entity": entity, "relation": relation, "all": len(ids), "some": some}
                result.append(named)
    return result


def _latest(asked: Ask, table: RunTable, entity: str) -> RunFolder | None:
    """The latest run that has a table of an entity."""
    folders = kept_runs(asked.desk.project.folder)
    return next((folder for folder in folders if folder.has(table, entity)), None)
