"""An index is made of a batch run: its comparisons, keys and model, laid out to be looked up."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from cleansing import RecordCleaner
from dedup.comparison.base import Comparison
from dedup.comparison.company_names import CompanyComparison
from dedup.comparison.kinds import DateComparison, GivenComparison, TextComparison, WordsComparison
from dedup.fields.shared_values import initials_of
from dedup.index.company_vocabulary import CompanyVocabulary
from dedup.index.fields import IndexField, Vocabulary, link_names
from dedup.index.holders import Holders, is_held
from dedup.index.judgement import Judgement
from dedup.index.parts import IndexParts
from dedup.index.postings import post
from dedup.index.reading import FieldReading, readings_of
from dedup.index.register import Register
from dedup.index.texts import GrowingArray
from dedup.index.vocabularies import DateVocabulary, TextVocabulary, WordsVocabulary
from dedup.knowledge.aliases import alias_groups
from dedup.model.saved_model import SavedModel, read_model
from dedup.results import Progress
from dedup.run import MatchingRun
from dedup.scoring.outlines import brought_along
from guiyi.errors import SpecError
from guiyi.kinds import Kind
from guiyi.messages import Message, joined
from guiyi.records import RECORD_ID, SOURCE
from guiyi.spec.entities import MatchSpec

SAMPLED = 300
"""Records by which is found out in which of several ways the batch read a name."""


def build(
    records: pl.DataFrame,
    kinds: Mapping[str, Kind],
    model: SavedModel | Mapping[str, Any] | None,
    spec: MatchSpec,
    aliases: pl.DataFrame | None,
    progress: Progress | None,
    homes: Mapping[str, str],
) -> IndexParts:
    """Lay out a run over clean records as an index; see `Index.build`."""
    say = progress or (lambda what, done, total: None)
    auto = spec.model_copy(update={"blocking": "auto"})
    known = read_model(model) if isinstance(model, Mapping) else model
    run = MatchingRun(records, kinds, auto, aliases=aliases, progress=progress, model=known)
    if not run.comparisons:
        raise SpecError("no field to look records up by", hint=joined(run.notes) or None)
    notes = list(run.notes)
    if spec.blocking != "auto":
        notes.append("match.blocking is for batches; look-ups use keys that were chosen for them")
    _fit(run)
    say("index", 0, run.height)
    fields = _fields(run, records, {n: Kind(k) for n, k in kinds.items()}, aliases, notes)
    postings = post(run.blocks, fields)
    for comparison in run.comparisons:
        comparison.forget_tokens()
    judgement = Judgement(run.mixture, run.match_at, run.review_at)
    if run.information.too_little:
        judgement.only_review = True
        names = ", ".join(c.name for c in run.comparisons)
        notes.append(
            Message(
                "{fields}: too few different values to be sure of any pair; "
                "all pairs are for review",
                fields=names,
            )
        )
    document = {
        "kinds": {name: str(Kind(kind)) for name, kind in kinds.items()},
        "model": run.document(),
        "keys": list(postings.names),
        "notes": notes,
        "only_review": judgement.only_review,
        "cleaning": RecordCleaner.of(records, kinds, homes).as_document(),
    }
    codes, bits, equal = map(GrowingArray.of, brought_along(run.scorer.outlines))
    rows, register = (codes, bits, equal), _register(run, records, kinds)
    say("index", run.height, run.height)
    return IndexParts(fields, postings, judgement, register, rows, document)


def _fit(run: MatchingRun) -> None:
    """Choose the keys and fit the model as a batch does, or take up the one that was given."""
    if run.saved is None:
        if not run.total:
            raise SpecError(
                "a model cannot be fitted on one record", hint="give a model, or more records"
            )
        run.candidates(keep_blocks=True)
        return
    run.propose()


def _register(run: MatchingRun, records: pl.DataFrame, kinds: Mapping[str, Kind]) -> Register:
    shown = [n for n in (SOURCE, RECORD_ID, *kinds) if n in records.columns]
    members = np.argsort(run.copy_of, kind="stable").astype(np.int64)
    sizes = np.bincount(run.copy_of, minlength=len(run.first))
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    return Register(records.select(shown), starts, members)


def _fields(
    run: MatchingRun,
    records: pl.DataFrame,
    kinds: Mapping[str, Kind],
    aliases: pl.DataFrame | None,
    notes: list[str],
) -> list[IndexField]:
    groups = alias_groups(aliases)
    shared: dict[int, Vocabulary] = {}
    taken = [c.name for c in run.comparisons]
    draw = np.random.default_rng(run.spec.seed)
    rows = np.sort(draw.choice(len(run.first), min(SAMPLED, len(run.first)), replace=False))
    sample = records[run.first[rows]].to_dicts()
    names = initials_of(run.comparisons)
    fields = []
    for comparison in run.comparisons:
        known = id(comparison.column.values)
        if known not in shared:
            shared[known] = vocabulary_of(comparison, groups)
        values = shared[known]
        ways = readings_of(comparison, kinds, taken, notes)
        expected = comparison.column.codes[rows]
        either = getattr(comparison, "other", None)
        expected = np.stack([expected, expected if either is None else either[rows]])
        reading = _likeliest(ways, values, sample, expected)
        fields.append(_field(run, comparison, reading, values, names))
    link_names(fields)
    return fields


def _field(
    run: MatchingRun,
    comparison: Comparison,
    reading: FieldReading,
    values: Vocabulary,
    names: npt.NDArray[np.int64] | None,
) -> IndexField:
    """Lay out one comparison, with what classes its values."""
    column = comparison.column
    # Classes that are not by frequency alone were made over all rows, others over distinct ones.
    rows = column.codes if column.classes is None else column.codes[run.copy_of]
    counts = np.bincount(rows[rows >= 0], minlength=len(column.values))
    field = IndexField(
        comparison, reading, values, GrowingArray.of(column.codes), GrowingArray.of(column.bins),
        GrowingArray.of(counts.astype(np.int32)),
    )  # fmt: skip
    if isinstance(comparison, TextComparison) and comparison.stands is not None:
        field.stands = GrowingArray.of(comparison.stands)
    if isinstance(comparison, GivenComparison) and comparison.used is not None:
        field.used = GrowingArray.of(comparison.used)
    if names is not None and is_held(comparison):
        field.holders = Holders.of(column.codes, names, len(column.values))
    return field


def _likeliest(
    ways: Sequence[FieldReading],
    values: Vocabulary,
    sample: Sequence[dict[str, Any]],
    expected: Any,
) -> FieldReading:
    """The way of reading that agrees most with the batch.

    A name may have been put in the other name's place; `expected` has the codes of both.
    """
    wrong = []
    for way in ways:
        texts = [way.text(record) for record in sample]
        codes = [-1 if text is None else values.lexicon.find(text) for text in texts]
        lost = [text is not None and code < 0 for text, code in zip(texts, codes, strict=True)]
        unlike = (np.array(codes) != expected).all(axis=0)
        wrong.append(int(np.sum(unlike | np.array(lost))))
    return ways[int(np.argmin(wrong))]


def vocabulary_of(comparison: Comparison, aliases: Mapping[str, int]) -> Vocabulary:
    """Lay out the values of a comparison. Raises TypeError for one that is not known here."""
    if isinstance(comparison, CompanyComparison):
        return CompanyVocabulary.of(comparison, aliases)
    if isinstance(comparison, TextComparison):
        return TextVocabulary.of(comparison)
    if isinstance(comparison, DateComparison):
        return DateVocabulary.of(comparison)
    if isinstance(comparison, WordsComparison):
        return WordsVocabulary.of(comparison)
    raise TypeError(type(comparison).__name__)
