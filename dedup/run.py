"""One matching run, from clean records to scored pairs and clusters."""

from collections.abc import Mapping
from functools import cached_property, partial
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from cleansing.coded_table import CodedTable
from dedup.blocking.blocks import MARKED, Blocks, Key, build_blocks
from dedup.blocking.budget import pair_budget
from dedup.blocking.distinct_rows import distinct_rows
from dedup.blocking.given_keys import given_keys, imagined_recall, key_codes
from dedup.blocking.key_choice import choose_keys
from dedup.blocking.key_plan import planned, planned_keys, rules_of
from dedup.clustering.clusters import Clusters, cluster
from dedup.clustering.labelled_clusters import JudgedClusters
from dedup.clustering.mixed_names import conflicts_of_names, mixed_names, note_on_mixed_names
from dedup.clustering.repeated_rows import alike_yet_apart
from dedup.clustering.weak_clusters import overgrown, torn
from dedup.comparison.base import Comparison, Patterns, Rows
from dedup.comparison.levels import Floats, unpack
from dedup.comparison.patterns import thinned
from dedup.decisions import decided_pairs
from dedup.fields.chosen import NOTHING_KNOWN, compare_fields
from dedup.fields.compared_columns import coded
from dedup.fields.information import RecordInformation
from dedup.fields.pinned_terms import PinnedTerms
from dedup.fields.roles import Roles, check_names, without_effect
from dedup.fields.shared_values import held_by_several, with_holders
from dedup.fields.subject import subject_for
from dedup.labels.gain_report import gain_document, gain_sentence, too_few
from dedup.labels.labelled_pairs import labelled_pairs
from dedup.labels.refit import BARS, Candidates, Gain, refit
from dedup.model.chance_agreement import Samples
from dedup.model.expectation import Observed, fit
from dedup.model.mixture import Mixture
from dedup.model.pinned_table import PinnedTable
from dedup.model.saved_model import VERSION, SavedModel, mixture_document
from dedup.model.thresholds import thresholds
from dedup.model.weight_order import put_in_order
from dedup.outcome import (
    MatchingOutcome,
    ScoredPairs,
    Within,
    cluster_table,
    describe,
    nothing_merged,
    shown_apart,
)
from dedup.results import MatchingMemory, Progress, Resolution
from dedup.scoring import settled as settling
from dedup.scoring.candidates import BlocksToCompare, Proposed, compared
from dedup.scoring.initial_model import first_model
from dedup.scoring.scorer import Scorer
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.spec.entities import MatchSpec


class MatchingRun:
    """The state of one run; rows with the same content are looked at once."""

    blocks: Blocks
    mixture: Mixture

    def __init__(
        self,
        records: pl.DataFrame | CodedTable,
        kinds: Mapping[str, Kind],
        spec: MatchSpec,
        decisions: pl.DataFrame | None = None,
        aliases: pl.DataFrame | None = None,
        progress: Progress | None = None,
        side: npt.NDArray[np.int8] | None = None,
        labels: pl.DataFrame | None = None,
        model: SavedModel | None = None,
        keys: Mapping[str, Kind] | None = None,
        pin: bool = False,
        settled: settling.SettledRecords | None = None,
    ) -> None:
        self.spec = spec
        self.pin = pin
        self.looked_at = 0
        self.say = progress or (lambda what, done, total: None)
        self.height = records.height
        blocked = {**kinds, **(keys or {})}
        check_names(spec.roles, kinds)
        table = coded(records, blocked, spec.blocking != "auto")
        self.subject = subject_for(table, kinds, spec.entity, model.subject if model else None)
        known = NOTHING_KNOWN if model is None else model.known
        comparisons, self.notes = compare_fields(table, kinds, aliases, known)
        self.ways = settling.ways_of(comparisons, self.notes)
        self.settled = settled if settled is not None and settled.ways == self.ways else None
        self.entity = self.subject.entity
        self.pinned = None if model is None else model.pinned
        held = held_by_several(comparisons, self.entity)
        comparisons = with_holders(comparisons, held)
        newly = {} if self.pinned is None else self.pinned.terms.newly_held(comparisons, held)
        self.groups = settling.marks_of(comparisons, newly, self.height)
        if self.settled is not None:
            self.settled = self.settled.with_groups(self.groups)
        self.saved = model
        self.lesson: Gain | None = None
        """What labels brought, if there were enough of them."""
        if model is not None:
            model.check(comparisons)
            comparisons = model.ordered(comparisons)
        self.labelled = labelled_pairs(table.rest, labels, decisions, self.notes)
        self.decided = decided_pairs(table.rest, decisions, self.notes)
        self.linking = side is not None
        beside = key_codes(table, keys or {})
        self.first, self.copy_of, self.decided_too = distinct_rows(
            comparisons, self.height, self.decided, side, beside
        )
        self.side = side[self.first] if side is not None else np.zeros(0, np.int8)
        self.given = (
            None
            if spec.blocking == "auto"
            else given_keys(table, blocked, spec.blocking, self.first, self.notes)
        )
        narrowed = [c.taken(self.first) for c in comparisons]
        if self.pinned is not None:
            narrowed = self.pinned.terms.taken_up(narrowed, newly)
        self.roles = Roles.by_group(narrowed, self.entity, spec.roles)
        self.notes += without_effect(spec.roles, narrowed)
        if model is not None:
            model.check_roles(spec.roles, narrowed)
        self.scorer = Scorer(narrowed, len(self.first))
        bars = () if model is None else ((model.match_at, model.review_at),)
        self.match_at, self.review_at = thresholds(spec, *bars)

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """The comparisons over distinct rows."""
        return self.scorer.comparisons

    @cached_property
    def information(self) -> RecordInformation:
        """How much information is in each distinct row."""
        terms = None if self.pinned is None else self.pinned.terms
        return RecordInformation.of(self.comparisons, len(self.first), self.height, terms)

    @cached_property
    def total(self) -> float:
        """How many pairs of distinct rows there are."""
        n = len(self.first)
        if self.linking:
            ones = float(self.side.sum())
            return ones * (n - ones)
        return n * (n - 1) / 2

    @cached_property
    def budget(self) -> int:
        """How many candidate pairs are looked at, at most."""
        if self.spec.max_pairs is not None:
            return self.spec.max_pairs
        return pair_budget(len(self.first), self.total)

    def resolution(self) -> Resolution:
        """Cluster the records and lay out what was found."""
        return self.outcome().resolution()

    def outcome(self) -> MatchingOutcome:
        """Cluster the records."""
        if not self.comparisons:
            return self._nothing()
        if self.information.too_little or len(self.first) < 2:
            return self._too_little()
        proposed, odds_of = self.candidates()
        left, right, odds = proposed.worth_a_look(self.review_at, odds_of)
        del proposed
        least = float(np.log(self.match_at / (1 - self.match_at)))
        self.say("cluster", 0, None)
        found = cluster(
            len(self.first),
            left,
            right,
            odds,
            partial(self.scorer.second_look, self.mixture),
            least,
            self.decided.among(self.copy_of),
        )
        holes = torn(found, len(self.first), least)
        self.notes += overgrown(found, holes, self.first)
        patterns = self.scorer.compare(found.left, found.right)
        doubted = holes.doubted | self._in_mixed_names(found, patterns)
        labels, copies = self.labels(found)
        clusters = cluster_table(labels, found.cohesion[self.copy_of])
        return MatchingOutcome(
            self._pairs(left, right, odds, found, Within(patterns, doubted, copies)),
            clusters,
            self.document(),
            self.notes,
            self.subject,
            self.pinnable(),
            self.memory(),
        )

    def _in_mixed_names(self, found: Clusters, patterns: Patterns) -> npt.NDArray[np.bool_]:
        """The pairs that conflict in a name inside clusters of several; notes report them."""
        levels = unpack(patterns, len(self.comparisons))
        conflict = conflicts_of_names(self.comparisons, self.mixture, levels)
        mixed = mixed_names(found, conflict, len(self.first))
        self.notes += note_on_mixed_names(mixed, self.first)
        return conflict & np.isin(found.labels[found.left], mixed)

    def _enough(self, rows: Rows) -> npt.NDArray[np.bool_]:
        """Which distinct rows say so much that another of the same content is the same entity."""
        odds = self._score(rows, rows)
        enough: npt.NDArray[np.bool_] = odds > np.log(self.match_at / (1 - self.match_at))
        enough &= self.information.bits >= self.information.needed
        return enough

    def candidates(self, *, keep_blocks: bool = False) -> tuple[Proposed, Floats]:
        """Propose pairs, compare them, fit the model; the promising, and each pattern's log odds.

        Blocks are large, and all but their summary is let go of unless somebody wants them.
        """
        samples = self.propose()
        parts = self._parts()
        self.crowded = self.blocks.crowded[self.copy_of]
        if not keep_blocks:
            self.blocks = self.blocks.summary
        proposed = compared(parts, self.scorer, self.screen, self.side, self.say)
        if self.saved is None:
            self.say("fit", 0, None)
            levels, counts = self._with_copies(*thinned(proposed.levels, proposed.counts))
            self.mixture = fit(self.mixture, Observed(levels, counts, samples))
            put_in_order(self.mixture, self.comparisons)
            self._learn(proposed)
        return proposed, self.scorer.judge(self.mixture, proposed.levels)

    def _parts(self) -> list[BlocksToCompare]:
        """The blocks whose pairs are compared; all, or what no earlier run has looked at."""
        self.looked_at = self.blocks.pairs
        if self.settled is None or len(self.blocks.keys) > MARKED:
            return [BlocksToCompare(self.blocks)]
        fresh = settling.fresh_rows(self.settled, self.copy_of, self.decided_too, self.blocks)
        some, self.looked_at = settling.blocks_of_fresh(self.blocks, fresh)
        kept = settling.kept_pairs(self.settled, self.copy_of, fresh, self.blocks)
        return [BlocksToCompare(some, fresh), BlocksToCompare(kept)]

    def propose(self) -> Samples:
        """Block the rows and make the model before any pair is seen; returns chance samples."""
        self.say("block", 0, None)
        keys, recall = self._keys()
        rules = rules_of(self.pinned.keys if self.pinned else (), keys, self.comparisons)
        self.blocks = build_blocks(
            keys, self.comparisons, len(self.first), self.budget, recall, rules
        )
        if self.pin and self.pinned is None:
            self.plan = planned(self.blocks, self.comparisons, len(self.first))
        for comparison in self.comparisons:
            comparison.forget_tokens()
        if self.saved is not None:
            self.mixture, self.screen = self.saved.mixture, self.saved.screen
            return {}
        made = first_model(self.scorer, self.blocks, self.side, self.total, self.roles)
        self.mixture, self.screen = made.mixture, made.screen
        return made.samples

    def _learn(self, proposed: Proposed) -> None:
        """Correct the model by labels, if there are any and cross-validation says that it helps."""
        answers, left, right = self.labelled.answers(self.scorer, self.copy_of)
        if not answers.height:
            return
        self.say("learn", 0, answers.height)
        verdicts = JudgedClusters(self.scorer, proposed, (left, right), self.linking)
        bars = BARS if self.spec.match_at == "auto" else (self.match_at,)
        found = refit(
            self.mixture, answers, Candidates(proposed.levels, proposed.counts), verdicts, bars
        )
        if found.gain is None:
            self.notes.append(too_few(answers))
        else:
            self.notes.append(gain_sentence(found.gain))
            self.mixture, self.match_at = found.mixture, found.gain.match_at
            self.lesson = found.gain

    def _keys(self) -> tuple[list[Key], float]:
        """The keys the spec gives or, unless it does, those that find most; and their recall."""
        if self.given is None and self.pinned is not None:
            return planned_keys(self.pinned.keys, self.comparisons), self.pinned.recall
        if self.given is None:
            return choose_keys(self.comparisons, len(self.first), self.budget, self.spec.seed)
        return self.given, imagined_recall(self.given, len(self.first), self.spec.seed)

    def _with_copies(
        self, levels: npt.NDArray[np.uint8], counts: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
        """Let identical rows be seen by the model: each copy but the first as one pair."""
        copies = np.minimum(np.bincount(self.copy_of, minlength=len(self.first)) - 1, 3)
        if self.linking or not copies.any():
            return levels, counts
        several = np.flatnonzero(copies).astype(np.uint32)
        distinct, number = np.unique(self.scorer.compare(several, several), return_inverse=True)
        extra = np.bincount(number, weights=copies[several]).astype(np.int64)
        own = unpack(distinct, len(self.comparisons))
        return np.concatenate([levels, own]), np.concatenate([counts, extra])

    def _score(self, left: Rows, right: Rows) -> Floats:
        return self.scorer.odds(self.mixture, self.scorer.compare(left, right))

    def labels(self, found: Clusters) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """The cluster of every record, and which identical records say enough to be merged."""
        rows = np.arange(len(self.first), dtype=np.uint32)
        enough = self._enough(rows)
        labels = self.first[found.labels][self.copy_of].astype(np.int64)
        own = np.arange(self.height)
        loose = ~enough[self.copy_of] & (self.first[self.copy_of] != own)
        self.notes += alike_yet_apart(int(loose.sum()))
        labels[loose] = own[loose]
        return labels, enough

    def _pairs(
        self, left: Rows, right: Rows, odds: Floats, found: Clusters, within: Within
    ) -> ScoredPairs:
        """The pairs worth a look: inside clusters, likely enough for review, or nearly so."""
        outside = shown_apart(found, left, right, odds, self.review_at)
        both_left = np.concatenate([found.left, left[outside]])
        both_right = np.concatenate([found.right, right[outside]])
        both_odds = np.concatenate([found.odds, odds[outside]])
        others = self.scorer.compare(left[outside], right[outside])
        patterns = np.concatenate([within.patterns, others])
        match = np.concatenate([~within.doubted, np.zeros(len(outside), np.bool_)])
        return self._scored(both_left, both_right, patterns, both_odds, match, within.enough)

    def _scored(
        self,
        left: Rows,
        right: Rows,
        patterns: Patterns,
        odds: Floats,
        match: npt.NDArray[np.bool_],
        enough: npt.NDArray[np.bool_] | None = None,
    ) -> ScoredPairs:
        a, b = self.first[left], self.first[right]
        if enough is not None:
            own = np.arange(self.height)
            copies = np.flatnonzero((self.first[self.copy_of] != own) & enough[self.copy_of])
            rows = self.copy_of[copies].astype(np.uint32)
            patterns = np.concatenate([patterns, self.scorer.compare(rows, rows)])
            a = np.concatenate([a, self.first[rows]])
            b = np.concatenate([b, copies])
            odds = np.concatenate([odds, self._score(rows, rows)])
            match = np.concatenate([match, np.ones(len(copies), np.bool_)])
        return ScoredPairs(self.mixture, a, b, odds, match, patterns, self.review_at)

    def document(self) -> dict[str, Any]:
        """The model as a readable document, which a later run can take up."""
        own = mixture_document(self.mixture, self.comparisons, self.screen)
        model = describe(own, self.mixture, self.blocks, self.match_at, self.review_at)
        if self.lesson is not None:
            model["labels"] = gain_document(self.lesson)
            model["explanation"].append(gain_sentence(self.lesson))
        elif self.saved is not None and "labels" in self.saved.document:
            model["labels"] = self.saved.document["labels"]
        return self.subject.described_in(model)

    def memory(self) -> MatchingMemory:
        """What the next run with this model needs, to compare only what is new."""
        first = self.first[self.copy_of]
        own = {"crowded": self.crowded, "groups": self.groups, "first": first}
        records = even_chunks(pl.DataFrame(own))
        return MatchingMemory(records, self.ways, self.settled is not None, self.looked_at)

    def pinnable(self) -> PinnedTable | None:
        """What a pinned model keeps of this table, or has kept of another; if it is asked for."""
        if self.pinned is not None or not self.pin:
            return self.pinned
        terms = PinnedTerms.of(self.comparisons, self.information.needed)
        return PinnedTable(terms, tuple(self.plan), self.blocks.recall)

    def _nothing(self) -> MatchingOutcome:
        self.notes.append(
            "nothing to compare: no field varies, or there are fewer than two records"
        )
        return self._apart()

    def _too_little(self) -> MatchingOutcome:
        names = ", ".join(c.name for c in self.comparisons)
        self.notes.append(
            Message(
                "{fields}: too few different values to distinguish {count:,} records; "
                "nothing was merged",
                fields=names,
                count=self.height,
            )
        )
        return self._apart()

    def _apart(self) -> MatchingOutcome:
        pairs, clusters = nothing_merged(self.height)
        model = self.subject.described_in({"version": VERSION})
        return MatchingOutcome(pairs, clusters, model, self.notes, self.subject)
