"""The gate in CI: planted regressions are stopped, ordinary changes are not, old failures neither.

A project with some data that has been bad for long is judged once; that is the baseline. Each seed
then changes its sources: in the ordinary way (rows moved, new, changed, gone), or with one fault
beside. By night a hundred of each.
"""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.driving.checking import check_project
from pipelines.progress import Silent

SPEC = """\
project: gate
sources:
  erp:
    kind: delimited
    path: erp.csv
    tables:
      - {table: erp, entity: company, key: no,
         columns: {name: name, phone: phone, status: status, founded: founded}}
  orders:
    kind: delimited
    path: orders.csv
    tables:
      - table: orders
        entity: order
        key: no
        columns: {amount: amount}
        refs: {customer: {source: erp, table: erp, entity: company, columns: [firm]}}
entities:
  company:
    fields: {name: company_name, phone: {kind: phone, country: CN}, status: code, founded: date}
  order: {fields: {amount: amount}, match: {enabled: false}}
suites: [rules.yaml, orders.yaml]
gate: {max_quarantined: 0.01, max_missing: 0.1}
"""
RULES = """\
suite: companies
entity: company
expectations:
  - not_null: name
  - valid: phone
  - in_set: {column: status, values: [A, B]}
  - between: {column: founded, min: 1949-10-01}
    quarantine: false
  - rows: {min: 50}
  - unique: record_id
"""
ORDERS = "suite: orders\nentity: order\nexpectations:\n  - ref: customer\n  - not_null: amount\n"
Rows = list[list[str]]
FIRMS, WORDS = 120, "宏达金牛紫华信东方恒通天元博远正泰海纳新宇瑞丰永盛嘉禾中汇"


def _firm(draw: random.Random, number: int) -> list[str]:
    name = "".join(draw.sample(WORDS, 3))
    phone = f"1{draw.choice('35')}{draw.randrange(10**8, 10**9)}"
    return [f"F{number}", f"南京{name}{number}贸易有限公司", phone, draw.choice("AB"), "2001-05-06"]


def _tables() -> tuple[Rows, Rows]:
    draw = random.Random(1)
    firms = [_firm(draw, number) for number in range(FIRMS)]
    firms[3][2], firms[4][1], firms[5][4] = "12", "", "1800-01-01"  # bad for long
    orders = [[f"O{n}", f"F{draw.randrange(6, FIRMS)}", f"{n}.50"] for n in range(150)]
    orders[7][1] = "F9999"
    return firms, orders


def _write(folder: Path, firms: Rows, orders: Rows) -> None:
    heads = (
        ("erp.csv", "no,name,phone,status,founded", firms),
        ("orders.csv", "no,firm,amount", orders),
    )
    for file, head, rows in heads:
        text = "\n".join([head, *(",".join(row) for row in rows)])
        (folder / file).write_text(text + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gate") / "project"
    folder.mkdir()
    texts = {"guiyi.yaml": SPEC, "rules.yaml": RULES, "orders.yaml": ORDERS}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    _write(folder, *_tables())
    first = check_project(folder, [], Silent())
    assert first.exit_code == 1, "without a baseline, what has been bad for long fails"
    (folder / "baseline.json").write_text(first.baseline, encoding="utf-8")
    return folder


def _ordinary(draw: random.Random, firms: Rows, orders: Rows) -> None:
    """What a week brings: rows in another order, new ones, some changed, one gone."""
    firms += [_firm(draw, FIRMS + n) for n in range(draw.randrange(1, 9))]
    for row in draw.sample(firms[10:FIRMS], 5):
        row[2] = f"13{draw.randrange(10**8, 10**9)}"
    ordered = {row[1] for row in orders}
    idle = [row for row in firms[10:] if row[0] not in ordered]
    if idle:
        firms.remove(draw.choice(idle))
    orders += [[f"O{150 + n}", draw.choice(firms[6:])[0], f"{n}.00"] for n in range(5)]
    draw.shuffle(firms)
    draw.shuffle(orders)


def _good(draw: random.Random, firms: Rows, count: int) -> Rows:
    """Firms that nothing is wrong with."""
    bad = {"F3", "F4", "F5"}
    return draw.sample([row for row in firms if row[0] not in bad], count)


def _blank_names(draw: random.Random, firms: Rows, _: Rows) -> None:
    for row in _good(draw, firms, 3):
        row[1] = ""


def _wrong_phones(draw: random.Random, firms: Rows, _: Rows) -> None:
    for row in _good(draw, firms, 3):
        row[2] = "12"


def _other_codes(draw: random.Random, firms: Rows, _: Rows) -> None:
    for row in _good(draw, firms, 3):
        row[3] = "X"


def _old_dates(draw: random.Random, firms: Rows, _: Rows) -> None:
    for row in _good(draw, firms, 1):
        row[4] = "1880-01-01"


def _dead_references(draw: random.Random, _: Rows, orders: Rows) -> None:
    for row in draw.sample(orders, 6):
        row[1] = f"F{draw.randrange(5000, 6000)}"


def _truncated(draw: random.Random, firms: Rows, _: Rows) -> None:
    del firms[draw.randrange(20, 45) :]


def _shifted(_: random.Random, firms: Rows, __: Rows) -> None:
    for row in firms:
        row[2], row[3] = row[3], row[2]


FAULTS: tuple[Callable[[random.Random, Rows, Rows], None], ...] = (
    _blank_names,
    _wrong_phones,
    _other_codes,
    _old_dates,
    _dead_references,
    _truncated,
    _shifted,
)


def _code(judged: Path, tmp_path: Path, seed: int, *, fault: bool) -> int:
    folder = tmp_path / "project"
    shutil.copytree(judged, folder)
    draw = random.Random(seed)
    firms, orders = _tables()
    _ordinary(draw, firms, orders)
    if fault:
        FAULTS[seed % len(FAULTS)](draw, firms, orders)
    _write(folder, firms, orders)
    return check_project(folder, [], Silent(), "baseline.json").exit_code


NIGHTLY = pytest.mark.nightly


@pytest.mark.parametrize(
    "seed", [*range(7), *(pytest.param(n, marks=NIGHTLY) for n in range(7, 100))]
)
def test_a_planted_regression_is_stopped(seed: int, judged: Path, tmp_path: Path) -> None:
    assert _code(judged, tmp_path, seed, fault=True) == 1


@pytest.mark.parametrize(
    "seed", [*range(3), *(pytest.param(n, marks=NIGHTLY) for n in range(3, 100))]
)
def test_a_clean_run_passes(seed: int, judged: Path, tmp_path: Path) -> None:
    assert _code(judged, tmp_path, seed, fault=False) == 0
