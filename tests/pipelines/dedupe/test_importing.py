"""Settings of other tools become an entity in a file, with what has no counterpart beside it."""

from pathlib import Path

import pytest

from guiyi.errors import SourceError
from guiyi.spec import read_entity
from pipelines.dedupe.importing import import_splink
from pipelines.dedupe.run import dedupe
from pipelines.files.reading import read_places

SAVED = Path(__file__).parents[2] / "dedup" / "model" / "data" / "splink_5.json"


def test_splink_settings_become_a_readable_entity(tmp_path: Path) -> None:
    out = tmp_path / "entity.yml"
    found = import_splink(SAVED, out)
    assert set(read_entity(out).fields) == {"unique_id", *found.fields}
    comments = [line for line in out.read_text("utf-8").splitlines() if line.startswith("# ")]
    assert len(comments) == len(found.left_out) + 1


def test_a_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text("comparisons:")
    with pytest.raises(SourceError, match="not JSON"):
        import_splink(tmp_path / "settings.json", tmp_path / "out.yml")


CASES = Path(__file__).parents[4] / "shared" / "data" / "cases" / "matching"


@pytest.mark.shared
@pytest.mark.skipif(not CASES.exists(), reason="../shared/data is absent")
def test_settings_that_block_on_an_uncompared_column_are_usable(tmp_path: Path) -> None:
    """The postcode proposes pairs and is no evidence; a key made in the program may be absent."""
    entity = tmp_path / "entity.yml"
    import_splink(CASES / "11_splink_block_on_uncompared.json", entity)
    spec = read_entity(entity)
    place = str(CASES / "03_people_special.csv")
    told = dedupe(read_places([place]), tmp_path / "out", spec, spec.match, lambda *_: None)
    assert told.rows == 1126
    assert told.clusters < 1050
    assert "no column `unique_id`" in told.notes[0]
