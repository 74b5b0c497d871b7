"""`guiyi backup` and `guiyi restore`: a project's ledger and files, kept and brought back."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pipelines.stewarding.backup_jobs import Restored

from pipelines.cli.options import json_option, project_argument
from pipelines.language.messages import in_language, say

a_folder = click.Path(path_type=Path, file_okay=False)
folder_option = click.option("--out", type=a_folder, metavar="DIR", help=say("backup.out"))


class BackupGroup(click.Group):
    """A group whose `make` need not be said: `guiyi backup crm/`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take whatever is not a command of the group for what is to be backed up."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["make", *args]
        return super().parse_args(ctx, args)


@click.group(cls=BackupGroup, help=say("backup.help"))
def backup() -> None:
    """Hold the commands of backups together."""


@backup.command("make", help=say("backup.make.help"))
@project_argument
@folder_option
@click.option("--incremental", is_flag=True, help=say("backup.incremental"))
@click.option("--runs", is_flag=True, help=say("backup.runs"))
def make(project: Path, out: Path | None, incremental: bool, runs: bool) -> None:
    """Back a project up."""
    from pipelines.stewarding.backup_jobs import back_up

    done = back_up(project, incremental=incremental, out=out, runs=runs)
    if done.taken.why_full is not None:
        click.echo(say("backup.why_full", why=in_language(done.taken.why_full.message)))
    made = done.taken.backup
    stored = (table.changed for table in made.manifest.tables.values())
    rows = sum(one.rows for one in stored if one is not None)
    files = sum(one.kept_in == made.name for one in made.manifest.files)
    click.echo(say("backup.made", rows=rows, files=files, folder=made.folder))
    for file in done.left_out:
        click.echo(say("backup.left_out", file=file))
    for name in done.removed:
        click.echo(say("backup.removed", name=name))


@backup.command("list", help=say("backup.list.help"))
@project_argument
@folder_option
@json_option
def list_(project: Path, out: Path | None, as_json: bool) -> None:
    """List a project's backups."""
    from pipelines.stewarding.backup_jobs import backups_of

    backups, damaged = backups_of(project, out)
    if as_json:
        shown = [
            {**one.manifest.model_dump(include={"name", "kind", "at", "base", "entries"}),
             "folder": str(one.folder), "bytes": one.size}
            for one in backups
        ]  # fmt: skip
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    for one in backups:
        kind = say(f"backup.kind.{one.manifest.kind}")
        entries = say("backup.entries", entries=one.manifest.entries)
        at = one.manifest.at[:19].replace("T", " ")
        click.echo(f"{at}Z  {one.name}  {kind}  {entries}  {one.size / 1024:,.0f} kB")
    for error in damaged:
        click.echo(in_language(error.message))


@backup.command("drill", help=say("backup.drill.help"))
@project_argument
@folder_option
def drill(project: Path, out: Path | None) -> int:
    """Prove that the latest backup can be restored."""
    from pipelines.stewarding.backup_jobs import drill_latest

    made, proof, erased = drill_latest(project, out)
    click.echo(say("drill.of", name=made.name, at=made.manifest.at))
    for table, (expected, found) in proof.tables.items():
        click.echo(say("drill.rows", table=table, expected=expected, found=found))
    if proof.audit.intact:
        click.echo(say("ledger.intact", entries=proof.audit.entries, head=proof.audit.head))
    else:
        problem = in_language(proof.audit.problem)
        click.echo(say("ledger.broken", number=proof.audit.broken_at, problem=problem))
    for table, rows in proof.replayed.differences.items():
        click.echo(say("ledger.rebuild.differs", table=table, rows=rows))
    click.echo(say("drill.ids", ids=proof.golden_ids, lost=len(proof.unresolved)))
    for golden_id in proof.unresolved[:20]:
        click.echo(f"  {golden_id}")
    if erased:
        click.echo(say("drill.erased", n=erased))
    key = "drill.passed" if proof.passed else "drill.failed"
    click.echo(say(key, seconds=f"{proof.seconds:.1f}"))
    return 0 if proof.passed else 1


@click.command(help=say("restore.help"))
@click.argument("backups", metavar="BACKUP_DIR", type=a_folder)
@click.option(
    "--to-project", "to", required=True, metavar="DIR", type=click.Path(path_type=Path),
    help=say("restore.to"),
)  # fmt: skip
@click.option("--to", "when", metavar="TIME", help=say("restore.when"))
@click.option("--ledger", "url", metavar="URL", help=say("restore.ledger"))
@click.option("--replace", is_flag=True, help=say("restore.replace"))
def restore(backups: Path, to: Path, when: str | None, url: str | None, replace: bool) -> int:
    """Bring a project back to a backup."""
    from pipelines.erasing import erase_again
    from pipelines.stewarding.backup_jobs import restore as bring_back
    from pipelines.stewarding.golden_views import moment
    from pipelines.stewarding.opening import opened

    limit = None if when is None else moment(when)
    done = bring_back(backups, to, limit, replace=replace, url=url)
    entries = done.backup.manifest.entries
    click.echo(say("restore.done", name=done.backup.name, ledger=done.ledger, entries=entries))
    if done.lost:
        click.echo(say("restore.lost", entries=done.lost))
    for file in done.differing:
        if done.aside is None:
            click.echo(say("restore.left", file=file))
        else:
            click.echo(say("restore.moved", file=file, aside=done.aside))
    _tell_of_the_crm(done)
    with opened(done.file, url) as (project, ledger):
        again = erase_again(project, ledger, done.erasures)
    for one in again:
        about = {"golden_id": one.golden_id, "at": one.at[:10]}
        if one.problem is None:
            click.echo(say("restore.erased", **about))
        else:
            problem = in_language(one.problem)
            click.echo(say("restore.not_erased", **about, problem=problem, folder=project.folder))
    return 1 if any(one.problem is not None for one in again) else 0


def _tell_of_the_crm(done: "Restored") -> None:
    """Say what was loaded after the backup, and what to do about it."""
    about = {"at": done.backup.manifest.at[:19], "folder": done.file.parent}
    if done.batches:
        click.echo(say("restore.newer_crm", **about, n=len(done.batches)))
    elif done.unknown:
        click.echo(say("restore.unknown_batches", **about, n=len(done.unknown)))
    elif not done.had_ledger:
        click.echo(say("restore.unknown_crm", **about))
    for batch_id in done.batches or done.unknown:
        click.echo(f"  {batch_id}")
