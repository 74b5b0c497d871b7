"""How golden records become CRM entities."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, model_validator

from guiyi.spec.base import Name, Spec


class CrmFieldSpec(Spec):
    """Where one CRM field's value comes from."""

    field: str | None = None
    """A field of the golden record, or one of its parts (`address.city`)."""
    expr: str | None = None
    """A SQL expression over the golden record's fields."""
    codes: Name | None = None
    """The code list that translates the value."""
    default: str | None = None
    """The value where there is none."""
    policy: Literal["review", "ours", "theirs"] = "review"
    """Whose value stays where someone has changed it in the CRM since the last load: theirs, listed
    for review (`review`) or not (`theirs`), or `ours`, which is written over it."""

    @model_validator(mode="after")
    def _one_origin(self) -> "CrmFieldSpec":
        if (self.field is None) == (self.expr is None):
            raise ValueError("give either `field` or `expr`")
        return self


def _field_alone(value: object) -> object:
    return {"field": value} if isinstance(value, str) else value


class CrmEntitySpec(Spec):
    """One entity of the CRM: account, contact, lead, order, or a custom one."""

    entity: Name
    """The entity whose golden records it is made from."""
    fields: dict[str, Annotated[CrmFieldSpec, BeforeValidator(_field_alone)]]
    """CRM field ← golden record."""
    relations: dict[str, Name] = {}
    """CRM field ← relation; it receives the golden id of the record pointed to."""
    where: str | None = None
    """A SQL condition; golden records that fail it do not become this CRM entity."""
    merged_away: Literal["report", "delete"] | dict[str, str | None] = "report"
    """What becomes of a CRM row whose golden record was merged into another: it is only reported,
    or deleted (unless someone has changed it), or these CRM fields get these values, in which
    `{golden_id}` is the id it was merged into."""
