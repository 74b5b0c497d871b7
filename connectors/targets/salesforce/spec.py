"""The keys of a target `salesforce` in guiyi.yaml."""

from typing import Literal

from pydantic import Field, model_validator

from connectors.targets.http.spec import HttpTargetSpec
from guiyi.spec.base import Name

_LOGINS = ("client_credentials", "jwt_bearer", "refresh_token", "bearer")


class SalesforceTargetSpec(HttpTargetSpec):
    """Salesforce, over its REST API and Bulk API 2.0.

    `external_id` names a text field, External ID and Unique, that is made for the golden id in each
    object. `url` is the My Domain of the org, such as `https://MYDOMAIN.my.salesforce.com`.
    """

    kind: Literal["salesforce"]
    """What it is."""
    version: str = Field(default="62.0", pattern=r"^\d{2,3}\.0$")
    """The version of the API."""
    external_id: str = Field(default="Guiyi_Id__c", pattern=r"^[A-Za-z]\w*$")
    """The field that holds the golden id."""
    tables: dict[str, str] = Field(
        default_factory=lambda: {"account": "Account", "contact": "Contact"}
    )
    """CRM entity → object, by its API name."""
    relations: dict[str, dict[str, Name]] = Field(
        default_factory=lambda: {
            "account": {"ParentId": "account"},
            "contact": {"AccountId": "account"},
        }
    )
    """CRM entity → lookup field → the CRM entity it points to."""
    bulk_from: int = Field(default=2000, ge=1)
    """Rows of a batch from which on they are sent as a job of Bulk API 2.0."""
    bulk_read_from: int = Field(default=50_000, ge=1)
    """Rows of an object from which on all of them are read by a job."""
    job_wait: float = Field(default=3600, gt=0, le=86400)
    """The most seconds that a job is waited for; then it is aborted."""

    @model_validator(mode="after")
    def _logs_in(self) -> "SalesforceTargetSpec":
        if self.auth.method not in _LOGINS:
            raise ValueError(
                "Salesforce wants OAuth 2.0: auth: {method: client_credentials, token_url:"
                " https://MYDOMAIN.my.salesforce.com/services/oauth2/token, client_id: …,"
                " client_secret: '${SF_SECRET}'}, or jwt_bearer, refresh_token, bearer"
            )
        return self
