"""A CRM behind an OData V4 service, one entity set a CRM entity."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from connectors.targets.contract import EXTERNAL_ID, Rejection
from connectors.targets.http import HttpSession
from connectors.targets.odata.catalogue import ServiceCatalogue
from connectors.targets.odata.reading import ODataReader, StandingRow
from connectors.targets.odata.spec import ODataTargetSpec
from connectors.targets.odata.table import ODataTable
from connectors.targets.odata.values import UnfitValue, to_json
from connectors.targets.odata.writing import ODataWriter, WantedRow, WriteRecord
from connectors.targets.reasons import CHANGED, NOT_MAPPED, REQUIRED
from guiyi.errors import ConnectionLost, GuiyiError, OutcomeUnknown, TargetError
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message, as_message

Known = dict[str, StandingRow]


class ODataTarget:
    """Rows of text in and out of an OData service, by external id."""

    def __init__(self, session: HttpSession, spec: ODataTargetSpec) -> None:
        self._session = session
        self._catalogue = ServiceCatalogue(session, spec)
        self._reader = ODataReader(session, spec.page_size, spec.search)
        self._writer = ODataWriter(session, self._reader, spec.batch, spec.batch_size)
        self._seen: dict[str, _SeenRows] = {}
        self._doubt: dict[str, dict[str, _DoubtfulRow]] = {}

    @property
    def place(self) -> str:
        """The root of the service, without secrets."""
        return self._session.place

    def check(self, entity: str, columns: Sequence[str]) -> bool:
        """See whether entity set and properties are there, without changing anything.

        Raises TargetError that names what is missing: nothing is made.
        """
        self._catalogue.table(entity, columns)
        return True

    def prepare(self, entity: str, columns: Sequence[str]) -> None:
        """Look again whether all is there."""
        self._look_again(entity, columns)

    def fetch(
        self, entity: str, columns: Sequence[str], external_ids: Sequence[str] | None = None
    ) -> pl.DataFrame:
        """Read rows as canonical text. Rows asked for by their ids are remembered with their
        versions, so that a change since then is not written over.
        """
        table = self._catalogue.table(entity, columns)
        try:
            if external_ids is None:
                return _frame(columns, list(self._reader.all(table, columns)))
            found = self._reader.some(table, columns, external_ids)
        except TargetError as error:
            raise self._because(error, entity, columns) from None
        self._seen[entity] = _SeenRows(tuple(columns), frozenset(external_ids), found)
        return _frame(columns, list(found.values()))

    def canonical(self, entity: str, rows: pl.DataFrame) -> pl.DataFrame:
        """Spell rows the way `fetch` would if they were in the target."""
        names = [name for name in rows.columns if name != EXTERNAL_ID]
        table = self._catalogue.table(entity, names)
        columns = [
            series if series.name == EXTERNAL_ID else _spelled(table, series) for series in rows
        ]
        return even_chunks(pl.DataFrame(columns))

    def unfit(self, entity: str, rows: pl.DataFrame) -> list[Rejection]:
        """Tell which rows $metadata says cannot be held."""
        names = [name for name in rows.columns if name != EXTERNAL_ID]
        return self._faults(entity, self._catalogue.table(entity, names), rows)

    def upsert(self, entity: str, rows: pl.DataFrame) -> list[Rejection]:
        """Write rows, and read back whether they are in.

        There is no transaction: on TargetError what was written is taken back. If that fails too,
        or nothing answers, OutcomeUnknown is raised, and the same call again asks first.
        """
        names = [name for name in rows.columns if name != EXTERNAL_ID]
        record = WriteRecord()
        table: ODataTable | None = None
        wanted: list[WantedRow] = []
        before: Known = {}
        try:
            table = self._catalogue.table(entity, names)
            rejected = self._faults(entity, table, rows)
            out = {rejection.external_id for rejection in rejected}
            spelled = self.canonical(entity, rows).select(EXTERNAL_ID, *names)
            wanted = [WantedRow(i, tuple(v)) for i, *v in spelled.iter_rows() if i not in out]
            before = self._before(entity, table, names, wanted)
            wanted = self._settled(entity, names, wanted, before, record)
            self._writer.write(table, names, wanted, before, record)
            if record.refused:  # perhaps a property is gone: then it is no row's fault
                self._look_again(entity, names)
        except ConnectionLost:
            self._note_doubt(entity, names, wanted, before, record)
            raise
        except TargetError as error:
            why = self._because(error, entity, names)
            if table is not None and not self._take_back(table, names, wanted, before, record):
                self._note_doubt(entity, names, wanted, before, record)
            if self._doubt.get(entity):
                raise OutcomeUnknown(why.what, place=why.place, hint=why.hint) from None
            raise why from None
        self._doubt.pop(entity, None)
        self._remember(entity, names, [row.external_id for row in wanted], before | record.now)
        return [*rejected, *record.rejections]

    def delete(self, entity: str, external_ids: Sequence[str]) -> None:
        """Remove rows that are as they were when they were last asked for, and see them gone."""
        table = self._catalogue.table(entity, ())
        seen = self._seen.get(entity)
        left = self._writer.remove(table, list(external_ids), {} if seen is None else seen.rows)
        if left:
            raise TargetError(
                Message.counted(
                    "{n} row was not deleted ({row}: {reason})",
                    "{n} rows were not deleted (the first, {row}: {reason})",
                    n=len(left),
                    row=left[0].external_id,
                    reason=as_message(left[0].reason),
                ),
                place=self.place,
                hint="see what holds it in the CRM, then try again",
            )

    def close(self) -> None:
        """Close every connection."""
        self._session.close()

    def _faults(self, entity: str, table: ODataTable, rows: pl.DataFrame) -> list[Rejection]:
        """The first thing that is wrong with each row, told from $metadata."""
        found: dict[str, Rejection] = {}
        ids = rows[EXTERNAL_ID].to_list()
        for name in (EXTERNAL_ID, *(n for n in rows.columns if n != EXTERNAL_ID)):
            if name in table.lookups:
                continue
            prop = table.prop(table.key if name == EXTERNAL_ID else name)
            reasons: dict[str | None, str | None] = {}
            for external_id, text in zip(ids, rows[name], strict=True):
                if text not in reasons:
                    reasons[text] = _why_not(table, prop.name, text)
                reason = reasons[text]
                if reason is not None:
                    found.setdefault(external_id, Rejection(external_id, prop.name, reason))
        columns = [name for name in rows.columns if name != EXTERNAL_ID]
        required = table.required(columns)
        if required:
            named = ", ".join(required)
            for external_id in self._new(entity, table, columns, ids):
                found.setdefault(external_id, Rejection(external_id, named, NOT_MAPPED))
        return [found[i] for i in ids if i in found]

    def _new(
        self, entity: str, table: ODataTable, columns: Sequence[str], ids: Sequence[str]
    ) -> list[str]:
        seen = self._seen.get(entity)
        if seen is None or not seen.ids >= set(ids):
            there = self._reader.some(table, columns, ids)
        else:
            there = seen.rows
        return [external_id for external_id in ids if external_id not in there]

    def _before(
        self, entity: str, table: ODataTable, columns: Sequence[str], wanted: Sequence[WantedRow]
    ) -> Known:
        """The rows as the caller knows them; read now where the caller has not asked for them, or
        where it is not known what became of them.
        """
        ids = [row.external_id for row in wanted]
        seen = self._seen.get(entity)
        if seen is None or seen.columns != tuple(columns) or not seen.ids >= set(ids):
            return self._reader.some(table, columns, ids)
        doubt = self._doubt.get(entity, {})
        doubtful = [external_id for external_id in ids if external_id in doubt]
        known = {i: seen.rows[i] for i in ids if i in seen.rows and i not in doubt}
        return known | (self._reader.some(table, columns, doubtful) if doubtful else {})

    def _settled(
        self,
        entity: str,
        columns: Sequence[str],
        wanted: list[WantedRow],
        now: Known,
        record: WriteRecord,
    ) -> list[WantedRow]:
        """Leave out rows that others have changed since a call whose end is unknown: they are
        neither as that call found them nor as it was to leave them.
        """
        doubt = self._doubt.get(entity, {})
        kept = []
        for row in wanted:
            doubtful, there = doubt.get(row.external_id), now.get(row.external_id)
            if (
                doubtful is None
                or doubtful.columns != tuple(columns)
                or (there is not None and there.values == row.values)
                or doubtful.explains(there)
            ):
                kept.append(row)
            else:
                record.rejections.append(Rejection(row.external_id, None, CHANGED))
        return kept

    def _note_doubt(
        self,
        entity: str,
        columns: Sequence[str],
        wanted: Sequence[WantedRow],
        before: Known,
        record: WriteRecord,
    ) -> None:
        known = self._doubt.setdefault(entity, {})
        for row in wanted:
            if row.external_id in record.touched:
                was = before.get(row.external_id)
                first = _DoubtfulRow(tuple(columns), was, frozenset())
                known[row.external_id] = known.get(row.external_id, first).also(row.values)

    def _take_back(
        self,
        table: ODataTable,
        columns: Sequence[str],
        wanted: Sequence[WantedRow],
        before: Known,
        record: WriteRecord,
    ) -> bool:
        """Make rows what they were before a call that is refused in its middle; tell whether they
        are. What others have changed since stays; a column that is gone has taken its values along.
        """
        rows = [row for row in wanted if row.external_id in record.touched]
        if not rows:
            return True
        self._seen.pop(table.entity, None)
        left = [n for n, name in enumerate(columns) if self._has(table.entity, name)]
        names = [columns[n] for n in left]

        def is_ours(row: WantedRow) -> bool:
            there = now.get(row.external_id)
            ours = tuple(row.values[n] for n in left)
            return there is not None and (
                there.values == ours or there.is_as(record.now.get(row.external_id))
            )

        def former(external_id: str) -> WantedRow:
            return WantedRow(external_id, tuple(before[external_id].values[n] for n in left))

        try:
            now = self._reader.some(table, names, [row.external_id for row in rows])
            ours = [row.external_id for row in rows if is_ours(row)]
            undone = WriteRecord()
            self._writer.write(table, names, [former(i) for i in ours if i in before], now, undone)
            remain = self._writer.remove(table, [i for i in ours if i not in before], now)
        except GuiyiError:
            return False
        return not remain and not undone.rejections

    def _because(self, error: TargetError, entity: str, columns: Sequence[str]) -> TargetError:
        """Why a call was refused: because something is gone, if anything is."""
        try:
            self._look_again(entity, columns)
        except TargetError as better:
            return better
        except GuiyiError:
            return error
        return error

    def _look_again(self, entity: str, columns: Sequence[str]) -> None:
        """Read $metadata again. Raises TargetError for what has gone from it."""
        self._catalogue.forget()
        self._catalogue.table(entity, columns)

    def _has(self, entity: str, column: str) -> bool:
        try:
            self._catalogue.table(entity, [column])
        except GuiyiError:
            return False
        return True

    def _remember(
        self, entity: str, columns: Sequence[str], ids: Sequence[str], rows: Known
    ) -> None:
        wanted = frozenset(ids)
        there = {i: row for i, row in rows.items() if i in wanted}
        self._seen[entity] = _SeenRows(tuple(columns), wanted, there)


@dataclass(frozen=True)
class _SeenRows:
    """Rows as the caller last saw them."""

    columns: tuple[str, ...]
    ids: frozenset[str]
    """What was asked for."""
    rows: Known
    """What was there."""


@dataclass(frozen=True)
class _DoubtfulRow:
    """A row of which it is not known whether it was written."""

    columns: tuple[str, ...]
    was: StandingRow | None
    """As it was before."""
    sent: frozenset[tuple[str | None, ...]]
    """As it was to be."""

    def also(self, values: tuple[str | None, ...]) -> "_DoubtfulRow":
        """It may be this, too."""
        return replace(self, sent=self.sent | {values})

    def explains(self, there: StandingRow | None) -> bool:
        """Whether it is as it was, or as it was to be: nobody else has changed it."""
        if there is None:
            return self.was is None
        return there.values in self.sent or there.is_as(self.was)


def _frame(columns: Sequence[str], rows: Sequence[StandingRow]) -> pl.DataFrame:
    found: dict[str, list[str | None]] = {EXTERNAL_ID: [row.external_id for row in rows]}
    found |= {name: [row.values[n] for row in rows] for n, name in enumerate(columns)}
    return pl.DataFrame(found, schema=dict.fromkeys(found, pl.String))


def _spelled(table: ODataTable, texts: pl.Series) -> pl.Series:
    """Spell each distinct value once."""
    known = {text: table.spell(texts.name, text) for text in texts.unique()}
    return pl.Series(texts.name, [known[text] for text in texts], dtype=pl.String)


def _why_not(table: ODataTable, name: str, text: str | None) -> str | None:
    prop = table.prop(name)
    if text is None or text == "":
        return None if prop.nullable else REQUIRED
    try:
        to_json(prop, text)
    except UnfitValue as unfit:
        return unfit.reason
    return None
