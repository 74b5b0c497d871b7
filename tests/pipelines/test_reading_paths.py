"""Whatever shows customers passes one door: each command, in each role, masked where it must be.

`PATHS` names every command there is. A new one fails here until it says how it is read, or why it
shows no customer.
"""

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from governance import open_ledger
from pipelines.cli.main import cli
from pipelines.driving.driver import run_project

SPEC = """\
project: people
sources:
  crm:
    kind: delimited
    path: people.csv
    tables:
      - entity: person
        key: 手机
        columns: {name: 姓名, phone: 手机, email: 邮箱, card: 身份证, note: 备注, owner: 客户经理}
        refs: {firm: {entity: firm, columns: 公司, source: erp, table: firms}}
  shop:
    kind: delimited
    path: shop.csv
    tables:
      - entity: person
        key: mail
        columns: {name: name, phone: phone, email: mail, note: note}
  erp:
    kind: delimited
    path: firms.csv
    tables:
      - {entity: firm, key: no, columns: {name: name, phone: phone, region: owner}}
entities:
  person:
    fields: {name: person_name, phone: phone, email: email, card: id_card, note: text, owner: text}
    match: {review_at: 0.000001, match_at: 1}
    owner: [owner, firm]
  firm:
    fields: {name: company_name, phone: phone, region: text}
    owner: region
mapping:
  contact: {entity: person, fields: {Name: name, Phone: phone, Note: note}}
target: {url: "sqlite:///crm.db"}
privacy:
  departments: {华东: [王伟]}
  roles:
    helpdesk: {masks: [id_card], reason: true}
gate: {max_quarantined: 1}
suites: [suite.yaml]
"""
SUITE = """\
suite: people
entity: person
on: records
expectations:
  - {not_null: card, severity: warning}
  - {matches: {column: note, regex: "^备用"}, severity: warning}
  - {matches: {column: email, regex: wudang}, quarantine: false, severity: warning}
  - {in_set: {column: phone, values: [x]}, severity: warning}
"""
PEOPLE = """\
姓名,手机,邮箱,身份证,备注,客户经理,公司
张三丰,13912345678,zhang.sanfeng@wudang.cn,110101199003074557,备用号码13700001111，卡号6222021234567894,王伟,1
李四光,13887654321,li.siguang@geo.cn,31010119850215123X,他的邮箱是 old.li@geo.cn,李娜,2
王五一,13611112222,wang.wuyi@firm.cn,,身份证 440301199912310018 已核,李娜,1
赵六顺,13699998888,zhao.liushun@firm.cn,,,李娜,2
"""
SHOP = """\
name,phone,mail,note
张三丰,13912345678,zhang.sanfeng@wudang.cn,call 0512-65001234
"""
FIRMS = """\
no,name,phone,owner
1,苏州蓝天机械有限公司,0512-65009999,华东
2,无锡长江贸易有限公司,0510-82001111,华南
"""
PHONES = ("13912345678", "13700001111", "65001234", "13887654321", "13611112222", "13699998888")
MAILS = ("zhang.sanfeng@", "li.siguang@", "old.li@", "wang.wuyi@", "zhao.liushun@")
CARDS = ("110101199003074557", "31010119850215123", "440301199912310018", "6222021234567894")
OWN = ("13912345678", "13700001111", "65001234", "zhang.sanfeng@", "13611112222", "wang.wuyi@")
"""Of the customers of 王伟: one has his name, one a firm of his department."""
NAMES = ("张三丰", "李四光", "王五一", "赵六顺")

SEES: dict[str | None, tuple[str, ...]] = {
    None: NAMES,
    "steward": (*NAMES, *PHONES, *MAILS, *CARDS),
    "manager": (*NAMES, *PHONES, *MAILS),
    "sales": ("张三丰", "王五一", *OWN),
    "auditor": NAMES,
    "analyst": (),
}
"""Role → all that it may ever see of these people."""
SECRETS = (*NAMES, *PHONES, *MAILS, *CARDS)
ZHANG, LI = "crm:people/13912345678", "crm:people/13887654321"
ROLES = [*SEES, "helpdesk"]

READS: dict[str, list[str]] = {
    "show": ["PROJECT", ZHANG],
    "history": ["PROJECT", ZHANG],
    "resolve": ["PROJECT", ZHANG],
    "find": ["PROJECT", "--entity", "person", "--field", "name=张三丰", "--least", "0"],
    "registration list": ["PROJECT"],
    "review list": ["PROJECT", "--limit", "100"],
    "review show": ["PROJECT", ZHANG, LI, "--entity", "person"],
    "review export": ["PROJECT", "OUT.xlsx"],
    "survive preview": ["PROJECT", "--entity", "person", "--rule", "note: longest"],
    "export": ["PROJECT", "members", "--entity", "person", "--out", "OUT.csv"],
    "plan": ["PROJECT", "--out", "OUT.xlsx", "--quiet"],
    "adopt": ["PROJECT", "--preview", "--out", "OUT.csv"],
    "label": ["PROJECT", "--entity", "person", "--out", "OUT.labels", "--quiet"],
}
"""Commands that show customers to a reader who states a role, and how they are called."""
MORE_READS = [
    ("export", ["PROJECT", "golden", "--entity", "person", "--out", "OUT.csv"]),
    ("export", ["PROJECT", "crosswalk", "--entity", "person", "--out", "OUT.csv"]),
    ("plan", ["PROJECT", "--quiet"]),
    ("plan", ["PROJECT", "--json", "--quiet"]),
    ("show", ["PROJECT", ZHANG, "--json"]),
    ("show", ["PROJECT", LI]),
    ("resolve", ["PROJECT", LI, "--json"]),
    ("history", ["PROJECT", LI, "--json"]),
    ("find", ["PROJECT", "--id", LI]),
    ("review list", ["PROJECT", "--what", "quarantine"]),
    ("review list", ["PROJECT", "--what", "missing", "--json"]),
    ("review list", ["PROJECT", "--what", "decisions"]),
    ("review list", ["PROJECT", "--what", "conflicts"]),
]
ANYBODY: dict[str, list[str]] = {
    "run": ["PROJECT", "--dry-run", "--json", "--quiet"],
    "check": ["PROJECT", "--json", "--quiet"],
    "runs": ["PROJECT"],
    "batches": ["PROJECT"],
    "audit list": ["PROJECT", "--last", "1000"],
    "audit export": ["PROJECT", "--out", "OUT.jsonl"],
    "dedupe": ["PEOPLE", "--out", "OUT", "--quiet"],
    "profile": ["PEOPLE", "--json"],
    "retrain": ["PROJECT", "--preview", "--json", "--quiet"],
}
"""Commands without a role: they show, and leave in reports, what anybody may see."""
OWN_FILES = "works on the user's own files, and answers with what stands in these"
NOTHING = "shows no customer: ids that were asked for, counts, or what the user typed"
RULES: dict[str, str] = {
    **dict.fromkeys(
        ("clean", "link", "lookup", "compare", "import", "evaluate", "init", "demo"),
        OWN_FILES,
    ),
    **dict.fromkeys(
        (
            "load", "rollback", "reconcile", "registration add", "registration withdraw",
            "review choose", "review correct", "review decide", "review import", "review parent",
            "review revoke",
            "erase", "purge",
            "ledger rebuild", "ledger rename-source", "ledger unlock", "ledger verify",
            "audit checkpoint", "audit proof", "audit verify", "backup drill", "backup list",
            "backup make", "doctor", "restore", "schedule", "schema", "warm",
        ),
        NOTHING,
    ),
    "serve": "its pages read through the door, by the role of whoever is signed in (tests/console)",
    "subject": "is for the person it is about, unmasked by law; always in the audit chain",
}  # fmt: skip


def leaves(command: click.Command, name: str = "") -> Iterator[str]:
    """The names of all commands."""
    if not isinstance(command, click.Group):
        yield name
        return
    context = click.Context(command)
    for verb in command.list_commands(context):
        found = command.get_command(context, verb)
        assert found is not None
        yield from leaves(found, f"{name} {verb}".strip())


def test_every_command_says_how_customers_are_read() -> None:
    """A command that is not in the tables above shows customers nobody has thought of."""
    assert sorted(leaves(cli)) == sorted([*READS, *ANYBODY, *RULES])


def test_whatever_reads_takes_a_role() -> None:
    """Each reading command has --role, --who and --why; --unmasked is the steward's."""
    for name in [*READS, "subject"]:
        words = name.split()
        found = cli.get_command(click.Context(cli), words[0])
        for verb in words[1:]:
            assert isinstance(found, click.Group)
            found = found.get_command(click.Context(found), verb)
        assert found is not None
        options = {option for parameter in found.params for option in parameter.opts}
        assert {"--role", "--who", "--why", "--unmasked"} <= options, name


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """People whose record keys are their telephone numbers and mailboxes; a run, a decision, a
    registration.
    """
    folder = tmp_path_factory.mktemp("people")
    (folder / "guiyi.yaml").write_text(SPEC, encoding="utf-8")
    (folder / "suite.yaml").write_text(SUITE, encoding="utf-8")
    for name, text in (("people", PEOPLE), ("shop", SHOP), ("firms", FIRMS)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    with sqlite3.connect(folder / "crm.db") as crm:
        crm.execute("CREATE TABLE contact (external_id TEXT PRIMARY KEY, Name, Phone, Note)")
    assert run_project(folder).exit_code == 0
    with open_ledger(folder=folder) as ledger:
        why = "同一手机 13912345678"
        ledger.decide("person", "must-link", ZHANG, "shop:shop/zhang.sanfeng@wudang.cn", why=why)
        ledger.decide("person", "cannot-link", ZHANG, LI, why="问过李四光 13887654321，不是一人")
    assert run_project(folder).exit_code == 0
    with sqlite3.connect(folder / "crm.db") as crm:  # so that a plan has values, old and new
        crm.execute("DELETE FROM contact WHERE Name <> '李四光'")
        crm.execute("UPDATE contact SET Phone = '13611112222', Note = '打 13699998888'")
    return folder


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GUIYI_LANG", "en")
    return tmp_path


def called(name: str, words: list[str], project: Path, scratch: Path, *more: str) -> str:
    """All that a command prints and writes."""
    places = {"PROJECT": str(project), "PEOPLE": str(project / "people.csv")}
    given = [places.get(word, str(scratch / word) if "OUT" in word else word) for word in words]
    result = CliRunner().invoke(cli, [*name.split(), *given, *more])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result.output + "".join(map(text_of, sorted(scratch.rglob("*"))))


def text_of(file: Path) -> str:
    """What a person reads of a file; data that are the user's own (`dedupe`) are no report."""
    if file.suffix == ".xlsx":
        sheets = load_workbook(file).worksheets
        return json.dumps(
            [[str(c) for c in row] for s in sheets for row in s.iter_rows(values_only=True)],
            ensure_ascii=False,
        )
    is_report = file.suffix in (".html", ".json", ".jsonl", ".md", ".xml")
    is_text = file.is_file() and (is_report or file.name == "OUT.csv")
    return file.read_text(encoding="utf-8") if is_text else ""


def seen_in(text: str) -> set[str]:
    return {secret for secret in SECRETS if secret in text}


@pytest.mark.slow
@pytest.mark.parametrize("role", SEES)
@pytest.mark.parametrize(("name", "words"), [*READS.items(), *MORE_READS])
def test_each_role_sees_what_it_may(
    name: str, words: list[str], role: str | None, project: Path, scratch: Path
) -> None:
    """No reader sees more than the role may, whatever repeats it: keys, notes, sentences."""
    more = [] if role is None else ["--role", role, "--who", "王伟"]
    text = called(name, words, project, scratch, *more)
    assert seen_in(text) <= set(SEES[role]), (name, role)


DECIDED = {"13912345678", "zhang.sanfeng@", "13887654321", "李四光"}
SHOWN = [
    ("export", ["PROJECT", "members", "--entity", "person", "--out", "OUT.csv"], set(SECRETS)),
    (
        "export",
        ["PROJECT", "golden", "--entity", "person", "--out", "OUT.csv"],
        {*PHONES[3:], *MAILS},
    ),
    ("show", ["PROJECT", ZHANG], {"张三丰", "13912345678", "zhang.sanfeng@", CARDS[0]}),
    ("plan", ["PROJECT", "--out", "OUT.xlsx", "--quiet"], {"13699998888", "13912345678", "张三丰"}),
    ("review show", ["PROJECT", ZHANG, LI, "--entity", "person"], {"13912345678", "13887654321"}),
    ("resolve", ["PROJECT", ZHANG], {"13912345678", "zhang.sanfeng@"}),
    ("history", ["PROJECT", ZHANG], DECIDED),
    ("history", ["PROJECT", ZHANG, "--json"], DECIDED),
    ("review list", ["PROJECT", "--what", "decisions"], DECIDED),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "words", "wanted"), SHOWN)
def test_a_steward_sees_it_and_the_audit_chain_says_so(
    name: str, words: list[str], wanted: set[str], project: Path, scratch: Path
) -> None:
    """What a role may see it sees in full, and the chain keeps who, in which role and why."""
    who = ["--role", "steward", "--who", "王伟", "--why", "call 13912345678 back"]
    assert wanted <= seen_in(called(name, words, project, scratch, *who))
    with open_ledger(folder=project) as ledger:
        entry = ledger.audit_trail().to_dicts()[-1]
    details = json.loads(entry["details"])
    assert entry["who"] == "王伟"
    assert entry["action"].startswith(("read.unmasked", "exported."))
    assert (details["role"], details["why"]) == ("steward", "call 139****5678 back")


@pytest.mark.slow
def test_sales_see_their_own_customers(project: Path, scratch: Path) -> None:
    """By their name, and by whom a record belongs to; of others only that they exist."""
    golden = ["PROJECT", "golden", "--entity", "person", "--out", "OUT.csv"]
    sales = ("--role", "sales", "--who", "王伟")
    text = called("export", golden, project, scratch, *sales)
    assert set(OWN) - {"65001234"} <= seen_in(text), "all but a note that lost"
    assert sum(bool(re.match(r"\"?[A-Z0-9-]{6,}", line)) for line in text.splitlines()) >= 4
    history = called("history", ["PROJECT", ZHANG], project, scratch / "none", *sales)
    assert "同一手机 13912345678" in history, "the reason of a decision on two records of his own"
    assert "decision 2  " in history, "and of the other that there is one"
    other = called("show", ["PROJECT", LI], project, scratch / "none", *sales)
    assert "sees only that it exists" in other
    found = ["PROJECT", "--entity", "person", "--json"]
    found += ["--field", "phone=13887654321", "--field", "name=李四光"]
    (customer, *_) = json.loads(called("find", found, project, scratch / "none", *sales))[
        "customers"
    ]
    assert (customer["verdict"], customer["reasons"]) == ("possible", [])
    assert set(customer["values"].values()) == {None}


@pytest.mark.slow
def test_a_role_states_its_reason(project: Path, scratch: Path) -> None:
    """Where the spec asks for a reason nothing is shown without one; an unknown role is refused."""
    refused = CliRunner().invoke(cli, ["show", str(project), ZHANG, "--role", "helpdesk"])
    assert "must say why" in str(refused.exception)
    assert not refused.output
    shown = called(
        "show", ["PROJECT", ZHANG], project, scratch, "--role", "helpdesk", "--why", "he called"
    )
    assert "13912345678" in shown
    assert not set(CARDS) & seen_in(shown)
    unknown = CliRunner().invoke(cli, ["show", str(project), ZHANG, "--role", "stewart"])
    assert "did you mean `steward`" in str(unknown.exception)


@pytest.mark.slow
@pytest.mark.parametrize("name", ANYBODY)
def test_what_has_no_role_shows_what_anybody_may_see(
    name: str, project: Path, scratch: Path
) -> None:
    """Reports of runs, checks and dedups, profiles and the chain hold no telephone number."""
    assert seen_in(called(name, ANYBODY[name], project, scratch)) <= set(NAMES)


@pytest.mark.slow
def test_a_runs_reports_mask_keys_and_notes(project: Path) -> None:
    """What a run leaves for people to read is masked like the fields it repeats."""
    for run in (project / ".guiyi" / "runs").iterdir():
        for file in run.rglob("*"):
            if file.suffix in (".html", ".xml", ".md"):
                seen = seen_in(file.read_text(encoding="utf-8"))
                assert seen <= set(NAMES), file.relative_to(run)
