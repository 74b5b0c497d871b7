"""What rows said in the latest run, and the names an older Guiyi gave them by their number.

The record ids of one (`firms/3`, `firms/row-3`, `firms/1001~3`) stay those of the same rows,
wherever they stand now: the ledger knows them by these names.
"""

from collections.abc import Iterator

import polars as pl

from governance.continuity import FINGERPRINT, KNOWN, fingerprints, normalised
from governance.run_folder import EXTRACT
from guiyi.even_chunks import even_chunks
from guiyi.records import RECORD_ID
from guiyi.spec import TableSpec
from pipelines.stages.earlier_runs import remembered
from pipelines.stages.row_names import fields_of
from pipelines.stages.run import Run


def former_rows(run: Run, table: str, spec: TableSpec, wanted: pl.Series) -> pl.DataFrame:
    """What the rows of a table said in the latest run that was remembered, and what those with a
    `wanted` fingerprint said in earlier ones: fingerprint and fields; may be empty.
    """
    found = pl.DataFrame(schema={FINGERPRINT: pl.String})
    for number, former in enumerate(_remembered(run, table, spec)):
        fields = normalised(fields_of(former, spec))
        kept = even_chunks(fields.with_columns(fingerprints(fields))).drop_nulls(FINGERPRINT)
        if number == 0:
            found = kept
        else:
            more = kept.filter(pl.col(FINGERPRINT).is_in(wanted.implode()))
            new = more.join(found, on=FINGERPRINT, how="anti")
            found = pl.concat([found, new], how="diagonal")
        if number + 1 == RUNS_BACK or wanted.is_in(found[FINGERPRINT].implode()).all():
            break
    return found


RUNS_BACK = 5
"""So many runs are looked back for what a row said that comes back changed."""


def formerly_by_number(run: Run, table: str, spec: TableSpec, prefix: str) -> pl.DataFrame:
    """record_id and fingerprint of rows the ledger knows by their number, if it does."""
    source = table.partition(".")[0]
    linked = run.ledger.crosswalk(spec.entity).filter(pl.col("source") == source)
    numbered = linked.filter(
        pl.col(RECORD_ID).str.contains(r"/(?:row-)?\d+$|~\d+$"),
        pl.col(RECORD_ID).str.starts_with(f"{prefix}/"),
    )
    former = None if numbered.is_empty() else next(_remembered(run, table, spec), None)
    if former is None:
        return pl.DataFrame(schema=KNOWN)
    former_fields = fingerprints(fields_of(former, spec))
    known = even_chunks(
        pl.DataFrame([_numbered(former, prefix, spec.key), former_fields])
    ).drop_nulls()
    return known.join(numbered, on=RECORD_ID, how="semi", maintain_order="left")


def _numbered(rows: pl.DataFrame, prefix: str, key: tuple[str, ...]) -> pl.Series:
    """The record ids an older Guiyi gave."""
    by_row = pl.concat_str(pl.lit("row-" if key else ""), "_row")
    parts = pl.concat_str([pl.col(c).str.strip_chars() for c in key], separator="-")
    ids = rows.select(pl.coalesce(parts, by_row) if key else by_row).to_series()
    own = even_chunks(pl.DataFrame({"id": prefix + "/" + ids, "_row": rows["_row"]}))
    apart = pl.concat_str("id", "_row", separator="~")
    twice = pl.col("id").is_duplicated()
    return own.select(pl.when(twice).then(apart).otherwise("id").alias(RECORD_ID)).to_series()


def _remembered(run: Run, table: str, spec: TableSpec) -> Iterator[pl.DataFrame]:
    """The table as runs have read it whose ids the ledger remembers, the latest first; as long as
    it had the columns the spec reads.
    """
    columns = {column for names in spec.columns.values() for column in names} | set(spec.key)
    columns |= {c for link in spec.refs.values() for c in link.columns or ()}
    for _, folder in remembered(run):
        if not folder.has(EXTRACT, table):
            continue
        if not columns <= set(folder.columns(EXTRACT, table)):
            return
        yield folder.read(EXTRACT, table)
