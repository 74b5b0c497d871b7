"""What a governed load costs beside a bare COPY and upsert of the same rows into PostgreSQL.

    python -m benchmarks.loading --rows 1000000 [--contacts 1.5] [--url postgresql+psycopg://…]

Golden accounts and contacts are made straight as the tables that the stages of a load are handed.
They are loaded as `guiyi run` loads them (the difference to the target, a test batch read back, the
rest in batches with before-images, the proof), loaded again unchanged, and every batch is rolled
back, the last first. In the same run psycopg copies the same rows into a staging table and upserts
from there. Each step is a process of its own; server seconds are of every process of PostgreSQL, so
nothing else should use it meanwhile. `--url sqlite:///crm.db` or MariaDB's: without the comparison.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.whole_run import peak, reset_peak
from connectors.targets import open_target
from governance import open_ledger
from governance.golden_ids import new_golden_ids
from governance.run_folder import (
    CLUSTERS,
    CRM,
    GOLDEN,
    MOVED,
    REKEYED,
    SCOPE,
    UNKEYED,
    UNMAPPED_CODES,
    RunFolder,
    RunTable,
)
from guiyi.spec import Project, load_project
from pipelines import loading
from pipelines.driving.driver import perform
from pipelines.memory import give_back
from pipelines.stages import STAGES
from pipelines.stages.run import Run

URL = "postgresql+psycopg://postgres@127.0.0.1:5432/guiyi_loading"
SPEC = """\
project: loading
sources:
  erp:
    kind: delimited
    path: erp.csv
    tables:
      - {entity: company, columns: {name: name}}
      - entity: person
        columns: {name: name}
        refs: {employer: {entity: company, columns: c, table: T}}
entities:
  company:
    fields: {name: company_name, code: text, province: text, city: text, address: address,
             phone: phone, email: email, status: text}
    match: {enabled: false}
  person:
    fields: {name: person_name, title: text, mobile: phone, email: email, city: text}
    match: {enabled: false}
mapping:
  account:
    entity: company
    fields: {name: name, code: code, province: province, city: city, address: address,
             phone: phone, email: email, status: status}
  contact:
    entity: person
    fields: {name: name, title: title, mobile: mobile, email: email, city: city}
    relations: {account_id: employer}
target: {kind: sql, url: "URL"}
"""
FOLDER = Path("/tmp/loading_benchmark")
PIECE = 100_000
COUNTED = ("diff", "load_test", "load_full", "reconcile")
"""The stages of a load; `remember`, between them, writes the ledger's golden records."""


@dataclass(frozen=True)
class Spent:
    """What a step took."""

    step: str
    wall: float
    cpu: float
    server: float
    """Processor seconds of PostgreSQL's processes."""
    peak: float
    """Largest resident memory, in GB."""


def pick(values: str, seed: int) -> pl.Expr:
    """One of some words for each row number."""
    words = pl.lit(pl.Series(values.split()))
    return words.gather(pl.col("n").hash(seed) % len(values.split()))


def accounts(n: pl.DataFrame) -> pl.DataFrame:
    """Firms, by their numbers."""
    text = pl.col("n").cast(pl.String)
    city = pick("杭州 上海 北京 深圳 广州 成都 南京 武汉 西安 苏州", 1)
    name = [city, pick("海宁 中天 华信 金桥 东方 瑞丰 宏达 泰和 嘉诚 永盛", 2)]
    trade = pick("电子科技 机械设备 纺织 化工 食品 贸易 医药 建材 物流 软件", 3)
    road = pick("人民 解放 中山 建设 和平 长江 黄河 文化 学院 工业", 4)
    return n.select(
        "external_id",
        name=pl.concat_str(*name, text, trade, pl.lit("有限公司")),
        code=pl.concat_str(pl.lit("91330"), pl.col("n") + 10**12),
        province=pick("浙江省 上海市 北京市 广东省 四川省 江苏省 湖北省 陕西省", 5),
        city=city,
        address=pl.concat_str(city, pl.lit("市"), road, pl.lit("路"), text, pl.lit("号")),
        phone=pl.when(pl.col("n") % 7 > 0).then(
            pl.concat_str(pl.lit("+86571"), pl.col("n") % 10**7 + 8 * 10**7)
        ),
        email=pl.when(pl.col("n") % 3 > 0).then(
            pl.concat_str(pl.lit("info@"), text, pl.lit(".example.cn"))
        ),
        status=pick("active active active lead dormant", 6),
    )


def contacts(n: pl.DataFrame) -> pl.DataFrame:
    """People, by their numbers; each works for one of the firms named in `account_id`."""
    text = pl.col("n").cast(pl.String)
    surname = pick("王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗", 7)
    given = pick("伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀英 建华 志强", 8)
    return n.select(
        "external_id",
        name=surname + given,
        title=pl.when(pl.col("n") % 4 > 0).then(pick("采购经理 总经理 财务 工程师 助理", 9)),
        mobile=pl.concat_str(pl.lit("+86138"), pl.col("n") % 10**8 + 10**8),
        email=pl.concat_str(pl.lit("p"), text, pl.lit("@example.cn")),
        city=pick("杭州 上海 北京 深圳 广州 成都 南京 武汉 西安 苏州", 10),
        account_id=pl.col("account_id"),
    )


def ids_of(entity: str, rows: int) -> pl.DataFrame:
    """Golden ids, in their order as the stage `map` leaves rows, each with a number."""
    ids = new_golden_ids(entity, (f"erp:{entity}/{n}" for n in range(rows)))
    return pl.DataFrame({"external_id": ids.sort()}).with_row_index("n").cast({"n": pl.Int64})


def prepare(folder: Path, rows: int, url: str, share: float) -> None:
    """Write the project and, into the folder `made`, the tables that its load is handed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "guiyi.yaml").write_text(SPEC.replace("URL", url), encoding="utf-8")
    tables = RunFolder(folder / "made")
    firms = ids_of("company", rows)
    people = ids_of("person", int(rows * share))
    employer = pl.col("n").hash(11) % rows
    people = people.with_columns(
        account_id=firms["external_id"].gather(people.select(employer)["n"])
    )
    for crm, entity, ids, make in (
        ("account", "company", firms, accounts),
        ("contact", "person", people, contacts),
    ):
        tables.write_pieces(CRM, map(make, ids.iter_slices(PIECE)), crm)
        record = pl.concat_str(pl.lit(f"{entity}/"), "n").alias("record_id")
        source, golden = pl.lit("erp").alias("source"), pl.col("external_id").alias("golden_id")
        own = ids.select(source, record, golden, cluster_id="n", cohesion=1.0)
        tables.write(CLUSTERS, own, entity)
        scope = own.select("source", "record_id", place=pl.lit("1"), scope=pl.lit("in"))
        tables.write(SCOPE, scope, entity)
        one = pl.lit(1, pl.Int64)
        none = pl.lit(None, pl.String).alias("conflicting_ids")
        tables.write(GOLDEN, ids.select(golden, none, members=one), entity)
        for table in (MOVED, REKEYED, UNKEYED):
            tables.write(table, _empty(table), entity)
    tables.write(UNMAPPED_CODES, _empty(UNMAPPED_CODES))


def _empty(table: RunTable) -> pl.DataFrame:
    return pl.DataFrame(schema=table.schema)


def load(project: Project, made: Path) -> Iterator[Spent]:
    """Take the tables through the stages of a load, as a new run."""
    run = Run(project)
    shutil.copytree(made, run.folder, copy_function=os.link)
    run.outcome.gate = {"verdict": "passed", "checks": []}
    with open_ledger(project.ledger, project.folder) as ledger:
        run.ledger = ledger
        with ledger.lock(run.outcome.run_id, project.project):
            ledger.record_run(run.outcome.run_id, project=project.project)
            for number, stage in enumerate(STAGES):
                if stage.name in (*COUNTED, "remember"):
                    spent = measured(stage.name, lambda s=stage, n=number: _carry_out(run, s, n))
                    yield spent
    run.close()
    print(json.dumps(run.outcome.load), file=sys.stderr)


def _carry_out(run: Run, stage: Any, number: int) -> None:
    if not perform(run, stage, number):
        sys.exit(f"{stage.name}: {run.outcome.stopped}")


def roll_back(project: Project, made: Path) -> Iterator[Spent]:
    """Roll back every batch there is, the last first."""

    def all_of_them() -> None:
        target = open_target(project.target, project.folder)
        with open_ledger(project.ledger, project.folder) as ledger:
            loaded = ledger.batches().filter(pl.col("status") == "loaded")
            for batch in loaded.sort("number", descending=True)["batch_id"]:
                loading.rollback(batch, target, ledger, project)
            left = {name: target.fetch(name, []).height for name in project.mapping}
        target.close()
        print(f"left in the target: {left}", file=sys.stderr)

    yield measured("rollback", all_of_them)


def bare(project: Project, made: Path) -> Iterator[Spent]:
    """The same rows by psycopg alone: COPY into a staging table, and an upsert from there."""
    yield measured("COPY and upsert", lambda: _copy(project.target.url, made))


def _copy(url: str, made: Path) -> None:
    import psycopg

    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        for name in RunFolder(made).names(CRM):
            file = RunFolder(made).file(CRM, name)
            columns = list(pl.read_parquet_schema(file))
            listed, key = ", ".join(columns), columns[0]
            others = ", ".join(f"{column} text" for column in columns[1:])
            values = ", ".join(f"{column} = excluded.{column}" for column in columns[1:])
            make = f"bare_{name} ({key} varchar(32) PRIMARY KEY, {others})"
            connection.execute(f"CREATE TABLE {make}")  # type: ignore[arg-type]
            connection.execute(f"CREATE TEMPORARY TABLE staged AS TABLE bare_{name}")  # type: ignore[arg-type]
            with connection.cursor().copy(
                f"COPY staged ({listed}) FROM STDIN (FORMAT csv)"
            ) as copy:  # type: ignore[arg-type]
                for part in pl.scan_parquet(file).collect_batches(chunk_size=PIECE):
                    copy.write(part.write_csv(include_header=False).encode())
            connection.execute(  # type: ignore[arg-type]
                f"INSERT INTO bare_{name} ({listed}) SELECT {listed} FROM staged "
                f"ON CONFLICT ({key}) DO UPDATE SET {values}"
            )
            connection.execute("DROP TABLE staged")


def measured(step: str, act: Callable[[], None]) -> Spent:
    """Do something, and tell what it took."""
    give_back()
    reset_peak()
    server, wall, cpu = _server_cpu(), time.perf_counter(), _own_cpu()
    act()
    wall, cpu = time.perf_counter() - wall, _own_cpu() - cpu
    time.sleep(0.5)  # a process of the server that has ended counts once it is waited for
    return Spent(step, wall, cpu, _server_cpu() - server, peak())


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _server_cpu() -> float:
    """Seconds of all processes of PostgreSQL, and of those that the first of them has ended."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text(encoding="utf-8").partition("(")[2].rpartition(")")
        except OSError:
            continue
        if name == "postgres":
            ticks += sum(map(int, rest.split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


STEPS = {"bare": bare, "first": load, "unchanged": load, "rollback": roll_back}


def steps(folder: Path, name: str) -> list[Spent]:
    """Carry out one step in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.loading", "--folder", str(folder), "--step", name]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return [Spent(**json.loads(line)) for line in done.stdout.splitlines()]


def make_database(url: str) -> None:
    """Make PostgreSQL's or MariaDB's database anew."""
    import sqlalchemy as sa

    where = sa.make_url(url)
    if where.get_backend_name() == "sqlite":
        return
    name = where.database
    first = where.set(database="postgres" if where.get_backend_name() == "postgresql" else None)
    engine = sa.create_engine(first, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()


def total(spent: list[Spent]) -> Spent:
    """All the counted stages together."""
    own = [one for one in spent if one.step != "remember"]
    sums = [sum(getattr(one, of) for one in own) for of in ("wall", "cpu", "server")]
    return Spent("load", *sums, peak=max(one.peak for one in own))


def line(what: str, one: Spent) -> str:
    """A line of the table."""
    figures = f"{one.wall:.1f} | {one.cpu:.1f} | {one.server:.1f} | {one.peak:.2f}"
    return f"| {what} | {one.step} | {figures} |"


def ratio(what: str, part: Spent, whole: Spent) -> str:
    """One step divided by another, in seconds of wall and in processor seconds of both sides."""
    cpu = (part.cpu + part.server) / (whole.cpu + whole.server)
    return f"{what}: {part.wall / whole.wall:.2f} of wall, {cpu:.2f} of processor seconds"


def main() -> None:
    """Prepare, carry out every step and print a line for each stage, then the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, default=100_000, help="accounts")
    parser.add_argument("--contacts", type=float, default=1.5, help="contacts of an account")
    parser.add_argument("--url", default=URL)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--only", nargs="*", default=list(STEPS), choices=list(STEPS))
    parser.add_argument("--step", choices=list(STEPS), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        project = load_project(given.folder)
        for one in STEPS[given.step](project, given.folder / "made"):
            print(json.dumps(asdict(one)), flush=True)
        return
    prepare(given.folder, given.rows, given.url, given.contacts)
    make_database(given.url)
    print(
        "| what | stage | wall s | CPU s | server CPU s | peak GB |\n|---|---|---:|---:|---:|---:|"
    )
    found: dict[str, Spent] = {}
    for name in given.only:
        if name == "bare" and not given.url.startswith("postgresql"):
            continue
        spent = steps(given.folder, name)
        for one in spent:
            print(line(name, one), flush=True)
        found[name] = total(spent)
        if len(spent) > 1:
            print(line(name, found[name]), flush=True)
    if {"bare", "first"} <= found.keys():
        print(ratio("first load / bare COPY and upsert", found["first"], found["bare"]))
    if {"first", "unchanged"} <= found.keys():
        print(ratio("unchanged / first load", found["unchanged"], found["first"]))


if __name__ == "__main__":
    main()
