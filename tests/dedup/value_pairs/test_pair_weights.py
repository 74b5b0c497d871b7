"""The weights of the judges of pairs stand in one table, and nowhere else."""

import ast
import math
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

import dedup
from dedup import compare_values
from dedup.value_pairs.evidence import WEIGHTS, total
from dedup.value_pairs.judge import evidence_of
from guiyi.kinds import Kind

JUDGES = Path(dedup.__file__).parent / "value_pairs"
TABLE = files("dedup").joinpath("data", "pair_weights.tsv")


@cache
def _trees() -> dict[str, ast.Module]:
    return {f.stem: ast.parse(f.read_text(encoding="utf-8")) for f in JUDGES.glob("*.py")}


def _calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    for module, tree in _trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if called == name:
                    yield f"{module}:{node.lineno}", node


def _keys(node: ast.expr) -> Iterator[str | None]:
    """The keys an argument may be; None where it is not written out."""
    if isinstance(node, ast.IfExp):
        yield from (*_keys(node.body), *_keys(node.orelse))
    else:
        yield node.value if isinstance(node, ast.Constant) else None


def _used() -> set[str | None]:
    return {key for _, call in _calls("evidence") for key in _keys(call.args[0])}


def test_every_key_of_the_table_is_used() -> None:
    """A weight that no judge gives leaves the table."""
    assert set(WEIGHTS) - _used() == set()


def test_every_key_that_is_used_is_in_the_table() -> None:
    """The keys are written out in the code, so that none can be missing at run time."""
    assert _used() - set(WEIGHTS) == set()


def test_a_judge_looks_up_its_own_weights() -> None:
    """The first word of a key is the module that gives it, so a weight is found from its key."""
    other = {
        f"{place}: {key}"
        for place, call in _calls("evidence")
        for key in _keys(call.args[0])
        if str(key).partition(".")[0] != place.partition(":")[0]
    }
    assert other == set()


def _numbers(node: ast.AST) -> list[float]:
    found = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)]
    return [n for n in found if isinstance(n, int | float) and not isinstance(n, bool)]


@pytest.mark.parametrize("name", ["Evidence", "weighing", "at_most"])
def test_no_weight_is_written_in_the_code(name: str) -> None:
    """A weight is looked up, or worked out from weights that are looked up."""
    assert [place for place, call in _calls(name) if _numbers(call)] == []


def test_no_weight_is_compared_with_a_number() -> None:
    """Only the sign of a weight is asked for: whatever else decides is a reason, by its key."""
    compared = [
        f"{module}:{node.lineno}"
        for module, tree in _trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        and any(getattr(n, "attr", "") == "weight" for n in ast.walk(node.left))
        and any(_numbers(other) not in ([], [0]) for other in node.comparators)
    ]
    assert compared == []


WEIGHED = {"weight", "bits", "fit", "total"}
"""What the code calls a weight that it works out."""


def _named_weight(node: ast.AST) -> bool:
    return getattr(node, "id", getattr(node, "attr", "")) in WEIGHED


def _literal_terms(node: ast.AST) -> list[ast.expr]:
    """What a statement or an operation adds to a weight, or sets it to."""
    if isinstance(node, ast.Assign) and any(map(_named_weight, node.targets)):
        return [node.value]
    if isinstance(node, ast.AugAssign) and _named_weight(node.target):
        return [node.value]
    if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Pow):
        terms = [node.left, node.right]
        return terms if any(map(_named_weight, terms)) else []
    return []


def _plain_numbers(node: ast.expr) -> list[float]:
    """The number that an expression is, or either of the two it may be."""
    if isinstance(node, ast.IfExp):
        return [*_plain_numbers(node.body), *_plain_numbers(node.orelse)]
    if isinstance(node, ast.UnaryOp):
        return _plain_numbers(node.operand)
    return _numbers(node) if isinstance(node, ast.Constant) else []


def test_no_number_is_added_to_a_weight() -> None:
    """Nor is a weight set to a number, or multiplied by one; nothing is 0."""
    weighed = [
        f"{module}:{getattr(node, 'lineno', 0)}"
        for module, tree in _trees().items()
        for node in ast.walk(tree)
        if any(any(_plain_numbers(term)) for term in _literal_terms(node))
    ]
    assert weighed == []


def test_the_table_is_sound() -> None:
    """Three cells a row, no key twice, a finite weight."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    assert rows[0] == ["key", "bits", "reason"]
    assert {len(row) for row in rows} == {3}
    keys = [key for key, _, _ in rows[1:]]
    assert len(keys) == len(set(keys))
    assert all(math.isfinite(e.weight) for e in WEIGHTS.values())


def test_the_evidence_of_a_pair_adds_up_to_its_probability() -> None:
    """What weights are fitted by is what the verdict comes from, piece by piece."""
    left = pl.Series(["腾讯科技（深圳）有限公司", "腾讯", "Acme Fund II LP", "四川省图书馆", "N/A"])
    right = pl.Series(
        ["腾讯科技（北京）有限公司", "腾讯控股", "Acme Fund III LP", "四川市图书馆", "Acme"]
    )
    found = evidence_of(left, right, Kind.COMPANY_NAME)
    judged = compare_values(left, right, Kind.COMPANY_NAME)
    assert found[-1] == []
    for pieces, row in zip(found[:-1], judged.iter_rows(named=True), strict=False):
        assert 1 / (1 + 2 ** -total(pieces)) == pytest.approx(row["match_probability"], abs=1e-3)
        assert [e.reason for e in pieces] == row["reason"].split("; ")
        assert {e.key for e in pieces} <= {*WEIGHTS, ""}
