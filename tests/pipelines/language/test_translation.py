"""What the rooms say in English is said in Chinese to who reads Chinese."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

import cleansing.signs
from cleansing import infer_kind, infer_kinds
from pipelines.language.translation import _catalogue, in_chinese

ROOT = Path(__file__).parents[3]
SIGNS = Path(cleansing.signs.__file__).parent
ROOMS = ("guiyi", "cleansing", "connectors", "governance", "dedup", "mapping", "validators")
HAN = re.compile(r"[\u4e00-\u9fff]")

FOR_PROGRAMMERS = {
    "module {} has no attribute {}",
    "a record of {} is a member of more than one cluster",
    "no properties of a message",
    "kinds={field: kind}",
}
"""What only a program that calls ours can meet."""
MADE_OF_PARTS = {
    "{} column `{}`",
    "its gate {}",
    "{}: `{}` may be the same column as `{}`, but {}",
    "`{}` is no probability: say a number from 0 to 1{}, or auto",
}
"""Sentences that the catalogue holds once for each word they may have."""
OPTIONS = {"--columns {}", "--threshold nan"}
"""What was typed is said as it was."""


def text_of(node: ast.AST) -> str | None:
    """The sentence a node writes, `{}` standing for what it fills in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in node.values)
    if isinstance(node, ast.BinOp):
        return "".join(text_of(side) or "{}" for side in (node.left, node.right))
    return None


def reasons_of(function: ast.FunctionDef) -> Iterator[str]:
    """Every `return score, reason` of a function; of a name, all that it may stand for."""
    given: dict[str, list[str]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and (text := text_of(node.value)):
            for name in node.targets:
                given.setdefault(ast.unparse(name), []).append(text)
    for node in ast.walk(function):
        if not (isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple)):
            continue
        reason = node.value.elts[-1]
        text = text_of(reason)
        yield from given[reason.id] if isinstance(reason, ast.Name) else [text or "?"]


def signs() -> dict[str, str]:
    """Every reason of cleansing/signs, and its file."""
    return {
        reason: file.name
        for file in SIGNS.glob("*.py")
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and ast.unparse(node.returns or node) == "Sign"
        for reason in reasons_of(node)
    }


def without_chinese(sentences: dict[str, str]) -> dict[str, str]:
    """Those that stay English, in whole or in the words around what they name."""
    filled = {text: in_chinese(text.replace("{}", "7")) for text in sentences}
    told = {text: re.sub(r"`[^`]*`", "", own) for text, own in filled.items()}
    return {text: place for text, place in sentences.items() if not HAN.search(told[text])}


def test_every_reason_for_a_kind_has_its_chinese() -> None:
    """A sign that learns to say something new needs its sentence in errors.zh.yml."""
    said = signs()
    assert len(said) > 30
    assert "?" not in said
    assert without_chinese(said) == {}
    agreed = {f"{text}; the header agrees": place for text, place in said.items()}
    told = {text: in_chinese(text) for text in agreed}
    assert {text for text, own in told.items() if re.search("[a-z]{4}", own)} == set()


@pytest.mark.parametrize(
    ("header", "values", "chinese"),
    [
        ("telephone", [f"0617 2 38{n:03}" for n in range(40)], "列名已写明类型，且 100%的值"),
        ("birth date", [str(1950 + n) for n in range(40)], "100%可能是年份"),
        ("hire date", [str(41_000 + 7 * n) for n in range(40)], "100%可能是日期序列号"),
        ("行业", ["软件和信息技术服务业", "房地产业", "批发业", "零售业"] * 10, "GB/T 4754"),
        ("医保", [f"Q{n % 30:07}" for n in range(40)], "个人号码"),
    ],
)
def test_reasons_for_kinds_are_said_in_chinese(
    header: str, values: list[str], chinese: str
) -> None:
    """With the shares they name, as `guiyi profile` and `guiyi dedupe` print them."""
    from cleansing.column_sample import take_sample
    from cleansing.distinct import distinct_of
    from cleansing.signs import declared, signs

    sample = take_sample(distinct_of(pl.Series(values)), header)
    told = [in_chinese(sign(sample)[1]) for sign in signs().values()]
    told += [in_chinese(declared(kind, sample)[1]) for kind in signs()]
    assert any(chinese in reason for reason in told), told
    assert not re.search("[a-z]{4}", in_chinese(infer_kind(pl.Series(values), header).why))


def test_a_part_of_a_date_is_said_in_chinese() -> None:
    """Columns of a year, a month and a day name each other."""
    table = pl.DataFrame(
        {
            "birth_year": [str(1950 + n) for n in range(40)],
            "birth_month": [str(n % 12 + 1) for n in range(40)],
            "birth_day": [str(n % 28 + 1) for n in range(40)],
        }
    )
    told = in_chinese(infer_kinds(table)["birth_month"].why)
    assert told == "日期的一部分，日期分列存放：birth_year + birth_month + birth_day"


def said_to_users(node: ast.AST) -> Iterator[ast.AST]:
    """What an error says and advises, and what a note says."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        note = name == "note" or (name == "append" and "note" in ast.unparse(node.func))
        if name.endswith("Error") or name in ("mistake", "ConnectionLost") or note:
            yield from node.args[: 2 if name == "mistake" else 1]
            yield from (word.value for word in node.keywords if word.arg == "hint")
    if isinstance(node, ast.AugAssign) and "note" in ast.unparse(node.target):
        yield from (part for part in ast.walk(node.value) if isinstance(part, ast.JoinedStr))


def test_every_error_and_note_has_its_chinese() -> None:
    """Whoever raises or notes a new sentence writes it in errors.zh.yml too."""
    said = {
        text: str(file.relative_to(ROOT))
        for room in (*ROOMS, "pipelines")
        for file in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for part in said_to_users(node)
        if (text := text_of(part)) and re.search("[a-z]{3}", text)
    }
    assert len(said) > 200
    left_out = FOR_PROGRAMMERS | MADE_OF_PARTS | OPTIONS
    assert left_out <= set(said)
    missing = without_chinese({t: place for t, place in said.items() if t not in left_out})
    assert missing == {}


def test_every_chinese_form_can_be_filled_in() -> None:
    """Places are all counted or all plain, and name no more than the English fills in."""
    for pattern, chinese in _catalogue():
        places = [f"x{n}" for n in range(pattern.groups)]
        assert chinese.format(*places), pattern


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("3 decisions name records that are not here", "3 条人工裁决所指的记录不在这里"),
        (
            "crm.orders: 12 rows new or changed since run R7, which had 900",
            "crm.orders：自运行 R7 以来新增或变更 12 行，当时共 900 行",
        ),
        ("the gate failed; nothing was loaded", "门禁未通过；没有加载任何数据"),
        ("its gate errored", "它的门禁无法运行"),
        ("more than one column `code`", "列 `code` 不止一个"),
    ],
)
def test_sentences_are_said_around_what_they_name(english: str, chinese: str) -> None:
    """Numbers and names stand where the Chinese wants them."""
    assert in_chinese(english) == chinese
