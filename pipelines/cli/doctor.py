"""`guiyi doctor`: what would stop a run, before it begins."""

import json
from pathlib import Path

import click

from pipelines.cli.options import json_option, project_argument
from pipelines.language.messages import language, say

SIGNS = {"ok": "✓", "fault": "✗", "note": "·"}


@click.command(help=say("doctor.help"))
@project_argument
@json_option
def doctor(project: Path, as_json: bool) -> int:
    """Check a project."""
    from pipelines.driving.doctor import examined

    findings = []
    for finding in examined(project):
        findings.append(finding)
        if not as_json:
            text = finding.text(language())
            click.echo(f"{SIGNS[finding.verdict]} {finding.part}: {text}")
    faults = sum(finding.verdict == "fault" for finding in findings)
    if as_json:
        found = [finding.as_json(language()) for finding in findings]
        click.echo(json.dumps({"faults": faults, "findings": found}, ensure_ascii=False))
    else:
        click.echo(say("doctor.faults" if faults else "doctor.fine", n=faults))
    return 1 if faults else 0
