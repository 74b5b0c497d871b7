"""A Tryton for the tests of a module. In CI it must be there; elsewhere they are skipped if it
cannot be installed.
"""

import os
from collections.abc import Iterator

import pytest

from tests.connectors.targets.tryton.tryton_server import (
    NotInstalledError,
    TrytonServer,
    installed,
    running,
)


@pytest.fixture(scope="module")
def tryton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrytonServer]:
    """The server, as a colleague sees it."""
    try:
        installed()
    except (NotInstalledError, OSError) as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"Tryton cannot be installed: {error}")
    with running(tmp_path_factory.mktemp("tryton")) as server:
        yield server
