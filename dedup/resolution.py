"""Clean records to clusters: compare, block, fit, cluster."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from dedup.results import Linkage, Progress, Resolution
from guiyi.errors import SpecError
from guiyi.kinds import Kind
from guiyi.spec.entities import MatchSpec

if TYPE_CHECKING:
    from cleansing.coded_table import CodedTable
    from dedup.model.saved_model import SavedModel
    from dedup.scoring.settled import SettledRecords


def resolve(
    records: "pl.DataFrame | CodedTable",
    kinds: Mapping[str, Kind],
    spec: MatchSpec | None = None,
    *,
    keys: Mapping[str, Kind] | None = None,
    decisions: pl.DataFrame | None = None,
    aliases: pl.DataFrame | None = None,
    labels: pl.DataFrame | None = None,
    model: "SavedModel | None" = None,
    progress: Progress | None = None,
    pin: bool = False,
    settled: "SettledRecords | None" = None,
) -> Resolution:
    """Find the records that are one entity.

    `keys`: the kinds of fields that `spec.blocking` names and that are no evidence themselves.
    `decisions` (left, right, decision: record keys) are obeyed, and learned from like `labels`
    (left, right or row_l, row_r; match), which are not; `aliases`: full, short names. A saved
    `model` judges as it did; it does not learn. `pin`: whether the model is to be pinned
    (`Resolution.pinnable`). `settled`: what an earlier run with the same pinned model has looked
    at. Raises SpecError for labels or a model that do not
    fit the records. With `engine: recordlinkage` that library judges the pairs (`dedup.classic`).
    """
    from cleansing.imputation import observed
    from dedup.run import MatchingRun

    _one_teacher(labels, model)
    if isinstance(records, pl.DataFrame):  # an imputed value is no evidence
        records = observed(records, {**kinds, **(keys or {})})
    if spec is not None and spec.engine == "recordlinkage":
        _own_model_only(model)
        from dedup.classic import resolve_classic

        return resolve_classic(
            records,
            kinds,
            spec,
            keys=keys,
            decisions=decisions,
            aliases=aliases,
            labels=labels,
            progress=progress,
        )
    run = MatchingRun(
        records,
        kinds,
        spec or MatchSpec(),
        decisions,
        aliases,
        progress,
        labels=labels,
        model=model,
        keys=keys,
        pin=pin,
        settled=settled,
    )
    del records  # if nobody else keeps them, the pairs may have their memory
    outcome = run.outcome()
    del run  # what it knows of the records takes more memory than the pairs do
    return outcome.resolution()


def link(
    left: pl.DataFrame,
    right: pl.DataFrame,
    kinds: Mapping[str, Kind],
    spec: MatchSpec | None = None,
    *,
    mode: str = "auto",
    decisions: pl.DataFrame | None = None,
    aliases: pl.DataFrame | None = None,
    labels: pl.DataFrame | None = None,
    model: "SavedModel | None" = None,
    progress: Progress | None = None,
) -> Linkage:
    """Find the rows of two tables that are the same entity.

    `mode` is one-to-one, one-to-many, many-to-one, many-to-many, or auto: one-to-one unless the
    links themselves show that rows of one table repeat. Under `auto` rows that repeat each other
    within their table are one, and all of them are linked; a mode that is asked for holds for rows.
    `pairs` has the rows of one content once. Labels by row count the rows of `right` after those of
    `left`.
    """
    from cleansing.imputation import observed
    from dedup.clustering.links import links_of
    from dedup.linking import LinkingRun

    _one_teacher(labels, model)
    if spec is not None and spec.engine == "recordlinkage":
        raise SpecError(
            "recordlinkage finds duplicates here, it does not link two tables",
            hint="leave out `engine`, or match both tables as one",
        )
    both = observed(pl.concat([left, right], how="diagonal"), kinds)
    side = np.repeat(np.array([0, 1], np.int8), [left.height, right.height])
    known = (spec or MatchSpec(), decisions, aliases, progress, side, labels, model)
    run = LinkingRun(both, kinds, *known)
    pairs, document, notes = run.scored()
    links, chosen = links_of(pairs, left.height, run.match_at, mode, run.repeats())
    return Linkage(links, pairs, document | {"link_mode": chosen}, notes, run.subject)


def _own_model_only(model: "SavedModel | None") -> None:
    if model is not None:
        raise SpecError(
            "a saved model is Guiyi's own, and recordlinkage fits anew",
            hint="leave out the model or the engine",
        )


def _one_teacher(labels: pl.DataFrame | None, model: "SavedModel | None") -> None:
    if labels is not None and model is not None:
        raise SpecError(
            "labels and a saved model are both given, and a saved model does not learn",
            hint="leave out one of them",
        )
