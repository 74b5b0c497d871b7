"""Carries loads out, and touches the target behind their backs."""

from typing import Any

import sqlalchemy as sa

from pipelines.loading import LoadJob, load_full, load_test, reconcile


def execute(bench: Any, *statements: str) -> None:
    """Do something to the target behind the load's back."""
    engine = sa.create_engine(bench.database)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def run(load: LoadJob) -> None:
    assert load_test(load).passed
    load_full(load)
    assert reconcile(load).holds


def counts(load: LoadJob) -> dict[str, list[int]]:
    return {entity: list(found.values()) for entity, found in reconcile(load).counts.items()}
