"""Opens the Tryton database a spec names; nothing is sent by it."""

from functools import partial
from pathlib import Path

from connectors.targets.confirmed import IdentifyingTarget
from connectors.targets.http import LoginRequest, Waiting, open_session
from connectors.targets.tryton.rpc import TrytonRpc, request, session_header
from connectors.targets.tryton.service import TrytonService
from connectors.targets.tryton.spec import TrytonTargetSpec
from guiyi.spec import expand_secrets


def open_tryton(
    spec: TrytonTargetSpec, folder: Path, waiting: Waiting | None = None
) -> IdentifyingTarget:
    """Open the database of a project whose guiyi.yaml lies in `folder`."""
    user = expand_secrets(spec.auth.user or "", "target.auth.user")
    password = expand_secrets(spec.auth.password or "", "target.auth.password")
    body = request("common.db.login", [user, {"password": password}, "en"])
    login = LoginRequest("rpc/", body, partial(session_header, user))
    return IdentifyingTarget(
        TrytonService(TrytonRpc(open_session(spec, folder, waiting, login)), spec)
    )
