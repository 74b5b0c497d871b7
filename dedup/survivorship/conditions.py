"""Conditions of rules: which records may give a value, in SQL over their fields."""

from pathlib import Path

import polars as pl

from dedup.survivorship.clean_fields import CleanFields
from guiyi.spec import EntitySpec, SpecPlace
from guiyi.spec.expressions import condition, parse

_SPEC = Path("survivorship")
"""Stands for the file, which is not known here; a project's own is checked before a run begins."""


def conditions_met(clean: CleanFields, entity: EntitySpec) -> dict[str, pl.Series]:
    """By condition of a rule which records meet it; one that cannot be worked out is not met.

    Raises SpecError for bad SQL and for columns the table does not have.
    """
    found = {}
    for name, rule in entity.survivorship.items():
        if rule.when is not None and rule.when not in found:
            place = SpecPlace(_SPEC, f"survivorship.{name}.when")
            used = parse(rule.when, place, clean.columns).meta.root_names()
            found[rule.when] = condition(rule.when, clean.read(list(used)), place).rechunk()
    return found


def without_conditions(entity: EntitySpec) -> EntitySpec | None:
    """The entity with the rules for where no record meets a condition; None if there are none."""
    rules = {name: rule.without_condition for name, rule in entity.survivorship.items()}
    if all(rule is None for rule in rules.values()):
        return None
    later = {name: rule for name, rule in rules.items() if rule is not None}
    kept = {name: rule for name, rule in entity.survivorship.items() if rules[name] is None}
    return entity.model_copy(update={"survivorship": kept | later})
