"""A look-up reads national telephones as the batch did that the spec told their country."""

from pathlib import Path

import polars as pl

from benchmarks import persons
from cleansing import clean_table
from dedup.index import Index
from guiyi.kinds import Kind

KINDS = {"first_name": Kind.PERSON_NAME, "last_name": Kind.PERSON_NAME, "phone": Kind.PHONE}
HOMES = {"phone": "NL"}


def test_the_index_keeps_the_country_of_the_spec(tmp_path: Path) -> None:
    """The same E.164 key from the table and from a record typed in, also once saved."""
    raw = persons.register(300, 4).select("first_name", "last_name")
    raw = raw.with_columns(
        phone=pl.concat_str(pl.lit("020 555 "), pl.int_range(1000, 1000 + pl.len()))
    )
    clean = clean_table(raw, KINDS, HOMES)
    Index.build(clean, KINDS, homes=HOMES).save(tmp_path / "index")
    index = Index.open(tmp_path / "index")
    for row, record in enumerate(raw.head(20).to_dicts()):
        assert index._cleaner.clean(record)["phone.key"] == clean["phone.key"][row]
        assert clean["phone.key"][row].startswith("+3120555")
        assert index.find_raw(record)[0].row == row
