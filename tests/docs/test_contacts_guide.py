"""docs/contacts.md says what the sources of contacts give."""

import re
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from connectors.sources.card.source import TRUSTED
from connectors.sources.contacts import COLUMNS
from guiyi.spec.sources import AnySource

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "contacts.md").read_text(encoding="utf-8")


def test_every_column_is_documented() -> None:
    """The table of columns is the table of columns, in order."""
    table = GUIDE.split("| column | holds |")[1].split("\n\n")[0]
    assert tuple(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == COLUMNS


def test_the_sources_shown_are_sources() -> None:
    """What stands in the guide can stand in a guiyi.yaml."""
    (block,) = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    for source in yaml.safe_load(block)["sources"].values():
        TypeAdapter(AnySource).validate_python(source)


def test_every_problem_of_mail_is_documented() -> None:
    """Each code that a mailbox can bring stands in the guide, and no other."""
    code = "".join(
        path.read_text("utf-8") for path in (ROOT / "connectors/sources/mail").glob("*.py")
    )
    raised = set(re.findall(r'"((?:skipped|unreadable): [^"{]+)"', code))
    said = set(re.findall(r"^\| `((?:skipped|unreadable): [^`]+)`", GUIDE, re.MULTILINE))
    assert said == raised


def test_the_confidence_asked_for_is_documented() -> None:
    """The guide names the confidence below which a field is doubtful."""
    assert f"A field below {TRUSTED} is damage" in GUIDE
