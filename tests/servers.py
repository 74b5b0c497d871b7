"""Where the tests find PostgreSQL and MariaDB."""

import os

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

SERVERS = {
    "postgresql": ("GUIYI_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test"),
    "mariadb": ("GUIYI_TEST_MARIADB", "mysql+pymysql://root@127.0.0.1:3306/test"),
}


def server(name: str) -> URL:
    """Find a database server, or skip saying so; in CI its absence is a failure."""
    variable, default = SERVERS[name]
    url = make_url(os.environ.get(variable, default))
    engine = sa.create_engine(url)
    try:
        engine.connect().close()
    except sa.exc.OperationalError:
        message = f"no {name} at {url.render_as_string()}; set {variable} to another"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    finally:
        engine.dispose()
    return url
