"""Waivers and baselines: what does not fail the gate, and for how long."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from guiyi import SpecError
from guiyi.spec.loads import GateSpec
from tests.validators.conftest import SuiteOf
from validators import (
    Baseline,
    Excuses,
    GateCounts,
    Standing,
    SuiteResult,
    baseline_text,
    failing,
    judge,
    read_waivers,
    refuse_unknown_owners,
    validate,
)

TODAY = date(2026, 12, 1)
RULES = "- valid: phone\n  quarantine: false\n- rows: {min: 10}"


def _table(*phones: str | None) -> pl.DataFrame:
    numbers = range(len(phones))
    return pl.DataFrame(
        {
            "source": ["erp"] * len(phones),
            "record_id": [f"erp/{number}" for number in numbers],
            "phone": phones,
            "phone.raw": ["x"] * len(phones),
            "phone.reason": pl.Series([None] * len(phones), dtype=pl.String),
        }
    )


def _result(suite_of: SuiteOf, *phones: str | None) -> SuiteResult:
    return validate(_table(*phones), suite_of(RULES), ["source", "record_id"])


def _waivers(tmp_path: Path, suite_of: SuiteOf, text: str) -> Excuses:
    file = tmp_path / "waivers.yaml"
    file.write_text(text, encoding="utf-8")
    return Excuses(TODAY, read_waivers(file, [suite_of(RULES)]))


WAIVER = (
    "waivers:\n  - {{suite: customers, expectation: valid, column: phone, until: {until},"
    " reason: old switchboard, who: 李娜{more}}}\n"
)


def test_a_waiver_lets_pass_until_its_last_day(tmp_path: Path, suite_of: SuiteOf) -> None:
    result = _result(suite_of, "1", None)
    for until, standing in (("2026-12-01", Standing.EXCUSED), ("2026-11-30", Standing.FAILED)):
        excuses = _waivers(tmp_path, suite_of, WAIVER.format(until=until, more=""))
        one = excuses.apply(result, "en").results[0]
        assert one.standing is standing
        assert len(excuses.expired()) == (standing is Standing.FAILED)
    assert one.excuse is None


def test_a_waiver_of_some_records_is_for_them_alone(tmp_path: Path, suite_of: SuiteOf) -> None:
    text = WAIVER.format(until="2027-01-01", more=', keys: ["erp:erp/1"]')
    excuses = _waivers(tmp_path, suite_of, text)
    assert excuses.apply(_result(suite_of, "1", None), "en").results[0].standing is Standing.EXCUSED
    both = excuses.apply(_result(suite_of, None, None), "en").results[0]
    assert (both.standing, both.excused, both.failing) == (Standing.FAILED, 1, 2)


def test_only_what_is_new_fails(suite_of: SuiteOf) -> None:
    """The same record again is known; another one is not, and neither is another rule."""
    before = _result(suite_of, "1", None)
    excuses = Excuses(TODAY, baseline=Baseline(failing([before])))
    same = excuses.apply(before, "en")
    assert {one.standing for one in same.results} == {Standing.EXCUSED}
    assert judge([same], GateCounts(), GateSpec()).passed
    more = excuses.apply(_result(suite_of, None, None), "en").results
    assert [one.standing for one in more] == [Standing.FAILED, Standing.EXCUSED]
    other = suite_of("- not_null: phone\n  quarantine: false")
    asked = validate(_table("1", None), other, ["source", "record_id"])
    assert excuses.apply(asked, "en").results[0].standing is Standing.FAILED


def test_a_rule_that_only_moves_in_its_file_is_the_same(suite_of: SuiteOf) -> None:
    first = _result(suite_of, None).results[0]
    moved = "- rows: {min: 10}\n- valid: phone\n  quarantine: false\n  owner: 客服\n  reason: wrong"
    second = validate(_table(None), suite_of(moved), ["source", "record_id"]).results[1]
    assert first.rule_id == second.rule_id


def test_a_file_holds_no_key(tmp_path: Path, suite_of: SuiteOf) -> None:
    result = _result(suite_of, None, None)
    text = baseline_text(failing([result]))
    assert "erp" not in text
    assert baseline_text(failing([result])) != text  # another salt
    (tmp_path / "b.json").write_text(text, encoding="utf-8")
    excuses = Excuses(TODAY, baseline=Baseline.read(tmp_path / "b.json"))
    assert {r.standing for r in excuses.apply(result, "en").results} == {Standing.EXCUSED}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"rules": {"a": 1}, "salt": "x"}', "\x00"])
def test_what_is_no_baseline_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "b.json").write_text(text, encoding="utf-8")
    with pytest.raises(SpecError, match="not a baseline"):
        Baseline.read(tmp_path / "b.json")
    with pytest.raises(SpecError, match="no such file"):
        Baseline.read(tmp_path / "c.json")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (WAIVER.format(until="soon", more=""), "until"),
        ("waivers: [{suite: customrs, expectation: valid, until: 2027-01-01, reason: a, who: b}]",
         "did you mean `customers`"),
        ("waivers: [{suite: customers, expectation: unique, until: 2027-01-01, reason: a, who: b}]",
         "expects no `unique`"),
        ("waivers: [{suite: customers, expectation: valid, until: 2027-01-01, who: b}]", "reason"),
        ("waivers: [{suite: customers, expectation: valid, until: 2027-01-01, reason: '', who: b}]",
         "reason"),
    ],
)  # fmt: skip
def test_a_waiver_that_cannot_be_is_refused(
    text: str, wrong: str, tmp_path: Path, suite_of: SuiteOf
) -> None:
    with pytest.raises(SpecError, match=wrong) as error:
        _waivers(tmp_path, suite_of, text)
    assert "waivers.yaml" in str(error.value)


def test_no_file_is_no_waiver(tmp_path: Path, suite_of: SuiteOf) -> None:
    assert read_waivers(tmp_path / "waivers.yaml", [suite_of(RULES)]) == ()


def test_what_errored_is_never_excused(tmp_path: Path, suite_of: SuiteOf) -> None:
    suite = suite_of("- matches: {column: phone, regex: 'a'}\n  quarantine: false")
    table = _table("1").drop("phone")
    result = validate(table, suite, ["source", "record_id"])
    assert result.results[0].standing is Standing.ERRORED
    waiver = (
        "waivers: [{suite: customers, expectation: matches, until: 2027-01-01, reason: a, who: b}]"
    )
    file = tmp_path / "waivers.yaml"
    file.write_text(waiver, encoding="utf-8")
    excuses = Excuses(TODAY, read_waivers(file, [suite]), Baseline(failing([result])))
    assert excuses.apply(result, "en").results[0].standing is Standing.ERRORED


def test_an_owner_nobody_knows_is_refused(suite_of: SuiteOf) -> None:
    suite = suite_of("- not_null: phone\n  owner: 客服部")
    refuse_unknown_owners([suite], {})
    refuse_unknown_owners([suite], {"客服部": ("李娜",)})
    with pytest.raises(SpecError, match="did you mean"):
        refuse_unknown_owners([suite], {"客服": ("李娜",)})
