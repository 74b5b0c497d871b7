"""Proposed suites: what a first look at the data suggests."""

from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guiyi import Kind
from tests.examples import examples
from validators import Outcome, load_suites, propose_suites, validate

KINDS = {
    "name": Kind.COMPANY_NAME,
    "phone": Kind.PHONE,
    "email": Kind.EMAIL,
    "uscc": Kind.USCC,
    "status": Kind.CODE,
    "revenue": Kind.AMOUNT,
    "remark": Kind.TEXT,
}

TABLE = pl.DataFrame(
    {
        "record_id": [str(n) for n in range(100)],
        "name": ["甲"] * 100,
        "phone": ["+86138"] * 83 + [None] * 17,
        "phone.raw": ["138"] * 100,
        "phone.reason": [None] * 83 + ["invalid: too short"] * 17,
        "email": [None] * 30 + ["a@b.cn"] * 70,
        "uscc": [None] * 60 + ["1"] * 40,
        "uscc.raw": [None] * 60 + ["1"] * 40,
        "uscc.reason": [None] * 100,
        "status": ["on", "off, for now"] * 50,
        "revenue": ["1.5"] * 100,
        "remark": [None] * 100,
    },
    schema_overrides={"uscc.reason": pl.String, "remark": pl.String},
)

PROPOSED = """\
suite: company_records
entity: company
on: records
expectations:
  - rows: {min: 1}
  - not_null: name
  - any_of: [phone, email]
    severity: warning
  - valid: phone
    severity: warning
  - valid: uscc
  - not_null: phone
    mostly: 0.8
    severity: warning
  - not_null: email
    mostly: 0.7
    severity: warning
  - in_set: {column: status, values: ['off, for now', 'on']}
    severity: warning
  - not_null: revenue
    severity: warning
  - between: {column: revenue, min: 0}
    severity: warning
"""


def test_a_suite_is_proposed_from_fill_rates_and_kinds() -> None:
    """A name is needed, identifiers must be valid, and what is usual is worth a warning."""
    text = propose_suites(TABLE, KINDS, "company")
    assert text.replace("  - not_null: status\n    severity: warning\n", "") == PROPOSED


def test_a_proposed_suite_is_read_and_runs(tmp_path: Path) -> None:
    """What is proposed runs as it stands, and holds of the data it was proposed from."""
    (tmp_path / "s.yaml").write_text(propose_suites(TABLE, KINDS, "company"), encoding="utf-8")
    suites = load_suites(["s.yaml"], tmp_path, {"company": TABLE.columns})
    result = validate(TABLE, suites[0], ["record_id"])
    assert result.outcome is Outcome.PASSED
    assert [one.column for one in result.results if one.outcome is Outcome.FAILED] == ["phone"]


@settings(max_examples=examples(50), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(st.tuples(*[st.none() | st.text(max_size=4)] * 3), min_size=0, max_size=30),
    kinds=st.tuples(*[st.sampled_from(Kind)] * 3),
)
def test_whatever_the_data_the_proposal_is_a_valid_suite(
    tmp_path: Path, rows: list[tuple[str | None, ...]], kinds: tuple[Kind, ...]
) -> None:
    """No value, however odd, makes a proposal that cannot be read back."""
    table = pl.DataFrame(rows, schema=dict.fromkeys("abc", pl.String), orient="row")
    text = propose_suites(table, dict(zip("abc", kinds, strict=True)), "thing")
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    assert (
        load_suites(
            ["s.yaml"],
            tmp_path,
            {"thing": [f + end for f in "abc" for end in ("", ".raw", ".reason")]},
        )[0].entity
        == "thing"
    )
