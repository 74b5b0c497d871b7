"""Ids in the column for golden ids that no ledger has given: the column has another use."""

import polars as pl

from connectors.targets import EXTERNAL_ID, HasOwnIds
from guiyi.messages import Message

SHOWN = 3
"""Ids that a message names."""


def foreign_ids(target: HasOwnIds, crm_entity: str, given: pl.Series) -> pl.Series:
    """The ids that rows of a CRM entity have there, besides the golden ids that were given."""
    there = target.fetch(crm_entity, [])[EXTERNAL_ID]
    return there.filter(~there.is_in(given.implode()))


def tell_foreign(ids: pl.Series, column: str) -> Message:
    """Say how many there are, and what that means."""
    shown = ", ".join(ids.head(SHOWN)) + (", …" if ids.len() > SHOWN else "")
    return Message.counted(
        "{n:,} row has an id in `{column}` that is no golden id of this project ({ids}); it is not "
        "compared with the customers, and a load may create its customer once more",
        "{n:,} rows have ids in `{column}` that are no golden ids of this project ({ids}); they "
        "are not compared with the customers, and a load may create these once more",
        n=ids.len(),
        column=column,
        ids=shown,
    )


USE_ANOTHER = "name a column of its own for golden ids: target.external_id"
