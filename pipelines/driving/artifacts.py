"""What a flow run leaves in Prefect: the rows by stage, and the outcome in Markdown."""

from typing import Any

from guiyi.messages import Language, localised, sentence
from pipelines.language.messages import stage_name
from pipelines.stages.run import RunOutcome
from validators import law_sentence

ACTIONS = ("created", "updated", "unchanged", "rejected")


def stages_table(outcome: RunOutcome, language: Language) -> list[dict[str, Any]]:
    """The stages as rows, under headings in a language."""
    stage, rows_in, rows_out, seconds, note = _headings(
        language, "stages.stage", "stages.in", "stages.out", "stages.seconds", "stages.note"
    )
    return [
        {
            stage: stage_name(one.stage, language),
            rows_in: one.rows_in,
            rows_out: one.rows_out,
            seconds: one.seconds,
            note: localised(one.note, language),
        }
        for one in outcome.stages
    ]


def as_markdown(outcome: RunOutcome, language: Language = "en") -> str:
    """Describe the outcome in Markdown, for Prefect artifacts and CI summaries."""
    lines = [f"# {_say(language, 'artifact.title', run=outcome.run_id)}", ""]
    if outcome.gate is not None:
        verdict = _say(language, f"gate.{outcome.gate['verdict']}")
        lines += [f"{_say(language, 'gate')}: **{verdict}**", ""]
    stages = stages_table(outcome, language)
    if stages:
        lines += _table([*stages[0]], "-rrr-", [_cells(row) for row in stages])
    lines += [
        "",
        *(f"- {'✓' if law.holds else '✗'} {law_sentence(law, language)}" for law in outcome.laws),
    ]
    if outcome.load:
        lines += ["", *_load(outcome, language)]
    report = outcome.folder / "report.html"
    lines += ["", f"{_say(language, 'report')}: [{report}]({report.absolute().as_uri()})"]
    return "\n".join(lines)


def _load(outcome: RunOutcome, language: Language) -> list[str]:
    actions = [_say(language, f"part.{action}") for action in ACTIONS]
    rows = [
        [entity, *(f"{counts[action]:,}" for action in ACTIONS)]
        for entity, counts in outcome.load.items()
    ]
    return _table([_say(language, "load.entity"), *actions], "-rrrr", rows)


def _cells(row: dict[str, Any]) -> list[str]:
    stage, rows_in, rows_out, seconds, note = row.values()
    return [stage, f"{rows_in:,}", f"{rows_out:,}", f"{seconds:.2f}", note]


def _table(heads: list[str], sides: str, rows: list[list[str]]) -> list[str]:
    """A table in Markdown; `sides`: for each column `-` or `r`, for numbers."""
    rules = ["--:" if side == "r" else "---" for side in sides]
    return [f"| {' | '.join(cells)} |" for cells in (heads, rules, *rows)]


def _headings(language: Language, *codes: str) -> list[str]:
    return [_say(language, code) for code in codes]


def _say(language: Language, code: str, **values: object) -> str:
    return sentence(code, language, "cli", **values)
