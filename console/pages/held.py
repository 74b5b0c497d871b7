"""Records held back: why, as they came, and corrected in place."""

from typing import Any

import polars as pl

from console.asked import Answer, Ask, Moved, Refused, ShownPage, page_of
from governance import LedgerError
from guiyi.messages import Message, localised, restored
from guiyi.record_key import key_of, record_key
from guiyi.records import raw
from pipelines.report.folder import FinishedRun
from pipelines.report.records import read_records
from pipelines.stewarding.review_lists import latest_matched

PAGE = 50


def listed(asked: Ask) -> Answer:
    """The records held back, those held longest first, a page of them."""
    table = asked.desk.ledger.quarantine("open")
    entity = asked.given("entity")
    if entity:
        table = table.filter(entity=asked.entity())
    grouped = table.group_by("entity", "source", "record_id", maintain_order=True).agg(
        pl.first("id", "opened_run", "reason", "message", "column"), reasons=pl.len()
    )
    page = page_of(asked)
    rows = grouped.slice((page - 1) * PAGE, PAGE)
    content = {
        "held": [_row(asked, row) for row in rows.iter_rows(named=True)],
        "all": grouped.height,
        "page": page,
        "pages_all": -(-grouped.height // PAGE),
        "by_entity": dict(grouped["entity"].value_counts().sort("entity").rows()),
        "chosen": entity or None,
    }
    return ShownPage("held/list.html.j2", content)


def one(asked: Ask) -> Answer:
    """A record held back: why, and its fields as they came."""
    rows = _held(asked)
    first = rows.row(0, named=True)
    entity, key = first["entity"], key_of(first["source"], first["record_id"])
    fields = _fields(asked, entity, key)
    faulty = {row["column"] for row in rows.iter_rows(named=True) if row["column"]}
    for field in fields:
        field["faulty"] = field["name"] in faulty
    given = asked.desk.ledger.corrections(entity).filter(record_key() == key)
    content = {
        "number": asked.path["number"],
        "entity": entity,
        "record": asked.door.key(key),
        "since": first["opened_run"],
        "reasons": [_reason(asked, row) for row in rows.iter_rows(named=True)],
        "fields": fields,
        "given": given.select("field", "who", "at").to_dicts(),
    }
    return ShownPage("held/one.html.j2", content)


def correct(asked: Ask) -> Answer:
    """Give the right value of a field; the next run takes the record up again with it."""
    first = _held(asked).row(0, named=True)
    entity, field = first["entity"], asked.wanted("field")
    if field not in asked.desk.project.entities[entity].kinds:
        raise Refused(404, Message("no field `{name}`", name=field))
    try:
        asked.desk.ledger.correct(
            entity,
            first["source"],
            first["record_id"],
            field,
            asked.given("value") or None,
            who=asked.who.name,
            why=asked.given("why") or None,
        )
    except LedgerError as error:
        raise Refused(422, error.what, error.hint or "") from None
    return Moved("/held", {"entity": entity, "field": field, "corrected": True})


def _held(asked: Ask) -> pl.DataFrame:
    """All reasons why the record is held back that a number leads to. Raises Refused."""
    table, number = asked.desk.ledger.quarantine(), asked.path["number"]
    own = table.filter(id=int(number)) if number.isdecimal() else table.clear()
    if own.is_empty():
        raise Refused(404, "no record is held back under this number")
    key = ["entity", "source", "record_id"]
    return table.join(own.select(key), on=key, how="semi", maintain_order="left")


def _row(asked: Ask, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "number": row["id"],
        "entity": row["entity"],
        "record": asked.door.key(key_of(row["source"], row["record_id"])),
        "field": row["column"],
        "reason": _reason(asked, row),
        "more": row["reasons"] - 1,
        "since": row["opened_run"],
    }


def _reason(asked: Ask, row: dict[str, Any]) -> str:
    reason = row["reason"] or ""
    sentence = restored(reason, row["message"]) if row["message"] else reason
    return asked.door.text(localised(sentence, asked.say.language))


def _fields(asked: Ask, entity: str, key: str) -> list[dict[str, Any]]:
    """The fields of a record in the latest run that has it."""
    folder = latest_matched(asked.desk.project, entity)
    if folder is None:
        return []
    shown = read_records(FinishedRun(folder.path), entity, [key], asked.door.masking)
    if key not in shown.masked:
        return []
    own = shown.masked[key]
    asked.door.write_down("review.quarantine", {"entity": entity})
    return [
        {"name": name, "value": own.get(name), "raw": own.get(raw(name)), "faulty": False}
        for name in shown.kinds
    ]
