"""A run's folder keeps typed tables, each there whole or not at all."""

from pathlib import Path

import polars as pl
import pytest

from governance.run_folder import (
    EXTRACT,
    EXTRACT_DAMAGE,
    GOLDEN,
    MATCHES,
    QUARANTINE,
    TABLES,
    RunFolder,
    named,
)
from guiyi.errors import SourceError

MATCHED = pl.DataFrame(
    {
        "source": ["a", "a"],
        "record_id": ["t/1", "t/2"],
        "cluster_id": [0, 0],
        "cohesion": [1.0, 1.0],
    }
)


def test_a_table_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Whole, by some columns, or lazily; and its folder tells for which entities there is one."""
    folder = RunFolder(tmp_path)
    folder.write(MATCHES, MATCHED, "person")
    assert folder.read(MATCHES, "person").equals(MATCHED)
    assert folder.read(MATCHES, "person", ["record_id"]).columns == ["record_id"]
    assert folder.height(MATCHES, "person") == 2
    assert folder.names(MATCHES) == ["person"]
    assert folder.file(MATCHES, "person") == tmp_path / "matches" / "person.parquet"


def test_a_lazy_table_is_the_same_table(tmp_path: Path) -> None:
    """What is written piece by piece is what would be written at once, in its order."""
    folder = RunFolder(tmp_path)
    folder.write(MATCHES, MATCHED.lazy(), "person", {"guiyi.origin": "here"})
    assert folder.read(MATCHES, "person").equals(MATCHED)
    about = pl.read_parquet_metadata(folder.file(MATCHES, "person"))
    assert about["guiyi.origin"] == "here"


@pytest.mark.parametrize(
    "wrong",
    [
        MATCHED.drop("cohesion"),
        MATCHED.with_columns(pl.col("cluster_id").cast(pl.String)),
        MATCHED.with_columns(further=pl.lit(1)),
    ],
)
def test_other_columns_are_refused_and_nothing_is_written(
    tmp_path: Path, wrong: pl.DataFrame
) -> None:
    """A missing column, another type or a column too many is a mistake of the program."""
    folder = RunFolder(tmp_path)
    with pytest.raises(TypeError, match="matches"):
        folder.write(MATCHES, wrong, "person")
    assert not folder.has(MATCHES, "person")


def test_a_write_that_fails_leaves_the_table_as_it_was(tmp_path: Path) -> None:
    """Whoever reads a table never finds half of it."""
    folder = RunFolder(tmp_path)
    folder.write(MATCHES, MATCHED, "person")
    broken = MATCHED.lazy().with_columns(pl.lit("x").cast(pl.Float64).alias("cohesion"))
    with pytest.raises(pl.exceptions.PolarsError):
        folder.write(MATCHES, broken, "person")
    assert folder.read(MATCHES, "person").equals(MATCHED)


def test_a_table_that_was_not_written_is_named(tmp_path: Path) -> None:
    """Its stage did not run."""
    with pytest.raises(SourceError, match="golden"):
        RunFolder(tmp_path).read(GOLDEN, "person")


def test_every_table_has_a_name_of_its_own() -> None:
    """A name leads to its table, also where a source's table has slashes in its own."""
    assert len({table.name for table in TABLES}) == len(TABLES)
    for table in TABLES:
        of = "entity" if table.per else ""
        assert named(f"{table.name}/{of}" if of else table.name) == (table, of)
    assert named("extract/a.b/c") == (EXTRACT, "a.b/c")
    assert named("extract/damage/a.b") == (EXTRACT_DAMAGE, "a.b")
    assert named("quarantine") == (QUARANTINE, "")
    with pytest.raises(KeyError):
        named("golden")
