"""Quality: how full and valid fields are, duplicates, what the gate says, and how it has been."""

from collections.abc import Sequence
from typing import Any, get_args

import polars as pl
from markupsafe import Markup

from console.asked import Answer, Ask, Refused, ShownPage, page_of
from governance.published_runs import manifest_of
from governance.run_folder import RunFolder
from guiyi.kinds import Kind
from pipelines.report.charts import ChartLine, line_chart
from pipelines.report.quality import (
    By,
    QualityPoint,
    What,
    by_month,
    duplicates,
    field_quality,
    groups,
    held_back,
    latest_clean,
    rows_behind,
    trend,
)
from pipelines.stewarding.review_lists import visible

PAGE, MOST_GROUPS = 50, 40


def shown(asked: Ask) -> Answer:
    """How good the records of an entity are, as of the latest run, and over the kept ones."""
    entity, project = _entity(asked), asked.desk.project
    folder = latest_clean(project, entity)
    by = _by(asked, entity)
    points = [point for point in trend(project) if point.entity == entity]
    content: dict[str, Any] = {
        "entity": entity,
        "by": by,
        "groups": groups(project, entity),
        "run": None if folder is None else folder.path.name,
        "fields": [],
        "duplicates": [],
        "checks": [],
        "held": [],
        "trend": points,
        "months": by_month(points),
        "chart": _chart(asked, points) if len(points) > 1 else "",
    }
    if folder is not None:
        content |= _of_run(asked, folder, entity, by)
    return ShownPage("quality/page.html.j2", content)


def rows(asked: Ask) -> Answer:
    """The records behind a number of the page, a page of them."""
    entity, project = _entity(asked), asked.desk.project
    folder, what = latest_clean(project, entity), asked.wanted("what")
    if folder is None or what not in get_args(What):
        raise Refused(404, "there is no such list")
    chosen = {
        name: asked.query[name]
        for name in ("field", "by", "group", "column", "expectation")
        if name in asked.query
    }
    table, page = rows_behind(project, folder, entity, _what(what), chosen), page_of(asked)
    part = table.slice((page - 1) * PAGE, PAGE)
    seen = visible(asked.door.table(entity, part))
    asked.door.write_down("quality.rows", {"entity": entity, "rows": seen.height})
    content = {
        "entity": entity,
        "what": what,
        "chosen": chosen,
        "rows": seen.to_dicts(),
        "all": table.height,
        "page": page,
        "pages_all": -(-table.height // PAGE),
    }
    return ShownPage("quality/rows.html.j2", content)


def _of_run(asked: Ask, folder: RunFolder, entity: str, by: By) -> dict[str, Any]:
    project = asked.desk.project
    counted = field_quality(project, folder, entity, by)
    double = duplicates(project, folder, entity, by)
    every = list(dict.fromkeys(one.group for one in counted))[:MOST_GROUPS]
    labels = _labels(asked, entity, by, {*every, *(one.group for one in double)})
    gate = manifest_of(folder.path).get("gate") or {"checks": []}
    return {
        "fields": [
            {"label": labels[one.group], "one": one} for one in counted if one.group in every
        ],
        "duplicates": [{"label": labels[one.group], "one": one} for one in double[:MOST_GROUPS]],
        "checks": gate["checks"],
        "held": held_back(folder, entity),
    }


def _labels(
    asked: Ask, entity: str, by: By, names: set[str | None]
) -> dict[str | None, str | None]:
    """Groups as the reader may see them: an owner is a value of a field."""
    given = list(names)
    if by not in ("owner", "department"):
        return dict(zip(given, given, strict=True))
    field = asked.desk.project.entities[entity].owner[0]
    kind = asked.desk.project.entities[entity].kinds.get(field, Kind.TEXT)
    masked = asked.door.masking.column(pl.Series(given, dtype=pl.String), kind)
    return dict(zip(given, masked.to_list(), strict=True))


def _by(asked: Ask, entity: str) -> By:
    able = groups(asked.desk.project, entity)
    return next((by for by in able if by == asked.given("by")), "all")


def _what(name: str) -> What:
    return next(what for what in get_args(What) if what == name)


def _chart(asked: Ask, points: Sequence[QualityPoint]) -> Markup:
    """Shares over the kept runs."""
    say = asked.say
    surplus = [point.surplus / max(point.records, 1) for point in points]
    held = [point.held / max(point.records, 1) for point in points]
    lines = [
        ChartLine("filled", say("quality.filled"), [point.filled for point in points]),
        ChartLine("valid", say("quality.valid"), [point.valid for point in points]),
        ChartLine(
            "surplus",
            say("quality.surplus"),
            surplus,
        ),
        ChartLine("held", say("quality.held"), held),
    ]
    return line_chart([point.at[:10] for point in points], lines, say("quality.trend"))


def _entity(asked: Ask) -> str:
    """The entity that is asked for; else the first whose records are compared."""
    entities = asked.desk.project.entities
    matched = (name for name, spec in entities.items() if spec.match.enabled)
    return asked.entity() if asked.given("entity") else next(matched, asked.entity())
