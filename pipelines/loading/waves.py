"""Which rows it is the turn of, where a project is loaded in waves: a pilot, a fifth, then all.

    rows, waiting = due(mapped, there, project)

A row is due if its wave's condition holds for it or, in an entity without a condition, if all rows
that it points to are due. What a due row points to is due with it, so that nothing dangles; and
what the CRM has of ours already stays maintained, whatever wave it is the turn of.
"""

from collections.abc import Mapping
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import polars as pl

from connectors.targets import EXTERNAL_ID
from guiyi.even_chunks import even_chunks
from guiyi.spec import Project
from guiyi.spec.expressions import condition
from guiyi.spec.places import SpecPlace
from pipelines.loading.planning import relations

Due = npt.NDArray[np.bool_]


def due(
    mapped: Mapping[str, pl.DataFrame], there: Mapping[str, pl.Series], project: Project
) -> tuple[dict[str, pl.DataFrame], dict[str, int]]:
    """The rows of each CRM entity that are due, and how many wait for later waves.

    `there`: by CRM entity, the external ids that have to be loaded whatever their wave. Raises
    SpecError for a condition that cannot be evaluated.
    """
    waves = project.load.due
    if not waves or any(not wave.where and wave.share is None for wave in waves):
        return dict(mapped), {}
    rows = _Turn(mapped, project)
    for name, ids in there.items():
        rows.mark(name, rows.tables[name][EXTERNAL_ID].is_in(ids.implode()).to_numpy())
    for number, wave in enumerate(waves):
        for name, sql in wave.where.items():
            place = _place(project, number).at("where", name)
            rows.mark(name, condition(sql, rows.tables[name], place).to_numpy())
        if wave.share is not None:
            rows.mark_share(wave.share)
    rows.follow({name for wave in waves for name in wave.where})
    found = {
        name: even_chunks(table.filter(pl.Series(rows.due[name])))
        for name, table in rows.tables.items()
    }
    waiting = {name: table.height - found[name].height for name, table in rows.tables.items()}
    return found, {name: count for name, count in waiting.items() if count}


def _place(project: Project, number: int) -> SpecPlace:
    return SpecPlace(project.file, f"load.waves.{number}")


class _Turn:
    """Which rows are due so far."""

    def __init__(self, mapped: Mapping[str, pl.DataFrame], project: Project) -> None:
        self.tables = dict(mapped)
        self.due: dict[str, Due] = {n: np.zeros(t.height, np.bool_) for n, t in mapped.items()}
        self._links = {
            name: {
                column: [one for one in of if one in mapped]
                for column, of in relations(project, name).items()
                if any(one in mapped for one in of)
            }
            for name in mapped
        }

    def mark(self, name: str, rows: Due) -> None:
        """Make rows due."""
        self.due[name] |= rows

    def mark_share(self, share: float) -> None:
        """Make a share of the rows due that point to no row of another entity."""
        for name, table in self.tables.items():
            root = self._is_root(name)
            self.mark(name, root & (_draw(table[EXTERNAL_ID]) < share))

    def follow(self, chosen: set[str]) -> None:
        """Let rows follow those they point to, and take with them what they point to, until no more
        do. Rows of the entities in `chosen` have conditions of their own and follow nobody.
        """
        while True:
            before = {name: int(rows.sum()) for name, rows in self.due.items()}
            for name in self.tables:
                if name not in chosen:
                    self.mark(name, self._led(name))
                self._pull(name)
            if {name: int(rows.sum()) for name, rows in self.due.items()} == before:
                return

    def _is_root(self, name: str) -> Due:
        root = np.ones(self.tables[name].height, np.bool_)
        for column, of in self._links[name].items():
            if set(of) != {name}:
                root &= self.tables[name][column].is_null().to_numpy()
        return root

    def _led(self, name: str) -> Due:
        """The rows of an entity that point to rows of others, all of which are due."""
        table = self.tables[name]
        led, some = np.ones(table.height, np.bool_), np.zeros(table.height, np.bool_)
        for column, of in self._links[name].items():
            if set(of) == {name}:
                continue
            ids = pl.concat([self._ids(one) for one in of])
            there = table[column].is_not_null().to_numpy()
            led &= ~there | table[column].is_in(ids.implode()).fill_null(False).to_numpy()
            some |= there
        return led & some

    def _pull(self, name: str) -> None:
        """Make due what the due rows of an entity point to."""
        table = self.tables[name].filter(pl.Series(self.due[name]))
        for column, of in self._links[name].items():
            wanted = table[column].drop_nulls().unique()
            for one in of:
                own = self.tables[one][EXTERNAL_ID]
                self.mark(one, own.is_in(wanted.implode()).to_numpy())

    def _ids(self, name: str) -> pl.Series:
        return self.tables[name][EXTERNAL_ID].filter(pl.Series(self.due[name]))


def _draw(external_ids: pl.Series) -> npt.NDArray[np.float64]:
    """A number from 0 to 1 for each id, the same in every run and on every machine."""
    digests = b"".join(blake2b(one.encode(), digest_size=8).digest() for one in external_ids)
    return np.frombuffer(digests, ">u8").astype(np.float64) / 2.0**64
