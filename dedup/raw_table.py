"""A raw table to clusters with nothing configured: infer, clean, resolve."""

from collections.abc import Mapping

import polars as pl

from dedup.resolution import resolve
from dedup.results import Progress, Resolution
from guiyi.kinds import Kind
from guiyi.spec.entities import MatchSpec


def resolve_frame(
    frame: pl.DataFrame,
    kinds: Mapping[str, Kind] | None = None,
    spec: MatchSpec | None = None,
    *,
    progress: Progress | None = None,
) -> Resolution:
    """Find the duplicates of a raw table; columns are text and kinds are inferred if not given."""
    from cleansing import clean_table, infer_kinds

    text = frame.with_columns(pl.all().cast(pl.String))
    if kinds is None:
        kinds = {name: guess.kind for name, guess in infer_kinds(text).items()}
    known = {name: kind for name, kind in kinds.items() if name in text.columns}
    return resolve(clean_table(text, known), known, spec, progress=progress)
