"""What a whole run of a generated register costs, stage by stage: processor seconds and memory.

    python -m benchmarks.whole_run 1000000 [--until merge] [--folder /tmp/whole_run]

The register (`persons.py`) is read from a CSV file, judged by a suite and loaded into a new SQLite
database. The peak of a stage is the largest resident memory while it ran (VmHWM, reset before it);
seconds are of this process and its children.
"""

import argparse
import os
import resource
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.persons import register
from guiyi.spec import load_project
from pipelines.driving.driver import opened, perform, stages_for
from pipelines.stages.run import Options, Run

SPEC = """\
project: whole-run
sources:
  register:
    kind: delimited
    path: persons.csv
    tables:
      - table: persons
        entity: person
        columns:
          first_name: first_name
          last_name: last_name
          born: birth_date
          address: address
          city: city
          postcode: postcode
          phone: phone
          email: email
        ignore: [entity]
entities:
  person:
    fields:
      first_name: {kind: person_name}
      last_name: {kind: person_name}
      born: {kind: date}
      address: {kind: address}
      city: {kind: region}
      postcode: {kind: postcode}
      phone: {kind: phone}
      email: {kind: email}
suites: [records.yaml, golden.yaml]
mapping:
  contact:
    entity: person
    fields:
      first_name: first_name
      last_name: last_name
      born: born
      address: address
      city: city
      postcode: postcode
      phone: phone
      email: email
target: {kind: sql, url: sqlite:///crm.db}
gate: {max_quarantined: 1, max_rejected: 1}
"""
RECORDS = """\
suite: person records
entity: person
on: records
expectations:
  - not_null: last_name
    reason: the person has no name
  - any_of: [phone, email, address]
    reason: there is no way to contact the person
  - not_null: [first_name, born, address, city, postcode, phone, email]
    severity: warning
    quarantine: false
  - valid: [phone, email, born]
    severity: warning
    quarantine: false
  - matches: {column: postcode, regex: "^[0-9]{5}$"}
    severity: warning
    quarantine: false
  - between: {column: born, min: "1900-01-01", max: "2026-12-31"}
    severity: warning
    quarantine: false
  - length: {column: last_name, min: 2, max: 40}
    severity: warning
    quarantine: false
  - unique: record_id
"""
GOLDEN = """\
suite: golden persons
entity: person
on: golden
expectations:
  - not_null: last_name
  - unique: golden_id
  - length: {column: email, max: 80}
    severity: warning
  - rows: {min: 1}
"""
"""Twenty expectations in all."""


@dataclass(frozen=True)
class Spent:
    """What a stage took."""

    stage: str
    wall: float
    cpu: float
    peak: float
    """Largest resident memory, in GB."""


def prepare(rows: int, folder: Path) -> None:
    """Write the register and its project into a folder, without what an earlier run has left."""
    folder.mkdir(parents=True, exist_ok=True)
    table = folder / "persons.csv"
    kept = folder / f"persons-{rows}.csv"
    if not kept.exists():
        register(rows, seed=1).write_csv(kept)
    table.unlink(missing_ok=True)
    table.symlink_to(kept)
    (folder / "guiyi.yaml").write_text(SPEC, encoding="utf-8")
    (folder / "records.yaml").write_text(RECORDS, encoding="utf-8")
    (folder / "golden.yaml").write_text(GOLDEN, encoding="utf-8")
    (folder / "crm.db").unlink(missing_ok=True)
    shutil.rmtree(folder / ".guiyi", ignore_errors=True)


def measured(folder: Path, options: Options) -> Iterator[Spent]:
    """Run the project, and tell what each stage took as soon as it has ended."""
    run = Run(load_project(folder), options)
    with opened(run):
        for number, stage in enumerate(stages_for(run.options), start=1):
            with _usage(stage.name) as found:
                going_on = perform(run, stage, number)
            yield found[0]
            if not going_on:
                print(run.outcome.stopped)
                break


@contextmanager
def _usage(stage: str) -> Iterator[list[Spent]]:
    reset_peak()
    found: list[Spent] = []
    wall, cpu = time.perf_counter(), _cpu()
    yield found
    found.append(Spent(stage, time.perf_counter() - wall, _cpu() - cpu, peak()))


def _cpu() -> float:
    """Seconds of this process, of the children it waited for and of those that still work for it
    (Great Expectations has a process of its own).
    """
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    ended = sum(used.ru_utime + used.ru_stime for used in both)
    alive = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="utf-8").split()
    return ended + sum(map(_ticks, alive)) / os.sysconf("SC_CLK_TCK")


def _ticks(child: str) -> int:
    with suppress(OSError):  # it may end meanwhile
        stat = Path(f"/proc/{child}/stat").read_text(encoding="utf-8")
        return sum(map(int, stat.rpartition(")")[2].split()[11:13]))
    return 0


def reset_peak() -> None:
    """Begin a new peak of resident memory."""
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")


def peak() -> float:
    """The largest resident memory since the last reset, in GB."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line) / 2**20


def main() -> None:
    """Prepare, run and print a line a stage."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("rows", type=int)
    parser.add_argument("--until", help="the last stage")
    parser.add_argument("--folder", type=Path, default=Path("/tmp/whole_run"))
    given = parser.parse_args()
    prepare(given.rows, given.folder)
    print("| stage | wall s | CPU s | peak GB |\n|---|---:|---:|---:|")
    spent = []
    for one in measured(given.folder, Options(until=given.until)):
        spent.append(one)
        print(f"| {one.stage} | {one.wall:.1f} | {one.cpu:.1f} | {one.peak:.2f} |", flush=True)
    wall, cpu = sum(one.wall for one in spent), sum(one.cpu for one in spent)
    print(f"| whole | {wall:.1f} | {cpu:.1f} | {max(one.peak for one in spent):.2f} |")


if __name__ == "__main__":
    main()
