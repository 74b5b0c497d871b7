"""The keys of a target `odoo` in guiyi.yaml."""

from typing import Literal

from pydantic import Field, model_validator

from connectors.targets.http.spec import HttpTargetSpec
from guiyi.spec.base import Name

_ONLY: dict[str, dict[str, bool | int | str]] = {
    "account": {"is_company": True},
    "contact": {"is_company": False},
}


class OdooTargetSpec(HttpTargetSpec):
    """Odoo, over its external API.

    The golden id stands among the External Identifiers (`ir.model.data`), as
    `MODULE.ENTITY_GOLDENID`. `auth` is `bearer` with an API key (JSON-2, from Odoo 19 on), or
    `basic` with the user and an API key as password (JSON-RPC, up to Odoo 21).
    """

    kind: Literal["odoo"]
    """What it is."""
    database: str
    """The database."""
    module: str = Field(default="guiyi", pattern=r"^[a-z][a-z0-9_]*$")
    """The module that the external identifiers name; none of that name may be installed."""
    tables: dict[str, str] = Field(
        default_factory=lambda: {"account": "res.partner", "contact": "res.partner"}
    )
    """CRM entity → model, by its technical name."""
    only: dict[str, dict[str, bool | int | str]] = Field(default_factory=lambda: {**_ONLY})
    """CRM entity → field → what tells its rows from others of the model; new rows get it."""
    relations: dict[str, dict[str, Name]] = Field(
        default_factory=lambda: {
            "account": {"parent_id": "account"},
            "contact": {"parent_id": "account"},
        }
    )
    """CRM entity → many2one field → the CRM entity it points to."""

    @model_validator(mode="after")
    def _identifies(self) -> "OdooTargetSpec":
        if self.auth.method not in ("bearer", "basic"):
            raise ValueError(
                "Odoo wants an API key: auth: {method: bearer, token: '${ODOO_KEY}'} from Odoo 19"
                " on, else auth: {method: basic, user: …, password: '${ODOO_KEY}'}"
            )
        if "external_id" in self.model_fields_set:
            raise ValueError(
                "Odoo keeps golden ids among its external identifiers: take out `external_id`"
            )
        return self
