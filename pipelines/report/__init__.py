"""A run's report: one self-contained HTML file, in Chinese or English, readable offline.

Owns what a person sees of a finished run. Reads nothing but the run folder.

    from pipelines.report import write_report
    write_report(run_folder, run_folder / "report.html", "zh")
"""

from pipelines.report.folder import FinishedRun
from pipelines.report.page import write_report

__all__ = ["FinishedRun", "write_report"]
