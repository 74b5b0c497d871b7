"""The room itself: its name, its cost to import, and the knowledge it keeps in files."""

import subprocess
import sys
from importlib.metadata import packages_distributions
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

import validators
from validators import catalogue


def test_our_validators_is_the_one_that_is_imported() -> None:
    """PyPI has a package of this name; were it installed, it would take our place."""
    assert set(packages_distributions().get("validators", ["guiyi"])) == {"guiyi"}
    root = Path(__file__).parents[2]
    assert Path(validators.__file__) == root / "validators" / "__init__.py"


def test_importing_the_room_loads_nothing_slow() -> None:
    """Great Expectations and pandas take seconds: a command that runs no suite never pays."""
    code = (
        "import sys, validators; "
        "print([m for m in ('great_expectations', 'pandas', 'jinja2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_prewarmed_process_finds_what_this_one_would() -> None:
    """Suites run in the process `prewarm` starts find the same, and import nothing here."""
    code = """
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
import polars as pl
from validators import load_suite, prewarm, validate
if __name__ == "__main__":
    if sys.argv[2] == "ahead":
        prewarm()
        prewarm()
    table = pl.DataFrame({"id": ["1", "2", "3"], "name": ["a", None, "c"]})
    result = validate(table, load_suite(Path(sys.argv[1])), ["id"])
    print(result.failures["id"].to_list(), "great_expectations" in sys.modules)
"""
    with TemporaryDirectory() as folder:
        script, suite = Path(folder, "script.py"), Path(folder, "suite.yaml")
        script.write_text(code, encoding="utf-8")
        suite.write_text(
            "suite: s\nentity: e\non: records\nexpectations: [{not_null: name}]\n", encoding="utf-8"
        )
        said = [
            subprocess.run(
                [sys.executable, script, suite, when], capture_output=True, text=True, check=True
            ).stdout.strip()
            for when in ("ahead", "now")
        ]
    assert said == ["['2'] False", "['2'] True"]


def test_the_catalogue_is_that_of_the_installed_release() -> None:
    """The rules a suite may name are those that run; after an upgrade, remake the file."""
    text = files("validators").joinpath("gx_expectations.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(text) == catalogue.describe()
