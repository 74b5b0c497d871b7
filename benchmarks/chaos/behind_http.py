"""A project whose CRM is behind HTTP, and all that may go wrong on the way to it.

It is loaded twice, the second time after its sources have changed. Each time requests fail by
chance in every way (429, 5xx, cut off before and after the commit, lists shuffled, truncated and
doubled, a session that ends), the loader is killed in the middle of a write, the CRM too where it
is a process, and a colleague edits rows meanwhile. It is resumed until it ends. Then every row is
in the CRM, once, as it is to be or as the colleague left it; what was reported as written is there;
the audit chain is whole; a further run changes nothing.
"""

import csv
import json
import os
import random
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.chaos.crms import CRMS, ChaosCrm, lists, writes
from benchmarks.chaos.lost import LostError, expect
from benchmarks.chaos.sql import BRANDS, CHILD, CITIES, TRADES
from governance import open_ledger
from governance.run_folder import CRM, RunFolder
from guiyi.errors import GuiyiError
from guiyi.own_process import SAFE
from pipelines.driving.driver import run_project
from pipelines.driving.reloading import load_again
from pipelines.progress import Silent
from pipelines.stages.run import RunOutcome
from tests.connectors.targets.http.http_server import Answer, Asked, serving
from tests.connectors.targets.misbehaving import Misbehaving, by_chance

SPEC: dict[str, Any] = {
    "project": "chaos",
    "sources": {
        "firms": {
            "kind": "delimited", "path": "firms.csv",
            "tables": [{"table": "firms", "entity": "firm", "key": "no", "columns": {
                "name": "name", "phone": "phone", "city": "city", "code": "code"}}],
        },
        "orders": {
            "kind": "delimited", "path": "orders.csv",
            "tables": [{"table": "orders", "entity": "order", "key": "no",
                        "columns": {"number": "no", "amount": "amount"},
                        "refs": {"firm": {"entity": "firm", "source": "firms", "table": "firms",
                                          "columns": "firm"}}}],
        },
    },
    "entities": {
        "firm": {"fields": {"name": "company_name", "phone": {"kind": "phone", "country": "CN"},
                            "city": "text", "code": "text"}},
        "order": {"fields": {"number": "key", "amount": "amount"}, "match": {"enabled": False}},
    },
    "mapping": {
        "account": {"entity": "firm", "fields": {
            "name": "name", "phone": "phone", "city": "city", "code": "code"}},
        "order": {"entity": "order", "fields": {"number": "number", "amount": "amount"},
                  "relations": {"account": "firm"}},
    },
    "load": {"test_batch": 4, "batch_size": 6},
    "gate": {"max_missing": 1.0, "max_moved": 1.0, "max_quarantined": 1.0, "max_rejected": 1.0},
}  # fmt: skip
FIRMS, ORDERS, BAD = 24, 12, 2
PATIENT, ATTEMPTS = 3, 8
"""How often a load is resumed while all goes wrong, and how often at all."""


@dataclass
class Disturbances:
    """What happens at which of the requests that change rows."""

    loader_dies: int
    before: bool
    """Whether it dies before the request is done, or after it."""
    crm_dies: int
    edits: frozenset[int]

    @classmethod
    def drawn(cls, draw: random.Random, *, kills: bool) -> "Disturbances":
        """By chance."""
        return cls(
            draw.randint(1, 9),
            draw.random() < 0.5,
            draw.randint(1, 12) if kills else 0,
            frozenset(draw.sample(range(2, 14), 3)),
        )


@dataclass
class Disturbed(Misbehaving):
    """A CRM that is disturbed while it is written to."""

    crm: ChaosCrm = field(kw_only=True)
    draw: random.Random = field(kw_only=True)
    plan: Disturbances | None = None
    loader: "subprocess.Popen[bytes] | None" = None
    number: int = 0
    edited: dict[str, str] = field(default_factory=dict)
    """Golden id → the telephone a colleague has typed."""
    refused: set[str] = field(default_factory=set)
    """Accounts the CRM does not take."""
    happened: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.service, self.rows = self._disturbed, ("results", "data", "value", "result")

    def calm(self) -> None:
        """Nothing goes wrong any more."""
        self.plan, self.chance = None, lambda: ""

    def _next(self, asked: Asked) -> str:
        kind = super()._next(asked)
        if kind in ("shuffled", "truncated", "duplicated") and not self._may_disorder(kind, asked):
            return ""
        return kind

    def _may_disorder(self, kind: str, asked: Asked) -> bool:
        """OData has nothing by which a page that is cut short could be known from a short one."""
        return lists(asked) and not (
            kind == "truncated" and "/api/" in asked.path and "$" in asked.path
        )

    def _disturbed(self, asked: Asked) -> Answer:
        if self.plan is None or not writes(asked):
            return self.crm.answering(asked)
        self.number += 1
        dies = self.number == self.plan.loader_dies and self.loader is not None
        if self.number in self.plan.edits:
            self._edit(asked)
        if dies and self.plan.before:
            self._kill_loader()
            return Answer(cut="before")
        if self.number == self.plan.crm_dies and self.crm.kill is not None:
            return self._killing(asked)
        answer = self.crm.answering(asked)
        if dies:
            self._kill_loader()
        return answer

    def _kill_loader(self) -> None:
        assert self.loader is not None
        self.loader.kill()
        self.loader.wait()
        self.happened.append(f"loader killed at write {self.number}")

    def _killing(self, asked: Asked) -> Answer:
        """The process dies while it writes, or has just written, or is about to."""
        assert self.crm.kill is not None
        killer = threading.Timer(self.draw.uniform(0, 0.3), self.crm.kill)
        killer.start()
        answer = self.crm.answering(asked)
        killer.join()
        self.happened.append(f"CRM killed at write {self.number}")
        return answer

    def _edit(self, asked: Asked) -> None:
        """A colleague edits an account. Where rows have no versions, not while accounts are
        written: between its reading and its writing nothing could tell.
        """
        orders = any(word in asked.path for word in ("order", "deals"))
        if not self.crm.versioned and not orders:
            return
        golden = [row["golden"] for row in self.crm.rows("account") if row["golden"]]
        if golden:
            one, phone = (
                self.draw.choice(sorted(golden)),
                f"+8651{self.draw.randrange(10**8, 10**9)}",
            )
            self.crm.edit(one, phone)
            self.edited[one] = phone
            self.happened.append(f"edit at write {self.number}")


def trial(seed: int, target: str, folder: Path) -> str:
    """Load one project twice; say what happened. Raises LostError for whatever was lost."""
    draw = random.Random(seed)
    with CRMS[target](folder) as crm:
        share = draw.choice([0.0, 0.05, 0.12])
        service = Disturbed(crm.answering, crm=crm, draw=draw)
        with (
            serving(service) as url,
            patch.dict(os.environ, {**crm.secrets, "CRM_URL": url, "GUIYI_LANG": "en"}),
        ):
            project = folder / "project"
            _begin(project, crm.target(url))
            crm.add()
            firms = _firms(draw, crm)
            mapped: dict[str, dict[str, dict[str, Any]]] = {"account": {}, "order": {}}
            for phase in (0, 1):
                if phase:
                    firms = _changed(draw, firms)
                _write(project, firms, ORDERS + phase)
                service.chance = by_chance(seed * 2 + phase, share)
                if draw.random() < 0.3:
                    service.fault("401", writes)
                service.plan = Disturbances.drawn(draw, kills=crm.kill is not None)
                service.number = 0
                _loader(project, service)
                done = _until_done(project, service)
                mapped = {name: {**mapped[name], **_mapped(project, done, name)} for name in mapped}
                _check(project, service, mapped)
            again = run_project(project)
            changes = [c[w] for c in again.load.values() for w in ("created", "updated")]
            expect(again.exit_code == 0 and not any(changes), f"a further run changes {again.load}")
            _check(project, service, mapped)
    return f"{share:.0%} of requests fail; {', '.join(service.happened) or 'nothing died'}"


def _begin(project: Path, target: dict[str, Any]) -> None:
    project.mkdir()
    spec = {**SPEC, "target": {**target, "timeout": 10, "wait": 5}}
    (project / "guiyi.yaml").write_text(json.dumps(spec, ensure_ascii=False), encoding="utf-8")


def _firms(draw: random.Random, crm: ChaosCrm) -> list[list[str]]:
    names = [f"{c}{b}{t}有限公司" for c in CITIES for b in BRANDS for t in TRADES]
    firms = [
        [str(n), name, f"0512-6{draw.randrange(10**6, 10**7)}", name[:2], ""]
        for n, name in enumerate(draw.sample(names, FIRMS))
    ]
    for number in draw.sample(range(FIRMS), BAD):
        firms[number][4] = crm.bad(number)
    return firms


def _changed(draw: random.Random, firms: list[list[str]]) -> list[list[str]]:
    """Some are corrected, one comes."""
    new = [str(FIRMS), "厦门独一无二仪器有限公司", "0592-6123456", "厦门", ""]
    changed = [
        [no, name, f"0512-6{draw.randrange(10**6, 10**7)}" if draw.random() < 0.3 else phone,
         f"{city}市" if draw.random() < 0.3 else city, code]
        for no, name, phone, city, code in firms
    ]  # fmt: skip
    return [*changed, new]


def _write(project: Path, firms: list[list[str]], orders: int) -> None:
    with (project / "firms.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["no", "name", "phone", "city", "code"], *firms])
    lines = [
        ["no", "amount", "firm"],
        *([f"A{n}", f"{n}.50", str(n % FIRMS)] for n in range(orders)),
    ]
    with (project / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)


def _loader(project: Path, service: Disturbed) -> None:
    """A run in a process of its own, which may be killed."""
    command = [sys.executable, "-c", CHILD, str(project)]
    service.loader = subprocess.Popen(
        command,
        env={**os.environ, **SAFE},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        service.loader.wait(timeout=600)
    finally:
        service.loader.kill()
        service.loader.wait()
        service.loader = None
    _check_told(project, service)


def _until_done(project: Path, service: Disturbed) -> RunOutcome:
    """Resume, or run again what did not come to its load. An edit in mid-load is found by the
    reconciliation, which stops the run, or its row is rejected with a code that says so; the next
    run leaves the edit as it is.
    """
    notes: list[object] = []
    anew = False
    for attempt in range(ATTEMPTS):
        if attempt >= PATIENT:
            service.calm()
        try:
            done = _taken_up(project, anew=anew)
        except GuiyiError as error:
            notes.append(error)
            continue
        finally:
            _check_told(project, service)
        if done.exit_code == 0 and not (left := _left_out(project)):
            service.calm()
            return done
        if done.exit_code == 0:  # rejected, since a colleague was quicker
            anew, notes = True, [*notes, f"left out: {left}"]
            continue
        failed = [one for one in (done.gate or {}).get("checks", ()) if not one["passed"]]
        anew = bool(failed) and all(one.get("stage") == "reconcile" for one in failed)
        expect(not anew or service.edited, f"what was sent is not what is there: {failed}")
        notes += [done.exit_code, *(one["name"] for one in failed), *done.notes[-2:]]
    raise LostError(f"it does not end: {[str(note) for note in notes[-9:]]}")


def _left_out(project: Path) -> list[str]:
    """Rows the latest load has rejected because a colleague has changed them meanwhile."""
    latest = max((project / ".guiyi" / "runs").glob("*/load/error.csv"))
    with latest.open(encoding="utf-8-sig") as file:
        return [row["golden_id"] for row in csv.DictReader(file) if "run again" in row["message"]]


def _taken_up(project: Path, *, anew: bool) -> RunOutcome:
    if not anew:
        with suppress(GuiyiError):
            return load_again(project, None, "resume", Silent())
    return run_project(project)


def _mapped(project: Path, done: RunOutcome, entity: str) -> dict[str, dict[str, Any]]:
    folder = RunFolder(project / ".guiyi" / "runs" / done.run_id)
    columns = {
        "account": ["name", "phone", "city", "code"],
        "order": ["number", "amount", "account"],
    }
    rows = folder.read(CRM, entity, ["external_id", *columns[entity]])
    return {row.pop("external_id"): row for row in rows.to_dicts()}


def _check_told(project: Path, service: Disturbed) -> None:
    """What a run has reported as written is there."""
    runs = sorted((project / ".guiyi" / "runs").glob("*/load/success.csv"))
    if not runs:
        return
    there = {
        name: {row["golden"] for row in service.crm.rows(name)} for name in ("account", "order")
    }
    with runs[-1].open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            found = row["golden_id"] in there[row["crm_entity"]]
            expect(found, f"{row['crm_entity']} {row['golden_id']} was reported, and is not there")


def _check(project: Path, service: Disturbed, mapped: dict[str, dict[str, dict[str, Any]]]) -> None:
    for entity, wanted in mapped.items():
        rows = service.crm.rows(entity)
        ids = [row["golden"] for row in rows if row["golden"]]
        expect(len(ids) == len(set(ids)), f"{entity}: rows are doubled: {len(ids)}")
        expect(set(ids) <= set(wanted), f"{entity}: rows nobody has asked for")
        expect(
            len(rows) - len(ids) == (entity == "account"), f"{entity}: a colleague's row is gone"
        )
        there = {row["golden"]: row for row in rows}
        for golden, row in wanted.items():
            _check_row(service, entity, golden, row, there)
    with open_ledger(folder=project) as ledger:
        expect(ledger.verify_audit().intact, "the audit chain is broken")
        expect(ledger.check_events().is_same, "a table is not what its events make of it")


def _check_row(
    service: Disturbed, entity: str, golden: str, row: dict[str, Any], there: dict[str, Any]
) -> None:
    found = there.get(golden)
    if found is None:
        if entity == "account" and row["code"]:
            service.refused.add(golden)
        refused = (golden if entity == "account" else row["account"]) in service.refused
        expect(refused, f"{entity} {golden} is lost")
        return
    for name, value in row.items():
        if (name, entity) == ("phone", "account") and golden in service.edited:
            value = service.edited[golden]
        shown = found.get(name) or None
        same = Decimal(str(shown)) == Decimal(value) if name == "amount" else shown == value
        expect(same, f"{entity} {golden}: `{name}` is not what it is to be")
