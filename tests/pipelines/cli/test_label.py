"""`guiyi label` through a pipe, and what its file is good for."""

import json
import os
import subprocess
import sys
from pathlib import Path


def guiyi(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run the installed command with lines on its standard input."""
    return subprocess.run(
        [Path(sys.executable).parent / "guiyi", *arguments],
        input=typed,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "GUIYI_LANG": "en"},
        check=False,
    )


def test_label_through_a_pipe(tmp_path: Path) -> None:
    """Answers come line by line; one JSON object is printed; the file teaches the next dedup."""
    names = ("Anna Smith", "Bob Jones", "Carol White", "Dan Brown", "Eve Black", "Fred Green")
    rows = ["name,phone,mail"]
    for n, name in enumerate(names):
        mail = name.lower().replace(" ", ".")
        rows.append(f"{name},0301234{n}00,{mail}@mail.net")
        rows.append(f"{name},,{mail}@mail.net")
    file, labels = tmp_path / "people.csv", tmp_path / "labels.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    arguments = ["label", str(file), "--out", str(labels), "--json", "--quiet"]
    asked = guiyi(*arguments, typed="y\nn\nu\nq\n")
    assert asked.returncode == 0, asked.stderr
    told = json.loads(asked.stdout)
    assert told["answered"] == told["kept"] == 3
    assert (told["matches"], told["others"], told["unsure"]) == (1, 1, 1)
    assert "Smith" not in labels.read_text(encoding="utf-8")
    deduped = guiyi(
        "dedupe", str(file), "--labels", str(labels), "--out", str(tmp_path / "out"), "--quiet"
    )
    assert deduped.returncode == 0, deduped.stderr
    assert "too few labels to learn from (2 labels, 1 match)" in deduped.stdout
    measured = guiyi("evaluate", str(tmp_path / "out"), "--labels", str(labels), "--json")
    assert json.loads(measured.stdout)["counts"]["labelled"] == 2


def test_labels_beside_a_model_are_refused(tmp_path: Path) -> None:
    """What cannot be is said in one line, before anything is read."""
    said = guiyi("dedupe", "x.csv", "--labels", "l", "--model", "m", "--out", str(tmp_path / "out"))
    assert said.returncode == 2
    assert said.stderr.strip().count("\n") == 0
    assert "a saved model does not learn" in said.stderr
