"""What was true on a day, and what was known then: a change that comes late, and its correction."""

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.cli.main import cli
from pipelines.driving.driver import run_project

SPEC = """\
project: firms
sources:
  sheet:
    kind: delimited
    path: firms.csv
    tables:
      - {table: firms, entity: company, key: no, columns: {name: name, city: city, changed: day}}
entities:
  company:
    fields: {name: company_name, city: region, changed: date}
    updated: changed
"""
DELIVERED = [
    ("2026-01-10", "苏州市", "2026-01-05"),
    ("2026-03-10", "无锡市", "2026-02-01"),  # moved on 1 February, delivered five weeks later
    ("2026-04-10", "常州市", "2026-02-01"),  # it was Changzhou: a correction of the same move
    ("2026-05-10", "南京市", ""),  # without a date: true from when it came
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A firm of which four runs learnt something, on the days they are said to have begun."""
    folder = tmp_path_factory.mktemp("firms")
    (folder / "guiyi.yaml").write_text(SPEC, encoding="utf-8")
    begun: list[str] = []
    for day, city, changed in DELIVERED:
        row = f"no,name,city,day\n1,蓝天精密机械有限公司,{city},{changed}\n"
        (folder / "firms.csv").write_text(row, encoding="utf-8")
        assert run_project(folder).exit_code == 0
        with sqlite3.connect(folder / ".guiyi" / "ledger.db") as ledger:
            runs = ledger.execute("SELECT run_id FROM guiyi_runs").fetchall()
            (run_id,) = {name for (name,) in runs} - set(begun)
            ledger.execute(
                "UPDATE guiyi_runs SET started = ? WHERE run_id = ?",
                (f"{day}T00:00:00.000+00:00", run_id),
            )
        begun.append(run_id)
    return folder


@pytest.mark.parametrize(
    ("as_of", "known_at", "city"),
    [
        ("2026-01-20", None, "苏州市"),
        ("2026-02-15", None, "苏州市"),  # as it stood in the ledger: nobody knew yet
        ("2026-02-15", "2026-03-15", "无锡市"),
        ("2026-02-15", "2026-04-15", "常州市"),
        ("2026-02-15", "now", "常州市"),
        ("2026-01-20", "now", "苏州市"),
        ("2025-12-31", "now", None),
        (None, "2026-03-15", "无锡市"),
        ("2026-06-01", "2026-03-15", "无锡市"),  # as far as was known
        ("2026-05-09", "now", "常州市"),
        ("2026-05-11", "now", "南京市"),
        (None, "now", "南京市"),
    ],
)
def test_what_was_true_by_what_was_known(
    project: Path,
    as_of: str | None,
    known_at: str | None,
    city: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A change holds from its own date on, as soon as it is known; a correction overrules it."""
    monkeypatch.setenv("GUIYI_LANG", "en")
    options = [f"--as-of={as_of}"] * (as_of is not None)
    options += [f"--known-at={known_at}"] * (known_at is not None)
    shown = CliRunner().invoke(cli, ["show", str(project), "sheet:firms/1", *options])
    assert shown.exit_code == 0, shown.output
    assert (f"city: {city}" if city else "no golden record at that time") in shown.output


def test_a_time_that_is_none_is_refused(project: Path) -> None:
    """`--known-at` takes a day, a time or `now`."""
    command = ["show", str(project), "sheet:firms/1", "--known-at", "later"]
    assert "is not a date or time" in str(CliRunner().invoke(cli, command).exception)
