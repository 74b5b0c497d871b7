"""The keys of a target `hubspot` in guiyi.yaml."""

from typing import Literal

from pydantic import Field, model_validator

from connectors.targets.http.spec import HttpTargetSpec
from guiyi.spec.base import Name, Spec


class HubspotRelationSpec(Spec):
    """A column that is an association with another object."""

    to: Name
    """The CRM entity it points to."""
    type: int | None = None
    """The id of the association type; left out, the primary company of a contact (1), the parent
    of a company (14), and otherwise the association without a label."""
    category: Literal["HUBSPOT_DEFINED", "USER_DEFINED", "INTEGRATOR_DEFINED"] = "HUBSPOT_DEFINED"
    """Who has defined the type."""


class HubspotTargetSpec(HttpTargetSpec):
    """HubSpot, over its CRM API.

    `external_id` names a property with unique values that is made for the golden id in each object.
    """

    kind: Literal["hubspot"]
    """What it is."""
    url: str = "https://api.hubapi.com"
    """The root of the API."""
    external_id: Name = "golden_id"
    """The property that holds the golden id; it must have unique values."""
    tables: dict[str, str] = Field(
        default_factory=lambda: {"account": "companies", "contact": "contacts"}
    )
    """CRM entity → object: `contacts`, `companies`, `deals`, or the id of an object of your own."""
    relations: dict[str, dict[str, HubspotRelationSpec]] = Field(default_factory=dict)
    """CRM entity → column → the association it is."""

    @model_validator(mode="after")
    def _has_token(self) -> "HubspotTargetSpec":
        if self.auth.method != "bearer":
            raise ValueError(
                "HubSpot wants the token of a private app:"
                " auth: {method: bearer, token: '${HUBSPOT_TOKEN}'}"
            )
        return self
