"""Serves the console: one process, on this machine unless told otherwise."""

from pathlib import Path
from threading import Thread

from console.desk import Desk
from governance.entry import whoami
from guiyi.errors import SpecError
from guiyi.messages import Message
from guiyi.spec import load_project

LOCAL = ("127.0.0.1", "localhost")
OWNER_ROLE = "steward"
"""The role of whoever opens a project's console first: it is their project."""


def serve(desk: Desk, host: str, port: int, names: tuple[str, ...] = ()) -> None:
    """Answer until interrupted. `names`: by which browsers call it, behind a proxy."""
    import uvicorn

    from console.app import make_app

    Thread(target=desk.warm, daemon=True).start()
    app = make_app(desk, tuple(dict.fromkeys([*LOCAL, host, *names])))
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,  # addresses of customers' pages are nobody's business
        server_header=False,
        proxy_headers=bool(names),
        forwarded_allow_ips="127.0.0.1" if names else None,
    )


def open_desk(place: Path) -> Desk:
    """Open a project for the console. Raises SpecError where there is no ledger yet."""
    from pipelines.stewarding.opening import has_ledger

    project = load_project(place)
    if not has_ledger(project):
        raise SpecError(
            "it has no ledger yet",
            place=str(project.folder),
            hint=Message("run it first: guiyi run {folder}", folder=project.folder),
        )
    return Desk(project)


def owners_link(desk: Desk) -> str:
    """The path by which the user of this machine signs in, as who administers the console."""
    name = whoami()
    if desk.persons.named(name) is None:
        desk.persons.add(name, OWNER_ROLE, administers=True)
        desk.ledger.audit("console.added", name, {"role": OWNER_ROLE}, who=name)
    return f"/sign-in/link?link={desk.persons.link(name)}"
