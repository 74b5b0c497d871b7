"""What the retention rules remove, and what they never do."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from governance import Ledger, open_ledger
from governance.batches import KEY
from governance.database import LedgerError
from guiyi.errors import SpecError
from guiyi.spec import load_project
from guiyi.spec.retention import before
from pipelines.cli.main import cli
from pipelines.driving.driver import run_project
from pipelines.driving.purging import planned_purge, purge
from pipelines.stages.run import Options

SPEC = """\
project: firms
sources:
  sheet:
    kind: delimited
    path: firms.csv
    tables:
      - {{entity: firm, key: no, columns: {{name: name}}}}
  orders:
    kind: delimited
    path: orders.csv
    tables:
      - {{entity: order, key: number, columns: {{number: number}}}}
entities:
  firm: {{fields: {{name: company_name}}, match: {{model: {model}}}}}
  order: {{fields: {{number: key}}, match: {{enabled: false}}}}
retention: {retention}
"""
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def made_run(
    folder: Path,
    day: int,
    *,
    hour: int = 8,
    published: bool = True,
    ended: bool = True,
    tables: tuple[str, ...] = ("records/firm", "pairs/firm"),
    **more: object,
) -> str:
    """A run folder of a day of November 2026, with some tables."""
    name = f"202611{day:02}-{hour:02}0000-{day:04}"
    run = folder / ".guiyi" / "runs" / name
    started = datetime(2026, 11, day, hour, tzinfo=UTC).isoformat()
    stages = [{"stage": "remember"}] if published else [{"stage": "gate"}]
    manifest = {
        "run_id": name,
        "started": started,
        "finished": started if ended else None,
        "stages": stages,
        **more,
    }
    for table in tables:
        file = run / f"{table}.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        pl.DataFrame({"a": [1]}).write_parquet(file)
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (run / "checkpoint.json").write_text("{}", encoding="utf-8")
    return name


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "firms.csv").write_text("no,name\n1,苏州蓝天机械有限公司\n", encoding="utf-8")
    return write_spec(tmp_path, "{keep: 2}")


def write_spec(folder: Path, retention: str, model: str = "null") -> Path:
    text = SPEC.format(retention=retention, model=model)
    (folder / "guiyi.yaml").write_text(text, encoding="utf-8")
    return folder


def planned(folder: Path) -> tuple[list[str], dict[str, str]]:
    with open_ledger(folder=folder) as ledger:
        plan = planned_purge(load_project(folder), ledger, NOW)
    return list(plan.runs), {name: str(why) for name, why in plan.kept.items()}


def test_the_newest_runs_stay(folder: Path) -> None:
    """So many published runs are kept, and as many of others; the rest goes, the oldest first."""
    names = [made_run(folder, day) for day in (1, 2, 3, 4)]
    dry = [made_run(folder, day, published=False) for day in (5, 6, 7)]
    assert planned(folder) == ([*names[:2], dry[0]], {})


def test_younger_runs_stay_however_many(folder: Path) -> None:
    """With a span, only what is older goes."""
    names = [made_run(folder, day) for day in (1, 20, 21, 22)]
    write_spec(folder, "{keep: 1, runs: 2w}")
    assert planned(folder) == ([names[0]], {})


def test_the_last_published_run_stays_behind_any_number_of_others(folder: Path) -> None:
    """A hundred dry runs do not push out the run that readers and the next run take up."""
    last = made_run(folder, 1)
    write_spec(folder, "{keep: 1}")
    for day in range(2, 20):
        made_run(folder, day, published=False)
    runs, _ = planned(folder)
    assert last not in runs
    assert len(runs) == 17


def test_the_latest_tables_of_each_entity_stay(folder: Path) -> None:
    """Runs of one entity alone do not take away what another was last read and matched in."""
    whole = made_run(folder, 1, tables=("records/firm", "records/order", "extract/sheet.firms"))
    older = made_run(folder, 2, tables=("records/firm", "crm/gone"))
    for day in (3, 4, 5):
        made_run(folder, day, tables=("records/firm", "extract/sheet.firms"))
    runs, kept = planned(folder)
    assert whole not in runs
    assert "records/order" in kept[whole]
    assert runs == [older, "20261103-080000-0003"]


def test_what_the_next_run_takes_over_stays(folder: Path) -> None:
    """The latest contents by which a run compares only what is new, where the last has none."""
    tables = ("records/firm", "pairs/firm")
    older = made_run(folder, 1, tables=(*tables, "contents/firm"))
    whole = made_run(folder, 2, tables=(*tables, "contents/firm"))
    made_run(folder, 3, tables=tables)
    write_spec(folder, "{keep: 1}")
    assert planned(folder) == ([older], {whole: "it has the latest contents/firm"})


def test_what_is_needed_stays(folder: Path) -> None:
    """An open batch and a model in use; not what a later run has compared itself with."""
    pinned, before, opened, gone = (made_run(folder, day) for day in (1, 2, 3, 4))
    made_run(folder, 28, notes=[f"firm: records since run {before}: 1 new"])
    made_run(folder, 29, published=False, notes=[f"firm: records since run {gone}: 1 new"])
    made_run(folder, 30)
    write_spec(folder, "{keep: 2}", model=f".guiyi/runs/{pinned}/models/firm.json")
    with open_ledger(folder=folder) as ledger:
        load(ledger, f"{opened}.firm.full.0001", opened, "full", closed=False)
    runs, kept = planned(folder)
    assert runs == [before, gone]
    assert "guiyi.yaml names it" in kept[pinned]
    assert "a batch of it is open" in kept[opened]


def test_a_run_that_died_goes_in_time(folder: Path) -> None:
    """A run without an end may go on for two days; then it is one that died."""
    dead = made_run(folder, 1, published=False, ended=False)
    write_spec(folder, "{keep: 1}")
    young = made_run(folder, 30, published=False, ended=False)
    made_run(folder, 30, hour=9, published=False)
    made_run(folder, 28)
    assert planned(folder) == ([dead], {young: "it has not ended"})


def test_a_purge_removes_what_was_planned_and_says_so(folder: Path) -> None:
    """Folders go, their signed checkpoints stay, the audit chain names the runs, a second purge
    finds nothing.
    """
    gone, *_ = [made_run(folder, day) for day in (1, 2, 3)]
    open_ledger(folder=folder).close()
    left_over = folder / ".guiyi" / "purging" / "20261001-080000-dead"
    left_over.mkdir(parents=True)
    words = ["purge", str(folder), "--json"]
    dry = json.loads(CliRunner().invoke(cli, [*words, "--dry-run"]).output)
    assert (list(dry["runs"]), dry["dry_run"]) == ([gone], True)
    assert (folder / ".guiyi" / "runs" / gone).exists()
    done = CliRunner().invoke(cli, words)
    assert list(json.loads(done.output)["runs"]) == [gone]
    assert not (folder / ".guiyi" / "runs" / gone).exists()
    assert not left_over.exists()
    assert (folder / ".guiyi" / "checkpoints" / f"{gone}.json").exists()
    with open_ledger(folder=folder) as ledger:
        entry = ledger.audit_trail().filter(action="runs.purged").to_dicts()[-1]
    assert json.loads(entry["details"])["runs"] == [gone]
    assert json.loads(CliRunner().invoke(cli, words).output)["runs"] == {}


def load(
    ledger: Ledger, batch_id: str, run_id: str, phase: str, *, closed: bool = True, n: int = 2
) -> None:
    """A batch that changed some rows of a CRM entity."""
    ids = [f"G{number}" for number in range(n)]
    sent = pl.DataFrame({KEY: ids, "Name": ["new"] * n})
    held = pl.DataFrame({KEY: ids, "Name": ["old"] * n})
    ledger.open_batch(
        batch_id, run_id=run_id, crm_entity="account", phase=phase, sent=sent, before=held
    )
    if closed:
        ledger.close_batch(batch_id)


def test_before_images_go_when_nothing_needs_them(folder: Path) -> None:
    """Of batches closed long ago the images go, and a rollback says why it cannot be; those of the
    last run that changed an entity, of merged rows and of open batches stay.
    """
    later = datetime.now(UTC) + timedelta(days=91)
    with open_ledger(folder=folder) as ledger:
        load(ledger, "r1.account.full.0001", "r1", "full")
        load(ledger, "r1.account.merged.0001", "r1", "merged away")
        load(ledger, "r2.account.test.0001", "r2", "test", closed=False)
        load(ledger, "r3.account.full.0001", "r3", "full")
        project = load_project(folder)
        assert planned_purge(project, ledger).batches == {}
        plan = planned_purge(project, ledger, later)
        assert plan.batches == {"r1.account.full.0001": 2}
        assert [str(line) for line in plan.messages] == [
            "1 batch can no longer be rolled back: its before-images are purged"
        ]
        purge(project, ledger, plan)
        assert ledger.batch_rows("r1.account.full.0001")["before"].null_count() == 2
        assert ledger.batch_rows("r3.account.full.0001")["before"].null_count() == 0
        with pytest.raises(LedgerError, match="no longer kept"):
            ledger.rollback_plan("r1.account.full.0001")
        assert ledger.rollback_plan("r3.account.full.0001").restore["Name"].to_list() == ["old"] * 2
        assert ledger.audit_trail()["action"][-1] == "images.purged"
        assert ledger.check_events().is_same
        assert planned_purge(project, ledger, later).batches == {}


@pytest.mark.slow
def test_a_run_ends_by_purging_and_says_so(folder: Path) -> None:
    """Runs purge as the spec says; a dry run removes nothing, nor does `automatic: false`."""
    (folder / "orders.csv").write_text("number\nA1\n", encoding="utf-8")
    old = [made_run(folder, day) for day in (1, 2, 3)]
    assert run_project(folder, Options(dry_run=True)).exit_code == 0
    assert all((folder / ".guiyi" / "runs" / name).exists() for name in old)
    write_spec(folder, "{keep: 2, automatic: false}")
    assert run_project(folder).exit_code == 0
    assert all((folder / ".guiyi" / "runs" / name).exists() for name in old)
    write_spec(folder, "{keep: 2}")
    outcome = run_project(folder)
    assert outcome.exit_code == 0
    assert any("3 run folders purged" in str(note) for note in outcome.notes)
    left = os.listdir(folder / ".guiyi" / "runs")
    assert outcome.run_id in left
    assert not set(old) & set(left)


SPANS = [
    ("90d", datetime(2026, 9, 2, 12, tzinfo=UTC)),
    ("2w", datetime(2026, 11, 17, 12, tzinfo=UTC)),
    ("10mo", datetime(2026, 2, 1, 12, tzinfo=UTC)),
    ("3y", datetime(2023, 12, 1, 12, tzinfo=UTC)),
]


@pytest.mark.parametrize(("span", "moment"), SPANS)
def test_spans_go_by_the_calendar(span: str, moment: datetime) -> None:
    """Days, weeks, months and years; a 29 February of another year is the 28th."""
    assert before(NOW, span) == moment
    assert before(datetime(2024, 2, 29), "1y") == datetime(2023, 2, 28)
    assert before(datetime(2026, 3, 31), "1mo") == datetime(2026, 2, 28)


@pytest.mark.parametrize(
    ("retention", "why"),
    [
        ("{keep: 0}", "greater than or equal to 1"),
        ("{runs: 30}", "is no span of time|valid string"),
        ("{before_images: 3 years}", "is no span of time"),
        ("{fields: {firm.phone: 3y}}", "unknown field `firm.phone`"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(folder: Path, retention: str, why: str) -> None:
    """With file and line, as any mistake in guiyi.yaml."""
    write_spec(folder, retention)
    with pytest.raises(SpecError, match=why):
        load_project(folder)


def test_each_manifest_is_read_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many questions a plan asks of a run."""
    for day in range(1, 6):
        made_run(folder, day, published=bool(day % 2))
    read: list[Path] = []
    real = Path.read_text

    def counting(path: Path, *args: str, **more: str) -> str:
        read.append(path)
        return real(path, *args, **more)

    monkeypatch.setattr(Path, "read_text", counting)
    planned(folder)
    manifests = [path for path in read if path.name == "manifest.json"]
    assert len(manifests) == len(set(manifests)) == 5
