"""A Tryton for the tests of a module."""

from collections.abc import Iterator

import pytest

from tests.connectors.targets.tryton.tryton_server import TrytonServer, must_be_there, running


@pytest.fixture(scope="module")
def tryton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrytonServer]:
    """The server, as a colleague sees it."""
    must_be_there()
    with running(tmp_path_factory.mktemp("tryton")) as server:
        yield server
