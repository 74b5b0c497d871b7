"""What is left on the terminal when a run ends."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.demo import Caught, EntityScore, Placed, score, score_orders, score_validation
from pipelines.language.messages import in_language, say
from pipelines.stages.run import RunOutcome

if TYPE_CHECKING:
    import polars as pl

    from pipelines.driving.planning import MadePlan


@dataclass(frozen=True)
class DemoResult:
    """How a run of the demo stands against what is known to be true."""

    matching: Mapping[str, EntityScore]
    """Who is who, by entity."""
    validation: Caught
    """What had to be held back, and was."""
    orders: Placed
    """Whose account each order is at."""

    @classmethod
    def of(cls, folder: Path, run_folder: Path) -> "DemoResult":
        """Compare a run of the demo in `folder` with the truth."""
        return cls(
            score(folder, run_folder),
            score_validation(folder, run_folder),
            score_orders(folder, run_folder),
        )

    def as_json(self) -> dict[str, object]:
        """Describe it to a machine."""
        return {**self.matching, "validation": self.validation, "orders": self.orders}


def print_json(outcome: RunOutcome, **more: object) -> None:
    """Print the outcome as one JSON object."""
    print(json.dumps({**outcome.as_json(), **more}, ensure_ascii=False, default=str))


def print_demo(truth: DemoResult, folder: Path, report: Path) -> None:
    """Print how close the demo came to the truth, and what to try next."""
    print(f"\n{say('demo.truth')}")
    for entity, numbers in truth.matching.items():
        line = say("demo.score", entity=entity, **numbers)
        print(f"  {line}")
    print(f"  {say('demo.caught', **truth.validation)}")
    print(f"  {say('demo.placed', **truth.orders)}")
    print(f"\n{say('demo.next', folder=folder, report=_short(report))}")


def print_outcome(outcome: RunOutcome) -> None:
    """Print laws, gate, load and where the report is."""
    for note in outcome.notes:
        print(f"· {in_language(note)}")
    for law in outcome.laws:
        parts = " + ".join(f"{count:,} {say('part.' + part)}" for part, count in law.parts.items())
        sign = "✓" if law.holds else "✗"
        print(f"{sign} {law.of}: {law.total:,} {say('law.' + law.name)} = {parts}")
    if outcome.gate is not None:
        print(f"{say('gate')}: {say('gate.' + outcome.gate['verdict'])}")
        for check in outcome.gate["checks"]:
            if check["outcome"] != "passed":
                limit = f"{say('limit')} {check['limit']:.4g}"
                print(f"  ✗ {check['name']}: {check['found']:.4g} ({limit})")
    if outcome.dry_run and outcome.load:
        print(say("run.foretold"))
    for entity, counts in outcome.load.items():
        sizes = ", ".join(f"{counts[k]:,} {say('part.' + k)}" for k in counts)
        print(f"{entity}: {sizes}")
    if outcome.stopped is not None:
        print(say("run.stopped", why=in_language(outcome.stopped)))
    _print_undo(outcome)
    _print_report(outcome)


def print_plan(made: "MadePlan", out: Path | None) -> None:
    """Print what a load would do, by CRM entity, and how to have it done."""
    print_outcome(replace(made.outcome, load={}))
    print(f"\n{say('plan.title')}")
    for name, counts in made.lists.counts.items():
        some = (f"{count:,} {say('plan.' + action)}" for action, count in counts.items() if count)
        print(f"{name}: {', '.join(some) or '0'}")
        _print_lines(made.lists.lines[name])
    project, plan = _short(made.outcome.folder.parents[2]), made.cover.signed.plan
    print(f"{say('plan.plan')}: {plan}")
    if out is not None:
        print(say("plan.written", file=out))
    if made.outcome.exit_code == 0:
        print(say("plan.next", folder=project, plan=out or plan[:12]))
    elif made.outcome.exit_code == 1:
        print(say("plan.no_load"))


SHOWN = 15
"""Rows of a plan that are printed of each CRM entity."""
_Line = Mapping[str, str | None]


def _print_lines(lines: "pl.DataFrame") -> None:
    """Print the rows that would change, or be refused, each with its values."""
    shown = 0
    for (action, row), own in groupby(lines.iter_rows(named=True), itemgetter(*_ROW)):
        if action in ("other_form", "unchanged"):
            break
        shown += 1
        if shown <= SHOWN:
            values = list(own)
            changes = "; ".join(filter(None, map(_change, values)))
            records = f" ({values[0]['records']})" if values[0]["records"] else ""
            print(f"  {say(f'plan.{action}')}  {row}{records}  {changes}".rstrip())
    if shown > SHOWN:
        print(f"  {say('plan.more', n=shown - SHOWN)}")


_ROW = ("action", "external_id")


def _change(line: _Line) -> str:
    """One value that changes, or why it does not."""
    column, reason = line["column"], line["reason"]
    if column is None:
        return reason or ""
    change = f"{column} {_value(line['new'])}"
    if line["action"] not in ("created", "refused"):
        change = f"{column} {_value(line['old'])} → {_value(line['new'])}"
    if line["action"] == "refused":
        change = column
    return f"{change} ({reason})" if reason else change


def _value(value: str | None) -> str:
    return "–" if value is None else " ".join(value.split())


def _print_undo(outcome: RunOutcome) -> None:
    """Say how to take back what was written, if anything was."""
    written = sum(counts["created"] + counts["updated"] for counts in outcome.load.values())
    if written and not outcome.dry_run:
        project = _short(outcome.folder.parents[2])
        print(say("run.undo", folder=project, run=outcome.run_id))


def _print_report(outcome: RunOutcome) -> None:
    for why in outcome.unreported:
        print(say("error", message=in_language(why)), file=sys.stderr)
    report = outcome.folder / "report.html"
    if report.exists():
        print(f"{say('report')}: {_short(report)}")


def _short(path: Path) -> Path:
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path
