"""What is left on the terminal when a run ends."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.demo import Caught, EntityScore, Placed, score, score_orders, score_validation
from pipelines.language.messages import in_language, say
from pipelines.stages.run import RunOutcome


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
