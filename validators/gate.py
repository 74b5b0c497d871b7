"""The gate turns results and counts into one answer: passed, failed, or could not run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from guiyi.messages import Language
from guiyi.spec.loads import GateSpec
from validators.reconciliation import ConservationLaw
from validators.results import Outcome, Standing, SuiteResult
from validators.sentences import gate_check, law_sentence


@dataclass(frozen=True)
class GateCounts:
    """What the stages counted; whatever is not given is not judged."""

    in_scope: Mapping[str, int] = field(default_factory=dict)
    """Entity → source records in scope."""
    quarantined: Mapping[str, int] = field(default_factory=dict)
    """Entity → source records in quarantine."""
    unmapped_codes: Mapping[str, int] = field(default_factory=dict)
    """Code list (or CRM entity and field) → distinct codes without a translation."""
    sent: Mapping[str, int] = field(default_factory=dict)
    """CRM entity (or batch) → golden records sent to the target."""
    rejected: Mapping[str, int] = field(default_factory=dict)
    """CRM entity (or batch) → golden records the target rejected."""
    unequal: Mapping[str, int] = field(default_factory=dict)
    """CRM entity → fields read back that differ from what was sent."""
    laws: Sequence[ConservationLaw] = ()
    """The conservation laws."""
    known: Mapping[str, int] = field(default_factory=dict)
    """Entity → records that earlier runs have remembered, and the last one had."""
    missing: Mapping[str, int] = field(default_factory=dict)
    """Entity → those of them that the sources do not deliver any more."""
    stayed: Mapping[str, int] = field(default_factory=dict)
    """Entity → remembered records that are here."""
    moved: Mapping[str, int] = field(default_factory=dict)
    """Entity → those of them that would belong to another golden record."""
    looked_at: Mapping[str, int] = field(default_factory=dict)
    """Entity → known golden records whose names were compared with those they had."""
    renamed: Mapping[str, int] = field(default_factory=dict)
    """Entity → those of them with quite another name."""


@dataclass(frozen=True)
class Check:
    """One thing the gate looks at."""

    name: str
    """What is judged, as a phrase."""
    limit: float
    """The most that is allowed."""
    found: float
    """What was found."""
    outcome: Outcome
    """Passed, failed, or errored."""

    @property
    def passed(self) -> bool:
        """Whether it holds."""
        return self.outcome is Outcome.PASSED


@dataclass(frozen=True)
class GateResult:
    """The gate's answer and what it rests on."""

    checks: list[Check]
    """Everything looked at."""

    @property
    def outcome(self) -> Outcome:
        """Errored if a check could not run, else failed if one failed."""
        outcomes = {check.outcome for check in self.checks}
        for worst in (Outcome.ERRORED, Outcome.FAILED):
            if worst in outcomes:
                return worst
        return Outcome.PASSED

    @property
    def passed(self) -> bool:
        """Whether the load may go on."""
        return self.outcome is Outcome.PASSED

    @property
    def exit_code(self) -> int:
        """What a command line ends with: 0 passed, 1 failed, 2 could not run."""
        return {Outcome.PASSED: 0, Outcome.FAILED: 1, Outcome.ERRORED: 2}[self.outcome]

    @property
    def table(self) -> pl.DataFrame:
        """The checks as a table: name, limit, found, passed, outcome."""
        return pl.DataFrame(
            [
                (check.name, check.limit, check.found, check.passed, check.outcome.value)
                for check in self.checks
            ],
            schema={
                "name": pl.String,
                "limit": pl.Float64,
                "found": pl.Float64,
                "passed": pl.Boolean,
                "outcome": pl.String,
            },
            orient="row",
        )


def judge(
    results: Iterable[SuiteResult],
    counts: GateCounts,
    gate: GateSpec,
    language: Language = "en",
) -> GateResult:
    """Judge what the suites found and the stages counted by the limits of the spec.

    A critical expectation whose failing rows are held back does not fail the gate by itself: how
    many records may be in quarantine does.
    """
    checks = [check for result in results for check in _of_suite(result, language)]
    checks += _shares(
        "quarantined", counts.quarantined, counts.in_scope, gate.max_quarantined, language
    )
    checks += [
        _at_most("unmapped", name, found, gate.max_unmapped_codes, language)
        for name, found in counts.unmapped_codes.items()
    ]
    checks += _shares("rejected", counts.rejected, counts.sent, gate.max_rejected, language)
    checks += [
        _at_most("unequal", name, found, 0, language) for name, found in counts.unequal.items()
    ]
    checks += _shares("missing", _many(counts.missing), counts.known, gate.max_missing, language)
    checks += _shares("moved", _many(counts.moved), counts.stayed, gate.max_moved, language)
    checks += _shares("renamed", _many(counts.renamed), counts.looked_at, gate.max_moved, language)
    checks += [_of_law(law, language) for law in counts.laws]
    return GateResult(checks)


FEW = 2
"""So many records may go or move in the smallest project."""


def _many(counted: Mapping[str, int]) -> dict[str, int]:
    return {name: number for name, number in counted.items() if number > FEW}


def _of_suite(result: SuiteResult, language: Language) -> list[Check]:
    failed = sum(one.standing is Standing.FAILED for one in result.results)
    checks = [_at_most("suites", result.suite, failed, 0, language)]
    errored = result.count(Outcome.ERRORED)
    if errored:
        name = gate_check("errored", language, result.suite)
        checks.append(Check(name, 0, errored, Outcome.ERRORED))
    return checks


def _of_law(law: ConservationLaw, language: Language) -> Check:
    outcome = Outcome.PASSED if law.holds else Outcome.FAILED
    return Check(law_sentence(law, language), 0, abs(law.difference), outcome)


def _shares(
    which: str, part: Mapping[str, int], whole: Mapping[str, int], limit: float, language: Language
) -> list[Check]:
    """A part of nothing is nothing; a part larger than its whole cannot be judged."""
    checks = []
    for name in dict.fromkeys([*whole, *part]):
        some, all_of_it = part.get(name, 0), whole.get(name, 0)
        share = some / all_of_it if all_of_it else float(some > 0)
        outcome = Outcome.PASSED if share <= limit else Outcome.FAILED
        if some > all_of_it:
            outcome = Outcome.ERRORED
        checks.append(Check(gate_check(which, language, name), limit, share, outcome))
    return checks


def _at_most(which: str, name: str, found: float, limit: float, language: Language) -> Check:
    outcome = Outcome.PASSED if found <= limit else Outcome.FAILED
    return Check(gate_check(which, language, name), limit, found, outcome)
