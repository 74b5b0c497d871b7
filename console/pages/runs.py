"""Runs: stages, laws, gate, what was loaded, and the report."""

import json
from typing import Any

import polars as pl

from console.asked import Answer, Ask, Download, Refused, ShownPage
from guiyi.messages import restored
from pipelines.report.wording import Wording
from pipelines.stewarding.run_lists import listed_runs

MOST = 100


def listed(asked: Ask) -> Answer:
    """The runs, the latest first."""
    runs = listed_runs(asked.desk.project, asked.desk.ledger)
    return ShownPage("runs/list.html.j2", {"runs": runs[:MOST], "all": len(runs)})


def one(asked: Ask) -> Answer:
    """A run: its stages, laws and gate, its batches, and what it noted."""
    return ShownPage("runs/one.html.j2", _content(asked))


def now(asked: Ask) -> Answer:
    """The part of a run's page that changes while it goes on."""
    return ShownPage("runs/now.html.j2", _content(asked))


def _content(asked: Ask) -> dict[str, Any]:
    manifest = _manifest(asked)
    words = asked.say.report
    batches = asked.desk.ledger.batches().filter(pl.col("run_id") == manifest["run_id"])
    latest = listed_runs(asked.desk.project, asked.desk.ledger)
    known = next((run for run in latest if run["run_id"] == manifest["run_id"]), None)
    return {
        "run": manifest["run_id"],
        "going": known is not None and known["status"] == "running",
        "started": manifest["started"],
        "finished": manifest["finished"],
        "dry_run": manifest["dry_run"],
        "stages": [_stage(words, stage, manifest) for stage in manifest["stages"]],
        "laws": manifest["laws"],
        "gate": manifest["gate"],
        "load": manifest["load"],
        "notes": [asked.door.text(n) for n in words.messages(manifest, "notes")],
        "stopped": [asked.door.text(n) for n in words.messages(manifest, "stopped")],
        "batches": batches.to_dicts(),
        "has_report": (asked.desk.runs_folder / manifest["run_id"] / "report.html").exists(),
    }


def report(asked: Ask) -> Answer:
    """The report of a run, as it was written: masked for anybody."""
    name = _manifest(asked)["run_id"]
    file = asked.desk.runs_folder / name / "report.html"
    if not file.exists():
        raise Refused(404, "this run has no report")
    return Download(file, f"{name}.html", "text/html", is_page=True)


def _stage(words: Wording, stage: dict[str, Any], manifest: dict[str, Any]) -> dict[str, Any]:
    note = stage.get("note") or ""
    kept = (manifest.get("messages") or {}).get(note)
    return {
        **stage,
        "name": words.named("stage", stage["stage"]),
        "note": words.message(restored(note, kept)) if note else "",
    }


def _manifest(asked: Ask) -> dict[str, Any]:
    """The manifest of the run that is asked for: one that is listed, whatever was typed."""
    folder = asked.desk.runs_folder
    names = {file.parent.name for file in folder.glob("*/manifest.json")}
    if asked.path["run"] not in names:
        raise Refused(404, "this run's folder is not kept")
    text = (folder / asked.path["run"] / "manifest.json").read_text(encoding="utf-8")
    manifest: dict[str, Any] = json.loads(text)
    return manifest
