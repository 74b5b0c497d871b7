"""The gate: are the laws kept and the limits of the spec held, so that the load may begin?"""

from functools import partial

from guiyi.messages import Message, as_message
from guiyi.records import GOLDEN_ID, RECORD_ID, SOURCE
from guiyi.spec import GateSpec
from pipelines.reporting import attempted
from pipelines.stages.baselines import all_failing, newly_held
from pipelines.stages.extraction import IN_SCOPE
from pipelines.stages.identity_changes import counts as identity_changes
from pipelines.stages.identity_changes import renamed, tell_renamed
from pipelines.stages.mapping import healthy
from pipelines.stages.run import Run
from pipelines.stages.signed_plan import Departure, changed_since
from pipelines.stages.tally import Tally
from validators import (
    ConservationLaw,
    GateCounts,
    Outcome,
    extraction_law,
    gate_check,
    judge,
    write_data_docs,
)

_STOPPED = {
    Outcome.FAILED: "the gate failed; nothing was loaded",
    Outcome.ERRORED: "the gate errored; nothing was loaded",
}
_HANDED = ("created", "updated", "unchanged", "rejected")
"""What becomes of the golden records that are handed to the load."""


def gate(run: Run) -> Tally:
    """Judge the run so far; a gate that does not pass stops it before anything is loaded."""
    run.put("failures", all_failing(run.suite_results, run.quarantined()))
    _tell_expired(run)
    counts = _counts(run)
    run.outcome.laws = list(counts.laws)
    judged = judge(run.suite_results, counts, _limits(run), run.language)
    run.judged = judged
    run.outcome.gate = {
        "verdict": judged.outcome.value,
        "checks": judged.table.to_dicts(),
    }
    docs = run.folder / "data_docs"
    show = partial(run.masking.table, kinds={})
    made = partial(write_data_docs, run.suite_results, docs, run.language, judged, show)
    run.unreported(attempted(made, docs))
    passed = sum(check.passed for check in judged.checks)
    stop = _STOPPED.get(judged.outcome)
    if stop is not None:
        _explain(run, counts)
    changed = changed_since(run)
    if changed is not None:
        stop = _hold_to_plan(run, changed) or stop
    return Tally(
        len(judged.checks),
        passed,
        Message(
            "{verdict}: {passed} of {total}",
            verdict=as_message(judged.outcome.value),
            passed=passed,
            total=len(judged.checks),
        ),
        None if run.options.dry_run else stop,
    )


def _hold_to_plan(run: Run, changed: Departure) -> Message | None:
    """Let the signed plan pass, and nothing else; say why it does not."""
    gate, failed = run.outcome.gate or {}, changed.cells > 0
    check = {
        "name": gate_check("plan", run.language),
        "limit": 0.0,
        "found": float(changed.cells),
        "passed": not failed,
        "outcome": "failed" if failed else "passed",
    }
    verdict = "failed" if failed and gate["verdict"] == "passed" else gate["verdict"]
    run.outcome.gate = {"verdict": verdict, "checks": [*gate["checks"], check]}
    return changed.why if failed else None


def _limits(run: Run) -> GateSpec:
    """The limits of the spec; a person may accept for one run what has gone or moved."""
    accepted = {f"max_{name}": 1.0 for name in run.options.accept}
    return run.project.gate.model_copy(update=accepted)


def _explain(run: Run, found: GateCounts) -> None:
    """Give stewards what is held back to work on, and say what may be behind lost records.

    A stopped run changes no id and publishes nothing; nor does it release what was held before.
    """
    if not run.options.dry_run:
        with run.ledger.write(run.outcome.run_id) as entry:
            entry.quarantine(run.quarantined(), entities=())
            entry.audit("gate.stopped", run.outcome.run_id, {})
    for entity in run.entities:
        if found.missing.get(entity):
            tell_renamed(run, entity)


def _counts(run: Run) -> GateCounts:
    changes = {entity: identity_changes(run, entity) for entity in run.entities}
    names = {entity: renamed(run, entity) for entity in run.entities}
    laws = [_extraction_law(run, entity) for entity in run.entities]
    unmapped = run.get("unmapped_codes")
    foretold = run.outcome.load if run.options.dry_run else {}  # a load counts its own rejections
    return GateCounts(
        sent={name: sum(load[part] for part in _HANDED) for name, load in foretold.items()},
        rejected={name: load["rejected"] for name, load in foretold.items()},
        in_scope={
            name: law.total - law.parts["out_of_scope"]
            for name, law in zip(run.entities, laws, strict=True)
        },
        quarantined={entity: _newly_held(run, entity) for entity in run.entities},
        unmapped_codes=dict(unmapped.group_by("code_list").len().sort("code_list").iter_rows()),
        laws=laws,
        known={entity: known for entity, (known, _, _, _) in changes.items()},
        missing={entity: missing for entity, (_, missing, _, _) in changes.items()},
        stayed={entity: here for entity, (_, _, here, _) in changes.items()},
        moved={entity: moved for entity, (_, _, _, moved) in changes.items()},
        looked_at={entity: seen for entity, (seen, _) in names.items()},
        renamed={entity: other for entity, (_, other) in names.items()},
    )


def _newly_held(run: Run, entity: str) -> int:
    """How many records are held back that nothing excuses."""
    own = [result for result in run.suite_results if result.entity == entity]
    return newly_held(run.quarantined(entity), own, run.excuses.baseline)


def _tell_expired(run: Run) -> None:
    for waiver in run.excuses.expired():
        run.note(
            Message(
                "waiver of {suite}: {expectation} ended on {day} and excuses nothing; renew it or "
                "mend the data ({who})",
                suite=waiver.suite,
                expectation=waiver.expectation,
                day=waiver.until.isoformat(),
                who=waiver.who,
            )
        )


def _extraction_law(run: Run, entity: str) -> ConservationLaw:
    scope = run.get(f"scope/{entity}", ["scope"])["scope"]
    held = run.quarantined(entity).select(SOURCE, RECORD_ID).unique()
    members = run.get(f"clusters/{entity}", [GOLDEN_ID]).join(
        healthy(run, entity, ()), on=GOLDEN_ID, how="semi"
    )
    return extraction_law(
        scope.len(),
        out_of_scope=int((scope != IN_SCOPE).sum()),
        quarantined=held.height,
        members=members.height,
        of=entity,
    )
