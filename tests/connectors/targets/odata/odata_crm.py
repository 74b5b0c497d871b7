"""A target against the stand-in, and rows for it."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from connectors.targets import EXTERNAL_ID
from connectors.targets.http import Waiting
from connectors.targets.odata import ODataTarget, ODataTargetSpec, open_odata
from tests.connectors.targets.odata.odata_server import KEY, ODataService

PATIENT = Waiting(longest=20, attempts=3, sleep=lambda _: None, chance=lambda: 0.0)
LOOKUPS = {
    "account": {"lookups": {"parent": {"navigation": "parentaccountid", "to": "account"}}},
    "contact": {
        "lookups": {"account": {"navigation": "parentcustomerid_account", "to": "account"}}
    },
}


def crm(service: ODataService, **keys: object) -> ODataTarget:
    """The target, opened anew."""
    given: Mapping[str, object] = {
        "kind": "odata",
        "url": service.root,
        "external_id": KEY,
        "tables": {"account": "accounts", "contact": "contacts"},
        "entities": LOOKUPS,
        "timeout": 0.5,
        "batch_size": 4,
        **keys,
    }
    return open_odata(ODataTargetSpec.model_validate(given), Path(), PATIENT)


def table(**columns: list[str | None]) -> pl.DataFrame:
    """Rows of text; `ids` are the golden ids."""
    named = {EXTERNAL_ID: columns.pop("ids"), **columns}
    return pl.DataFrame(named, schema=dict.fromkeys(named, pl.String))
