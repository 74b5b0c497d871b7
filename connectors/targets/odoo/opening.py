"""Opens the Odoo database a spec names; nothing is sent by it."""

from pathlib import Path

from connectors.targets.confirmed import IdentifyingTarget
from connectors.targets.http import AuthSpec, Waiting, open_session
from connectors.targets.odoo.api import JsonRpc, JsonTwo, OdooApi
from connectors.targets.odoo.service import OdooService
from connectors.targets.odoo.spec import OdooTargetSpec
from guiyi.spec import expand_secrets


def open_odoo(
    spec: OdooTargetSpec, folder: Path, waiting: Waiting | None = None
) -> IdentifyingTarget:
    """Open the database of a project whose guiyi.yaml lies in `folder`."""
    database = expand_secrets(spec.database, "target.database")
    if spec.auth.method == "bearer":
        session = open_session(spec, folder, waiting)
        return IdentifyingTarget(OdooService(OdooApi(session, JsonTwo(database)), spec))
    user = expand_secrets(spec.auth.user or "", "target.auth.user")
    key = expand_secrets(spec.auth.password or "", "target.auth.password").strip()
    session = open_session(spec.model_copy(update={"auth": AuthSpec()}), folder, waiting)
    return IdentifyingTarget(OdooService(OdooApi(session, JsonRpc(database, user, key)), spec))
