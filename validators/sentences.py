"""Says in words what a rule expects, what a row did wrong and why a rule could not run."""

from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast

import yaml

from validators.reconciliation import Law
from validators.rules import BuiltRule
from validators.spec import ExpectationSpec

Language = Literal["zh", "en"]
"""The languages of reports and messages."""


@cache
def _sentences() -> dict[str, Any]:
    text = files("validators").joinpath("sentences.yaml").read_text(encoding="utf-8")
    return cast(
        "dict[str, Any]", yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    )


def what_is_expected(rule: BuiltRule, spec: ExpectationSpec, language: Language) -> str:
    """What the rule expects, as a sentence."""
    text = _fill(rule, "rule", language)
    share = rule.kwargs.get("mostly")
    if share is not None and share < 1:
        text += str(_sentences()["mostly"][language]).format(share=f"{share * 100:.4g}%")
    return text if spec.where is None else f"{text} [{spec.where}]"


def what_is_wrong(rule: BuiltRule, spec: ExpectationSpec, language: Language) -> str:
    """What is wrong with a row that fails, as a sentence."""
    return spec.reason if spec.reason is not None else _fill(rule, "row", language)


def found(which: str, language: Language, **facts: Any) -> str:
    """What was found, as a sentence."""
    return _say(_sentences()["found"][language][which], facts)


def could_not_run(which: str, language: Language, **facts: Any) -> str:
    """Why a rule could not run, as a sentence."""
    return _say(_sentences()["could_not_run"][language][which], facts)


def gate_check(which: str, language: Language, name: str) -> str:
    """Name a check of the gate, as a phrase."""
    return _say(_sentences()["gate"][language][which], {"name": name})


def law_sentence(law: Law, language: Language) -> str:
    """Say a conservation law with its numbers: `120 extracted = 20 out of scope + …`."""
    words = _sentences()["laws"][language]
    parts = " + ".join(f"{count:,} {words[name]}" for name, count in law.parts.items())
    of = f"{law.of}: " if law.of else ""
    return f"{of}{law.total:,} {words[law.name]} {'=' if law.holds else '≠'} {parts}"


def _say(text: str, facts: dict[str, Any]) -> str:
    shown = {key: f"{fact:,}" if isinstance(fact, int) else fact for key, fact in facts.items()}
    return text.format(**shown)


def _fill(rule: BuiltRule, part: str, language: Language) -> str:
    words = _sentences()
    spoken = words["shorthands"].get(rule.said) or words["rules"].get(rule.type) or words["other"]
    facts: dict[str, Any] = {key: _shown(value) for key, value in rule.kwargs.items()}
    facts["column"] = ", ".join(rule.columns)
    facts["bounds"] = _bounds(rule.kwargs, language)
    facts["title"] = rule.type.removeprefix("expect_").replace("_", " ")
    return str(spoken[language][part]).format_map(_Blank(facts))


class _Blank(dict[str, Any]):
    """An argument the suite left out is left out of the sentence."""

    def __missing__(self, key: str) -> str:
        return "…"


def _bounds(kwargs: dict[str, Any], language: Language) -> str:
    least, most = kwargs.get("min_value"), kwargs.get("max_value")
    words = _sentences()["bounds"][language]
    which = "between" if None not in (least, most) else "least" if least is not None else "most"
    return str(words[which]).format(min=_shown(least), max=_shown(most))


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, list | tuple | set):
        listed = [str(one) for one in value]
        return ", ".join(listed[:5]) + (" …" if len(listed) > 5 else "")
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def report_words(language: Language) -> dict[str, str]:
    """The words on a report's headings and in its tables."""
    return cast("dict[str, str]", _sentences()["report"][language])
