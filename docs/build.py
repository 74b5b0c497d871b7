"""Writes the reference pages that follow from the code: spec.md, commands.md and api.md.

`make docs` runs it; a test proves the pages fresh.
"""

import os
import sys
from pathlib import Path
from typing import Any

os.environ["GUIYI_LANG"] = "en"

sys.path.insert(0, str(Path(__file__).parent))

import click
from api_page import api_page

from guiyi.spec import json_schema
from pipelines.cli.main import COMMANDS, cli

HERE = Path(__file__).parent
TITLES = {
    "Project": "guiyi.yaml",
    "TableSpec": "sources.NAME.tables[]",
    "Window": "sources.NAME.tables[].window",
    "RefSpec": "sources.NAME.tables[].refs.NAME",
    "EntitySpec": "entities.NAME",
    "FieldSpec": "entities.NAME.fields.NAME",
    "Imputation": "entities.NAME.fields.NAME.impute",
    "MatchSpec": "entities.NAME.match",
    "SurvivorshipRule": "entities.NAME.survivorship.NAME",
    "ProtectionSpec": "entities.NAME.protection",
    "GateSpec": "gate",
    "CrmEntitySpec": "mapping.NAME",
    "CrmFieldSpec": "mapping.NAME.fields.NAME",
    "LoadSpec": "load",
    "WaveSpec": "load.waves[]",
    "AuthSpec": "target.auth",
    "ODataEntitySpec": "target.entities.NAME",
    "ODataLookupSpec": "target.entities.NAME.lookups.NAME",
    "HubspotRelationSpec": "target.relations.NAME.NAME",
    "KingdeeLoginSpec": "target.login",
    "KingdeeFormSpec": "target.entities.NAME, of kingdee",
    "RestReadSpec": "target.read",
    "RestPagingSpec": "target.read.paging",
    "RestFindSpec": "target.find",
    "RestWriteSpec": "target.create, target.update, target.delete",
    "RestDescribeSpec": "target.describe",
    "RestErrorsSpec": "target.errors",
    "RestEntitySpec": "target.entities.NAME, of rest",
    "RestFieldSpec": "target.entities.NAME.fields.NAME",
    "TrytonEntitySpec": "target.entities.NAME, of tryton",
    "TrytonColumnSpec": "target.entities.NAME.columns.NAME",
    "PrivacySpec": "privacy",
    "RoleSpec": "privacy.roles.NAME",
    "ConsoleSpec": "console",
    "ScheduleSpec": "schedule[]",
    "BackupSpec": "backup",
    "RetentionSpec": "retention",
    "OidcSpec": "console.oidc",
}
"""Where each part of the spec stands in guiyi.yaml."""


def spec_page() -> str:
    """Describe every key of guiyi.yaml."""
    schema = json_schema()
    definitions = schema["$defs"]
    parts = {
        TITLES["Project"]: schema,
        **_kinds_of("sources.NAME", schema["properties"]["sources"]["patternProperties"]),
        **{title: definitions[name] for name, title in TITLES.items() if name in definitions},
        **_kinds_of("target", {"target": schema["properties"]["target"]}),
    }
    lines = [
        "# The project spec: guiyi.yaml",
        "",
        "Unknown keys are refused, with file, line and path. `guiyi schema` prints the JSON Schema "
        "for editors. This page is written by `make docs`.",
    ]
    for title, part in parts.items():
        lines += ["", f"## `{title}`", "", _sentence(part.get("description", "")), ""]
        lines += ["| key | value | default | meaning |", "|---|---|---|---|"]
        for key, value in part["properties"].items():
            required = key in part.get("required", [])
            default = "**required**" if required else f"`{_default(value.get('default'))}`"
            meaning = value.get("description") or _referred(value, definitions)
            lines.append(
                f"| `{key}` | {_type(value, definitions)} | {default} | {_sentence(meaning)} |"
            )
    choices = {name: part for name, part in definitions.items() if "enum" in part}
    for name, part in sorted(choices.items()):
        lines += ["", f"## {name}", "", _sentence(part.get("description", "")), ""]
        lines.append(", ".join(f"`{value}`" for value in part["enum"]))
    return "\n".join(lines) + "\n"


def _kinds_of(title: str, place: dict[str, Any]) -> dict[str, Any]:
    """Each kind of source or target with its keys."""
    (choice,) = place.values()
    return {
        f"{title}, kind: {part['properties']['kind']['const']}": part
        for part in choice.get("oneOf", [choice])
    }


def _sentence(text: str) -> str:
    return " ".join(text.split())


def _referred(value: dict[str, Any], definitions: dict[str, Any]) -> str:
    name = value.get("$ref", "").rpartition("/")[2]
    return str(definitions.get(name, {}).get("description", ""))


def _default(value: Any) -> str:
    if value in (None, [], {}):
        return "none"
    if isinstance(value, dict):
        return "see below"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _type(value: dict[str, Any], definitions: dict[str, Any]) -> str:
    if "oneOf" in value or "const" in value.get("properties", {}).get("kind", {}):
        tables = value.get("oneOf", [value])[0]["properties"]["tables"]
        place = "sources.NAME" if tables["type"] == "array" else "target"
        return f"the keys of its kind, see `{place}, kind: …`"
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        if "enum" in definitions[name]:
            return f"a {name}"
        return f"see `{TITLES[name]}`"
    if "anyOf" in value:
        return " or ".join(dict.fromkeys(_type(v, definitions) for v in value["anyOf"]))
    if "const" in value:
        return f"`{value['const']}`"
    if "enum" in value:
        return " or ".join(f"`{item}`" for item in value["enum"])
    match value.get("type"):
        case "array":
            return f"list of {_type(value.get('items', {}), definitions)}"
        case "object":
            patterns = value.get("patternProperties", {})
            inner = next(iter(patterns.values()), value.get("additionalProperties", {}))
            return f"NAME → {_type(inner, definitions)}"
        case "null":
            return "none"
        case other:
            return str(other or "anything")


def commands_page() -> str:
    """Describe every command."""
    lines = [
        "# The command line",
        "",
        "Exit codes: 0 passed, 1 a gate failed, 2 could not run, 130 interrupted. Messages are "
        "Chinese or English by `GUIYI_LANG` or `LANG`. This page is written by `make docs`.",
    ]
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        if command is None:
            raise LookupError(name)
        context = click.Context(command, info_name=f"guiyi {name}")
        lines += ["", f"## guiyi {name}", "", "```text", command.get_help(context), "```"]
        for part, own in getattr(command, "commands", {}).items():
            text = click.Context(own, info_name=f"guiyi {name} {part}").get_help()
            lines += ["", f"### guiyi {name} {part}", "", "```text", text, "```"]
    return "\n".join(lines) + "\n"


PAGES = {"spec.md": spec_page, "commands.md": commands_page, "api.md": api_page}


if __name__ == "__main__":
    for file, write in PAGES.items():
        (HERE / file).write_text(write(), encoding="utf-8")
