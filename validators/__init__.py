"""Suites, gates, Data Docs and reconciliation: whether records are fit to be loaded.

Owns the short YAML format of a suite, its run through a Great Expectations checkpoint, the gate,
and the proof that the target holds what was sent. Does not know where records come from or which
flow runs it.

    suites = load_suites(["suites/*.yaml"], folder)
    result = validate(clean, suites[0], ["source", "record_id"])
    judge([result], GateCounts(in_scope={"company": clean.height}), GateSpec()).passed
"""

from validators.baselines import Baseline, baseline_text
from validators.data_docs import write_data_docs
from validators.excuses import (
    Excuses,
    failing,
    read_waivers,
    refuse_unknown_owners,
)
from validators.gate import Check, GateCounts, GateResult, judge
from validators.proposals import propose_suites
from validators.reading import load_suite, load_suites
from validators.reconciliation import ConservationLaw, compare_rows, extraction_law, load_law
from validators.results import ExpectationResult, Outcome, Standing, SuiteResult
from validators.sentences import gate_check, law_sentence
from validators.spec import Severity, Suite, SuiteStage
from validators.validation import validate, validate_all
from validators.worker import prewarm

__all__ = [
    "Baseline",
    "Check",
    "ConservationLaw",
    "Excuses",
    "ExpectationResult",
    "GateCounts",
    "GateResult",
    "Outcome",
    "Severity",
    "Standing",
    "Suite",
    "SuiteResult",
    "SuiteStage",
    "baseline_text",
    "compare_rows",
    "extraction_law",
    "failing",
    "gate_check",
    "judge",
    "law_sentence",
    "load_law",
    "load_suite",
    "load_suites",
    "prewarm",
    "propose_suites",
    "read_waivers",
    "refuse_unknown_owners",
    "validate",
    "validate_all",
    "write_data_docs",
]
