"""What the spec lets survivorship rules say."""

from pathlib import Path
from typing import Any

import pytest

from guiyi.errors import SpecError
from guiyi.spec import load_project, read_entity
from guiyi.spec.survivorship import SurvivorshipRule

ENTITY = """\
fields: {name: text, street: text, city: region, day: date, money: amount}
survivorship:
"""
PROJECT = """\
project: p
sources:
  erp: {kind: delimited, path: a.csv, tables: [{table: a, entity: company, columns: {name: n}}]}
entities:
  company:
    fields: {name: text}
    survivorship:
      name: {rule: RULE}
"""


def refusal(lines: str, tmp_path: Path) -> str:
    file = tmp_path / "entity.yaml"
    file.write_text(ENTITY + "".join(f"  {line}\n" for line in lines.split("\n")))
    with pytest.raises(SpecError) as error:
        read_entity(file)
    return str(error.value)


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ("name: most_recnt", "did you mean `most_recent`"),
        ("name: {rule: longest, wen: x}", "did you mean `when`"),
        ("nam: longest", "did you mean `name`"),
        ("place: {rule: longest, fields: [street, citi]}", "did you mean `city`"),
        ("place: {rule: union, fields: [street, city]}", "no group can move"),
        ("place: {rule: longest, fields: [street, city]}\ncity: longest", "no rule of its own"),
        ("a: {rule: longest, fields: [street, city]}\nb: {rule: longest, fields: [city, name]}",
         "not with both"),
        ("name: {rule: longest, fields: [street, city]}", "a name of its own"),
        ("name: highest", "compares dates and amounts only"),
        ("default: lowest", "compares dates and amounts only"),
        ("name: source_trust", "needs `trust`"),
        ("name: {rule: longest, half_life: 3}", "only `source_trust`"),
        ("name: {rule: source_trust, trust: {erp: 2}}", "less than or equal to 1"),
        ("name: {rule: longest, otherwise: union}", "`otherwise` needs `when`"),
    ],
)  # fmt: skip
def test_refused(lines: str, what: str, tmp_path: Path) -> None:
    """A rule that cannot be is refused, with the line and what was probably meant."""
    assert what in refusal(lines, tmp_path)
    assert "entity.yaml:" in refusal(lines, tmp_path)


@pytest.mark.parametrize(
    "rule", ["source_priority, sources: [epr]", "source_trust, trust: {epr: 0.5}"]
)
def test_unknown_sources_are_refused(rule: str, tmp_path: Path) -> None:
    """A rule can trust only the project's sources."""
    (tmp_path / "guiyi.yaml").write_text(PROJECT.replace("RULE", rule))
    with pytest.raises(SpecError, match=r"unknown source `epr`; did you mean `erp`") as error:
        load_project(tmp_path)
    assert "guiyi.yaml:8" in str(error.value)


@pytest.mark.parametrize(
    "rule",
    [
        {"rule": "most_recent", "fields": ["street", "city"], "when": "a = 'b'"},
        {"rule": "source_trust", "trust": {"erp": 1}, "half_life": 30},
        {"rule": "lowest", "when": "a = 'b'", "otherwise": "highest"},
    ],
)
def test_accepted(rule: dict[str, Any]) -> None:
    """Groups, decaying trust and conditions are keys of a rule."""
    assert SurvivorshipRule.model_validate(rule).strategies[0] == rule["rule"]
