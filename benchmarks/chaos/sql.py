"""A project on SQLite whose run is killed at a random moment, or whose disk is full.

It is run to the end; then its sources change (rows come, go and are corrected), a steward decides,
a colleague edits the CRM; then a run is killed with SIGKILL at a random moment, or finds no room
for what it writes, and the project is run again. Afterwards its CRM, ids and decisions must be
those of a twin project that nobody disturbed, the chain whole, every table what its events make of
it, every id ever given resolved, the laws kept, and a further run must change nothing.
"""

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from random import Random

from benchmarks.chaos.lost import expect
from governance import open_ledger
from guiyi.own_process import SAFE
from pipelines.driving.driver import run_project

SPEC = """\
project: chaos
sources:
  firms:
    kind: delimited
    path: firms.csv
    tables: [{table: firms, entity: firm, columns: {name: name, phone: phone, city: city}}]
  orders:
    kind: delimited
    path: orders.csv
    tables:
      - {table: orders, entity: order, key: no, columns: {what: what}}
entities:
  firm: {fields: {name: company_name, phone: {kind: phone, country: CN}, city: region}}
  order: {fields: {what: text}, match: {enabled: false}}
mapping:
  account: {entity: firm, fields: {Name: name, Phone: phone, City: city}, merged_away: delete}
  sale: {entity: order, fields: {What: what}}
target: {url: "sqlite:///crm.db"}
load: {batch_size: 20}
gate: {max_missing: 1.0, max_moved: 1.0, max_quarantined: 1.0}
"""
CITIES = ("苏州", "无锡", "常州", "南京", "杭州")
BRANDS = "蓝天 白云 长江 金牛 华鑫 瑞达 宏远 明珠 东升 永安 天宇 泰和 鼎盛 正大 恒通 佳美".split()
TRADES = ("机械", "纺织", "化工", "贸易", "电子", "食品", "建材", "物流")
CHILD = """\
import sys
from pathlib import Path
from pipelines.driving.driver import run_project
print("ready", flush=True)
run_project(Path(sys.argv[1]))
"""
LONGEST = 3.0
"""Seconds from the moment a run is ready within which it is killed; most runs end by then."""
FULL = 0.2
"""The share of the seeds whose disk is full; the others are killed."""

Row = tuple[str, str, str]


def trial(seed: int, folder: Path) -> str:
    """Disturb a run of one project; say how. Raises LostError for whatever was lost by it."""
    draw = Random(seed)
    firms, orders = _firms(draw, 60), [f"order {n}" for n in range(40)]
    project, twin = folder / "killed", folder / "twin"
    project.mkdir(parents=True)
    (project / "guiyi.yaml").write_text(SPEC, encoding="utf-8")
    _write(project, firms, orders)
    expect(run_project(project).exit_code == 0, "the first run does not end")
    given = _ids(project)
    _edit(draw, project)
    number = _decide(draw, project)
    shutil.copytree(project, twin)
    firms, orders = _changed(draw, firms), [*orders, "one more"]
    for place in (project, twin):
        _write(place, firms, orders)
    full = draw.random() < FULL
    moment = _crowded(project, draw) if full else _killed(project, draw.uniform(0, LONGEST))
    _check_ledger(project, given, number)
    for place in (project, twin):
        expect(run_project(place).exit_code == 0, "a run after it does not end")
    _check_ledger(project, given, number)
    expect(_crm(project) == _crm(twin), "the CRM differs from that of the twin")
    expect(_ids(project) == _ids(twin), "ids differ from those of the twin")
    again = run_project(project)
    changed = [c for counts in again.load.values() for c in (counts["created"], counts["updated"])]
    expect(not any(changed), "a further run changes something")
    return moment


def _firms(draw: Random, count: int) -> list[Row]:
    names = [f"{c}{b}{t}有限公司" for c in CITIES for b in BRANDS for t in TRADES]
    return [
        (name, f"0512-6{draw.randrange(10**6, 10**7)}", name[:2])
        for name in draw.sample(names, count)
    ]


def _changed(draw: Random, firms: list[Row]) -> list[Row]:
    """Rows that come, go, are corrected, entered twice and sorted otherwise."""
    kept = [row for row in firms if draw.random() > 0.05]
    corrected = [
        (name, f"0512-6{draw.randrange(10**6, 10**7)}" if draw.random() < 0.1 else phone, city)
        for name, phone, city in kept
    ]
    twice = draw.sample(corrected, 3)
    rows = [*corrected, *twice, *_firms(draw, 8)]
    draw.shuffle(rows)
    return list(dict.fromkeys(rows)) + twice[:1]


def _write(project: Path, firms: list[Row], orders: list[str]) -> None:
    lines = ["name,phone,city", *(",".join(row) for row in firms)]
    (project / "firms.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = ["no,what", *(f"{n},{what}" for n, what in enumerate(orders))]
    (project / "orders.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _edit(draw: Random, project: Path) -> None:
    """A colleague types into the CRM."""
    with sqlite3.connect(project / "crm.db") as crm:
        ids = [row for (row,) in crm.execute("SELECT external_id FROM account ORDER BY 1")]
        for one in draw.sample(ids, 3):
            crm.execute("UPDATE account SET Phone = 'ask Li' WHERE external_id = ?", (one,))


def _decide(draw: Random, project: Path) -> int:
    """A steward says that two firms are one."""
    with open_ledger(folder=project) as ledger:
        links = ledger.crosswalk("firm")["record_id"].sort().to_list()
        left, right = draw.sample(links, 2)
        return ledger.decide("firm", "must-link", f"firms:{left}", f"firms:{right}")


def _killed(project: Path, after: float) -> str:
    """Start a run and kill it; say what it was at."""
    command = [sys.executable, "-c", CHILD, str(project)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, text=True, env={**os.environ, **SAFE}, **pipes) as run:  # type: ignore[call-overload]
        run.stdout.readline()
        time.sleep(after)
        run.send_signal(signal.SIGKILL)
    latest = max((project / ".guiyi" / "runs").iterdir())
    stages = sorted(latest.glob("*"), key=lambda path: path.stat().st_mtime)
    return f"{after:.2f} s, last written: {stages[-1].name if stages else '-'}"


def _crowded(project: Path, draw: Random) -> str:
    """Run where no file may grow beyond a little more than the ledger or the CRM has now."""
    files = [project / "crm.db", project / ".guiyi" / "ledger.db"]
    room = draw.choice([file.stat().st_size for file in files]) + draw.randrange(0, 200_000, 1000)
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (room, room))
    command = [sys.executable, "-c", CHILD, str(project)]
    ended = subprocess.run(
        command,
        env={**os.environ, **SAFE},
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )
    return f"no file beyond {room:,} bytes: the run ends with {ended.returncode}"


def _check_ledger(project: Path, given: set[str], number: int) -> None:
    with open_ledger(folder=project) as ledger:
        expect(ledger.verify_audit().intact, "the audit chain is broken")
        expect(ledger.check_events().is_same, "a table is not what its events make of it")
        alive = set(ledger.crosswalk("firm")["golden_id"])
        lost = [one for one in given if ledger.resolve(one).leads_to not in alive]
        expect(not lost, "ids that were given resolve no more")
        expect(number in ledger.decisions("firm")["id"], "a decision is gone")


def _ids(project: Path) -> set[str]:
    with open_ledger(folder=project) as ledger:
        return set(ledger.golden_ids("firm")["golden_id"])


def _crm(project: Path) -> list[list[tuple[object, ...]]]:
    with sqlite3.connect(project / "crm.db") as crm:
        return [
            crm.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
            for table in ("account", "sale")
        ]
