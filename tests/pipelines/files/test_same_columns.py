"""Columns of several files that are one meet, whatever their headers look like; others do not."""

import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guiyi.kinds import Kind
from guiyi.messages import localised
from guiyi.records import IDENTITY, RESERVED
from guiyi.spec import EntitySpec, MatchSpec
from pipelines.dedupe.run import as_records, dedupe, link_tables
from pipelines.files.column_synonyms import folded, meanings
from pipelines.files.reading import Loose, read_place, read_places
from pipelines.files.same_columns import same_columns
from tests.examples import examples

FIRST = ("Anna", "Bruno", "Carla", "Diego", "Elena", "Fabio", "Greta", "Hugo", "Irene", "Jonas")
LAST = ("Barker", "Donald", "Fallon", "Griffin", "Holmes", "Juncker", "Kramer", "Lemmon", "Morris")
STREETS = ("Oak Street", "Mill Road", "Hill Lane", "Park Avenue", "High Street")


def customers(count: int = 160) -> list[dict[str, str]]:
    """Customers, some in two or three rows: the same, with a slip, or with something missing."""
    draw = random.Random(5)
    rows = []
    for n in range(count):
        first, last = draw.choice(FIRST), draw.choice(LAST)
        row = {
            "first_name": first,
            "last_name": last,
            "email": f"{first}.{last}{n}@example.com".lower(),
            "phone": f"(614) {draw.randrange(200, 999)}-{draw.randrange(10_000):04}",
            "address": f"{draw.randrange(1, 999)} {draw.choice(STREETS)}",
            "member_since": f"20{draw.randrange(10, 24)}-0{draw.randrange(1, 9)}-11",
        }
        rows.append(row)
        if n % 3 == 0:
            rows.append(row | {"first_name": first[:-1], "email": ""})
        if n % 7 == 0:
            rows.append(dict(row))
    return [{"id": f"r{n}", **row} for n, row in enumerate(rows)]


SPELLINGS = (
    lambda header: header.upper(),
    lambda header: header.replace("_", " ").title(),
    lambda header: "".join(word.title() for word in header.split("_")),
    lambda header: f" {header.replace('_', '-')} ",
    lambda header: header.replace("_", ""),
)


def clusters_of(files: list[list[dict[str, str]]], folder: Path) -> set[frozenset[str]]:
    """The groups of ids that a dedupe of these files finds."""
    places = []
    for n, rows in enumerate(files):
        place = folder / f"{n}.csv"
        pl.DataFrame(rows).select(pl.exclude(r"^\s*(?i:id)\s*$")).write_csv(place)
        places.append(str(place))
    dedupe(
        read_places(places), folder / "out", None, MatchSpec(), lambda *_: None, clusters_only=True
    )
    found = pl.read_csv(folder / "out" / "clusters.csv").sort("row")
    ids = [next(v for k, v in row.items() if k.strip().lower() == "id") for f in files for row in f]
    told = found.with_columns(pl.Series("id", ids)).group_by("cluster_id").agg("id")
    return {frozenset(own) for own in told["id"].to_list()}


@pytest.fixture(scope="module")
def as_one_file(tmp_path_factory: pytest.TempPathFactory) -> set[frozenset[str]]:
    """The groups of the customers in one file."""
    return clusters_of([customers()], tmp_path_factory.mktemp("one"))


@settings(max_examples=examples(8))
@given(st.integers(0, 1000))
def test_order_files_and_spelling_of_headers_change_no_cluster(
    tmp_path_factory: pytest.TempPathFactory, as_one_file: set[frozenset[str]], seed: int
) -> None:
    """Rows in any order, in one file or in two or three with headers in another spelling."""
    assert len(as_one_file) == 160
    draw, rows = random.Random(seed), customers()
    draw.shuffle(rows)
    ends = sorted(draw.sample(range(20, len(rows) - 20), draw.randrange(3)))
    parts = [rows[a:b] for a, b in zip([0, *ends], [*ends, len(rows)], strict=True)]
    files = []
    for part in parts:
        spell = draw.choice(SPELLINGS)
        order = draw.sample(list(part[0]), len(part[0]))
        files.append([{spell(key): row[key] for key in order} for row in part])
    assert clusters_of(files, tmp_path_factory.mktemp("many")) == as_one_file


def table(folder: Path, file: str, /, **columns: list[str]) -> Loose:
    """A file with these columns."""
    pl.DataFrame(columns).write_csv(folder / file)
    return read_place(str(folder / file))


PHONES = [f"138{n:04}{n * 37 % 10_000:04}" for n in range(1, 41)]
MAILS = [f"user{n}@example.com" for n in range(40)]
NAMES = [f"{a} {b}" for a in FIRST[:8] for b in LAST[:5]]
HAN = [a + b for a in "王李张刘陈杨赵黄" for b in ("伟", "芳", "敏", "静", "磊")]


@pytest.mark.parametrize(
    ("one", "other", "values"),
    [
        ("手机", "mobile", PHONES),
        ("Mobile Phone", "手机号码", PHONES),
        ("手机", "客户手机", PHONES),
        ("電話", "电话", PHONES),
        ("邮箱", "E-Mail", MAILS),
        ("email", "Email Address", MAILS),
        ("姓名", "name", HAN),
        ("full name", "姓名", NAMES),
        ("first_name", "Given Name", FIRST * 4),
    ],
)
def test_synonyms_of_one_kind_meet_and_are_told(
    tmp_path: Path, one: str, other: str, values: list[str]
) -> None:
    """The first file's header stays, and a note in either language says what was taken for what."""
    ours = table(tmp_path, "a.csv", **{one: values, "note": ["x", "y"] * 20})
    theirs = table(tmp_path, "b.csv", **{other: values, "remark no": ["p", "q"] * 20})
    (first, second), notes = same_columns([ours, theirs])
    assert first.data.columns == [one, "note"]
    assert second.data.columns == [one, "remark no"]
    (note,) = notes
    assert f"`{other}`" in note
    assert f"`{one}`" in note
    assert localised(note, "zh") != note


def test_a_header_whose_column_holds_something_else_is_told_and_stays(tmp_path: Path) -> None:
    """A column `mobile` of mail addresses is not the telephone."""
    ours, theirs = table(tmp_path, "a.csv", 手机=PHONES), table(tmp_path, "b.csv", mobile=MAILS)
    (_, second), notes = same_columns([ours, theirs])
    assert second.data.columns == ["mobile"]
    assert notes == [
        "b.csv: `mobile` may be the same column as `手机`, but one holds `email`, the other "
        "`phone`; give both one header if they are one"
    ]
    assert "可能" in localised(notes[0], "zh")


def test_two_that_may_be_meant_are_told_and_stay(tmp_path: Path) -> None:
    """Which of two mobiles is the first file's, nobody can say."""
    ours = table(tmp_path, "a.csv", 手机=PHONES)
    theirs = table(tmp_path, "b.csv", mobile=PHONES, cell=PHONES[::-1])
    (_, second), notes = same_columns([ours, theirs])
    assert second.data.columns == ["mobile", "cell"]
    assert "so may another" in notes[0]
    assert "可能" in localised(notes[0], "zh")


def test_headers_that_are_equal_go_before_others(tmp_path: Path) -> None:
    """`Phone` is `Phone` and never `phone` or a synonym, where both are there."""
    ours = table(tmp_path, "a.csv", phone=PHONES, Phone=PHONES[::-1], tel=PHONES)
    theirs = table(tmp_path, "b.csv", tel=PHONES, Phone=PHONES, PHONE=PHONES)
    (_, second), _ = same_columns([ours, theirs])
    assert second.data.columns == ["tel", "Phone", "phone"]


def test_lone_columns_of_a_telling_kind_are_told(tmp_path: Path) -> None:
    """`phone` may be a landline, so it is not the mobile; but the user should know."""
    ours, theirs = table(tmp_path, "a.csv", 手机=PHONES), table(tmp_path, "b.csv", phone=PHONES)
    (_, second), notes = same_columns([ours, theirs])
    assert second.data.columns == ["phone"]
    assert "is taken for another column" in notes[0]
    assert "另一列" in localised(notes[0], "zh")


def test_a_spec_keeps_its_names_and_its_fields_apart(tmp_path: Path) -> None:
    """A field that only the second file calls so has its name; two fields stay two."""
    ours, theirs = table(tmp_path, "a.csv", 手机=PHONES), table(tmp_path, "b.csv", mobile=PHONES)
    both, _ = same_columns([ours, theirs], {"mobile": Kind.PHONE})
    assert [one.data.columns for one in both] == [["mobile"], ["mobile"]]
    both, _ = same_columns([ours, theirs], {"mobile": Kind.PHONE, "手机": Kind.PHONE})
    assert [one.data.columns for one in both] == [["手机"], ["mobile"]]


def test_three_files_of_three_spellings_are_one_table(tmp_path: Path) -> None:
    """A third file meets what either of the others calls the column."""
    tables = [
        table(tmp_path, "a.csv", 手机=PHONES),
        table(tmp_path, "b.csv", mobile=PHONES),
        table(tmp_path, "c.csv", MOBILE=PHONES),
    ]
    same, _ = same_columns(tables)
    assert [one.data.columns for one in same] == [["手机"]] * 3


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_a_header_that_is_a_name_of_ours_meets_its_other_spellings(
    tmp_path: Path, name: str
) -> None:
    """`source` becomes `source_2` in our tables, and is `Source` of another file all the same."""
    spelled = [name, name.title(), name.upper()]
    for first in spelled:
        headers = [first, *(other for other in spelled if other != first)]
        tables = [
            table(tmp_path, f"{n}.csv", **{header: NAMES, "mobile": PHONES})
            for n, header in enumerate(headers)
        ]
        same, notes = same_columns(tables)
        (columns,) = {tuple(one.data.columns) for one in same}
        assert columns == (f"{name}_2" if first == name else first, "mobile")
        assert f"`{headers[1]}` = `{headers[0]}`" in " ".join(notes)
        assert as_records(same).width == len(IDENTITY) + 2


def test_a_header_of_two_parts_meets_itself_beside_its_likeness(tmp_path: Path) -> None:
    """`name.raw` becomes `name_raw`, or `name_raw_2` where a column has that name: one column."""
    ours = table(tmp_path, "a.csv", **{"name.raw": NAMES, "name_raw": MAILS})
    theirs = table(tmp_path, "b.csv", **{"name.raw": NAMES})
    (first, second), notes = same_columns([ours, theirs])
    assert first.data.columns == ["name_raw_2", "name_raw"]
    assert second.data.columns == ["name_raw_2"]
    assert notes == []


def test_a_name_of_ours_is_not_the_column_that_has_its_safe_name(tmp_path: Path) -> None:
    """A file's own `source_2` is another column than `source`."""
    ours = table(tmp_path, "a.csv", source=NAMES)
    theirs = table(tmp_path, "b.csv", source_2=MAILS)
    (first, second), _ = same_columns([ours, theirs])
    assert first.data.columns == ["source_3"]
    assert second.data.columns == ["source_2"]


def test_a_spec_names_a_column_by_its_safe_name(tmp_path: Path) -> None:
    """A field `source_2` is the column `source`, whichever file has it and however spelled."""
    ours = table(tmp_path, "a.csv", Source=NAMES)
    theirs = table(tmp_path, "b.csv", source=NAMES)
    both, _ = same_columns([ours, theirs], {"source_2": Kind.PERSON_NAME})
    assert [one.data.columns for one in both] == [["source_2"], ["source_2"]]


def test_link_compares_columns_of_other_headers(tmp_path: Path) -> None:
    """The files had no column in common."""
    ours = table(tmp_path, "a.csv", 姓名=HAN, 手机=PHONES)
    theirs = table(tmp_path, "b.csv", Mobile=PHONES[5:], Name=HAN[5:])
    linked = link_tables(ours, theirs, tmp_path / "out", MatchSpec(), lambda *_: None)
    assert linked.links == 35
    assert len(linked.notes) == 2
    links = pl.read_csv(tmp_path / "out" / "links.csv")
    assert (links["left_row"] == links["right_row"] + 5).all()


def test_a_spec_of_the_first_files_headers_is_enough(tmp_path: Path) -> None:
    """Output has the field's name, and both files are compared."""
    table(tmp_path, "a.csv", first_name=NAMES, email=MAILS)
    table(tmp_path, "b.csv", EMAIL=MAILS, **{"First Name": NAMES})
    spec = EntitySpec.model_validate({"fields": {"first_name": "person_name", "email": "email"}})
    places = [str(tmp_path / name) for name in ("a.csv", "b.csv")]
    out = tmp_path / "out"
    told = dedupe(read_places(places), out, spec, MatchSpec(), lambda *_: None)
    assert told.clusters == 40
    golden = pl.read_csv(out / "golden.csv")
    assert golden.columns == ["cluster_id", "golden_id", "members", "conflicting_ids", *spec.fields]


SHARED = Path(__file__).parents[4] / "shared" / "data"


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data is absent")
def test_the_case_of_capital_headers_is_deduped_as_one_file(tmp_path: Path) -> None:
    """1,002 pairs were wrong because FIRST_NAME was another column than first_name."""
    case = SHARED / "cases" / "matching"
    files = [case / "04_headers_a.csv", case / "04_headers_b_UPPER.csv"]
    lower = pl.read_csv(files[1], infer_schema=False)
    lower.rename(str.lower).write_csv(tmp_path / "b.csv")
    found = []
    for second in (files[1], tmp_path / "b.csv"):
        out = tmp_path / second.stem
        dedupe(
            read_places([str(files[0]), str(second)]), out, None, MatchSpec(), lambda *_: None,
            clusters_only=True,
        )  # fmt: skip
        found.append((out / "clusters.csv").read_bytes())
    assert found[0] == found[1]


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data is absent")
def test_sheets_that_are_pooled_are_told(tmp_path: Path) -> None:
    """Orders, returns and people of one workbook are one list, which nobody said."""
    place = str(SHARED / "legacy" / "superstore.xls")
    told = dedupe(
        read_places([place]), tmp_path, None, MatchSpec(), lambda *_: None, clusters_only=True
    )
    assert "its 3 tables are taken together as one list: Orders, Returns, People" in told.notes[0]
    assert "合在一起" in localised(told.notes[0], "zh")


@pytest.mark.parametrize(
    "headers",
    [
        ("First_Name", "first name", "FirstName", "FIRST-NAME", "first.name", " First  Name* "),
        ("手机", "手機", "【手机】", "手机："),
        ("Ｎａｍｅ", "name", "(Name)"),
    ],
)
def test_spellings_of_a_header_are_one(headers: tuple[str, ...]) -> None:
    """Case, width, script, spaces and marks do not count."""
    assert len({folded(header) for header in headers}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("phone 1", "phone 2"), ("手机", "电话"), ("#", "%"), ("price $", "price €")]
)
def test_other_headers_stay_other(one: str, other: str) -> None:
    """What tells two columns apart is kept."""
    assert folded(one) != folded(other)
    assert not meanings(one) or meanings(one) != meanings(other)
