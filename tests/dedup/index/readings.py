"""Whether an index reads the records it was built from as the batch read them."""

import polars as pl

from dedup.index import Index


def misread(index: Index, clean: pl.DataFrame, most: int = 150) -> list[str]:
    """The fields of the first records whose value is another one in the index than in the batch."""
    wrong: list[str] = []
    for number, record in enumerate(clean.head(most).to_dicts()):
        row = index.register.row_of(number)
        before = [field.values.lengths() for field in index.fields]
        wrong.extend(
            f"{field.comparison.name} of record {number}"
            for field in index.fields
            if field.code_of(record) != field.codes.array[row]
        )
        for field, lengths in zip(index.fields, before, strict=True):
            field.forget(lengths)
    return wrong
