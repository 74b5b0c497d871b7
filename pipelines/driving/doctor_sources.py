"""Sources: whether they are there, what they need that is not installed, and their headers."""

from collections.abc import Collection, Iterator
from importlib.util import find_spec
from pathlib import Path

import polars as pl

from connectors.sources import Source, open_source
from connectors.sources.source_type import existing
from guiyi.errors import GuiyiError, SourceError, refusal
from guiyi.messages import Message
from guiyi.near_names import did_you_mean
from guiyi.spec import FileSourceSpec, Project, SourceSpec, SpecPlace, TableSpec
from guiyi.spec.expressions import condition
from pipelines.driving.diagnosis import FAULT, OK, Diagnosis
from pipelines.stages.extraction import check_columns

_OUTLOOK = (".pst", ".ost")


def extras(project: Project) -> Iterator[Diagnosis]:
    """What sources need beside Guiyi, and is not installed."""
    for name, spec in project.sources.items():
        path = project.folder / getattr(spec, "path", "")
        for extra, module in _needed(spec, path):
            if find_spec(module) is None:
                yield Diagnosis(f"sources.{name}", FAULT, _not_installed(extra), _pip(extra))


def refuse_absent(project: Project, entities: Collection[str]) -> None:
    """See that the files of sources are there, and what they need is installed. Raises SourceError
    for the first that is not; nothing is read.
    """
    for name, spec in project.sources.items():
        wanted = any(table.entity in entities for table in spec.tables)
        if wanted and isinstance(spec, FileSourceSpec):
            path = existing(name, spec.path, project.folder)
            for extra, module in _needed(spec, path):
                if find_spec(module) is None:
                    raise SourceError(_not_installed(extra), place=str(path), hint=_pip(extra))


def _not_installed(extra: str) -> Message:
    return Message("the extra `{extra}` is not installed", extra=extra)


def _pip(extra: str) -> Message:
    return Message("pip install 'guiyi[{extra}]'", extra=extra)


def _needed(spec: SourceSpec, path: Path) -> Iterator[tuple[str, str]]:
    """The extras that a source needs, each with a module of it."""
    if spec.kind == "card":
        yield "ocr", "rapidocr"
    if spec.kind == "mail":
        files = path.rglob("*") if path.is_dir() else [path]
        if any(file.suffix.lower() in _OUTLOOK for file in files):
            yield "pst", "pypff"


def read_headers(project: Project, name: str) -> Iterator[Diagnosis]:
    """Open a source, and hold its headers against what the spec names."""
    part, spec = f"sources.{name}", project.sources[name]
    try:
        source = open_source(name, spec, project.folder)
        there = {info.name: info.columns for info in source.tables()}
    except GuiyiError as error:
        yield Diagnosis.of(part, error)
        return
    except OSError as error:
        yield Diagnosis(part, FAULT, refusal(error), place=str(error.filename or part))
        return
    faults = []
    for number, table in enumerate(spec.tables):
        place = SpecPlace(project.file, f"{part}.tables.{number}")
        try:
            columns = _columns(source, table, there, place)
            header = pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
            check_columns(header, table, place)
            if table.where is not None:
                condition(table.where, header, place.at("where"))
        except GuiyiError as error:
            faults.append(Diagnosis.of(part, error))
    yield from faults
    if not faults:
        n = len(spec.tables)
        what = Message.counted(
            "it is there, and {n} table has the columns that are named",
            "it is there, and {n} tables have the columns that are named",
            n=n,
        )
        yield Diagnosis(part, OK, what)


def _columns(
    source: Source, table: TableSpec, there: dict[str, tuple[str, ...]], place: SpecPlace
) -> list[str]:
    """The columns of a table; those of a query are known by its first rows."""
    if table.query is not None:
        first = next(iter(source.read(table)), None)
        return [] if first is None else first.rows.columns
    if not there:
        raise SourceError("it has no table", place=str(place))
    if table.table is not None and table.table not in there:
        raise place.at("table").mistake(
            Message("no table `{table}`", table=table.table), did_you_mean(table.table, there)
        )
    return list(there[table.table or next(iter(there))])
