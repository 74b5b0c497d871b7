"""A plan as an Excel workbook that people sign, and the proof that nobody has changed it since.

The sheet `plan` has the hash, the counts, and lines for names and signatures; then come, for each
CRM entity in the order of loading, a sheet of rows that are created, a line each, and one of all
else, a line a value; and one of records that are held back. The audit chain keeps a hash of each
sheet, of the first down to where it is signed; so what somebody has deleted or altered is noticed
before anything is read. The lines may be sorted.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from governance import Door, Ledger
from guiyi.errors import SourceError, SpecError, refusal
from guiyi.messages import Message
from guiyi.spec import Project
from pipelines.exporting import add_rows
from pipelines.language.messages import say
from pipelines.outputs import whole_file
from pipelines.stewarding.plan_lists import ACTIONS, PlanLists

if TYPE_CHECKING:
    from openpyxl import Workbook

COVER = "plan"
HELD_BACK = "held back"
LINES_OF_A_SHEET = 1_000_000
"""Excel takes 1,048,576."""
EXPORTED = "exported.plan"
_NO_NAME = re.compile(r"[\[\]:*?/\\']")
_NAME_LENGTH = 31


@dataclass(frozen=True)
class SignedPlan:
    """A plan that was signed, and what the run that made it was asked."""

    plan: str
    """The hash."""
    only: str | None = None
    accept: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlanCover:
    """What the first sheet says of a plan."""

    project: str
    run_id: str
    signed: SignedPlan
    target: str
    made: str
    gate: str


def check_ending(file: Path) -> None:
    """Raises SpecError for a file that is to be no workbook."""
    if file.suffix.lower() != ".xlsx":
        raise SpecError(
            Message("cannot write `{suffix}`", suffix=file.suffix),
            place=str(file),
            hint="end it in .xlsx",
        )


def export_plan(door: Door, cover: PlanCover, lists: PlanLists, file: Path) -> int:
    """Write a plan; return how many lines it has. It leaves an entry in the audit chain."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    stated = _cover(book, cover, lists)
    sheets = [
        *(one for name in lists.lines for one in _sheets(door.project, name, lists.lines[name])),
        *([(HELD_BACK, lists.held.columns, lists.held)] if lists.held.height else []),
    ]
    for name, headings, lines in sheets:
        _add(book, name, headings, lines)
    rows = sum(lines.height for _, _, lines in sheets)
    with whole_file(file) as unready:
        book.save(unready)
        details = {
            "plan": cover.signed.plan,
            "lines": rows,
            "unmasked": door.is_unmasked,
            "only": cover.signed.only,
            "accept": cover.signed.accept,
            "stated": stated,
            "sheets": _digests(unready, stated),
        }
        door.ledger.audit(EXPORTED, cover.run_id, door.signed(details), who=door.reader.name)
    return rows


def _cover(book: "Workbook", cover: PlanCover, lists: PlanLists) -> int:
    """Add the sheet that is signed; how many lines of it state what is signed."""
    sheet = book.create_sheet(COVER)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 28, 68
    facts = (
        ("project", cover.project),
        ("plan", cover.signed.plan),
        ("run", cover.run_id),
        ("target", cover.target),
        ("made", cover.made),
        ("gate", say(f"gate.{cover.gate}")),
    )
    rows: list[list[Any]] = [[say(f"plan.{name}"), value] for name, value in facts]
    rows += [[], ["", *(say(f"plan.{action}") for action in ACTIONS)]]
    rows += [[name, *(counts[a] for a in ACTIONS)] for name, counts in lists.counts.items()]
    rows += [[], [say("plan.held_back"), lists.held.height], []]
    stated = len(rows)
    rows += [
        [say("plan.signed_by")],
        [say("plan.signed_on")],
        [],
        [say("plan.how", plan=cover.signed.plan)],
    ]
    add_rows(sheet, rows)
    return stated


_Sheet = tuple[str, list[str], pl.DataFrame]
"""A name, headings and lines."""


def _sheets(project: Project, name: str, lines: pl.DataFrame) -> Iterator[_Sheet]:
    """The sheets of a CRM entity; the first plan of a project creates all it has."""
    new = pl.col("action") == "created"
    created, others = lines.filter(new), lines.filter(~new)
    if created.height:
        yield f"{name} {say('plan.created')}", *_in_columns(project, name, created)
    if others.height or created.is_empty():
        yield name, others.columns, others


def _in_columns(project: Project, name: str, lines: pl.DataFrame) -> tuple[list[str], pl.DataFrame]:
    """Lines of created rows as one line each, with their values under the columns of the CRM."""
    crm = project.mapping[name]
    filled = {*lines["column"]}
    columns = [column for column in (*crm.fields, *crm.relations) if column in filled]
    numbers = {column: str(number) for number, column in enumerate(columns)}
    rows = lines.select("external_id", "records").unique("external_id", maintain_order=True)
    values = lines.select(
        "external_id", pl.col("column").replace_strict(numbers, default=None), "new"
    ).drop_nulls("column")
    wide = values.pivot("column", index="external_id", values="new")
    both = rows.join(wide, on="external_id", how="left", maintain_order="left")
    return ["external_id", "records", *columns], both.select(
        "external_id", "records", *numbers.values()
    )


def _add(book: "Workbook", name: str, headings: list[str], lines: pl.DataFrame) -> None:
    """Add lines as a sheet, or as several where Excel takes no more on one."""
    from openpyxl.utils import get_column_letter

    parts = list(lines.iter_slices(LINES_OF_A_SHEET)) or [lines]
    for number, part in enumerate(parts, start=1):
        sheet = book.create_sheet(_sheet_name(book, name, number))
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = f"A1:{get_column_letter(part.width)}{part.height + 1}"
        for column, heading in enumerate(headings, start=1):
            sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(heading, 24)
        add_rows(sheet, [headings])
        add_rows(sheet, part.iter_rows())


_WIDTHS = {"action": 12, "external_id": 20, "records": 34, "old": 34, "new": 34, "reason": 48}


def _sheet_name(book: "Workbook", name: str, number: int) -> str:
    """A name that Excel takes, and no other sheet has."""
    taken = {there.casefold() for there in book.sheetnames}
    bare = _NO_NAME.sub("_", name)
    while True:
        end = "" if number == 1 else f" ({number})"
        found = bare[: _NAME_LENGTH - len(end)] + end
        if found.casefold() not in taken:
            return found
        number += 1


def plan_of_workbook(ledger: Ledger, file: Path) -> SignedPlan:
    """The plan that a workbook holds.

    Raises SourceError where it is none, and where it is not as it was exported.
    """
    with _read(file) as book:
        facts = [row[1] for row in book[COVER].iter_rows(max_row=2, max_col=2, values_only=True)]
    plan = str(facts[1] if len(facts) > 1 else "")
    known = (details for details in _exported(ledger) if "stated" in details)
    exported = [details for details in known if details["plan"] == plan]
    if not exported:
        raise SourceError("this project has exported no such plan", place=str(file), hint=_ANEW)
    unlike = []
    for details in exported:
        unlike.append(_unlike(_digests(file, details["stated"]), details["sheets"]))
        if not unlike[-1]:
            return SignedPlan(plan, details["only"], tuple(details["accept"]))
    altered = min(unlike, key=len)
    raise SourceError(
        Message("its sheets are not as they were exported: {sheets}", sheets=", ".join(altered)),
        place=str(file),
        hint=_ANEW,
    )


_ANEW = "a plan is loaded as it was made; make a new one: guiyi plan PROJECT --out plan.xlsx"


def _exported(ledger: Ledger) -> Iterator[dict[str, Any]]:
    """What the audit chain says of the plans that were exported."""
    for action, details in ledger.audit_trail().select("action", "details").iter_rows():
        if action == EXPORTED:
            yield json.loads(details)


def _unlike(found: dict[str, str], exported: dict[str, str]) -> list[str]:
    return sorted(n for n in {*found, *exported} if found.get(n) != exported.get(n))


class _Opened:
    """A workbook that is closed at the end."""

    def __init__(self, book: Any) -> None:
        self._book = book

    def __enter__(self) -> Any:
        return self._book

    def __exit__(self, *_: object) -> None:
        self._book.close()


def _read(file: Path) -> _Opened:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except OSError as error:
        raise SourceError(refusal(error), place=str(file)) from None
    except (KeyError, ValueError, BadZipFile, InvalidFileException) as error:
        raise SourceError(
            Message("not a readable workbook ({cause})", cause=type(error).__name__),
            place=str(file),
        ) from None
    if COVER not in book.sheetnames:
        book.close()
        raise SourceError(
            Message("no sheet `{sheet}`", sheet=COVER),
            place=str(file),
            hint=_ANEW,
        )
    return _Opened(book)


def _digests(file: Path, stated: int) -> dict[str, str]:
    """The SHA-256 of each sheet: of the first lines of the one that is signed, in their order, and
    of the others in whatever order their lines stand.
    """
    with _read(file) as book:
        return {
            sheet.title: _digest(
                _texts(sheet, stated) if sheet.title == COVER else sorted(_texts(sheet))
            )
            for sheet in book.worksheets
        }


def _digest(lines: Iterable[str]) -> str:
    return sha256("\n".join(lines).encode()).hexdigest()


def _texts(sheet: Any, rows: int | None = None) -> Iterator[str]:
    for row in sheet.iter_rows(max_row=rows, values_only=True):
        cells = [None if cell in (None, "") else _bare(str(cell)) for cell in row]
        while cells and cells[-1] is None:  # a program that saves it again may leave them out
            cells.pop()
        if cells:
            yield json.dumps(cells, ensure_ascii=False)


def _bare(text: str) -> str:
    """Without what programs write differently of one text: the ends of its lines."""
    return text.replace("_x000D_", "").replace("\r", "")
