"""What a gate overlooks: failures that somebody has waived, and those a baseline knows already.

A waiver has a reason, a name and a last day; after it, it excuses nothing. A baseline is what
failed before: old failures are listed, new ones fail. What is excused stays in quarantine; it only
does not fail the gate. An expectation that errored is never excused.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl
from pydantic import Field

from guiyi.errors import SpecError
from guiyi.messages import Language, Message
from guiyi.near_names import did_you_mean
from guiyi.records import GOLDEN_ID, RECORD_ID, SOURCE
from guiyi.spec.base import Spec
from guiyi.spec.places import SpecPlace
from guiyi.spec.reading import validate
from guiyi.spec.yaml_file import parse_yaml
from validators.baselines import FAILED, Baseline
from validators.results import ExpectationResult, Outcome, SuiteResult
from validators.spec import Suite

WAIVED, KNOWN = "waived", "known"
"""Why a failing row is excused."""
WHOLE = ""
"""The key under which a baseline has a failure that is not of single rows."""


class WaiverSpec(Spec):
    """Failures that do not count until a day."""

    suite: str
    """The suite's name."""
    expectation: str
    """The shorthand, or the name behind `expect`."""
    column: str | None = None
    """The column (several as the suite joins them, `a, b`); every one if not given."""
    keys: tuple[str, ...] = ()
    """The records (`source:record_id`) or golden ids it is for; all of them if none is given."""
    until: date
    """The last day."""
    reason: str = Field(min_length=1)
    """Why they are let pass."""
    who: str = Field(min_length=1)
    """Who has decided so."""

    def is_for(self, one: ExpectationResult) -> bool:
        """Whether it waives an expectation."""
        same = self.suite == one.suite and self.expectation == one.expectation
        return same and self.column in (None, one.column)


class WaiversFile(Spec):
    """A file of waivers."""

    waivers: tuple[WaiverSpec, ...] = ()
    """The waivers."""


@dataclass(frozen=True)
class Excuses:
    """What does not fail the gate today."""

    today: date
    waivers: Sequence[WaiverSpec] = ()
    baseline: Baseline | None = None
    """What failed before, where that was asked for."""

    def expired(self) -> list[WaiverSpec]:
        """The waivers whose last day has passed."""
        return [waiver for waiver in self.waivers if waiver.until < self.today]

    def in_force(self) -> list[WaiverSpec]:
        """The waivers that still hold."""
        return [waiver for waiver in self.waivers if waiver.until >= self.today]

    def apply(self, result: SuiteResult, language: Language) -> SuiteResult:
        """Mark what is excused of what a suite found."""
        waivers = [waiver for waiver in self.in_force() if waiver.suite == result.suite]
        if result.outcome is Outcome.PASSED and not result.failures.height:
            return result
        failures = _marked(result, waivers, self.baseline)
        count = failures.filter(pl.col("excused").is_not_null()).group_by("rule_id").len()
        counts = dict(count.iter_rows())
        results = [
            self._excused(one, counts.get(one.rule_id, 0), waivers, language)
            for one in result.results
        ]
        return replace(result, results=results, failures=failures)

    def _excused(
        self, one: ExpectationResult, rows: int, waivers: list[WaiverSpec], language: Language
    ) -> ExpectationResult:
        if one.outcome is not Outcome.FAILED:
            return one
        of_rule = [waiver for waiver in waivers if waiver.is_for(one)]
        whole = [waiver for waiver in of_rule if not waiver.keys]
        if not one.failing and (whole or self._knows(one)):
            why = whole[0] if whole else None
            return replace(one, excuse=_sentence(why).text(language))
        if not rows:
            return one
        why = of_rule[0] if of_rule else None
        return replace(one, excused=rows, excuse=_sentence(why).text(language))

    def _knows(self, one: ExpectationResult) -> bool:
        if self.baseline is None:
            return False
        whole = pl.DataFrame([(one.rule_id, WHOLE)], schema=FAILED, orient="row")
        return bool(self.baseline.known(whole)[0])


def _sentence(waiver: WaiverSpec | None) -> Message:
    if waiver is None:
        return Message("known from the baseline")
    return Message(
        "waived until {day} by {who}: {reason}",
        day=waiver.until.isoformat(),
        who=waiver.who,
        reason=waiver.reason,
    )


def _marked(
    result: SuiteResult, waivers: list[WaiverSpec], baseline: Baseline | None
) -> pl.DataFrame:
    """The failures with why each is excused."""
    failures, key = result.failures, key_of(result.failures)
    excused = pl.lit(None, pl.String)
    for waiver in waivers:
        asked = pl.col("expectation") == waiver.expectation
        if waiver.column is not None:
            asked &= pl.col("column") == waiver.column
        if waiver.keys:
            asked &= key.is_in(waiver.keys)
        excused = pl.coalesce(excused, pl.when(asked).then(pl.lit(WAIVED)))
    marked = failures.with_columns(excused=excused)
    if baseline is None:
        return marked
    known = baseline.known(marked.select("rule_id", key=key))
    return marked.with_columns(
        excused=pl.coalesce("excused", pl.when(pl.lit(known)).then(pl.lit(KNOWN)))
    )


def key_of(failures: pl.DataFrame) -> pl.Expr:
    """What names a failing row: its record key, or its golden id."""
    if RECORD_ID in failures.columns:
        return pl.concat_str(SOURCE, pl.lit(":"), RECORD_ID)
    return pl.col(GOLDEN_ID) if GOLDEN_ID in failures.columns else pl.lit(None, pl.String)


def failing(results: Sequence[SuiteResult]) -> pl.DataFrame:
    """All that fails, as a baseline keeps it: rule_id, key."""
    rows = [result.failures.select("rule_id", key=key_of(result.failures)) for result in results]
    whole = [
        (one.rule_id, WHOLE)
        for result in results
        for one in result.results
        if one.outcome is Outcome.FAILED and not one.failing
    ]
    both = [pl.DataFrame(schema=FAILED), *rows, pl.DataFrame(whole, schema=FAILED, orient="row")]
    return pl.concat(both).unique().sort("rule_id", "key")


def read_waivers(file: Path, suites: Sequence[Suite]) -> tuple[WaiverSpec, ...]:
    """Read a file of waivers; no file is none.

    Raises SpecError for one that is no such file, or that names a suite that is not there or an
    expectation that it does not have.
    """
    if not file.is_file():
        return ()
    data, lines = parse_yaml(file)
    waivers = validate(WaiversFile, data, file, lines).waivers
    asked = {suite.suite: _asked(suite) for suite in suites}
    for number, waiver in enumerate(waivers):
        place = SpecPlace(file, f"waivers.{number}")
        if waiver.suite not in asked:
            raise place.at("suite").mistake(
                Message("no suite `{name}`", name=waiver.suite),
                hint=did_you_mean(waiver.suite, asked),
            )
        if waiver.expectation not in asked[waiver.suite]:
            raise place.at("expectation").mistake(
                Message("the suite expects no `{name}`", name=waiver.expectation),
                hint=did_you_mean(waiver.expectation, asked[waiver.suite]),
            )
    return waivers


def _asked(suite: Suite) -> list[str]:
    names = [spec.expect or spec.shorthands_given[0] for spec in suite.expectations]
    return sorted(set(names))


def refuse_unknown_owners(suites: Sequence[Suite], departments: dict[str, tuple[str, ...]]) -> None:
    """Refuse owners of expectations that no department knows, where departments are given.

    Raises SpecError naming the first.
    """
    known = {*departments, *(name for members in departments.values() for name in members)}
    for suite in suites:
        for number, spec in enumerate(suite.expectations):
            if known and spec.owner is not None and spec.owner not in known:
                raise SpecError(
                    Message("no owner `{name}`", name=spec.owner),
                    place=suite.place(number),
                    hint=did_you_mean(spec.owner, sorted(known)),
                )
