"""What `guiyi dedupe` writes of merged records: nothing is lost, and nothing hangs on positions."""

import csv
import random
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from guiyi.spec import EntitySpec, MatchSpec
from pipelines.dedupe.run import dedupe
from pipelines.files.reading import read_places

CASES = Path(__file__).parents[4] / "shared" / "data" / "cases" / "matching"
HEADER = "first_name,last_name,born,street,city,state,zip,phone,email,note"
TWICE = (
    "T,Okafor,1900-01-01,12 Oak St,Toledo,OH,43604,419-555-0101,temi@ex.org,met in May",
    "Temitope,Okafor,1964-08-30,12 Oak St Apt 4,Toledo,OH,43604,419-555-0101,temi@ex.org,call",
    "LUCINDA,RAVENSCROFT,1971-02-03,3 CEDAR CT,GARY,IN,46402,219-555-0140,lu.raven@ex.org,",
    "Lucinda,Ravenscroft,1971-02-03,3 Cedar Ct,Gary,IN,46402,219-555-0144,lu.raven@ex.org,",
    "Casper,Nightingale,1981-09-10,12 Old Mill Ln,Toledo,OH,43604,419-555-0130,cas.night@ex.org,",
    "Casper,Nightingale,1981-09-10,900 New Harbor Blvd Apt 12B,,IL,,419-555-0130,cas.night@ex.org,",
)
"""Three people, each told twice."""
SPEC = EntitySpec.model_validate(
    {
        "fields": {
            "first_name": "person_name",
            "last_name": "person_name",
            "born": {"kind": "date", "match": False},
            "street": "address",
            "city": "region",
            "state": "region",
            "zip": "postcode",
            "phone": "phone",
            "email": "email",
        }
    }
)


def silent(what: str, done: int, total: int | None) -> None:
    """Watch without a word."""


def strangers(count: int) -> list[str]:
    draw = random.Random(5)
    first = ["Anna", "Bert", "Cora", "Dirk", "Edna", "Fritz", "Gwen", "Hugo", "Iris", "Jack"]
    last = ["Moss", "Finch", "Reed", "Holt", "Lowe", "Nash", "Pike", "Rowe", "Shaw", "Tate"]
    rows = []
    for number in range(count):
        names = draw.choice(first), draw.choice(last)
        born = f"{draw.randint(1940, 2000)}-{draw.randint(1, 12):02}-{draw.randint(2, 28):02}"
        street = (
            f"{draw.randint(1, 999)} {draw.choice(last)} Rd,Lima,OH,{draw.randint(45801, 45899)}"
        )
        mail = f"{'.'.join(names).lower()}{number}@ex.org"
        rows.append(f"{','.join(names)},{born},{street},419-555-{draw.randint(2000, 9999)},{mail},")
    return rows


def write(file: Path, rows: Sequence[str], header: str = HEADER) -> Path:
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return file


def deduped(
    folder: Path, *files: Path, spec: EntitySpec | None = SPEC
) -> dict[str, list[dict[str, str]]]:
    """Every table written, as text."""
    dedupe(read_places([str(file) for file in files]), folder, spec, MatchSpec(), silent)
    tables = {}
    for file in folder.glob("*.csv"):
        with file.open(encoding="utf-8") as lines:
            tables[file.stem] = list(csv.DictReader(lines))
    return tables


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, str]]]:
    folder = tmp_path_factory.mktemp("merged")
    return deduped(folder / "out", write(folder / "people.csv", [*TWICE, *strangers(120)]))


FIELDS = list(SPEC.fields)


def test_the_better_of_two_tellings_survives(tables: dict[str, list[dict[str, str]]]) -> None:
    """Names in full and in mixed case, a birth date, and one address whole."""
    merged = [row for row in tables["golden"] if row["members"] == "2"]
    named = {row["last_name"]: [row[name] for name in FIELDS[:7]] for row in merged}
    oak = ["Temitope", "Okafor", "1964-08-30", "12 Oak St Apt 4", "Toledo", "OH", "43604"]
    assert named["Okafor"] == oak
    assert named["Ravenscroft"][:5] == [
        "Lucinda",
        "Ravenscroft",
        "1971-02-03",
        "3 Cedar Ct",
        "Gary",
    ]
    assert named["Nightingale"][3:] == ["12 Old Mill Ln", "Toledo", "OH", "43604"]


@pytest.mark.parametrize("kind", ["region", "code", "text"])
def test_what_a_moved_address_lacks_stays_empty(kind: str, tmp_path: Path) -> None:
    """No town or state of the old street beside the new one, whatever the state is taken for."""
    moved = [
        "Agnes,Pemberton,1966-05-06,12 Old Mill Ln,Toledo,OH,43604,419-555-0170,agnes.p@ex.org,",
        "Agnes,Pemberton,1966-05-06,900 New Harbor Blvd,,,60601,419-555-0170,agnes.p@ex.org,",
        "Agnes,Pemberton,1966-05-06,900 New Harbor Blvd,,,60601,419-555-0170,agnes.p@ex.org,call",
    ]
    fields = {name: field for name, field in SPEC.fields.items() if name != "state"}
    spec = EntitySpec.model_validate({"fields": {**fields, "state": kind}})
    file = write(tmp_path / "people.csv", [*moved, *strangers(120)])
    (agnes,) = (
        row for row in deduped(tmp_path / "out", file, spec=spec)["golden"] if row["members"] != "1"
    )
    assert agnes["members"] == "3"
    address = [agnes[name] for name in ("street", "city", "state", "zip")]
    assert address == ["900 New Harbor Blvd", "", "", "60601"]


def test_every_source_row_is_a_member(tables: dict[str, list[dict[str, str]]]) -> None:
    """members.csv has each row as it was read, the columns that are no fields too, with its ids."""
    members = tables["members"]
    written = [*TWICE, *strangers(120)]
    assert [",".join(row[name] for name in HEADER.split(",")) for row in members] == written
    assert [int(row["row"]) for row in members] == list(range(len(written)))
    golden = {row["golden_id"]: row for row in tables["golden"]}
    assert {row["golden_id"] for row in members} == set(golden)
    sizes = {key: sum(row["golden_id"] == key for row in members) for key in golden}
    assert sizes == {key: int(row["members"]) for key, row in golden.items()}
    clusters = {row["row"]: row["cluster_id"] for row in tables["clusters"]}
    assert {row["row"]: row["cluster_id"] for row in members} == clusters
    assert {row["source"] for row in members} == {"people.csv"}


def test_what_did_not_survive_is_an_alternate(
    tables: dict[str, list[dict[str, str]]],
) -> None:
    """A second phone, the other address and a placeholder are kept beside what won."""
    merged = {row["golden_id"]: row for row in tables["golden"] if row["members"] == "2"}
    for row in tables["alternates"]:
        assert merged[row["golden_id"]][row["field"]] == row["value"]
    beaten = {(row["field"], row["alternate"]) for row in tables["alternates"]}
    assert {("first_name", "T"), ("born", "1900-01-01"), ("street", "12 Oak St")} <= beaten
    assert {("phone", "+12195550140"), ("phone", "+12195550144")} & beaten
    assert ("street", "900 New Harbor Blvd Apt 12B") in beaten


def test_provenance_names_the_row_of_every_value(tmp_path: Path) -> None:
    """Whose value it is: the row of members.csv that holds it; an address is of one row."""
    tables = deduped(tmp_path / "out", write(tmp_path / "people.csv", [*TWICE, *strangers(120)]))
    told = pl.read_parquet(tmp_path / "out" / "provenance.parquet")
    assert told.filter(field="last_name", value="Okafor").height == 1
    members = tables["members"]
    for row in told.filter(field="street").iter_rows(named=True):
        assert members[row["row"]]["street"] == row["value"]
        assert members[row["row"]]["golden_id"] == row["golden_id"]
    whole = told.filter(pl.col("field").is_in(["street", "city", "state", "zip"]))
    assert set(whole.group_by("golden_id").agg(pl.col("row").n_unique())["row"]) == {1}


def rows_of(table: list[dict[str, str]]) -> list[tuple[str, ...]]:
    ids = ("row", "cluster_id", "golden_id")
    return sorted(tuple(value for name, value in row.items() if name not in ids) for row in table)


def test_shuffled_rows_give_the_same_golden_records(
    tables: dict[str, list[dict[str, str]]], tmp_path: Path
) -> None:
    """Neither the order of the rows nor their spread over two files changes a golden record."""
    rows = [*TWICE, *strangers(120)]
    for seed in (1, 2):
        random.Random(seed).shuffle(rows)
        told = deduped(tmp_path / str(seed), write(tmp_path / "people.csv", rows))
        assert rows_of(told["golden"]) == rows_of(tables["golden"])
        assert rows_of(told["alternates"]) == rows_of(tables["alternates"])
    two = write(tmp_path / "b.csv", rows[:40]), write(tmp_path / "a.csv", rows[40:])
    assert rows_of(deduped(tmp_path / "two", *two)["golden"]) == rows_of(tables["golden"])


@pytest.mark.shared
@pytest.mark.skipif(not CASES.exists(), reason="../shared/data is absent")
@pytest.mark.parametrize("seed", [3, 4])
def test_shuffled_real_rows_give_the_same_golden_records(seed: int, tmp_path: Path) -> None:
    """A table of 583 rows, kinds inferred: not one golden record differs after a shuffle."""
    header, *rows = (CASES / "08_golden.csv").read_text(encoding="utf-8").splitlines()
    before = deduped(tmp_path / "before", write(tmp_path / "g.csv", rows, header), spec=None)
    random.Random(seed).shuffle(rows)
    after = deduped(tmp_path / "after", write(tmp_path / "g.csv", rows, header), spec=None)
    assert rows_of(before["golden"]) == rows_of(after["golden"])
    addresses = {
        tuple(row[name] for name in ("address", "state", "zip")) for row in before["golden"]
    }
    written = {tuple(row.split(",")[n] for n in (3, 5, 6)) for row in rows}
    assert addresses <= written


def test_numbers_are_those_of_clusters_csv_where_rows_are_left_out(tmp_path: Path) -> None:
    """A blank line counts for whoever reads the file elsewhere, in every table alike."""
    blank = "," * HEADER.count(",")
    file = write(tmp_path / "people.csv", [blank, *TWICE, *strangers(60)])
    tables = deduped(tmp_path / "out", file)
    members = {row["row"]: row["cluster_id"] for row in tables["members"]}
    assert members == {row["row"]: row["cluster_id"] for row in tables["clusters"]}
    assert {row["cluster_id"] for row in tables["golden"]} == set(members.values())
    assert "0" not in members


def test_two_small_files_of_unlike_size(tmp_path: Path) -> None:
    """Files of one row and of four end in golden records and a report, not in a panic."""
    header = "name,phone,email"
    one = write(tmp_path / "a.csv", ["Ann Lee,415-555-0010,ann@ex0.com"], header)
    four = ["Dee Pratt,415-555-0313,dee@ex3.com", "Ed Quill,415-555-0414,ed@ex4.com"] * 2
    tables = deduped(tmp_path / "out", one, write(tmp_path / "b.csv", four, header), spec=None)
    assert [row["members"] for row in tables["golden"]] == ["1", "2", "2"]
    assert (tmp_path / "out" / "report.html").exists()


def test_conflicting_numbers_are_flagged_and_for_review(tmp_path: Path) -> None:
    """Two valid credit codes in one cluster: a column of golden.csv says so, a steward decides."""
    names = ["新元", "长青", "金陵", "西溪", "渤海", "华腾", "蓝海", "东方", "天宇", "宏达"]
    firms = [
        f"苏州{name}机械有限公司,0512-6512{n:04},苏州市吴中区吴中大道{n}号,"
        for n, name in enumerate(names, 1)
    ]
    same = "深圳市华腾科技有限公司,0755-26712345,深圳市南山区科技路1号,"
    rows = [same + "91440300708461136T", same + "91310116076409427L", *firms]
    file = write(tmp_path / "firms.csv", rows, "公司名称,电话,地址,统一社会信用代码")
    spec = EntitySpec.model_validate(
        {
            "fields": {
                "公司名称": "company_name",
                "电话": "phone",
                "地址": "address",
                "统一社会信用代码": {"kind": "uscc", "match": False},
            }
        }
    )
    golden = deduped(tmp_path / "out", file, spec=spec)["golden"]
    assert (golden[0]["members"], golden[0]["conflicting_ids"]) == ("2", "统一社会信用代码")
    assert {row["conflicting_ids"] for row in golden[1:]} == {""}
    pairs = pl.read_parquet(tmp_path / "out" / "pairs.parquet")
    assert pairs.filter(row_l=0, row_r=1)["verdict"].to_list() == ["review"]
