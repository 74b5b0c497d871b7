"""The audit chain on the command line, and the stand-alone verifier beside it."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from governance import open_ledger, verify_audit
from governance.verify_audit import GENESIS, seal
from pipelines.cli.main import cli
from pipelines.driving.driver import run_project
from pipelines.stages.run import Options

SPEC = """\
project: firms
sources:
  sheet:
    kind: delimited
    path: firms.csv
    tables: [{table: firms, entity: company, key: no, columns: {name: name}}]
entities: {company: {fields: {name: company_name}}}
"""
LEDGER = Path(".guiyi/ledger.db")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose audit chain has six entries."""
    monkeypatch.setenv("GUIYI_LANG", "en")
    folder = tmp_path / "crm"
    folder.mkdir()
    (folder / "guiyi.yaml").write_text(SPEC, encoding="utf-8")
    with open_ledger(folder=folder) as ledger:
        for number in range(1, 7):
            ledger.audit("did", f"公司 {number}", {"n": number}, who="li")
    return folder


@pytest.fixture
def audit(project: Path) -> Callable[..., Result]:
    def call(verb: str, *words: object) -> Result:
        command = ["audit", verb, str(project), *map(str, words)]
        return CliRunner().invoke(cli, command, standalone_mode=False)

    return call


def run_verifier(folder: Path, *words: object) -> tuple[int, str]:
    """Run a copy of the verifier where nothing of ours can be imported."""
    script = shutil.copy(verify_audit.__file__, folder / "verify.py")
    command = [sys.executable, "-I", str(script), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def sql(project: Path, *statements: str) -> None:
    with sqlite3.connect(project / LEDGER) as database:
        for statement in statements:
            database.execute(statement)


def seal_anew(project: Path) -> None:
    """Seal the whole chain again, as whoever holds the database can."""
    with sqlite3.connect(project / LEDGER) as database:
        database.row_factory = sqlite3.Row
        rows = list(database.execute("SELECT * FROM guiyi_audit ORDER BY number"))
        database.execute("DELETE FROM guiyi_audit")
        previous = GENESIS
        for number, row in enumerate(rows, start=1):
            entry = dict(row)
            fresh = seal(number, entry, previous)
            entry |= {"number": number, "previous": previous, "hash": fresh}
            previous = fresh
            marks = ", ".join("?" * len(entry))
            database.execute(f"INSERT INTO guiyi_audit VALUES ({marks})", [*entry.values()])
        head = f"{len(rows)}:{previous}"
        database.execute("UPDATE guiyi_about SET value = ? WHERE name = 'audit_head'", [head])


RENUMBER = "UPDATE guiyi_audit SET number = number {} WHERE number {}"
WAYS = {
    "edit": ("UPDATE guiyi_audit SET who = 'x' WHERE number = 3",),
    "removal": ("DELETE FROM guiyi_audit WHERE number = 3",),
    "insertion": (
        RENUMBER.format("+ 100", ">= 3"),
        RENUMBER.format("- 99", "> 100"),
        "INSERT INTO guiyi_audit SELECT 3, at, who, action, 'new', details, previous, hash"
        " FROM guiyi_audit WHERE number = 2",
    ),
    "reordering": (
        RENUMBER.format("+ 100", "= 3"),
        RENUMBER.format("- 1", "= 4"),
        RENUMBER.format("- 99", "= 103"),
    ),
    "truncation": ("DELETE FROM guiyi_audit WHERE number >= 3",),
}


@pytest.mark.parametrize("anew", [False, True], ids=["as it is", "sealed anew"])
@pytest.mark.parametrize("way", WAYS)
def test_command_and_verifier_name_the_same_entry(
    project: Path, tmp_path: Path, audit: Callable[..., Result], way: str, anew: bool
) -> None:
    """Whatever was done at entry 3, both find it there; without a checkpoint nothing shows once
    the chain was sealed anew.
    """
    kept = tmp_path / "kept.json"
    audit("checkpoint", "--out", kept)
    assert audit("verify", "--checkpoint", kept).return_value == 0
    sql(project, *WAYS[way])
    if anew:
        seal_anew(project)
        assert audit("verify").return_value == 0
    found = audit("verify", "--checkpoint", kept)
    assert found.return_value == 1
    assert "broken at entry 3:" in found.output
    out = tmp_path / "chain.jsonl"
    export_as_it_is(project, out)
    public = project / ".guiyi" / "audit.pub"
    code, said = run_verifier(tmp_path, out, "--checkpoint", kept, "--public-key", public)
    assert (code, said[:2]) == (1, "3:")
    assert found.output.partition("entry 3:")[2].strip() == said[2:].strip()


def export_as_it_is(project: Path, out: Path) -> None:
    """Export without the entry that an export leaves, which would mend the head."""
    with open_ledger(folder=project) as ledger:
        entries = ledger.audit_trail().to_dicts()
    with sqlite3.connect(project / LEDGER) as database:
        query = "SELECT value FROM guiyi_about WHERE name = 'audit_head'"
        head = {"head": database.execute(query).fetchone()[0]}
    out.write_text("".join(json.dumps(one) + "\n" for one in (head, *entries)), encoding="utf-8")


def test_a_chain_is_exported_and_verified_elsewhere(
    tmp_path: Path, audit: Callable[..., Result]
) -> None:
    """The export is an entry itself; the verifier holds the file to the checkpoint."""
    kept, out = tmp_path / "kept.json", tmp_path / "chain.jsonl"
    signed = audit("checkpoint", "--out", kept).output
    public = signed.rpartition("public key ")[2].strip()
    (tmp_path / "public").write_text(public)
    assert "7 entries" in audit("export", "--out", out).output
    words = ("--checkpoint", kept, "--public-key", tmp_path / "public")
    assert run_verifier(tmp_path, out, *words) == (0, "ok\n")
    (tmp_path / "public").write_text("0" * 64)
    assert run_verifier(tmp_path, out, *words)[0] == 1
    assert run_verifier(tmp_path, tmp_path / "public")[0] == 2
    assert out.stat().st_mode & 0o777 == kept.stat().st_mode & 0o777 == 0o600


def test_proofs_are_made_and_checked(tmp_path: Path, audit: Callable[..., Result]) -> None:
    """One entry, or the growth of the chain, is proved to whoever has nothing else of it."""
    older, newer, proof = (tmp_path / name for name in ("a.json", "b.json", "proof.json"))
    audit("checkpoint", "--out", older)
    audit("export", "--out", tmp_path / "chain.jsonl")
    audit("checkpoint", "--out", newer)
    for words in (
        ("--entry", 3),
        ("--entry", 3, "--checkpoint", older),
        ("--extends", older, "--checkpoint", newer),
    ):
        assert audit("proof", *words, "--out", proof).exit_code == 0
        assert run_verifier(tmp_path, "--proof", proof) == (0, "ok\n")
    made = json.loads(proof.read_text(encoding="utf-8"))
    made["older"], made["checkpoint"] = made["checkpoint"], made["older"]
    proof.write_text(json.dumps(made), encoding="utf-8")
    assert run_verifier(tmp_path, "--proof", proof)[0] == 1
    assert "give either" in str(audit("proof").exception)


def test_a_stranger_s_checkpoint_is_not_believed(
    tmp_path: Path, audit: Callable[..., Result]
) -> None:
    """Signed with another key than the project's, a checkpoint counts only if that is named."""
    kept = tmp_path / "kept.json"
    assert audit("checkpoint").exit_code == 0
    audit("checkpoint", "--out", kept, "--key", tmp_path / "our.key")
    assert "cannot be trusted" in audit("verify", "--checkpoint", kept).output
    with_both = ("--public-key", tmp_path / "our.pub", "--public-key")
    own = tmp_path / "crm" / ".guiyi" / "audit.pub"
    found = audit("verify", "--checkpoint", kept, *with_both, own)
    assert "checkpoints it extends: 2, the longest of 6 entries" in found.output
    assert "64 hexadecimal" in str(audit("verify", "--public-key", kept).exception)


def test_a_run_leaves_a_checkpoint_in_its_folder(small_project: Path) -> None:
    """It covers the run's own end, is for its owner alone, and is held to by `verify`."""
    outcome = run_project(small_project, Options(until="clean"))
    file = outcome.folder / "checkpoint.json"
    assert file.stat().st_mode & 0o777 == 0o600
    found = CliRunner().invoke(cli, ["ledger", "verify", str(small_project)])
    assert "checkpoints it extends: 1, the longest of 2 entries" in found.output
    dry = run_project(small_project, Options(until="clean", dry_run=True))
    assert not (dry.folder / "checkpoint.json").exists()


def test_the_chain_is_listed(audit: Callable[..., Result]) -> None:
    """The latest entries, or those of a kind of action."""
    assert "公司 6" in audit("list", "--last", 1).output
    assert "0 of 6 entries" in audit("list", "--action", "decision").output
    assert len(json.loads(audit("list", "--json").output)) == 6


def test_entries_are_listed_under_headings(
    audit: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the user's language; what was done keeps its code."""
    first, *entries, _ = audit("list", "--last", 2).output.splitlines()
    assert first.split() == ["no.", "at", "by", "action", "about"]
    assert [one.split()[0] for one in entries] == ["5", "6"]
    assert entries[0].index("did") == first.index("action")
    monkeypatch.setenv("GUIYI_LANG", "zh")
    assert audit("list").output.splitlines()[0].split() == [
        "序号",
        "时间",
        "操作人",
        "动作",
        "对象",
    ]
