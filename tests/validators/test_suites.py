"""The short YAML of a suite: what it may say, and what is refused with its file and line."""

from pathlib import Path

import pytest

from guiyi import SpecError
from validators import Severity, SuiteStage, load_suites

HEAD = "suite: customers\nentity: company\nexpectations:\n"


def written(folder: Path, text: str, name: str = "suite.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_suite_says_whose_records_it_is_about_and_what_must_hold(tmp_path: Path) -> None:
    """A suite is about clean source records unless it says `golden`; expectations are critical."""
    written(tmp_path, HEAD + "  - not_null: name\n  - unique: uscc\n    severity: warning\n")
    written(
        tmp_path,
        "suite: g\nentity: company\non: golden\nexpectations: [{not_null: name}]",
        "g.yaml",
    )
    golden, records = load_suites(["*.yaml"], tmp_path)
    assert (golden.stage, records.stage) == (SuiteStage.GOLDEN, SuiteStage.RECORDS)
    assert [one.severity for one in records.expectations] == [Severity.CRITICAL, Severity.WARNING]
    assert records.place(1).endswith("suite.yaml:5")


REFUSED = [
    ("  - not_nul: name\n", ":4", "expectations.0: names no expectation; exactly one is needed"),
    ("  - {not_null: name, uniqe: x}\n", ":4", "unknown key `uniqe`; did you mean `unique`?"),
    (
        "  - not_null: a\n  - {not_null: b, unique: b}\n",
        ":5",
        "expectations.1: names `not_null`, `unique`",
    ),
    ("  - severity: warning\n", ":4", "names no expectation"),
    (
        "  - not_null: a\n    severity: fatal\n",
        ":5",
        "severity: input should be 'critical' or 'warning'",
    ),
    (
        "  - matches: {column: a, regex: '(['}\n",
        ":4",
        "expectations.0.matches.regex: not a regular expression",
    ),
    ("  - matches: {colum: a, regex: x}\n", ":4", "expectations.0.matches"),
    ("  - in_set: {column: a, values: [true]}\n", ":4", "put them in quotes"),
    ("  - in_set: {column: a, values: []}\n", ":4", "expectations.0.in_set.values"),
    ("  - between: {column: a}\n", ":4", "give `min`, `max` or both"),
    ("  - between: {column: a, min: '0'}\n", ":4", "write a number, or a day such as 2024-01-31"),
    (
        "  - between: {column: a, min: 0, max: 2024-01-01}\n",
        ":4",
        "must both be numbers or both be days",
    ),
    ("  - {not_null: a, mostly: 1.5}\n", ":4", "less than or equal to 1"),
    ("  - any_of: [phone]\n", ":4", "expectations.0.any_of"),
    (
        "  - rows: {min: 1}\n    quarantine: true\n",
        ":5",
        "`rows` is about the whole table: no single row fails it",
    ),
    (
        "  - expect: expect_colum_values_to_be_unique\n    column: a\n",
        ":4",
        "did you mean `expect_column_values_to_be_unique`?",
    ),
    (
        "  - expect: expect_column_values_to_be_unique\n    colum: a\n",
        ":5",
        "unknown argument `colum`; did you mean `column`?",
    ),
    ("  - expect: expect_column_values_to_be_unique\n", ":4", "needs `column`"),
    (
        "  - expect: expect_column_values_to_be_unique\n    column: [a]\n",
        ":5",
        "must be the name of a column",
    ),
    (
        "  - expect: expect_compound_columns_to_be_unique\n    column_list: ab\n",
        ":5",
        "must be a list of columns",
    ),
    (
        "  - {expect: expect_column_values_to_match_regex, column: a,\n     regex: '['}\n",
        ":5",
        "not a regular expression",
    ),
    (
        "  - {expect: expect_column_max_to_be_between, column: a,\n     max_value: many}\n",
        ":5",
        "must be a number or a day",
    ),
    ("  - not_null: a\n  - not_null: [b, a]\n", ":5", "is the same as expectations.0"),
    (
        "  - not_null: a\n  - expect: expect_column_values_to_not_be_null\n    column: a\n",
        ":5",
        "is the same as",
    ),
    ("  - not_null: [a\n", "", "not YAML"),
]


@pytest.mark.parametrize(("expectations", "line", "message"), REFUSED)
def test_what_could_never_run_is_refused_with_file_line_and_path(
    tmp_path: Path, expectations: str, line: str, message: str
) -> None:
    """A slip in a suite ends in one error: the file, the line and what is wrong there."""
    file = written(tmp_path, HEAD + expectations)
    with pytest.raises(SpecError) as caught:
        load_suites(["suite.yaml"], tmp_path)
    assert (caught.value.place or "").startswith(f"{file}{line}")
    assert message in str(caught.value)


def test_valid_needs_raw_values(tmp_path: Path) -> None:
    """`valid` compares with what was given, which a golden record does not keep."""
    text = "suite: g\nentity: company\non: golden\nexpectations:\n  - valid: phone\n"
    written(tmp_path, text)
    with pytest.raises(SpecError, match=r"suite\.yaml:5: expectations\.0\.valid"):
        load_suites(["suite.yaml"], tmp_path)


def test_a_misspelt_field_is_refused_when_the_fields_are_known(tmp_path: Path) -> None:
    """Given the project's fields, a suite about an unknown column or entity is refused at once."""
    fields = {"company": ["name", "phone", "phone.raw", "phone.reason", "phone.key", "ref.parent"]}
    good = "  - not_null: [name, place, phone.key]\n  - ref: parent\n  - valid: phone\n"
    written(tmp_path, HEAD + good)
    assert load_suites(["suite.yaml"], tmp_path, fields)
    written(tmp_path, HEAD + "  - not_null: name\n  - not_null: phne\n")
    with pytest.raises(SpecError, match=r"suite\.yaml:5: .*`phne`; did you mean `phone`"):
        load_suites(["suite.yaml"], tmp_path, fields)
    written(tmp_path, HEAD + "  - not_null: phone.kye\n")
    with pytest.raises(SpecError, match=r"suite\.yaml:4: .*`phone.kye`; did you mean `phone.key`"):
        load_suites(["suite.yaml"], tmp_path, fields)
    written(tmp_path, HEAD + "  - not_null: name\n    where: phone.kye = '1'\n")
    with pytest.raises(SpecError, match=r"suite\.yaml:5: expectations\.0\.where: .*`phone.kye`"):
        load_suites(["suite.yaml"], tmp_path, fields)
    written(tmp_path, HEAD.replace("company", "compny") + "  - not_null: name\n")
    with pytest.raises(SpecError, match=r"suite\.yaml:2: .*`compny`; did you mean `company`"):
        load_suites(["suite.yaml"], tmp_path, fields)


def test_a_condition_that_is_no_sql_is_refused(tmp_path: Path) -> None:
    """The line of `where` is named, whether or not the fields are known."""
    written(tmp_path, HEAD + "  - not_null: name\n    where: not a (\n")
    with pytest.raises(SpecError, match=r"suite\.yaml:5: expectations\.0\.where: not an SQL"):
        load_suites(["suite.yaml"], tmp_path)


def test_two_suites_may_not_share_a_name(tmp_path: Path) -> None:
    """Reports tell suites apart by name."""
    for name in ("a.yaml", "b.yaml"):
        written(tmp_path, HEAD + "  - not_null: name\n", name)
    with pytest.raises(SpecError, match=r"b\.yaml: suite: `customers` is also .*a\.yaml"):
        load_suites(["*.yaml"], tmp_path)


def test_a_pattern_may_match_nothing_but_a_named_file_must_exist(tmp_path: Path) -> None:
    """A project need not have suites; one it names must be there. A file is read only once."""
    assert load_suites(["suites/*.yaml"], tmp_path) == []
    with pytest.raises(SpecError, match="no such file"):
        load_suites(["suites/customers.yaml"], tmp_path)
    written(tmp_path, HEAD + "  - not_null: name\n")
    assert len(load_suites(["*.yaml", "suite.yaml", str(tmp_path / "s*.yaml")], tmp_path)) == 1
