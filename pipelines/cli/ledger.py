"""`guiyi ledger`: the ledger's lock, its audit chain, and sources that got another name."""

from pathlib import Path

import click

from pipelines.cli.options import project_argument
from pipelines.language.messages import say


@click.group(help=say("ledger.help"))
def ledger() -> None:
    """Hold the ledger's commands together."""


@ledger.command("unlock", help=say("ledger.unlock.help"))
@project_argument
def unlock(project: Path) -> None:
    """Take the project from a run that died."""
    from pipelines.stewarding.opening import opened

    with opened(project) as (spec, store):
        broken = store.break_lock(spec.project)
    click.echo(say("ledger.unlocked" if broken else "ledger.not_locked", project=spec.project))


@ledger.command("verify", help=say("ledger.verify.help"))
@project_argument
def verify(project: Path) -> int:
    """Check the audit chain, as `guiyi audit verify` does."""
    from pipelines.cli.audit import say_whether_whole

    return say_whether_whole(project)


@ledger.command("rebuild", help=say("ledger.rebuild.help"))
@project_argument
@click.option("--check", is_flag=True, help=say("ledger.rebuild.check"))
def rebuild(project: Path, check: bool) -> int:
    """Replay the events."""
    from pipelines.stewarding.opening import opened

    with opened(project) as (spec, store):
        if check:
            found = store.check_events()
        else:
            with store.lock("rebuild", spec.project):
                found = store.rebuild()
    for table, rows in found.differences.items():
        click.echo(say("ledger.rebuild.differs", table=table, n=rows))
    if found.is_same:
        click.echo(say("ledger.rebuild.same", events=found.events))
        return 0
    if check:
        return 1
    click.echo(say("ledger.rebuild.done", events=found.events))
    return 0


@ledger.command("rename-source", help=say("ledger.rename_source.help"))
@project_argument
@click.argument("old")
@click.argument("new")
def rename_source(project: Path, old: str, new: str) -> None:
    """Take a source's records over to its new name."""
    from pipelines.stewarding.opening import opened

    with opened(project) as (_, store):
        moved = store.rename_source(old, new)
    click.echo(say("ledger.renamed", n=moved, old=old, new=new))
