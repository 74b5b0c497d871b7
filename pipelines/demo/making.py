"""Writes the sample project: its sources, what is true of them, and the spec to migrate them by."""

import csv
import re
from importlib.resources import as_file, files
from pathlib import Path
from random import Random

from guiyi.messages import Language, phrase
from pipelines.demo.cards import write_cards
from pipelines.demo.firms import FirmScript
from pipelines.demo.legacy_db import write_legacy_db
from pipelines.demo.mailbox import write_mailbox
from pipelines.demo.truth import frame
from pipelines.demo.workbook import write_workbook
from pipelines.demo.world import World, build_world

CONTEXT = "demo"
"""The context of what the project's files say, in the catalogues."""
SENTENCE = re.compile(r"((?:^|\s)# |\breason: )(.+)$", re.MULTILINE)
"""A comment, or the reason of an expectation."""


def make_demo(
    folder: Path, seed: int = 2026, scale: float = 1.0, language: Language = "en"
) -> None:
    """Write the sample project to a folder; the same seed and scale write the same bytes.

    The comments of its files and the reasons of its suites are in a language.
    """
    world = build_world(seed, scale)
    folder.mkdir(parents=True, exist_ok=True)
    truth = frame(
        write_legacy_db(world, folder / "legacy.db", seed),
        write_workbook(world, folder / "customers.xlsx", seed),
        write_mailbox(world, folder / "mail" / "export.mbox", seed),
        write_cards(world, folder / "contacts.vcf", seed),
    )
    truth.write_parquet(folder / "truth.parquet")
    _write_aliases(world, folder / "aliases.csv", seed)
    _copy_project(folder, language)


def _write_aliases(world: World, file: Path, seed: int) -> None:
    """Somebody once listed what customers are called for short; not all of them."""
    rng = Random(f"{seed}/aliases")
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(("full", "short"))
        for firm in world.firms:
            if firm.alone and firm.script is FirmScript.SIMPLIFIED and rng.random() < 0.4:
                rows.writerow((firm.name, firm.short))


def _copy_project(folder: Path, language: Language) -> None:
    with as_file(files("pipelines.demo").joinpath("project")) as template:
        for file in sorted(template.rglob("*")):
            if file.is_file() and file.suffix in {".yaml", ".csv"}:
                target = folder / file.relative_to(template)
                target.parent.mkdir(parents=True, exist_ok=True)
                text = file.read_text(encoding="utf-8")
                target.write_text(said_in(text, language), encoding="utf-8", newline="\n")


def said_in(text: str, language: Language) -> str:
    """A file of the template with what it says to people in a language."""
    return SENTENCE.sub(lambda found: found[1] + phrase(found[2], language, CONTEXT), text)
