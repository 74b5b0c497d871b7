"""The guides leave nothing out, and their examples are what the program does."""

import re
from pathlib import Path

import polars as pl
import pytest
import yaml

from cleansing import clean_values, parts
from guiyi.kinds import Kind
from guiyi.spec import EntitySpec, SurvivorshipStrategy
from pipelines.stages import STAGES
from validators import Severity, load_suites
from validators.spec import SHORTHANDS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
REFUSED = re.compile(r'"((?:invalid|damaged): [^"{]*)')


def guide(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def table(name: str, header: str) -> list[list[str]]:
    """The rows of the Markdown table with this header."""
    lines = guide(name).splitlines()
    begin = lines.index(header) + 2
    rows = []
    for line in lines[begin:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def code_blocks(name: str) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", guide(name), re.DOTALL)


def named(rows: list[list[str]]) -> list[str]:
    """What the first cells name."""
    return [row[0].strip("`") for row in rows]


def test_every_shorthand_is_documented() -> None:
    """docs/suites.md has a line for each way to say an expectation, in order."""
    assert named(table("suites.md", "| say | with | holds when |")) == list(SHORTHANDS)


def test_every_severity_is_documented() -> None:
    """docs/suites.md says what each severity means."""
    rows = table("suites.md", "| `severity` | failing rows are known | they are not |")
    assert [name.split("`")[0] for name in named(rows)] == list(Severity)


def test_suites_shown_can_be_loaded(tmp_path: Path) -> None:
    """The suites in docs/suites.md are suites, and together they show every shorthand."""
    blocks = code_blocks("suites.md")
    for number, text in enumerate(blocks):
        (tmp_path / f"{number}.yaml").write_text(text, encoding="utf-8")
    suites = load_suites(["*.yaml"], tmp_path)
    assert len(suites) == len(blocks) == 2
    said = {
        name for suite in suites for spec in suite.expectations for name in spec.shorthands_given
    }
    assert said == set(SHORTHANDS)


def test_every_kind_and_part_is_documented() -> None:
    """docs/cleansing.md names each kind and exactly the parts it is taken into."""
    rows = table("cleansing.md", "| kind | parts |")
    assert named(rows) == list(Kind)
    for name, text in rows:
        listed = re.findall(r"`(\w+)`(?: \w+)?(?: \([^)]*\))?", text)
        assert listed == list(parts(Kind(name.strip("`")))), name


def test_the_examples_of_cleansing_are_true() -> None:
    """Each example of docs/cleansing.md is cleaned as it says, and each kind has one."""
    rows = table("cleansing.md", "| kind | raw | clean | reason |")
    assert {row[0].strip("`") for row in rows} == set(Kind)
    for kind in Kind:
        mine = [row[1:] for row in rows if row[0] == f"`{kind}`"]
        cleaned = clean_values(pl.Series([raw for raw, _, _ in mine]), kind)
        found = cleaned.select("value", "reason").rows()
        assert found == [(value or None, why.strip("`")) for _, value, why in mine]


def test_every_refusal_is_documented() -> None:
    """Whatever a cleaner may refuse a value with stands in docs/cleansing.md."""
    text = guide("cleansing.md")
    for file in (ROOT / "cleansing").rglob("*.py"):
        for code in REFUSED.findall(file.read_text(encoding="utf-8")):
            assert f"`{code}" in text, f"{file.name} refuses with `{code}`"


def test_every_survivorship_rule_is_documented() -> None:
    """docs/golden-records.md explains each rule, and its spec is one."""
    rows = table("golden-records.md", "| rule | the value that wins |")
    assert set(named(rows)) == set(SurvivorshipStrategy)
    (block,) = code_blocks("golden-records.md")
    spec = EntitySpec.model_validate(yaml.safe_load(block)["entities"]["company"])
    assert spec.survivorship["name"].sources == ("legacy", "sheet")


def test_every_stage_is_documented() -> None:
    """docs/runs.md lists the stages in order, and which of them change something."""
    rows = table("runs.md", "| stage | does | changes |")
    assert named(rows) == [stage.name for stage in STAGES]
    changing = [name.strip("`") for name, _, what in rows if what]
    reading = [stage.name for stage in STAGES if stage.outside and stage.name not in changing]
    assert reading == ["reconcile"]


@pytest.mark.parametrize("name", [path.name for path in sorted(DOCS.glob("*.md"))])
def test_links_between_pages_lead_somewhere(name: str) -> None:
    """No relative link of a page is broken, nor the heading it names."""
    for target, heading in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)", guide(name)):
        if target.startswith("http"):
            continue
        page = DOCS / target if target else DOCS / name
        assert page.exists(), f"{name} links to {target}"
        if heading:
            titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
            slugs = [re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles]
            assert heading in slugs, f"{name} links to {target}#{heading}"
