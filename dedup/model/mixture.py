"""What each agreement is worth: the Fellegi–Sunter mixture that judges level patterns.

Two classes are not enough. Pairs that share a household, a name or a town agree on several fields
for a reason other than being one entity; a two-class model takes them for matches (Winkler 1993 saw
it in census households). Two remedies are built in. A reason to agree, such as a household, is a
class of its own, whose share of pairs is estimated with the rest. And within a group of fields that
hang together (town and postcode, name and mail address) a field's levels depend on whether the
fields before it agree, so that one agreement is not counted twice.

`first_belief` makes it before any pair is seen, `expectation` fits it to the pairs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedup.comparison.base import Group
from dedup.comparison.levels import AGREE, DIFFER, SOME, UNKNOWN, WIDTH, Cells, Floats, Levels
from dedup.model.corrections import Learned
from dedup.model.latent_classes import Circumstance

MODESTY = 0.8
"""Natural log odds added to every pair: damage to one record hurts several of its fields at once.

Set by hand, and for whole clusters rather than single pairs. `python -m benchmarks.reliability`: in
the bands from 0.1 to 0.99 of six sets (fake_1000, fake_20000, Chicago, generated persons, firms and
people of the past) labels ask for a median shift of -0.5, so pair by pair 0.3 would be truer; with
it, clusters gain .001 in F1 on Chicago and .002 on the Senzing set, and lose .002 to .006 on
the other five of seven sets tried (2026-11-22). Chicago is believed far too much either way: its
sites share name and telephone without being one."""


GROUPED = 0.25
"""From so many pairs of groups for one of an entity on, a table has groups."""
NO_GROUP = frozenset({"same place", "same name", "same organisation, another place"})
"""Reasons to agree that make no group: a town, a name."""


@dataclass
class Mixture:
    """The fitted model: for each comparison how levels fall among matches (m) and by chance (u)."""

    names: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    parents: tuple[tuple[int, ...], ...]
    near: tuple[npt.NDArray[np.bool_], ...]
    prior: float
    m: list[Floats]
    u: list[Floats]
    circumstances: list[Circumstance]
    total: float
    changes: Sequence[Circumstance] = ()
    """How records of one entity look that has left its group; shares are of the matches."""
    gross: Sequence[Floats] = ()
    """How often any two records show each level, those of one entity included."""
    ceiling: float = 1.0
    """The largest prior."""
    most_changed: tuple[float, ...] = ()
    """The largest share of matches in which each field may simply differ."""
    conflicts: tuple[tuple[int, ...], ...] = ()
    """The levels of each field whose values really differ."""
    never: tuple[tuple[int, ...], ...] = ()
    """The levels among them that no typo explains."""
    loose: tuple[tuple[int, ...], ...] = ()
    """The levels of each field whose values hardly have anything in common."""
    kinds: tuple[int, ...] = ()
    """The fields that say what kind of entity it is; they are counted when EM is over."""
    given: tuple[int, ...] = ()
    """The fields of which it is known beforehand how matches look; EM leaves them alone, too."""
    identity: tuple[int, ...] = ()
    """The fields that identify an entity, and are no group's."""
    owned: tuple[int, ...] = ()
    """The fields of addresses and numbers that no two owners have, however alike they are."""
    describing: tuple[int, ...] = ()
    """The fields that only say what kind of entity it is."""
    name_groups: frozenset[Group] = frozenset()
    """The groups of fields that name the entity."""
    conflicting: float = 0.0
    """The share of the expected matches that conflict in all that identifies."""
    rounds: int = 0
    unlearned: bool = False
    """Whether the table shows no class of matches, so that they look as was believed at first."""
    learned: Learned | None = None
    """What labels taught, if there were enough of them and they taught anything."""

    def cells(self, levels: Levels) -> Cells:
        """Add to each level the context in which it was seen."""
        out = levels.copy()
        for f, parents in enumerate(self.parents):
            if not parents:
                out[:, f] += UNKNOWN * WIDTH
                continue
            there = np.zeros(len(levels), np.bool_)
            agree, some = np.ones(len(levels), np.bool_), np.zeros(len(levels), np.bool_)
            for p in parents:
                seen, near = levels[:, p] > 0, self.near[p][levels[:, p]]
                there |= seen
                agree &= ~seen | near
                some |= levels[:, p] > 1
            context = np.where(agree, AGREE, np.where(some, SOME, DIFFER))
            out[:, f] += (WIDTH * np.where(there, context, UNKNOWN)).astype(np.uint8)
        return out

    def log_odds(self, levels: Levels) -> Floats:
        """Natural log odds that a pair with these levels is one entity."""
        cells = self.cells(levels)
        match, others = self.likelihoods(cells)
        odds: Floats = match - np.logaddexp.reduce(others, axis=0) + MODESTY
        if self.learned is None:
            return odds
        return odds + self.learned.correction(cells, odds)

    def likelihoods(self, cells: Cells) -> tuple[Floats, Floats]:
        """Log likelihood, with class size, of the match class and of every other class."""
        match, others = self.classes(cells)
        return np.logaddexp.reduce(match, axis=0), others

    def classes(self, cells: Cells) -> tuple[Floats, Floats]:
        """Log likelihood, with class size, of every class of matches and of every other class."""
        stayed = 1 - sum(c.share for c in self.changes)
        return (
            self._with(cells, self.m, self.changes, stayed) + np.log(self.prior),
            self._with(cells, self.u, self.circumstances, self._left),
        )

    @property
    def grouped(self) -> bool:
        """Whether pairs of groups are many beside those of entities: then what differs is another.

        Where hardly any group shows, a name that differs is damaged rather than a relative's. A
        table that shows no class of matches may have groups for all we know.
        """
        groups = sum(c.share for c in self.circumstances if c.name not in NO_GROUP)
        return self.unlearned or groups > GROUPED * self.prior

    @property
    def _left(self) -> float:
        """The share of pairs that agree for no reason."""
        return max(1e-12, 1 - self.prior - sum(c.share for c in self.circumstances))

    @staticmethod
    def _with(
        cells: Cells, usual: Sequence[Floats], special: Sequence[Circumstance], left: float
    ) -> Floats:
        """The log likelihood of a class and of those that differ from it in some fields."""
        from dedup import kernels

        own = ([c.levels.get(f, p) for f, p in enumerate(usual)] for c in special)
        shares = np.stack([usual, *own])
        sizes = np.log([left, *(c.share for c in special)])
        found: Floats = kernels.class_likelihoods(cells, np.log(shares), sizes)
        return found

    def leaning(self, levels: Levels) -> Floats:
        """Natural log of how much likelier these levels are of one entity than of any other class.

        Unlike the odds it leaves out how rare matches are: what is left once two records stand in
        one chain of matches, and the question is whether they contradict it.
        """
        match, others = self.likelihoods(self.cells(levels))
        sizes = np.log([self._left, *(c.share for c in self.circumstances)])
        found: Floats = match - np.log(self.prior) - (others - sizes[:, None]).max(axis=0)
        return found

    def weights(self) -> list[Floats]:
        """The match weight of each comparison's cells, in bits; 0 where missing."""
        fitted = [np.log2(m / u) for m, u in zip(self.m, self.u, strict=True)]
        if self.learned is None:
            return fitted
        taught = self.learned.added
        return [w + added / np.log(2) for w, added in zip(fitted, taught, strict=True)]

    def divided(self, cells: Cells, n: Floats) -> tuple[Floats, list[Floats]]:
        """Divide the pairs of each pattern among the match classes and the others, one line each.

        The first class of either kind is the usual one: no change, no reason.
        """
        match, others = self.classes(cells)
        top = np.maximum(match.max(axis=0), others.max(axis=0))
        match, others = np.exp(match - top), np.exp(others - top)
        whole = match.sum(axis=0) + others.sum(axis=0)
        return n * match / whole, [n * o / whole for o in others]
