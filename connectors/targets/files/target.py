"""A folder of files, one a CRM entity: what stands in them is what the target holds."""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import polars as pl

from connectors.targets.contract import EXTERNAL_ID, OWN_ID, Rejection
from connectors.targets.files.csv_format import CsvFormat
from connectors.targets.files.format import FileFormat
from connectors.targets.files.manifest import Manifest
from connectors.targets.files.spec import FilesTargetSpec
from connectors.targets.files.workbook_format import WorkbookFormat
from guiyi.errors import TargetError, refusal
from guiyi.formulas import neutralised
from guiyi.messages import Message
from guiyi.private_folder import only_for_owner, private_folder

Stamp = tuple[int, int]
"""When a file was changed and how long it is."""


class FilesTarget:
    """Rows of text in and out of files, by external id.

    A batch writes its file anew beside its place and then moves it there, so that the file is the
    one before or the one after. Parts of `rows_per_file`, the manifest and the checksums follow
    from the file; they are made again by `prepare` where a crash has left them behind.
    """

    def __init__(self, spec: FilesTargetSpec, folder: Path) -> None:
        self._spec, self._base, self._folder = spec, folder, folder / spec.folder
        self._read: dict[str, tuple[Stamp, pl.DataFrame]] = {}

    @property
    def place(self) -> str:
        """The folder."""
        return str(self._folder)

    def check(self, entity: str, columns: Sequence[str]) -> bool:
        """Whether the file is there and has all columns; a template must have their headings."""
        headings = self._headings(entity, [EXTERNAL_ID, *columns])
        strange = {*self._spec.headings.get(entity, {})} - {*headings}
        if strange:
            raise TargetError(
                Message(
                    "target.headings names no column of `{entity}`: {columns}",
                    entity=entity,
                    columns=", ".join(f"`{name}`" for name in sorted(strange)),
                ),
                place=self.place,
                hint="the heading of the golden id stands under `external_id`",
            )
        if isinstance(form := self._format(entity), WorkbookFormat):
            form.check([*headings.values()])
        if not self._file(entity).exists():
            return False
        return {EXTERNAL_ID, *columns} <= {*self._rows(entity).columns}

    def prepare(self, entity: str, columns: Sequence[str]) -> None:
        """Make the file, or add columns to the one that is there."""
        if not self.check(entity, columns):
            rows = self._rows(entity)
            self._write(entity, _with_columns(rows, [EXTERNAL_ID, *columns]))
        elif not self._manifest.describes(entity, self._file(entity)):
            self._derive(entity, self._rows(entity))

    def fetch(
        self, entity: str, columns: Sequence[str], external_ids: Sequence[str] | None = None
    ) -> pl.DataFrame:
        """Read rows; none if there is no file."""
        names = [EXTERNAL_ID, *columns]
        rows = self._rows(entity)
        found = _with_columns(rows, names).select(names).drop_nulls(EXTERNAL_ID)
        if external_ids is None:
            return found
        wanted = pl.Series(external_ids, dtype=pl.String)
        return found.filter(pl.col(EXTERNAL_ID).is_in(wanted.implode()))

    def canonical(self, entity: str, rows: pl.DataFrame) -> pl.DataFrame:
        """Spell rows the way `fetch` finds them."""
        return self._format(entity).canonical(rows)

    def unfit(self, entity: str, rows: pl.DataFrame) -> list[Rejection]:
        """Rows that the file cannot hold, each once."""
        found = {row.external_id: row for row in self._format(entity).unfit(rows)}
        return list(found.values())

    def upsert(self, entity: str, rows: pl.DataFrame) -> list[Rejection]:
        """Write all rows but the unfit, or none of them."""
        rejected = self.unfit(entity, rows)
        bad = pl.Series([row.external_id for row in rejected], dtype=pl.String)
        sent = self.canonical(entity, rows.filter(~pl.col(EXTERNAL_ID).is_in(bad.implode())))
        there = _with_columns(self._rows(entity), sent.columns)
        updated = there.update(sent, on=EXTERNAL_ID, how="left", include_nulls=True)
        new = sent.join(there, on=EXTERNAL_ID, how="anti", maintain_order="left")
        self._write(entity, pl.concat([updated, new], how="diagonal"))
        return rejected

    def delete(self, entity: str, external_ids: Sequence[str]) -> None:
        """Take rows out of the file."""
        gone = pl.Series(external_ids, dtype=pl.String)
        rows = self._rows(entity)
        kept = rows.filter(~pl.col(EXTERNAL_ID).is_in(gone.implode()).fill_null(value=False))
        if kept.height < rows.height:
            self._write(entity, kept)

    def unidentified(self, entity: str, columns: Sequence[str]) -> pl.DataFrame:
        """The rows that people have made in the file, each known by the line it stands on, where a
        row is a line. They stay as they are.
        """
        rows = _with_columns(self._rows(entity), columns).with_row_index(OWN_ID, offset=2)
        made = rows.filter(
            pl.col(EXTERNAL_ID).is_null(), ~pl.all_horizontal(pl.exclude(OWN_ID).is_null())
        )
        return made.select(pl.col(OWN_ID).cast(pl.String), *columns)

    def identify(self, entity: str, golden_ids: Mapping[str, str]) -> list[str]:
        """Give rows a golden id, by their line; returns those that did not take it."""
        rows, given = self._rows(entity), dict[int, str]()
        there = {*self.unidentified(entity, [])[OWN_ID]}
        taken = {*rows[EXTERNAL_ID].drop_nulls()}
        for line, golden in golden_ids.items():
            if line in there and golden not in taken:
                given[int(line) - 2] = golden
                taken.add(golden)
        if given:
            place = pl.int_range(pl.len()).replace_strict(given, default=None)
            named = pl.coalesce(EXTERNAL_ID, place.cast(pl.String))
            self._write(entity, rows.with_columns(named.alias(EXTERNAL_ID)))
        return [line for line in golden_ids if not line.isdigit() or int(line) - 2 not in given]

    def unidentify(self, entity: str, golden_ids: Sequence[str]) -> None:
        """Take the golden id from rows."""
        rows, gone = self._rows(entity), pl.Series(golden_ids, dtype=pl.String)
        named = pl.when(~pl.col(EXTERNAL_ID).is_in(gone.implode())).then(EXTERNAL_ID)
        self._write(entity, rows.with_columns(named.alias(EXTERNAL_ID)))

    def close(self) -> None:
        """Nothing is held open."""

    def _name(self, entity: str) -> str:
        return self._spec.tables.get(entity, entity)

    def _file(self, entity: str) -> Path:
        return self._folder / f"{self._name(entity)}{self._format(entity).suffix}"

    def _format(self, entity: str) -> FileFormat:
        spec = self._spec
        if spec.format == "csv":
            return CsvFormat(spec.encoding, spec.delimiter, exact=spec.formulas == "exact")
        template = spec.templates.get(entity)
        return WorkbookFormat(None if template is None else self._base / template)

    @property
    def _manifest(self) -> Manifest:
        return Manifest(self._folder)

    def _headings(self, entity: str, columns: Sequence[str]) -> Mapping[str, str]:
        """The heading of each column, no two alike."""
        given = {EXTERNAL_ID: self._spec.external_id, **self._spec.headings.get(entity, {})}
        headings = {name: given.get(name, name) for name in columns}
        twice = [name for name in headings.values() if [*headings.values()].count(name) > 1]
        if twice:
            raise TargetError(
                Message(
                    "two columns of `{entity}` would have the heading `{heading}`",
                    entity=entity,
                    heading=twice[0],
                ),
                place=self.place,
                hint="correct target.headings",
            )
        return headings

    def _rows(self, entity: str) -> pl.DataFrame:
        """What the file holds, under the names of columns."""
        file = self._file(entity)
        try:
            about = file.stat()
        except OSError:
            return pl.DataFrame(schema={EXTERNAL_ID: pl.String})
        stamp = (about.st_mtime_ns, about.st_size)
        if entity in self._read and self._read[entity][0] == stamp:
            return self._read[entity][1]
        own = {EXTERNAL_ID: self._spec.external_id, **self._spec.headings.get(entity, {})}
        names = {heading: column for column, heading in own.items()}
        found = self._format(entity).read(file)
        found = found.rename({h: names[h] for h in found.columns if h in names})
        self._must_identify(found, file)
        found = self._format(entity).canonical(found)
        self._read[entity] = (stamp, found)
        return found

    def _must_identify(self, rows: pl.DataFrame, file: Path) -> None:
        """A file that a person has edited must still say which row is which."""
        heading = self._spec.external_id
        if EXTERNAL_ID not in rows.columns:
            what = Message("has no column `{heading}` any more", heading=heading)
        elif rows.height and rows[EXTERNAL_ID].null_count() == rows.height:
            what = Message("none of its rows has a `{heading}` any more", heading=heading)
        elif rows[EXTERNAL_ID].drop_nulls().is_duplicated().any():
            what = Message("`{heading}` stands on several rows", heading=heading)
        else:
            return
        raise TargetError(
            what,
            place=str(file),
            hint="put back the file as it was written, or remove it to have it made anew",
        )

    def _write(self, entity: str, rows: pl.DataFrame) -> None:
        """Put rows in the place of those that are there."""
        file = self._file(entity)
        self._put(entity, rows, file)
        about = file.stat()
        self._read[entity] = ((about.st_mtime_ns, about.st_size), rows)
        self._derive(entity, rows)

    def _derive(self, entity: str, rows: pl.DataFrame) -> None:
        """Write the parts of the file and what the manifest says of it."""
        file, size = self._file(entity), self._spec.rows_per_file
        parts = []
        for number, part in enumerate(rows.iter_slices(size) if size else (), start=1):
            parts.append(file.with_name(f"{file.stem}-{number:03}{file.suffix}"))
            self._put(entity, part, parts[-1])
        like_formulas = neutralised(rows)[1] if self._spec.format == "csv" else 0
        with self._writing():
            for name in self._manifest.parts_of(entity) - {part.name for part in parts}:
                (self._folder / name).unlink(missing_ok=True)
            headings = [*self._headings(entity, rows.columns).values()]
            about = {"rows": rows.height, "columns": headings, "like_formulas": like_formulas}
            self._manifest.put(entity, [file, *parts], about)

    def _put(self, entity: str, rows: pl.DataFrame, file: Path) -> None:
        named = rows.rename(self._headings(entity, rows.columns))
        with self._writing(), tempfile.TemporaryDirectory(dir=self._folder) as beside:
            new = Path(beside) / file.name
            self._format(entity).write(named, new)
            with new.open("rb+") as written:
                os.fsync(written.fileno())
            new.replace(file)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with suppress(PermissionError):
                private_folder(self._folder)
            with only_for_owner():
                yield
        except OSError as error:
            raise TargetError(
                Message("cannot be written ({why})", why=refusal(error)), place=self.place
            ) from None


def _with_columns(rows: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Rows with all columns, empty where they were not there."""
    lacking = [name for name in columns if name not in rows.columns]
    return rows.with_columns(pl.lit(None, pl.String).alias(name) for name in lacking)
