"""What changed in a table since the last backup: rows by their key, and a digest of each row."""

from collections.abc import Iterable, Iterator

import polars as pl

from governance.backups.rows import KINDS

DIGEST = "digest of the row"


class TableChanges:
    """Compares a table, slice by slice, with what it was.

    changes = TableChanges(key, columns, before)
    for rows in slices: changes.changed(rows)   # those that are new or another
    changes.removed()                           # once all slices were seen
    """

    def __init__(
        self, key: Iterable[str], columns: dict[str, str], before: Iterable[pl.DataFrame]
    ) -> None:
        self._key = list(key)
        shape = {name: KINDS[columns[name]][1] for name in self._key}
        self._nothing = pl.DataFrame(schema={**shape, DIGEST: pl.UInt64})
        parts = (self._digests(rows, list(columns)) for rows in before)
        self._before = pl.concat([self._nothing, *parts])
        self._columns = list(columns)
        self._seen = [self._nothing.select(self._key)]
        self.rows = 0

    def _digests(self, rows: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
        return rows.select(*self._key, pl.struct(columns).hash(seed=0).alias(DIGEST))

    def changed(self, slices: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        """The rows of each slice that are new or another."""
        for rows in slices:
            self.rows += rows.height
            self._seen.append(rows.select(self._key))
            now = self._digests(rows, self._columns)
            same = now.join(self._before, on=[*self._key, DIGEST], how="semi")
            yield rows.join(same, on=self._key, how="anti", maintain_order="left")

    def removed(self) -> pl.DataFrame:
        """The keys that were there and have not been seen."""
        gone = self._before.join(pl.concat(self._seen), on=self._key, how="anti")
        return gone.select(self._key)
