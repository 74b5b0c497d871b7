"""Rows an older Guiyi named by their number, by what they said in the latest run.

Its record ids (`firms/3`, `firms/row-3`, `firms/1001~3`) stay those of the same rows, wherever they
stand now: the ledger knows them by these names.
"""

import polars as pl

from governance.run_folder import EXTRACT, RunFolder
from guiyi.even_chunks import even_chunks
from guiyi.records import RECORD_ID
from guiyi.spec import TableSpec
from pipelines.stages.row_names import KNOWN, name_rows
from pipelines.stages.run import Run


def formerly_by_number(
    run: Run, table: str, spec: TableSpec, prefix: str, naming: list[str]
) -> pl.DataFrame:
    """record_id, fingerprint, cells, names of rows the ledger knows by their number, if it does."""
    source = table.partition(".")[0]
    linked = run.ledger.crosswalk(spec.entity).filter(pl.col("source") == source)
    numbered = linked.filter(
        pl.col(RECORD_ID).str.contains(r"/(?:row-)?\d+$|~\d+$"),
        pl.col(RECORD_ID).str.starts_with(f"{prefix}/"),
    )
    former = None if numbered.is_empty() else _latest(run, table, spec)
    if former is None:
        return pl.DataFrame(schema=KNOWN)
    names = name_rows(former, spec, prefix, naming=naming)
    content = names.content.with_row_index("nth")
    numbers = _numbered(former, prefix, spec.key)
    own = even_chunks(pl.DataFrame({"now": names.ids, RECORD_ID: numbers}))
    known = content.rename({RECORD_ID: "now"}).join(own.unique("now", keep="first"), on="now")
    return known.join(numbered, on=RECORD_ID, how="semi").sort("nth").select(*KNOWN)


def _numbered(rows: pl.DataFrame, prefix: str, key: tuple[str, ...]) -> pl.Series:
    """The record ids an older Guiyi gave."""
    by_row = pl.concat_str(pl.lit("row-" if key else ""), "_row")
    parts = pl.concat_str([pl.col(c).str.strip_chars() for c in key], separator="-")
    ids = rows.select(pl.coalesce(parts, by_row) if key else by_row).to_series()
    own = even_chunks(pl.DataFrame({"id": prefix + "/" + ids, "_row": rows["_row"]}))
    apart = pl.concat_str("id", "_row", separator="~")
    return own.select(pl.when(pl.col("id").is_duplicated()).then(apart).otherwise("id")).to_series()


def _latest(run: Run, table: str, spec: TableSpec) -> pl.DataFrame | None:
    """The table as the latest run before this one has read it, with the columns the spec reads."""
    columns = {column for names in spec.columns.values() for column in names} | set(spec.key)
    columns |= {c for link in spec.refs.values() for c in link.columns or ()}
    for path in sorted(run.folder.parent.glob("*"), reverse=True):
        folder = RunFolder(path)
        if path != run.folder and folder.has(EXTRACT, table):
            found = folder.read(EXTRACT, table)
            return found if columns <= set(found.columns) else None
    return None
