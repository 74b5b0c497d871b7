"""`guiyi audit`: the audit chain, its signed checkpoints and its proofs."""

import json
from pathlib import Path

import click

from pipelines.cli.listing import echo_table
from pipelines.cli.options import json_option, project_argument
from pipelines.language.messages import in_language, say

a_file = click.Path(path_type=Path, dir_okay=False)
out_option = click.option("--out", type=a_file, help=say("audit.out"))


@click.group(help=say("audit.help"))
def audit() -> None:
    """Hold the commands of the audit chain together."""


@audit.command("list", help=say("audit.list.help"))
@project_argument
@click.option("--action", metavar="TEXT", default="", help=say("audit.action"))
@click.option(
    "--last", type=click.IntRange(1), default=20, show_default=True, help=say("audit.last")
)
@json_option
def list_(project: Path, action: str, last: int, as_json: bool) -> None:
    """List the latest entries."""
    from pipelines.stewarding.opening import opened

    with opened(project) as (_, ledger):
        trail = ledger.audit_trail()
    entries = [one for one in trail.to_dicts() if one["action"].startswith(action)][-last:]
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False))
        return
    columns = ("number", "at", "actor", "action", "subject")
    rows = [{**one, "at": one["at"][:19].replace("T", " "), "actor": one["who"]} for one in entries]
    echo_table(columns, [[row[name] for name in columns] for row in rows])
    click.echo(say("audit.listed", shown=len(entries), total=trail.height))


@audit.command("checkpoint", help=say("audit.checkpoint.help"))
@project_argument
@out_option
@click.option("--key", type=a_file, help=say("audit.key"))
def checkpoint(project: Path, out: Path | None, key: Path | None) -> None:
    """Sign the chain as it is now."""
    from pipelines.stewarding.audit_files import keep_checkpoint
    from pipelines.stewarding.opening import opened

    with opened(project) as (spec, ledger):
        file, made = keep_checkpoint(spec, ledger, out, key)
    click.echo(say("audit.signed", entries=made["size"], root=made["root"], file=file))
    click.echo(say("audit.public_key", public=made["public_key"]))


@audit.command("verify", help=say("audit.verify.help"))
@project_argument
@click.option("--checkpoint", "kept", type=a_file, multiple=True, help=say("audit.kept"))
@click.option("--public-key", "keys", type=a_file, multiple=True, help=say("audit.keys"))
def verify(project: Path, kept: tuple[Path, ...], keys: tuple[Path, ...]) -> int:
    """Check the chain and what was kept of it."""
    return say_whether_whole(project, kept, keys)


def say_whether_whole(
    project: Path, kept: tuple[Path, ...] = (), keys: tuple[Path, ...] = ()
) -> int:
    """Verify a project's audit chain and say what was found; the exit code."""
    from pipelines.stewarding.audit_files import verify
    from pipelines.stewarding.opening import opened

    with opened(project) as (spec, ledger):
        check, checkpoints = verify(spec, ledger, kept, keys)
    problem = in_language(check.problem)
    if check.broken_at == 0:
        click.echo(say("audit.untrusted", problem=problem))
        return 1
    if not check.intact:
        click.echo(say("ledger.broken", number=check.broken_at, problem=problem))
        return 1
    click.echo(say("ledger.intact", entries=check.entries, head=check.head))
    if checkpoints:
        newest = max(checkpoints, key=lambda one: int(one["size"]))
        click.echo(say("audit.held", checkpoints=len(checkpoints), entries=newest["size"]))
    else:
        click.echo(say("audit.none_kept"))
    return 0


@audit.command("proof", help=say("audit.proof.help"))
@project_argument
@click.option("--entry", type=click.IntRange(1), metavar="N", help=say("audit.entry"))
@click.option("--checkpoint", "kept", type=a_file, help=say("audit.proof_in"))
@click.option("--extends", "older", type=a_file, metavar="FILE", help=say("audit.extends"))
@out_option
def proof(
    project: Path, entry: int | None, kept: Path | None, older: Path | None, out: Path | None
) -> None:
    """Prove that a checkpoint holds an entry, or extends an older checkpoint."""
    from governance.checkpoints import as_text
    from pipelines.stewarding.audit_files import entry_proof, extension_proof, write_private
    from pipelines.stewarding.opening import opened

    if (entry is None) == (older is None or kept is None):
        raise click.UsageError(say("audit.proof_usage"))
    with opened(project) as (spec, ledger):
        if older is not None and kept is not None:
            made = extension_proof(ledger, older, kept)
        else:
            made = entry_proof(spec, ledger, entry or 0, kept)
    if out is None:
        click.echo(as_text(made), nl=False)
    else:
        write_private(out, as_text(made))


@audit.command("export", help=say("audit.export.help"))
@project_argument
@click.option("--out", required=True, type=a_file, help=say("audit.out"))
def export(project: Path, out: Path) -> None:
    """Write the chain to a file."""
    from pipelines.stewarding.audit_files import export_chain
    from pipelines.stewarding.opening import opened

    with opened(project) as (spec, ledger):
        entries = export_chain(spec, ledger, out)
    click.echo(say("audit.exported", entries=entries, file=out))
