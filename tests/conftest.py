"""What all tests share: databases (SQLite always, PostgreSQL and MariaDB for real), and examples
that are the same on every machine, however busy it is; at night, new and more of them.
"""

import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import URL, make_url

from tests.servers import SERVERS, server

settings.register_profile(
    "same everywhere",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "nightly",
    settings.get_profile("same everywhere"),
    derandomize=False,
    max_examples=1000,
    print_blob=True,
)
settings.load_profile("same everywhere")


SLOW = frozenset((Path(__file__).parent / "slow.txt").read_text(encoding="utf-8").splitlines())


def on_a_server(item: pytest.Item) -> bool:
    """Whether this is the case of a test that goes to a database server."""
    case = getattr(item, "callspec", None)
    return case is not None and any(
        value in SERVERS for value in case.params.values() if isinstance(value, str)
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what is slow, leave out what is for the night, and begin with the longest files.

    Slow is what tests/slow.txt names, and what goes to a server; its twin on SQLite is quick.
    `make test` hands whole files to its processes: one that takes long and comes last would leave
    the other processes idle.
    """
    for item in items:
        if item.nodeid.partition("[")[0] in SLOW or on_a_server(item):
            item.add_marker("slow")
    if config.getoption("--hypothesis-profile") != "nightly":
        left_out = [item for item in items if item.get_closest_marker("nightly")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("nightly")]
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    items.sort(key=lambda item: -slow[item.path])


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[URL]:
    """Give the test an empty database of its own, on every backend in turn."""
    if request.param == "sqlite":
        yield make_url(f"sqlite:///{tmp_path / 'crm.db'}")
        return
    url = server(request.param)
    name = f"guiyi_{uuid.uuid4().hex[:12]}"
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    # A schema of its own serves as well as a database, and PostgreSQL makes it twenty times faster.
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    try:
        if request.param == "postgresql":
            yield url.update_query_dict({"options": f"-csearch_path={name}"})
        else:
            yield url.set(database=name)
    finally:
        cascade = " CASCADE" if request.param == "postgresql" else ""
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {name}{cascade}")
        engine.dispose()
