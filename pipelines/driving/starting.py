"""Decides which driver a run takes.

A run is a Prefect flow run whenever a Prefect server is configured (PREFECT_API_URL) or asked for;
otherwise the light driver walks the same stages without paying for a server's start.
"""

import os
from pathlib import Path

from pipelines.driving.driver import run_project
from pipelines.progress import Progress
from pipelines.stages.run import Options, RunOutcome


def start(
    project: Path, options: Options, progress: Progress, *, prefect: bool = False
) -> RunOutcome:
    """Run a project with the driver that fits."""
    if prefect or os.environ.get("PREFECT_API_URL"):
        from pipelines.driving.flow import run_as_flow

        return run_as_flow(project, options, progress)
    return run_project(project, options, progress)
