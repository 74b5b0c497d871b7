"""Says in words what a rule expects, what a row did wrong and why a rule could not run."""

from datetime import datetime
from typing import Any

from guiyi.catalogue import catalogue, codes_in, key_of
from guiyi.messages import Language, phrase, sentence
from validators.reconciliation import ConservationLaw
from validators.rules import BuiltRule
from validators.spec import ExpectationSpec

CONTEXT = "quality"
"""The context of these sentences in the catalogues."""


def _has(code: str, language: Language) -> bool:
    return key_of(code, CONTEXT) in catalogue(language)


def _say(code: str, language: Language, **facts: Any) -> str:
    shown = {key: f"{fact:,}" if isinstance(fact, int) else fact for key, fact in facts.items()}
    return sentence(code, language, CONTEXT, **shown)


def what_is_expected(rule: BuiltRule, spec: ExpectationSpec, language: Language) -> str:
    """What the rule expects, as a sentence."""
    text = _fill(rule, "rule", language)
    share = rule.kwargs.get("mostly")
    if share is not None and share < 1:
        text += _say("mostly", language, share=f"{share * 100:.4g}%")
    return text if spec.where is None else f"{text} [{spec.where}]"


def what_is_wrong(rule: BuiltRule, spec: ExpectationSpec, language: Language) -> str:
    """What is wrong with a row that fails, as a sentence."""
    return spec.reason if spec.reason is not None else _fill(rule, "row", language)


def finding_sentence(which: str, language: Language, **facts: Any) -> str:
    """What was found, as a sentence."""
    return _say(f"found.{which}", language, **facts)


def could_not_run(which: str, language: Language, **facts: Any) -> str:
    """Why a rule could not run, as a sentence."""
    return _say(f"could_not_run.{which}", language, **facts)


def gate_check(which: str, language: Language, name: str = "") -> str:
    """Name a check of the gate, as a phrase."""
    return _say(f"gate.{which}", language, name=name)


def law_sentence(law: ConservationLaw, language: Language) -> str:
    """Say a conservation law with its numbers: `120 extracted = 20 out of scope + …`."""
    named = {name: _say(f"laws.{name}", language) for name in (law.name, *law.parts)}
    parts = " + ".join(f"{count:,} {named[name]}" for name, count in law.parts.items())
    of = f"{law.of}: " if law.of else ""
    return f"{of}{law.total:,} {named[law.name]} {'=' if law.holds else '≠'} {parts}"


def _fill(rule: BuiltRule, part: str, language: Language) -> str:
    known = (f"shorthands.{rule.given_as}", f"rules.{rule.type}", "other")
    spoken = next(group for group in known if _has(f"{group}.rule", language))
    facts: dict[str, Any] = {key: _shown(value) for key, value in rule.kwargs.items()}
    facts["column"] = ", ".join(rule.columns)
    facts["bounds"] = _bounds(rule.kwargs, language)
    facts["title"] = rule.type.removeprefix("expect_").replace("_", " ")
    if not _has(f"{spoken}.{part}", language):  # no row fails a rule about the whole table
        return ""
    return phrase(f"{spoken}.{part}", language, CONTEXT).format_map(_Blank(facts))


class _Blank(dict[str, Any]):
    """An argument the suite left out is left out of the sentence."""

    def __missing__(self, key: str) -> str:
        return "…"


def _bounds(kwargs: dict[str, Any], language: Language) -> str:
    least, most = kwargs.get("min_value"), kwargs.get("max_value")
    which = "between" if None not in (least, most) else "least" if least is not None else "most"
    return _say(f"bounds.{which}", language, min=_shown(least), max=_shown(most))


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, list | tuple | set):
        listed = [str(one) for one in value]
        return ", ".join(listed[:5]) + (" …" if len(listed) > 5 else "")
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def report_words(language: Language) -> dict[str, str]:
    """The words on a report's headings and in its tables."""
    words = (code for code in codes_in(CONTEXT, language) if code.startswith("report."))
    return {code.removeprefix("report."): _say(code, language) for code in words}
