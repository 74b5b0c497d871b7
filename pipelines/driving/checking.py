"""The gate for CI: a run up to the gate that loads nothing, and the reports CI systems read."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from guiyi.errors import SpecError
from guiyi.spec import load_project
from pipelines.driving.driver import walk
from pipelines.progress import Progress
from pipelines.stages.run import Options, Run
from validators import baseline_text
from validators.annotations import github, gitlab, sarif
from validators.reports import as_json, junit, markdown


@dataclass(frozen=True)
class GateReports:
    """What the gate found, in the forms CI systems read."""

    folder: Path
    """The run folder."""
    exit_code: int
    """0 the gate passed, 1 it failed, 2 it could not run."""
    reports: dict[str, str]
    """File name → text: junit.xml, summary.md, check.json, check.sarif, github.txt,
    gl-code-quality.json."""
    baseline: str = ""
    """What failed, as a later check can be held to it."""

    def write(self, folder: Path) -> None:
        """Write the reports."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in self.reports.items():
            (folder / name).write_text(text, encoding="utf-8")


def check_project(
    file: Path, suites: Sequence[str], progress: Progress, baseline: str | None = None
) -> GateReports:
    """Judge a project, by all its suites or those named, without loading anything.

    `baseline`: a run, `latest` or a file; what failed there is listed, and only what is new fails.
    """
    project = load_project(file)
    asked = Options(dry_run=True, until="gate", suites=tuple(suites), baseline=baseline)
    run = Run(project, asked, progress)
    outcome = walk(run)
    if run.judged is None:
        raise SpecError(outcome.stopped or "the gate was not reached", place=str(project.file))
    results, here = run.suite_results, Path.cwd()
    return GateReports(
        run.folder,
        outcome.exit_code,
        {
            "junit.xml": junit(run.judged, results, project.project),
            "summary.md": markdown(run.judged, results, run.language),
            "check.json": as_json(run.judged, results),
            "check.sarif": sarif(results, here),
            "github.txt": github(results, here),
            "gl-code-quality.json": gitlab(results, here),
        },
        baseline_text(run.get("failures")),
    )
