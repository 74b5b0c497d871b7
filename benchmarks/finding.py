"""A customer looked up before it is entered: milliseconds in a warm process, beside a ledger.

python -m benchmarks.finding --rows 100000 [--chinese]

A ledger of so many golden records (persons of `persons.py`, or Chinese firms) and no run folder, so
its golden values are all there is. Asked for are records that are not there and as many that are,
as they came; golden ids; and customers are reported and found. The load of the machine stands
beside the figures.
"""

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks import persons
from benchmarks.tables import markdown
from cleansing import clean_table, infer_kinds
from governance import open_ledger
from guiyi.kinds import Kind
from pipelines.finding import CustomerFinder

RUN = "20260101-000000-0000"
CITIES = "南京 杭州 宁波 合肥 济南 青岛 武汉 长沙 成都 西安 苏州 无锡 常州 福州 厦门 郑州".split()
TRADES = "机械 贸易 化工 软件 电子 食品 物流 建材 纺织 医药 科技 咨询 装饰 印刷".split()
CHARACTERS = "宏达金牛紫华信东方恒通天元博远正泰海纳新宇瑞丰永盛嘉禾中汇德隆兴旺百利安康明辉"


def firms(rows: int, seed: int) -> pl.DataFrame:
    """Chinese firms with telephone and address; every name once."""
    draw = random.Random(seed)
    names: dict[str, None] = {}
    while len(names) < rows:
        brand = "".join(draw.choice(CHARACTERS) for _ in range(draw.choice((2, 2, 3, 4))))
        names[f"{draw.choice(CITIES)}{brand}{draw.choice(TRADES)}有限公司"] = None
    return pl.DataFrame(
        [
            (
                name,
                f"1{draw.choice('35789')}{draw.randrange(10**9):09d}",
                f"{name[:2]}市人民路{draw.randrange(1, 999)}号",
            )
            for name in names
        ],
        schema=["name", "phone", "address"],
        orient="row",
    )


def customers(rows: int, seed: int, *, chinese: bool) -> pl.DataFrame:
    """Customers as they came from their sources."""
    return firms(rows, seed) if chinese else persons.register(rows, seed).drop("entity")


def project(folder: Path, golden: pl.DataFrame, kinds: dict[str, Kind]) -> pl.Series:
    """A project of one entity, and a ledger of its golden records; returns their ids."""
    fields = ", ".join(f"{name}: {kind}" for name, kind in kinds.items())
    columns = ", ".join(f"{name}: {name}" for name in kinds)
    (folder / "guiyi.yaml").write_text(
        "project: benchmark\n"
        "sources: {s: {kind: delimited, path: s.csv,\n"
        f"  tables: [{{table: s, entity: customer, columns: {{{columns}}}}}]}}}}\n"
        f"entities: {{customer: {{fields: {{{fields}}}}}}}\n",
        encoding="utf-8",
    )
    numbers = pl.int_range(golden.height, eager=True)
    members = pl.DataFrame({"record_id": "s/" + numbers.cast(pl.String), "cluster_id": numbers})
    with open_ledger(folder=folder) as ledger:
        ledger.record_run(RUN, project="benchmark")
        with ledger.write(RUN) as entry:
            named = entry.assign_golden_ids("customer", members.with_columns(source=pl.lit("s")))
            entry.record_golden("customer", golden.with_columns(named["golden_id"]))
            entry.audit("golden records", RUN, {})
    return named["golden_id"]


def percentiles(name: str, ask: Callable[[Any], object], what: Iterable[Any]) -> list[str]:
    """Ask once for each; milliseconds of processor and clock at the median, 95 % and 99 %."""
    cpus, walls = [], []
    for one in what:
        wall, cpu = time.perf_counter(), time.thread_time()
        ask(one)
        walls.append(1000 * (time.perf_counter() - wall))
        cpus.append(1000 * (time.thread_time() - cpu))
    points = (50, 95, 99)
    return [name, *(f"{x:.1f}" for times in (cpus, walls) for x in np.percentile(times, points))]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.finding", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--chinese", action="store_true", help="firms instead of persons")
    parser.add_argument("--asked", type=int, default=1_000)
    given = parser.parse_args()
    half = given.asked // 2
    raw = customers(given.rows + half, 1, chinese=given.chinese)
    fresh = customers(half // 2, 9, chinese=given.chinese).to_dicts()
    kinds = {name: guess.kind for name, guess in infer_kinds(raw.head(20_000)).items()}
    golden = clean_table(raw.head(given.rows), kinds).select(*kinds)
    asked = [*raw.tail(half).to_dicts(), *raw.head(half).to_dicts()]
    with tempfile.TemporaryDirectory() as name:
        ids = project(Path(name), golden, kinds)
        with CustomerFinder.of(name) as finder:
            wall, cpu = time.perf_counter(), time.process_time()
            finder.find("customer", asked[0])
            made = time.perf_counter() - wall, time.process_time() - cpu
            for record in raw.slice(half, half // 5).to_dicts():
                finder.find("customer", record)
            rows = [
                percentiles("by content", lambda r: finder.find("customer", r), asked),
                percentiles("by content, again", lambda r: finder.find("customer", r), asked),
                percentiles("by id", finder.by_id, ids.sample(given.asked, seed=3)),
                percentiles("report a customer", lambda r: _report(finder, r), fresh),
            ]
        wall = time.perf_counter()
        with CustomerFinder.of(name) as finder:
            finder.find("customer", asked[0])
        opened = time.perf_counter() - wall
    head = ("ms", "median CPU", "95 %", "99 %", "median clock", "95 %", "99 %")
    what = "Chinese firms" if given.chinese else "persons"
    print(f"### {given.rows:,} golden records, {what} (load {os.getloadavg()[0]:.1f})\n")
    print(markdown(head, rows), "\n")
    print(f"made in {made[0]:.0f} s ({made[1]:.0f} s CPU); opened and asked in {opened:.1f} s")


def _report(finder: CustomerFinder, record: dict[str, str | None]) -> None:
    """Register a customer, and find it."""
    finder.register("customer", record, who="x")
    finder.find("customer", record)


if __name__ == "__main__":
    main()
