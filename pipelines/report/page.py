"""The run's report: one HTML file that needs nothing else to be read."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined

from governance import Masking
from pipelines.report.folder import FinishedRun
from pipelines.report.held import damage, gaps, quarantine
from pipelines.report.journey import count_records, funnel, laws, stages
from pipelines.report.loads import batches, loads, verification
from pipelines.report.merges import sample_merges
from pipelines.report.overlap import overlaps
from pipelines.report.pairs import sample_pairs
from pipelines.report.tidied import tidied
from pipelines.report.weights import weights
from pipelines.report.wording import Wording

_ABSENT: dict[str, Any] = {
    "started": None,
    "stopped": None,
    "only": None,
    "subject": None,
    "dry_run": False,
    "load": {},
}
"""What the templates ask of a manifest that may not have got so far."""


def write_report(run: Path | FinishedRun, out: Path, language: str = "en") -> None:
    """Write the report of a run, or of the run in a folder, to the file `out`, in `zh` or `en`.

    Whatever a run did not get to is left out. Raises SourceError if the folder is not a run's.
    """
    folder = run if isinstance(run, FinishedRun) else FinishedRun(run)
    say = Wording(language)
    out.parent.mkdir(parents=True, exist_ok=True)
    content = _content(folder, say)
    docs = folder.path / "data_docs" / "index.html"
    content["data_docs"] = docs.exists() and out.resolve().parent == folder.path.resolve()
    out.write_text(_render(content, say), encoding="utf-8")


def _render(content: dict[str, Any], say: Wording) -> str:
    environment = Environment(
        loader=PackageLoader("pipelines.report"),
        bytecode_cache=_compiled(),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["count"] = lambda number: f"{number:,}"
    environment.filters["named"] = lambda name, group: say.named(group, name)
    return environment.get_template("report.html.j2").render(content)


def _compiled() -> FileSystemBytecodeCache | None:
    """Templates compiled before, beside those of Python's modules; None if that is not ours."""
    folder = Path(__file__).parent / "__pycache__"
    if not os.access(folder, os.W_OK | os.X_OK):
        return None
    return FileSystemBytecodeCache(str(folder), "%s.jinja")


def _content(folder: FinishedRun, say: Wording) -> dict[str, Any]:
    manifest = folder.manifest
    masking = Masking.of_run(manifest)
    counts = count_records(folder)
    untrusted, skipped = damage(folder, masking, say)
    return {
        "say": say,
        "run": {**_ABSENT, **manifest},
        "took": _took(manifest, say),
        "gate": manifest.get("gate"),
        "laws": laws(manifest, say),
        "counts": counts,
        "funnel": funnel(folder, counts, say),
        "stages": stages(manifest, say),
        "tidied": tidied(folder, say),
        "overlaps": overlaps(folder, say),
        "weights": weights(folder, say),
        "merges": sample_merges(folder, masking, say),
        "pairs": sample_pairs(folder, masking, say),
        "held": quarantine(folder, masking, say),
        "damage": untrusted,
        "skipped": skipped,
        "gaps": gaps(folder, masking),
        "loads": loads(folder),
        "batches": batches(folder),
        "verification": verification(folder),
        "notes": [masking.text(note) for note in say.messages(manifest, "notes")],
        "subject": say.messages(manifest, "subject"),
        "stopped": [masking.text(why) for why in say.messages(manifest, "stopped")],
        "hidden": [say.kind(k) for k in (manifest.get("privacy") or {}).get("mask", [])],
    }


def _took(manifest: dict[str, Any], say: Wording) -> str | None:
    if not manifest.get("started") or not manifest.get("finished"):
        return None
    started = datetime.fromisoformat(manifest["started"])
    finished = datetime.fromisoformat(manifest["finished"])
    seconds = (finished - started).total_seconds()
    return say.seconds(seconds) if seconds > 0 else None
