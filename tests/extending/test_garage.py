"""The package of docs/extending.md, built outside the tree, takes part in everything."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
import yaml

from tests.extending.garage import build, guiyi, run

PROVINCES = "粤沪京川浙"
NAMES = ["Ann Lee", "Bob Ray", "Carla Gomez", "Dan Wood", "Eva Stein", "Fay Moore", "Gus Hale"]


def customers() -> Iterator[dict[str, str]]:
    """Forty owners, ten of them twice, the second time with another spelling of their plate."""
    draw = random.Random(7)
    for number in range(40):
        plate = f"{draw.choice(PROVINCES)}{draw.choice('ABCD')}{draw.randrange(10**4, 10**5)}"
        name = f"{NAMES[number % 7]}{'abcdefghijk'[number // 7]}"
        phone = f"138{draw.randrange(10**7, 10**8)}"
        yield {"name": name, "plate": plate, "phone": phone}
        if number < 10:
            yield {"name": name, "plate": f"{plate[:2].lower()}·{plate[2:]}", "phone": phone}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder the package is installed in."""
    folder = tmp_path_factory.mktemp("site")
    build(folder)
    return folder


@pytest.fixture
def garage(tmp_path: Path) -> Path:
    """A file of its kind, with a line that cannot be read."""
    file = tmp_path / "customers.jsonl"
    lines = [json.dumps(row, ensure_ascii=False) for row in customers()]
    file.write_text("\n".join([*lines, "no JSON"]) + "\n", encoding="utf-8")
    return file


def test_the_package_keeps_its_promises(site: Path) -> None:
    """The tests that the page shows pass as they stand there."""
    done = run(site, "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(site), "tests")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout


def test_a_project_is_proposed_and_run_with_it(site: Path, garage: Path, tmp_path: Path) -> None:
    """Source, kind and target stand in guiyi.yaml like ours, and a second run changes nothing."""
    folder = tmp_path / "crm"
    guiyi(site, "init", folder, "--from", garage)
    file = folder / "guiyi.yaml"
    spec = yaml.safe_load(file.read_text(encoding="utf-8"))
    (source,) = spec["sources"].values()
    assert (source["kind"], source["path"]) == ("jsonl", "../customers.jsonl")
    (entity,) = spec["entities"].values()
    assert entity["fields"]["plate"] == "plate"
    spec["target"] = {"kind": "json_files", "folder": "loaded"}
    spec["privacy"] = {"mask": ["plate"]}
    file.write_text(yaml.safe_dump(spec, allow_unicode=True), encoding="utf-8")
    guiyi(site, "run", folder)
    (loaded,) = (folder / "loaded").glob("*.json")
    rows = json.loads(loaded.read_text(encoding="utf-8"))
    assert len(rows) == 40
    assert all(len(row["plate"]) == 7 for row in rows.values())
    report = max((folder / ".guiyi" / "runs").glob("*/report.html")).read_text(encoding="utf-8")
    assert not any(row["plate"] in report for row in rows.values())
    assert "licence plate" in report
    before = loaded.read_bytes()
    assert "0" in guiyi(site, "run", folder)
    assert loaded.read_bytes() == before


def test_a_misspelt_key_of_it_is_refused_with_its_line(site: Path, garage: Path) -> None:
    """The keys are those of the package's model, and no others."""
    file = garage.with_name("guiyi.yaml")
    file.write_text(
        "project: x\nsources:\n  garage:\n    kind: jsonl\n    path: customers.jsonl\n"
        "    encodign: utf-8\n    tables:\n      - {entity: owner, columns: {plate: plate}}\n"
        "entities:\n  owner:\n    fields: {plate: plate}\n"
    )
    done = run(site, "guiyi", "check", garage.parent)
    assert done.returncode == 2
    assert "guiyi.yaml:6: sources.garage.encodign: unknown key — did you mean `encoding`?" in (
        done.stderr
    )


def test_files_of_it_are_cleaned_and_matched(site: Path, garage: Path, tmp_path: Path) -> None:
    """`clean` and `dedupe` know file and column; its comparison is among those of the model."""
    said = guiyi(site, "clean", garage, "--out", tmp_path / "clean.csv")
    assert "plate: plate (" in said
    assert "have the form of a licence plate; the header agrees" in said
    model = tmp_path / "model.json"
    guiyi(site, "dedupe", garage, "--out", tmp_path / "out", "--save-model", model)
    fields = {one["name"]: one["type"] for one in json.loads(model.read_text())["comparisons"]}
    assert fields["plate"] == "PlateComparison"
    clusters = (tmp_path / "out" / "clusters.csv").read_text(encoding="utf-8").splitlines()
    ids = [line.split(",")[1] for line in clusters[1:]]
    assert len(ids) - len(set(ids)) == 10


def test_recordlinkage_compares_it_as_it_says(site: Path, garage: Path, tmp_path: Path) -> None:
    """`--engine recordlinkage` compares plates by its similarity: one wrong character is alike."""
    last = list(customers())[-1]
    misread = {**last, "plate": f"{last['plate'][:-1]}X"}
    with garage.open("a", encoding="utf-8") as file:
        file.write(json.dumps(misread, ensure_ascii=False) + "\n")
    guiyi(site, "dedupe", garage, "--engine", "recordlinkage", "--out", tmp_path / "out")
    pairs = pl.read_parquet(tmp_path / "out" / "pairs.parquet")
    assert "alike" in pairs["level.plate"].to_list()


def test_a_saved_index_of_it_is_looked_up(site: Path, garage: Path, tmp_path: Path) -> None:
    """An index keeps the comparison, and finds a plate that was misread."""
    first = next(customers())
    guiyi(site, "lookup", garage, "--save", tmp_path / "index")
    asked = json.dumps({"plate": f"{first['plate'][:2]}·{first['plate'][2:]}", "name": "A Lee"})
    said = guiyi(site, "lookup", tmp_path / "index", "--record", asked)
    assert first["name"] in said


def test_pairs_of_its_values_are_compared(site: Path, tmp_path: Path) -> None:
    """`guiyi compare` takes the kind, and compares by its key."""
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("left,right\n粤B·12345,粤b12345\n粤B12345,沪A99999\n", encoding="utf-8")
    guiyi(site, "compare", pairs, "--kind", "plate", "--out", tmp_path / "judged.csv")
    judged = (tmp_path / "judged.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[3] for line in judged[1:]] == ["match", "non-match"]


def test_the_schema_for_editors_has_it(site: Path) -> None:
    """`guiyi schema` describes the keys of the package beside ours."""
    schema = json.loads(guiyi(site, "schema"))
    assert {"plate", "organisation_id", "uscc"} <= set(schema["$defs"]["Kind"]["enum"])
    sources = next(iter(schema["properties"]["sources"]["patternProperties"].values()))["oneOf"]
    assert "jsonl" in {one["properties"]["kind"]["const"] for one in sources}
    targets = {
        one["properties"]["kind"]["const"] for one in schema["properties"]["target"]["oneOf"]
    }
    assert targets >= {"json_files", "sql"}
