"""Settings really saved by Splink 5 become fields and kinds; what does not map is told."""

import json
from pathlib import Path

import pytest
import yaml

from dedup.model.splink_settings import read_splink
from guiyi.errors import SpecError
from guiyi.kinds import Kind
from guiyi.spec import read_entity

SAVED = json.loads((Path(__file__).parent / "data" / "splink_5.json").read_text("utf-8"))


def test_comparisons_become_fields_with_kinds() -> None:
    assert dict(read_splink(SAVED).fields) == {
        "first_name": Kind.PERSON_NAME,
        "last_name": Kind.PERSON_NAME,
        "birth_date": Kind.DATE,
        "city": Kind.REGION,
        "phone": Kind.PHONE,
        "email": Kind.EMAIL,
        "address": Kind.ADDRESS,
    }


def test_a_rule_that_cannot_be_said_is_told_and_leaves_the_choice_of_keys_to_us() -> None:
    found = read_splink(SAVED)
    assert found.blocking == ()
    assert any("substr(l.last_name,1,2)" in line for line in found.left_out)


def test_rules_of_equal_columns_are_kept() -> None:
    """Splink 4 wrote plain rules as texts, Splink 5 as objects."""
    rules = [*SAVED["blocking_rules_to_generate_predictions"][:2], "l.city = r.city"]
    found = read_splink({**SAVED, "blocking_rules_to_generate_predictions": rules})
    assert found.blocking == (("first_name", "birth_date"), ("email",), ("city",))


def test_every_trained_comparison_and_unknown_level_is_told() -> None:
    odd = json.loads(json.dumps(SAVED))
    odd["comparisons"][3]["comparison_levels"][1] = {
        "sql_condition": "distance_km(city_l, city_r) < 5",
        "label_for_charts": "near",
    }
    told = "\n".join(read_splink(odd).left_out)
    assert "the level `near`" in told
    for comparison in SAVED["comparisons"]:
        assert f"{comparison['output_column_name']}: trained" in told
    for name in ("probability_two_random_records_match", "em_convergence"):
        assert name in told


def test_the_entity_is_one_that_dedupe_reads(tmp_path: Path) -> None:
    file = tmp_path / "entity.yml"
    file.write_text(yaml.safe_dump(read_splink(SAVED).entity(), sort_keys=False), "utf-8")
    assert read_entity(file).kinds["birth_date"] is Kind.DATE


@pytest.mark.parametrize("other", [{}, {"comparisons": []}, {"name": "x", "version": 1}])
def test_other_files_are_refused(other: dict[str, object]) -> None:
    with pytest.raises(SpecError, match="not a settings file of Splink"):
        read_splink(other)


UNCOMPARED = {
    **SAVED,
    "blocking_rules_to_generate_predictions": ["l.email = r.email", "l.zip = r.zip"],
}


def test_a_column_that_is_only_blocked_on_is_a_field_without_evidence(tmp_path: Path) -> None:
    """The spec named it under blocking alone, and dedupe refused it."""
    found = read_splink(UNCOMPARED)
    assert found.only_keys == {"zip"}
    file = tmp_path / "entity.yml"
    file.write_text(yaml.safe_dump(found.entity(), sort_keys=False), "utf-8")
    entity = read_entity(file)
    assert entity.key_kinds == {"zip": Kind.POSTCODE}
    assert "zip" not in entity.matched_kinds
    assert set(entity.matched_kinds) >= set(read_splink(SAVED).fields)
