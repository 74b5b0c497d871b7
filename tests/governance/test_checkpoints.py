"""Signed checkpoints and proofs: a rewritten chain shows, whoever holds the database."""

import ast
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance import LedgerError, verify_audit
from governance.audit_key import open_key
from governance.checkpoints import (
    consistency_proof,
    inclusion_proof,
    make_checkpoint,
    read_checkpoint,
)
from governance.verify_audit import (
    CHANGED,
    CUT,
    GENESIS,
    MISPLACED,
    MISSING,
    REWRITTEN,
    TRUNCATED,
    UNLINKED,
    UNPROVEN,
    UNSIGNED,
    audit_fault,
    proof_fault,
    seal,
    tree_roots,
)
from guiyi.catalogue import catalogue
from tests.examples import examples

LEAVES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    bytes(range(96, 112)).hex(),
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The tree of Certificate Transparency's own tests (RFC 6962 and 9162)."""

Chain = list[dict[str, Any]]


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return open_key(tmp_path_factory.mktemp("key") / "audit.key")


def sealed(chain: Chain, start: int = 0) -> Chain:
    """A chain sealed anew from a place on, as whoever holds the database would."""
    previous = chain[start - 1]["hash"] if start else GENESIS
    done = chain[:start]
    for number, entry in enumerate(chain[start:], start=start + 1):
        fresh = seal(number, entry, previous)
        done.append({**entry, "number": number, "previous": previous, "hash": fresh})
        previous = fresh
    return done


def a_chain(length: int) -> Chain:
    entries = [
        {"at": f"t{n}", "who": "li", "action": "did", "subject": f"s{n}", "details": "{}"}
        for n in range(length)
    ]
    return sealed(entries)


def head_of(chain: Chain) -> str:
    return f"{chain[-1]['number']}:{chain[-1]['hash']}" if chain else ""


def hashes(chain: Chain) -> list[str]:
    return [entry["hash"] for entry in chain]


def test_trees_are_those_of_certificate_transparency() -> None:
    """Leaves and nodes are hashed apart, and a tree need not be full."""
    roots = tree_roots(LEAVES, set(range(1, 9)))
    assert [roots[size] for size in range(1, 9)] == ROOTS


def edit(chain: Chain, at: int) -> Chain:
    return [*chain[:at], {**chain[at], "who": "wang"}, *chain[at + 1 :]]


def remove(chain: Chain, at: int) -> Chain:
    return chain[:at] + chain[at + 1 :]


def insert(chain: Chain, at: int) -> Chain:
    return [*chain[:at], {**chain[at], "subject": "new"}, *chain[at:]]


def reorder(chain: Chain, at: int) -> Chain:
    other = at + 1 if at + 1 < len(chain) else at - 1
    moved = [*chain]
    moved[at], moved[other] = chain[other], chain[at]
    return moved


def truncate(chain: Chain, at: int) -> Chain:
    return chain[:at]


WAYS = [edit, remove, insert, reorder, truncate]


@settings(max_examples=examples(200))
@given(way=st.sampled_from(WAYS), size=st.integers(2, 40), place=st.data(), anew=st.booleans())
def test_whatever_is_done_to_a_chain_is_found_at_its_place(
    key: Any, way: Callable[[Chain, int], Chain], size: int, place: st.DataObject, anew: bool
) -> None:
    """Edited, removed, inserted, moved, cut off: found and named, even in a chain sealed anew."""
    chain = a_chain(size)
    covered = place.draw(st.integers(1, size), label="covered by the checkpoint")
    checkpoint = make_checkpoint(hashes(chain[:covered]), "crm", "t", key)
    assert audit_fault(chain, head_of(chain), [checkpoint], [key.public]) is None
    at = place.draw(st.integers(0, covered - 1), label="tampered at")
    tampered = way(chain, at)
    first = next(
        (n for n, (a, b) in enumerate(zip(tampered, chain, strict=False)) if a != b),
        min(len(tampered), size),
    )
    if anew:
        tampered = sealed(tampered, first)
    fault = audit_fault(tampered, head_of(tampered), [checkpoint], [key.public])
    assert fault is not None
    assert fault.entry == first + 1


@pytest.mark.parametrize("size", [1000, 130])
def test_a_long_chain_names_the_stretch_in_which_it_was_rewritten(key: Any, size: int) -> None:
    """A checkpoint has marks, not every hash; the checkpoints around it narrow the stretch."""
    chain = a_chain(size)
    whole = make_checkpoint(hashes(chain), "crm", "t", key)
    earlier = make_checkpoint(hashes(chain[:120]), "crm", "t", key)
    rewritten = sealed(edit(chain, 122), 122)
    alone = audit_fault(rewritten, head_of(rewritten), [whole], [])
    assert alone is not None
    assert alone.entry <= 123 <= alone.values["until"] <= alone.entry + size // 100
    both = audit_fault(rewritten, head_of(rewritten), [earlier, whole], [])
    assert both is not None
    assert 121 <= both.entry <= 123


@settings(max_examples=examples(100))
@given(size=st.integers(1, 70), data=st.data())
def test_an_entry_is_proved_and_no_other(key: Any, size: int, data: st.DataObject) -> None:
    """An inclusion proof holds for its entry alone, and with its whole path alone."""
    chain = a_chain(size)
    checkpoint = make_checkpoint(hashes(chain), "crm", "t", key)
    proof = inclusion_proof(chain, data.draw(st.integers(1, size)), checkpoint)
    assert proof_fault(proof, [key.public]) is None
    other = {**proof, "entry": {**proof["entry"], "subject": "something else"}}
    for wrong in (other, {**proof, "path": [*proof["path"], ROOTS[0]]}):
        fault = proof_fault(wrong, [key.public])
        assert fault is not None
        assert fault.problem == UNPROVEN
    if proof["path"]:
        assert proof_fault({**proof, "path": proof["path"][:-1]}, []) is not None


@settings(max_examples=examples(100))
@given(older=st.integers(1, 70), more=st.integers(0, 70), rewrite=st.booleans())
def test_a_chain_that_went_on_is_proved_and_no_other(
    key: Any, older: int, more: int, rewrite: bool
) -> None:
    """A consistency proof holds for a continuation; none can be made for a rewritten chain."""
    chain = a_chain(older + more)
    before = make_checkpoint(hashes(chain[:older]), "crm", "t1", key)
    later = sealed(edit(chain, older - 1), older - 1) if rewrite else chain
    after = make_checkpoint(hashes(later), "crm", "t2", key)
    proof = consistency_proof(hashes(later), before, after)
    assert (proof_fault(proof, [key.public]) is None) != rewrite
    assert proof_fault({**proof, "path": [*proof["path"], ROOTS[0]]}, []) is not None


def test_only_a_known_key_may_have_signed(key: Any, tmp_path: Path) -> None:
    """A checkpoint that was changed, or signed by a stranger, proves nothing."""
    chain = a_chain(3)
    stranger = open_key(tmp_path / "other.key")
    theirs = make_checkpoint(hashes(chain), "crm", "t", stranger)
    changed = {**make_checkpoint(hashes(chain), "crm", "t", key), "at": "yesterday"}
    for wrong in (theirs, changed):
        fault = audit_fault(chain, head_of(chain), [wrong], [key.public])
        assert fault is not None
        assert (fault.entry, fault.problem) == (0, UNSIGNED)
    assert audit_fault(chain, head_of(chain), [theirs], []) is None


def test_the_key_is_made_once_and_for_its_owner(tmp_path: Path) -> None:
    """It is asked for again and is the same; its public half lies beside it."""
    file = tmp_path / ".guiyi" / "audit.key"
    public = open_key(file).public
    assert open_key(file).public == public
    assert file.with_suffix(".pub").read_text().strip() == public
    assert (file.stat().st_mode & 0o777, len(list(file.parent.iterdir()))) == (0o600, 2)
    file.write_text("no key")
    with pytest.raises(LedgerError, match="does not hold an Ed25519 key"):
        open_key(file)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"format": "guiyi-audit-checkpoint-1", "size": 1}']
)
def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path, text: str) -> None:
    """Any other file is refused by its name, before anything is made of it."""
    file = tmp_path / "kept.json"
    file.write_text(text)
    with pytest.raises(LedgerError, match="is not a checkpoint"):
        read_checkpoint(file)


def test_an_empty_chain_has_no_checkpoint(key: Any) -> None:
    """There is nothing to sign yet; and no proof of what a checkpoint does not cover."""
    with pytest.raises(LedgerError, match="no entries yet"):
        make_checkpoint([], "crm", "t", key)
    chain = a_chain(3)
    small = make_checkpoint(hashes(chain[:2]), "crm", "t", key)
    with pytest.raises(LedgerError, match="not entry 3"):
        inclusion_proof(chain, 3, small)
    whole = make_checkpoint(hashes(chain), "crm", "t", key)
    with pytest.raises(LedgerError, match="no proof leads from"):
        consistency_proof(hashes(chain), whole, small)


def test_the_verifier_is_short_and_needs_nothing_of_ours() -> None:
    """At most 200 lines, with the standard library and `cryptography` alone."""
    text = Path(verify_audit.__file__).read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 200
    modules = {
        str(getattr(node, "module", None) or node.names[0].name).partition(".")[0]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert modules - set(sys.stdlib_module_names) == {"cryptography"}


def test_every_problem_has_its_chinese() -> None:
    """The verifier speaks English; the command line says the same in both languages."""
    problems = (
        MISSING,
        MISPLACED,
        UNLINKED,
        CHANGED,
        CUT,
        TRUNCATED,
        REWRITTEN,
        UNSIGNED,
        UNPROVEN,
    )
    assert set(problems) <= set(catalogue("zh"))


def test_checkpoints_and_proofs_are_json(key: Any) -> None:
    """What is written is read back as it was."""
    chain = a_chain(300)
    made = make_checkpoint(hashes(chain), "云", "t", key)
    assert json.loads(json.dumps(made)) == made
    assert len(json.dumps(made)) < 5000
