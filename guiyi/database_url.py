"""The address of a database: what a spec says, with its secrets, its driver and no mistakes."""

from typing import TYPE_CHECKING

from guiyi.drivers import with_driver
from guiyi.errors import GuiyiError

if TYPE_CHECKING:
    from sqlalchemy.engine import URL


def database_url(text: str, place: str, error: type[GuiyiError]) -> "URL":
    """Read a SQLAlchemy URL. Raises `error` at `place`, without any part of the URL, for one that
    is none, has an impossible port or a password with characters that cut it short.
    """
    from sqlalchemy.engine import make_url  # takes a moment
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(text)
    except ArgumentError:
        raise error(
            "not a database URL",
            place=place,
            hint="such as sqlite:///crm.db or postgresql://user:${PASSWORD}@host/database",
        ) from None
    except ValueError:
        raise error(_PORT, place=place, hint=_ENCODED) from None
    if url.port is not None and not 0 < url.port < 2**16:
        raise error(_PORT, place=place, hint=_ENCODED)
    is_cut = "@" in (url.host or "") or (url.host and "@" in (url.database or ""))
    if is_cut:
        raise error(
            "its password contains a character that must be escaped", place=place, hint=_ENCODED
        )
    return url.set(drivername=with_driver(url.drivername))


_PORT = "the port is not a number from 1 to 65535"
_ENCODED = (
    "write the password as ${NAME} and set the variable; written out, @ is %40, / is %2F, : is %3A"
)


def shown_url(url: "URL") -> str:
    """Write a URL without its password and options."""
    from sqlalchemy.engine import URL

    bare = URL.create(
        url.drivername, url.username, host=url.host, port=url.port, database=url.database
    )
    return bare.render_as_string()


def without_password(text: str, variable: str) -> str:
    """Name an environment variable in a URL where its password is, unless one is named there."""
    from sqlalchemy.engine import make_url

    if "${" in text:
        return text
    url = make_url(text)
    options = {name: _STAND_IN for name in url.query if name.lower() in _PASSWORDS}
    if url.password is None and not options:
        return text
    if url.password is not None:
        url = url.set(password=_STAND_IN)
    named = url.update_query_dict(options).render_as_string(hide_password=False)
    return named.replace(_STAND_IN, f"${{{variable}}}")


_PASSWORDS = ("password", "passwd", "pwd", "sslpassword")
_STAND_IN = "PASSWORD-STANDS-IN-THE-ENVIRONMENT"
