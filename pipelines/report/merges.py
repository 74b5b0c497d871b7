"""Sample merges: the members of a golden record beside what became of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from dedup.explanation import explain_cluster
from governance import Masking
from guiyi.kinds import Kind
from guiyi.record_key import key_of, record_key
from guiyi.records import GOLDEN_ID, RECORD_ID, SOURCE
from pipelines.report.differences import highlight
from pipelines.report.folder import FinishedRun
from pipelines.report.records import FieldLine, Head, Shown, ShownValue, read_records
from pipelines.report.wording import Wording

SAMPLES = 6
"""Merges shown per entity."""

MOST_MEMBERS = 5
"""Members shown of one merge; the rest are counted."""

NAMES = (Kind.COMPANY_NAME, Kind.PERSON_NAME)


@dataclass(frozen=True)
class MergedRecord:
    """One golden record and the source records it stands for."""

    entity: str
    golden_id: str
    title: str
    heads: list[Head]
    lines: list[FieldLine]
    more: int
    """Members that are not shown."""
    cohesion: float | None
    sentences: list[str]


def sample_merges(folder: FinishedRun, masking: Masking, say: Wording) -> list[MergedRecord]:
    """The merges most worth a look: across sources, with conflicts, loosely held, the largest."""
    merges = []
    for entity in folder.names("golden"):
        if folder.has(f"clusters/{entity}") and folder.has(f"clean/{entity}"):
            merges += _of_entity(folder, entity, masking, say)
    return merges


def _of_entity(
    folder: FinishedRun, entity: str, masking: Masking, say: Wording
) -> list[MergedRecord]:
    chosen = _choose(folder, entity)
    if not chosen:
        return []
    members = (
        folder.scan(f"clusters/{entity}")
        .filter(pl.col(GOLDEN_ID).is_in(chosen))
        .with_columns(record=record_key())
        .sort(_trust(folder), RECORD_ID)
        .collect()
    )
    keys = members["record"].to_list()
    shown = read_records(folder, entity, keys, masking)
    golden = folder.scan(f"golden/{entity}").filter(pl.col(GOLDEN_ID).is_in(chosen)).collect()
    masked = masking.table(golden, shown.kinds)
    provenance = (
        folder.scan(f"provenance/{entity}").filter(pl.col(GOLDEN_ID).is_in(chosen)).collect()
        if folder.has(f"provenance/{entity}")
        else pl.DataFrame()
    )
    pairs = folder.pairs_among(entity, keys)
    merges = []
    for golden_id in chosen:
        own = members.filter(pl.col(GOLDEN_ID) == golden_id)
        merged = _ShownGolden(
            golden.filter(pl.col(GOLDEN_ID) == golden_id).row(0, named=True),
            masked.filter(pl.col(GOLDEN_ID) == golden_id).row(0, named=True),
            _by_field(provenance, golden_id),
        )
        named = folder.golden_name(golden_id)
        merge = _merge(entity, named, own, merged, shown, pairs, say)
        merges.append(
            replace(merge, sentences=[masking.text(sentence) for sentence in merge.sentences])
        )
    return merges


def _choose(folder: FinishedRun, entity: str) -> list[str]:
    """Golden ids of the merges to show, the most instructive first."""
    healthy = folder.scan(f"golden/{entity}").filter(pl.col("members") > 1).select(GOLDEN_ID)
    clusters = (
        folder.scan(f"clusters/{entity}")
        .join(healthy, on=GOLDEN_ID, how="semi")
        .group_by(GOLDEN_ID)
        .agg(
            members=pl.len(),
            sources=pl.col(SOURCE).n_unique(),
            cohesion=pl.col("cohesion").min(),
        )
        .filter(pl.col("members") > 1)
        .collect()
        .join(_conflicts(folder, entity), on=GOLDEN_ID, how="left")
    )
    small = clusters.filter(pl.col("members") <= MOST_MEMBERS)
    telling = small.sort(
        ["sources", "conflicts", GOLDEN_ID],
        descending=[True, True, False],
        nulls_last=True,
    )
    picks = [
        telling.head(SAMPLES - 2),
        small.sort(["cohesion", GOLDEN_ID], nulls_last=True).head(1),
        clusters.sort(["members", GOLDEN_ID], descending=[True, False]).head(1),
        telling.slice(SAMPLES - 2, 2),
    ]
    ordered = [golden_id for pick in picks for golden_id in pick[GOLDEN_ID].to_list()]
    return list(dict.fromkeys(ordered))[:SAMPLES]


def _conflicts(folder: FinishedRun, entity: str) -> pl.DataFrame:
    if not folder.has(f"provenance/{entity}"):
        return pl.DataFrame(schema={GOLDEN_ID: pl.String, "conflicts": pl.UInt32})
    return (
        folder.scan(f"provenance/{entity}")
        .filter(pl.col("alternates").list.len() > 0)
        .group_by(GOLDEN_ID)
        .agg(conflicts=pl.len())
        .collect()
    )


def _trust(folder: FinishedRun) -> pl.Expr:
    ranks = {source: rank for rank, source in enumerate(folder.sources)}
    if not ranks:
        return pl.col(SOURCE)
    return pl.col(SOURCE).replace_strict(ranks, default=len(ranks), return_dtype=pl.Int32)


# One merge ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _ShownGolden:
    """A golden record as it is, as it may be shown, and where its values came from."""

    plain: dict[str, str | None]
    masked: dict[str, str | None]
    provenance: dict[str, dict[str, object]]


def _by_field(provenance: pl.DataFrame, golden_id: str) -> dict[str, dict[str, object]]:
    if provenance.width == 0:
        return {}
    own = provenance.filter(pl.col(GOLDEN_ID) == golden_id)
    return {row["field"]: row for row in own.iter_rows(named=True)}


def _merge(
    entity: str,
    golden_id: str,
    members: pl.DataFrame,
    golden: _ShownGolden,
    shown: Shown,
    pairs: pl.DataFrame,
    say: Wording,
) -> MergedRecord:
    keys = [key for key in members["record"].to_list() if key in shown.heads]
    lines = [
        line
        for name in shown.kinds
        if name in golden.plain
        and (line := _line(name, keys[:MOST_MEMBERS], golden, shown, say)) is not None
    ]
    cohesion = members["cohesion"].min() if "cohesion" in members.columns else None
    sentences = []
    if pairs.width:
        explained = explain_cluster(pairs, keys, language=say.language)
        sentences = explained.sentences
    return MergedRecord(
        entity=entity,
        golden_id=golden_id,
        title=_title(golden, shown.kinds) or golden_id,
        heads=[shown.heads[key] for key in keys[:MOST_MEMBERS]],
        lines=lines,
        more=max(0, len(keys) - MOST_MEMBERS),
        cohesion=cohesion if isinstance(cohesion, float) else None,
        sentences=sentences,
    )


def _title(golden: _ShownGolden, kinds: Mapping[str, Kind]) -> str | None:
    """The golden record's names, or else its first value."""
    values = {field: value for field in kinds if (value := golden.masked.get(field))}
    names = [value for field, value in values.items() if kinds[field] in NAMES]
    return " ".join(names) or next(iter(values.values()), None)


def _line(
    name: str, keys: Sequence[str], golden: _ShownGolden, shown: Shown, say: Wording
) -> FieldLine | None:
    """A field across the members and the golden record; None if none of them says anything."""
    value, visible = golden.plain.get(name), golden.masked.get(name)
    whence = golden.provenance.get(name, {})
    winner = key_of(whence.get(SOURCE), whence.get(RECORD_ID))
    cells = []
    for key in keys:
        cell = shown.cell(key, name, visible, value)
        if value is not None and key == winner:
            cell = ShownValue(cell.text, cell.refused, cell.differs, cell.hidden, won=True)
        cells.append(cell)
    if visible is None and all(cell.text is None for cell in cells):
        return None
    alternates = whence.get("alternates")
    rule, why = whence.get("rule"), whence.get("why")
    return FieldLine(
        name,
        cells,
        golden=ShownValue(None if visible is None else highlight(visible, None)),
        rule=say.named("rule", str(rule)) if rule else None,
        why=say.named("why", str(why)) if why else None,
        alternates=len(alternates) if isinstance(alternates, list) else 0,
    )
