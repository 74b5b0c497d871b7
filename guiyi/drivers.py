"""Which database driver is meant where a URL names none: the one that is installed with Guiyi."""

from collections.abc import Mapping

INSTALLED: Mapping[str, str] = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}
"""The scheme of a URL → the scheme with the driver; SQLAlchemy's own defaults are others."""


def with_driver(scheme: str) -> str:
    """Name the driver of a URL's scheme, unless it is named already."""
    return INSTALLED.get(scheme, scheme)
