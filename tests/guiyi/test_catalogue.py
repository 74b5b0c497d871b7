"""The catalogues hold what the code says, all of it and nothing else, in both languages."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from connectors.targets.sql.columns import Holds
from guiyi.catalogue import CONTEXT_END, catalogue, codes_in
from validators import Outcome

ROOT = Path(__file__).parents[2]
ROOMS = (
    "guiyi",
    "cleansing",
    "connectors",
    "governance",
    "mapping",
    "validators",
    "dedup",
    "pipelines",
    "console",
)
CONTEXTS = {"cli", "report", "explanation", "quality", "cleansing reason", "console"}
"""Contexts of codes, whose English stands in the English catalogue."""
OWN_WORDS = {"comparison level", "pair reason", "refused", "click", "demo"}
"""Contexts whose code is the English; each is held to its list by a test of its own room."""
RAISED = {
    "GuiyiError",
    "SpecError",
    "SourceError",
    "TargetError",
    "ConnectionLost",
    "OutcomeUnknown",
    "mistake",
}
SAID = RAISED | {"UnknownName", "Refused", "DecidedMeanwhile", "note", "UsageError", "BadParameter"}
FOR_PROGRAMMERS = {"kinds={field: kind}", "--threshold nan"}
"""A hint for who calls Python, and an option that is said as it was typed."""


@cache
def _trees() -> dict[str, ast.Module]:
    files = (file for room in ROOMS for file in (ROOT / room).rglob("*.py"))
    return {str(f.relative_to(ROOT)): ast.parse(f.read_text(encoding="utf-8")) for f in files}


def _calls(names: set[str]) -> Iterator[tuple[str, ast.Call]]:
    for file, tree in _trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in names:
                    yield f"{file}:{node.lineno}", node


def _constants() -> set[str]:
    nodes = (node for tree in _trees().values() for node in ast.walk(tree))
    return {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def _spoken(call: ast.Call) -> Iterator[ast.expr]:
    """What an error or a note says: all arguments but the path before it, and the hint."""
    name = getattr(call.func, "id", "")
    yield from call.args[1:] if name == "UnknownName" else call.args
    yield from (word.value for word in call.keywords if word.arg == "hint")


def _alternatives(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        yield from (*_alternatives(node.body), *_alternatives(node.orelse))
    elif isinstance(node, ast.BoolOp):
        yield from (one for value in node.values for one in _alternatives(value))
    else:
        yield node


def said_ids() -> dict[str, str]:
    """Every id in the code, with the place of one that says it."""
    found = {}
    for place, call in _calls({"Message", "counted", "as_message"}):
        if call.args and isinstance(call.args[0], ast.Constant):
            found[str(call.args[0].value)] = place
    for place, call in _calls(SAID):
        for node in (one for spoken in _spoken(call) for one in _alternatives(spoken)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found[node.value] = place
    return {text: place for text, place in found.items() if re.search("[a-z]{3}", text)}


def plain_ids() -> list[str]:
    """The ids of the Chinese catalogue that are English sentences."""
    return [key for key in catalogue("zh") if CONTEXT_END not in key]


def test_every_id_has_its_chinese() -> None:
    """Whoever raises or notes a new sentence writes it in the Chinese catalogue too."""
    said = said_ids()
    assert len(said) > 300
    known = set(plain_ids()) | FOR_PROGRAMMERS
    from_cli = {text for text in said if re.fullmatch(r"[a-z_]+\.[a-z_.]+", text)}
    missing = {text: at for text, at in said.items() if text not in known and text not in from_cli}
    assert missing == {}


def test_every_id_is_used() -> None:
    """A sentence that nothing says any more leaves the catalogue."""
    constants = _constants()
    unused = {i for i in plain_ids() if i not in constants and f"skipped: {i}" not in constants}
    assert unused == {"skipped: section row"}  # connectors/sources puts the two words together


def _places(text: str) -> Counter[tuple[str, str, str | None]]:
    return Counter((n, spec or "", how) for _, n, spec, how in Formatter().parse(text) if n)


def test_a_translation_fills_in_the_same() -> None:
    """What the English names, the Chinese names in the same form, once or more often."""
    messages = {_id_of(call) for _, call in _calls({"Message", "counted"}) if call.keywords}
    differ = {
        key
        for key in plain_ids()
        for form in catalogue("zh")[key]
        if key in messages and set(_places(key)) != set(_places(form))
    }
    assert differ == set()


def _id_of(call: ast.Call) -> str | None:
    first = call.args[0] if call.args else None
    return str(first.value) if isinstance(first, ast.Constant) else None


@pytest.mark.parametrize("context", sorted(CONTEXTS))
def test_codes_stand_in_both_languages(context: str) -> None:
    """Every code has an English and a Chinese sentence that fill in the same."""
    assert set(codes_in(context, "en")) == set(codes_in(context, "zh"))
    for code in codes_in(context):
        key = f"{context}{CONTEXT_END}{code}"
        english, chinese = catalogue("en")[key][0], catalogue("zh")[key][0]
        assert {n for n, _, _ in _places(english)} == {n for n, _, _ in _places(chinese)}, code


def test_there_are_no_other_contexts() -> None:
    """A context that is not listed here is held to nothing."""
    keys = [*catalogue("en"), *catalogue("zh")]
    found = {key.partition(CONTEXT_END)[0] for key in keys if CONTEXT_END in key}
    assert found == CONTEXTS | OWN_WORDS


def test_no_two_ids_differ_only_by_case() -> None:
    """Two spellings of one sentence would be translated twice."""
    folded = Counter(key.casefold() for key in catalogue("zh"))
    assert [key for key, count in folded.items() if count > 1] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_id_stands_twice(language: str) -> None:
    """Of two entries of one id, the first would be lost without a word."""
    file = ROOT / "guiyi" / "locale" / language / "LC_MESSAGES" / "guiyi.po"
    entries = Counter(re.findall(r"(?:^msgctxt .*\n)?^msgid .*$", file.read_text("utf-8"), re.M))
    assert [entry for entry, count in entries.items() if count > 1] == []


def test_no_error_is_put_together_from_pieces() -> None:
    """What an error says is a sentence or a Message: a finished f-string has no translation."""
    pieces = [
        place
        for place, call in _calls(SAID)
        for spoken in _spoken(call)
        for node in _alternatives(spoken)
        if isinstance(node, ast.JoinedStr | ast.BinOp)
        or (isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "format")
    ]
    assert pieces == []


NOUNS = {"what", "doing", "guise", "holds", "kind", "verdict"}
"""Parameters that are a word or a phrase of ours, unless they are quoted as code."""


def _is_english(node: ast.expr) -> bool:
    """Whether a parameter has words of ours in it that no catalogue knows."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and re.search("[a-z]{3}", node.value) is not None
    if isinstance(node, ast.JoinedStr):
        return any(_is_english(part) for part in node.values if isinstance(part, ast.Constant))
    if isinstance(node, ast.IfExp | ast.BoolOp):
        return any(map(_is_english, _alternatives(node)))
    if isinstance(node, ast.BinOp):
        return _is_english(node.left) or _is_english(node.right)
    joins = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "join"
    return joins and _is_english(node.func.value)  # type: ignore[attr-defined]


NOT_OURS = {"ecm, logistic, svm"}
"""Constants that are codes."""


def test_no_parameter_is_an_english_word() -> None:
    """A word of ours that fills a place of a message is a message, which has its Chinese."""
    english = [
        f"{place}: {word.arg}={ast.unparse(word.value)}"
        for place, call in _calls({"Message", "counted", "say"})
        for word in call.keywords
        if _is_english(word.value) and getattr(word.value, "value", None) not in NOT_OURS
    ]
    assert english == []


WHOLE = {"{what} — {hint}", "{what} (and {more} more)"}
"""Messages whose `{what}` is the whole sentence of an error, which is a message by its type."""


def _messages_of(file: str) -> set[str]:
    """The parameters and functions of a file that are messages by their annotation."""
    nodes = list(ast.walk(_trees()[file]))
    arguments = {n.arg: n.annotation for n in nodes if isinstance(n, ast.arg)}
    functions = {n.name: n.returns for n in nodes if isinstance(n, ast.FunctionDef)}
    declared = {name: note for name, note in (arguments | functions).items() if note is not None}
    return {
        "Message",
        "as_message",
        *(n for n, a in declared.items() if ast.unparse(a) == "Message"),
    }


def _is_message(value: ast.expr, file: str) -> bool:
    named = value.func if isinstance(value, ast.Call) else value
    return ast.unparse(named) in _messages_of(file) or getattr(value, "attr", "") == "what"


def test_a_noun_that_fills_a_place_is_a_message() -> None:
    """What `{what}` and the like stand for is a message, or is quoted as the code it is."""
    plain = [
        f"{place}: {word.arg}={ast.unparse(word.value)}"
        for place, call in _calls({"Message", "counted"})
        for word in call.keywords
        if word.arg in NOUNS
        and _id_of(call) not in WHOLE
        and f"`{{{word.arg}}}`" not in str(_id_of(call))
        and not _is_message(word.value, place.rpartition(":")[0])
    ]
    assert plain == []


def test_a_message_is_given_what_its_places_name() -> None:
    """No place of a message stays empty, and nothing is given that has no place in it."""
    differ = [
        place
        for place, call in _calls({"Message", "counted"})
        if call.keywords and all(word.arg for word in call.keywords) and _id_of(call)
        if {str(word.arg) for word in call.keywords} | {"n"}
        != {name for name, _, _ in _places(str(_id_of(call)))} | {"n"}
    ]
    assert differ == []


@pytest.mark.parametrize("word", [*Holds, *Outcome])
def test_a_code_that_fills_a_place_has_its_chinese(word: str) -> None:
    """The sorts of columns and the verdicts of a gate are named in Chinese too."""
    assert word in catalogue("zh") or word in {"JSON", "UUID"}


def test_a_place_is_named_in_the_users_language() -> None:
    """`batch 7` is a message too; a path, a key or a number is the same in every language."""
    english = [
        place
        for place, call in _calls(RAISED)
        for word in call.keywords
        if word.arg == "place" and isinstance(word.value, ast.JoinedStr)
        if re.match("[a-z]+ ", str(getattr(word.value.values[0], "value", "")))
    ]
    assert english == []


def _keys_said(where: str) -> tuple[set[str], tuple[str, ...]]:
    """The keys a room's `say("…")` names whole, and how those begin that it makes."""
    rooms = [where] if where != "." else ["pipelines", "console"]
    files = [
        f for room in rooms for suffix in ("py", "j2") for f in (ROOT / room).rglob(f"*.{suffix}")
    ]
    text = "\n".join(f.read_text(encoding="utf-8") for f in files)
    quoted = set(re.findall(r"""["']([\w.-]+)["']""", text))
    begun = re.findall(r"""["']([\w.]+\.)["']\s*(?:\+|~)|f["']([\w.]+\.)\{""", text)
    groups = re.findall(r"""\bnamed\(["'](\w+)["']""", text)
    return quoted, tuple({one or other for one, other in begun} | {f"{g}." for g in groups})


@pytest.mark.parametrize(
    ("context", "where"),
    [
        ("cli", "."),
        ("report", "pipelines/report"),
        ("explanation", "dedup"),
        ("console", "console"),
    ],
)
def test_every_code_is_used(context: str, where: str) -> None:
    """No sentence is left that nothing says."""
    quoted, begun = _keys_said(where)
    named = (
        "step.",
        "kind.",
        "rule.",
        "why.",
        "stage_held.",
        "law.",
        "part.",
        "gate.",
        "phase.",
        "stage.",
    )
    made = (*begun, *named) if context == "report" else begun
    unused = {c for c in codes_in(context) if c not in quoted and not c.startswith(made)}
    assert unused == set()


def test_every_message_of_the_command_line_is_there() -> None:
    """What `say` is asked for in the commands is in the catalogue."""
    files = (f for f in (ROOT / "pipelines").rglob("*.py") if "report" not in f.parts)
    code = "\n".join(file.read_text(encoding="utf-8") for file in files)
    said = set(re.findall(r"\bsay\(\s*[\"']([\w.]+[^.\"'])[\"']", code))
    assert len(said) > 80
    assert said - set(codes_in("cli")) == set()
