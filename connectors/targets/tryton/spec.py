"""The keys of a target `tryton` in guiyi.yaml."""

from typing import Any, Literal

from pydantic import Field, model_validator

from connectors.targets.http.spec import HttpTargetSpec
from guiyi.spec.base import Name, Spec


class TrytonColumnSpec(Spec):
    """A column, where it is more than the field of the same name."""

    field: str | None = None
    """The field, if it has another name."""
    rows: str | None = None
    """The one2many field whose rows hold it, such as `contact_mechanisms`: the first row counts
    that is as `where` says, and one is made if there is none."""
    where: dict[str, str | int | bool] = Field(default_factory=dict)
    """What that row has in other fields, such as `{type: phone}`."""
    refers_to: Name | None = None
    """The CRM entity whose golden id it holds, if the field is a many2one."""
    by: str = "name"
    """Otherwise the field of the record a many2one leads to that the column shows."""


class TrytonEntitySpec(Spec):
    """What is particular to one CRM entity."""

    key: str | None = None
    """The field that holds the golden id, best one that must be unique. Left out, parties have it
    among their identifiers, and any other model must name one."""
    columns: dict[str, TrytonColumnSpec] = Field(default_factory=dict)
    """Column → where it stands."""
    only: list[Any] = Field(default_factory=list)
    """A domain, such as `[[categories.name, "=", 客户]]`: which records without a golden id may
    be given one (`guiyi adopt`)."""


class TrytonTargetSpec(HttpTargetSpec):
    """Tryton, over its JSON-RPC.

    `url` names the database, such as `https://erp.example.com/DATABASE/`; `auth` the user, with
    `method: basic`. `external_id` is the word before the golden ids of parties.
    """

    kind: Literal["tryton"]
    """What it is."""
    external_id: Name = "guiyi"
    """The word that stands before the golden id in an identifier of a party:
    `guiyi:ENTITY:GOLDEN_ID`."""
    identifier_type: str | None = None
    """The type of these identifiers, if the house has made one for it."""
    tables: dict[str, str] = Field(
        default_factory=lambda: {"account": "party.party", "contact": "party.party"}
    )
    """CRM entity → model."""
    entities: dict[str, TrytonEntitySpec] = Field(default_factory=dict)
    """CRM entity → what is particular to it."""

    @model_validator(mode="after")
    def _has_login(self) -> "TrytonTargetSpec":
        if self.auth.method != "basic":
            raise ValueError(
                "Tryton wants a user and a password:"
                " auth: {method: basic, user: …, password: '${TRYTON_PASSWORD}'}"
            )
        return self
