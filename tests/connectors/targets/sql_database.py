"""How the tests open a SQL target and write rows of text for it."""

import polars as pl
from sqlalchemy.engine import URL

from connectors.targets.sql import SqlTargetSpec


def spec(database: URL, **options: object) -> SqlTargetSpec:
    return SqlTargetSpec(url=database.render_as_string(hide_password=False), **options)  # type: ignore[arg-type]


def table(**columns: list[str | None]) -> pl.DataFrame:
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
