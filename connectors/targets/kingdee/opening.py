"""Opens the site of Kingdee a spec names; nothing is sent by it."""

from pathlib import Path

from connectors.targets.confirmed import IdentifyingTarget
from connectors.targets.http import AuthSpec, Waiting, open_session
from connectors.targets.kingdee.api import KingdeeApi
from connectors.targets.kingdee.proof import KingdeeCredentials, SessionProof, SignedProof
from connectors.targets.kingdee.service import KingdeeService
from connectors.targets.kingdee.spec import KingdeeTargetSpec
from guiyi.spec import expand_secrets


def open_kingdee(
    spec: KingdeeTargetSpec, folder: Path, waiting: Waiting | None = None
) -> IdentifyingTarget:
    """Open the site of a project whose guiyi.yaml lies in `folder`."""
    login = spec.login

    def secret(key: str) -> str:
        return expand_secrets(getattr(login, key), f"target.login.{key}").strip()

    known = KingdeeCredentials(
        secret("account_set"), secret("user"), secret("app_id"), secret("app_secret"),
        login.language, login.organisation,
    )  # fmt: skip
    plain = spec.model_copy(update={"auth": AuthSpec()})
    session = open_session(plain, folder, waiting)
    proof = SignedProof(known) if login.method == "signed" else SessionProof(known)
    return IdentifyingTarget(KingdeeService(KingdeeApi(session, proof), spec))
