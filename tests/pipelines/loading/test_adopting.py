"""Customers that the CRM has already are taken up by a load, not created once more."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from governance import Ledger
from guiyi.errors import SpecError
from guiyi.kinds import Kind
from guiyi.spec.entities import EntitySpec
from pipelines.cli.adopt import adopt
from pipelines.driving.doctor import examined
from pipelines.driving.driver import run_project
from pipelines.loading.adopting import SURE_FROM, AdoptionTables, adoptable
from pipelines.stages.run import Options
from tests.pipelines.conftest import write_small_project

pytestmark = pytest.mark.slow
HUBSPOT = "{kind: hubspot, auth: {method: bearer, token: none}}"
ROWS = [
    ("深圳市华腾科技", "0755-26712345", "深圳市", "老客户，王总"),
    ("成都蓝海食品有限公司", None, "成都", None),
    ("上海没有的公司", "021-55556666", None, None),
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The small project, and a CRM in which sales have typed three firms; two are ours."""
    folder = write_small_project(tmp_path / "project")
    with sqlite3.connect(folder / "crm.db") as crm:
        crm.execute(
            "CREATE TABLE account (id INTEGER PRIMARY KEY, external_id VARCHAR(32) UNIQUE, "
            "name TEXT, phone TEXT, city TEXT, status TEXT, remarks TEXT)"
        )
        crm.executemany("INSERT INTO account (name, phone, city, remarks) VALUES (?,?,?,?)", ROWS)
    return folder


def _accounts(project: Path) -> list[tuple[Any, ...]]:
    with sqlite3.connect(project / "crm.db") as crm:
        return crm.execute("SELECT id, external_id, name, phone, remarks FROM account").fetchall()


def _adopt(project: Path, *more: str) -> Any:
    made = CliRunner().invoke(adopt, [str(project), "--json", *more], catch_exceptions=False)
    assert made.exit_code == 0, made.output
    return json.loads(made.output)


def test_what_the_crm_has_is_taken_up(project: Path) -> None:
    """The sure row gets its golden id, keeps what was typed, and is no twin after the load."""
    noted = run_project(project, Options(dry_run=True)).notes
    assert ["3 rows of the target have no golden id" in str(note) for note in noted].count(
        True
    ) == 1
    before = _accounts(project)
    (preview,) = _adopt(project, "--preview")
    assert (preview["rows"], preview["adopted"]) == (3, None)
    assert [(one["verdict"], one["own_id"]) for one in preview["found"]] == [
        ("match", "1"), ("possible", "2")
    ]  # fmt: skip
    assert _accounts(project) == before
    (done,) = _adopt(project)
    golden_id = done["found"][0]["golden_id"]
    outcome = run_project(project)
    assert outcome.exit_code == 0, outcome.notes
    assert outcome.load["account"] == {"created": 6, "updated": 1, "unchanged": 0, "rejected": 0}
    rows = {own: (gid, *row) for own, gid, *row in _accounts(project)}
    assert len(rows) == 9
    assert rows[1] == (golden_id, "深圳市华腾科技", "0755-26712345", "老客户，王总")
    load = outcome.folder / "load"
    assert pl.read_parquet(load / "conflicts.parquet")["column"].to_list() == ["name"]
    same = pl.read_parquet(load / "other_forms.parquet")
    assert same.select("column", "theirs", "ours").rows() == [
        ("phone", "0755-26712345", "+8675526712345")
    ]


def test_a_person_decides_what_is_doubtful_and_takes_it_back(project: Path) -> None:
    run_project(project, Options(dry_run=True))
    (preview,) = _adopt(project, "--preview")
    golden_id = preview["found"][1]["golden_id"]
    (done,) = _adopt(project, "--entity", "account", "--pair", f"2={golden_id}")
    assert done["adopted"] == 1
    assert [row[1] for row in _accounts(project)] == [None, golden_id, None]
    assert _adopt(project, "--undo", golden_id) == {"account": [golden_id]}
    assert [row[1] for row in _accounts(project)] == [None, None, None]


def test_a_run_killed_while_it_adopts_leaves_nothing_that_undo_does_not_know(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The CRM has the golden id, the ledger has not written down that it was given."""
    run_project(project, Options(dry_run=True))
    (preview,) = _adopt(project, "--preview")
    golden_id = preview["found"][0]["golden_id"]
    audit = Ledger.audit

    def killed(ledger: Ledger, action: str, *rest: Any, **named: Any) -> None:
        if action == "crm.adopted":
            raise KeyboardInterrupt
        audit(ledger, action, *rest, **named)

    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "audit", killed)
        CliRunner().invoke(adopt, [str(project)])
    assert _accounts(project)[0][1] == golden_id
    assert _adopt(project, "--undo", golden_id) == {"account": [golden_id]}
    assert _accounts(project)[0][1] is None
    with pytest.raises(SpecError, match=f"no row was adopted as {golden_id}"):
        _adopt(project, "--undo", golden_id)


def test_ids_that_are_not_ours_are_named(project: Path) -> None:
    """The column is in use already: whoever adopts, and the doctor, hear of it."""
    with sqlite3.connect(project / "crm.db") as crm:
        crm.execute("UPDATE account SET external_id = 'SAP-' || id WHERE id < 3")
    run_project(project, Options(dry_run=True))
    (preview,) = _adopt(project, "--preview")
    assert preview["rows"] == 1
    assert preview["foreign"].startswith("2 rows have ids in `external_id` that are no golden ids")
    assert "(SAP-1, SAP-2)" in preview["foreign"]
    notes = [one.text("en") for one in examined(project) if one.verdict == "note"]
    assert len(notes) == 2, "one row has no golden id at all"
    assert sum("(SAP-1, SAP-2)" in note for note in notes) == 1
    run_project(project)
    assert "SAP-1, SAP-2" in str(_adopt(project, "--preview"))


@pytest.mark.parametrize(
    ("language", "headings", "verdict", "why"),
    [
        (
            "en",
            ["CRM entity", "why", "phone (sources)", "phone (CRM)"],
            "match",
            "phone (equal)",
        ),
        ("zh", ["CRM 实体", "理由", "phone（数据源）", "phone（CRM）"], "匹配", "phone（相同）"),
    ],
)
def test_the_list_is_in_the_language_of_the_run_and_says_why(
    project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    headings: list[str],
    verdict: str,
    why: str,
) -> None:
    monkeypatch.setenv("GUIYI_LANG", language)
    run_project(project, Options(dry_run=True))
    _adopt(project, "--preview", "--out", str(tmp_path / "adopt.xlsx"))
    rows = list(load_workbook(tmp_path / "adopt.xlsx").active.iter_rows(values_only=True))
    assert set(headings) < set(rows[0])
    assert rows[1][1] == verdict
    assert why in rows[1][5]
    assert all(row[5] for row in rows)


def test_what_a_load_has_written_is_not_given_back(project: Path) -> None:
    run_project(project, Options(dry_run=True))
    (done,) = _adopt(project)
    golden_id = done["found"][0]["golden_id"]
    run_project(project)
    with pytest.raises(SpecError, match=f"a load has written {golden_id} since"):
        _adopt(project, "--undo", golden_id)
    with pytest.raises(SpecError, match="no row was adopted as GNONE"):
        _adopt(project, "--undo", "GNONE")


@pytest.mark.parametrize(
    ("pair", "complaint"),
    [("77=G", "`account` has no row 77"), ("2=GNONE", "GNONE is no customer that a load would")],
)
def test_a_pair_that_cannot_be_is_refused(project: Path, pair: str, complaint: str) -> None:
    run_project(project, Options(dry_run=True))
    with pytest.raises(SpecError, match=complaint):
        _adopt(project, "--entity", "account", "--pair", pair)


def test_without_a_run_there_is_nothing_to_adopt(project: Path) -> None:
    with pytest.raises(SpecError, match="no run has made `account` yet"):
        _adopt(project, "--preview")


def test_values_are_masked_for_whoever_states_no_role(project: Path, tmp_path: Path) -> None:
    run_project(project, Options(dry_run=True))
    out = tmp_path / "adopt.csv"
    _adopt(project, "--preview", "--out", str(out))
    shown = out.read_text("utf-8-sig")
    assert "深圳市华腾科技" in shown
    assert "26712345" not in shown


def test_colleagues_are_not_taken_for_each_other() -> None:
    """Of a firm's people only those of the same name are adopted, none by the switchboard."""
    names = ["王伟", "李娜", "张敏", "刘洋", "陈静", "杨帆", "赵磊", "黄丽", "周杰", "吴迪"]
    spec = EntitySpec(fields={"name": Kind.PERSON_NAME, "phone": Kind.PHONE, "email": Kind.EMAIL})
    golden = pl.DataFrame(
        {
            "golden_id": [f"G{n}" for n in range(10)],
            "name": names,
            "phone": ["021-61000001"] * 10,
            "email": ["info@firm.example.cn"] * 10,
        }
    )
    others = ["孙莉", "马超", "朱琳", "胡军", "林峰"]
    rows = pl.DataFrame(
        {
            "own_id": [str(n) for n in range(8)],
            "name": [*others, "王伟", "李娜", "张敏"],
            "phone": ["021-61000001"] * 8,
            "email": ["info@firm.example.cn"] * 8,
        }
    )
    found = adoptable(AdoptionTables(golden, rows), spec, None)
    same = {("G0", "5"), ("G1", "6"), ("G2", "7")}
    sure = found.filter(pl.col("verdict") != "possible")
    assert set(sure.select("golden_id", "own_id").rows()) <= same
    assert same <= set(found.select("golden_id", "own_id").rows())


def test_a_branch_is_not_adopted_as_its_head_office() -> None:
    spec = EntitySpec(fields={"name": Kind.COMPANY_NAME, "phone": Kind.PHONE})
    golden = pl.DataFrame(
        {
            "golden_id": ["G1", "G2", "G3"],
            "name": ["中国建设银行股份有限公司", "杭州嘉利纺织有限公司", "苏州新元机械有限公司"],
            "phone": ["010-66215533", "0571-88001122", "0512-65123456"],
        }
    )
    rows = pl.DataFrame(
        {
            "own_id": ["1", "2", "3"],
            "name": [
                "中国建设银行股份有限公司苏州分行",
                "杭州嘉莉纺织有限公司",
                "苏州新元机械有限公司",
            ],
            "phone": ["010-66215533", "0571-99887766", "0512-65123456"],
        }
    )
    found = adoptable(AdoptionTables(golden, rows), spec, None)
    sure = found.filter(pl.col("verdict") == "match").select("golden_id", "own_id").rows()
    assert ("G1", "1") not in sure
    assert ("G2", "2") not in sure


def test_what_is_in_doubt_is_left_to_a_person() -> None:
    """A shop of the firm, a row marked as closed, and one that says no more than its name."""
    spec = EntitySpec(fields={"name": Kind.COMPANY_NAME, "phone": Kind.PHONE})
    firms = ["成都锦里餐饮管理有限公司", "杭州明远电子科技有限公司", "苏州新元机械有限公司"]
    phones = ["028-85550101", "0571-88001122", "0512-65123456"]
    golden = pl.DataFrame({"golden_id": ["G1", "G2", "G3"], "name": firms, "phone": phones})
    names = ["成都锦里餐饮管理有限公司（武侯店）", "杭州明远电子科技有限公司（已停用）", firms[2]]
    rows = pl.DataFrame({"own_id": ["1", "2", "3"], "name": names, "phone": [*phones[:2], None]})
    found = adoptable(AdoptionTables(golden, rows), spec, None)
    assert found["verdict"].unique().to_list() == ["possible"]


def test_a_row_of_a_customer_that_was_loaded_is_its_twin(project: Path) -> None:
    """Whoever loads before adopting, or makes rows by hand later, is told of the twins."""
    run_project(project)
    (found,) = _adopt(project)
    assert (found["adopted"], found["counts"]) == (0, {"twin": 1, "possible": 1})
    golden_id = found["found"][0]["golden_id"]
    with pytest.raises(SpecError, match=f"{golden_id} has a row of the CRM already"):
        _adopt(project, "--entity", "account", "--pair", f"1={golden_id}")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--undo", "G", "--preview"], "--undo stands alone"),
        (["--undo", "G", "--entity", "account", "--pair", "1=G"], "--undo stands alone"),
        (["--pair", "1=G"], "--pair needs --entity"),
        (["--entity", "account", "--pair", "1=G", "--pair", "2=G"], "G stands in two pairs"),
        (["--entity", "account", "--pair", "G"], "is not ID=GOLDEN_ID"),
    ],
)
def test_options_that_contradict_each_other_are_refused(
    project: Path, options: list[str], complaint: str
) -> None:
    made = CliRunner().invoke(adopt, [str(project), *options])
    assert made.exit_code == 2
    assert complaint in made.output


def test_no_row_is_adopted_below_nine_in_ten() -> None:
    """A spec may merge from .3 on; what is written into a CRM wants more. Two 陈静 have mobiles of
    their own.
    """
    kinds = {"name": Kind.PERSON_NAME, "phone": Kind.PHONE, "city": Kind.REGION}
    spec = EntitySpec(fields=kinds, match={"match_at": 0.3, "review_at": 0.1})
    phones = [f"1381234567{n}" for n in range(8)]
    cities = ["苏州市", "南京市"] * 4
    golden = pl.DataFrame(
        {
            "golden_id": [f"G{n}" for n in range(8)],
            "name": ["刘洋", "王伟", "李娜", "张敏", "陈静", "杨帆", "赵磊", "黄丽"],
            "phone": phones,
            "city": cities,
        }
    )
    rows = pl.DataFrame(
        {
            "own_id": [str(n) for n in range(8)],
            "name": ["刘总", "王维", "李 娜", "张闵", "陈静", "陈静", "赵磊", "黄丽"],
            "phone": [*phones[:4], "13911110000", "13911110001", None, phones[7]],
            "city": [*cities[:4], "苏州市", None, "苏州市", "南京市"],
        }
    )
    found = adoptable(AdoptionTables(golden, rows), spec, None)
    doubtful = found.filter(pl.col("verdict") == "possible").sort("own_id")
    assert doubtful.select("golden_id", "own_id").rows() == [("G4", "4"), ("G4", "5")]
    assert doubtful["probability"].is_between(0.3, SURE_FROM).all()


@pytest.mark.parametrize("options", [["--preview"], ["--undo", "G"]])
def test_a_target_whose_rows_have_no_other_ids_is_refused(
    tmp_path: Path, options: list[str]
) -> None:
    project = write_small_project(tmp_path / "project")
    spec = project / "guiyi.yaml"
    text = spec.read_text("utf-8")
    spec.write_text(text.replace('{url: "sqlite:///crm.db"}', HUBSPOT), "utf-8")
    with pytest.raises(SpecError, match="rows of a target `hubspot` have no other ids"):
        _adopt(project, *options)
