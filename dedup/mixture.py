"""How much each agreement is worth: a Fellegi–Sunter mixture fitted by EM on distinct patterns.

Two classes are not enough. Pairs that share a household, a name or a town agree on several fields
for a reason other than being one entity; a two-class model takes them for matches (Winkler 1993 saw
it in census households). Two remedies are built in. A reason to agree, such as a household, is a
class of its own, whose share of pairs is estimated with the rest. And within a group of fields that
hang together (town and postcode, name and mail address) a field's levels depend on whether the
fields before it agree, so that one agreement is not counted twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dedup.comparisons import Comparison, Group

Floats = npt.NDArray[np.float64]
Levels = npt.NDArray[np.uint8]
Samples = dict[int, tuple[Levels, npt.NDArray[np.int64]]]
"""By field: patterns of pairs, and how many show each."""
Cells = npt.NDArray[np.uint8]
"""Level + 16 × context of each comparison, one line a pattern."""

WIDTH = 16
DIFFER, SOME, AGREE, UNKNOWN = 0, 1, 2, 3
"""The context of a field: those of its bundle before it differ, agree in part, agree, are missing.

A mail address is like another's when the two share a given name, whatever their surnames are.
"""
CONTEXTS = 4

ROUNDS = 60
ENOUGH = 1e-4
"""EM stops when no parameter moves by more than this share."""

ENOUGH_SURE = 50
TRUST = 0.5
"""How many sure pairs count, and how much of what is expected they may replace."""
SECOND = 6.0
"""Bits that fields besides the strongest one must add before a pair is taken for sure."""
MODESTY = 0.8
"""Natural log odds added to every pair: damage to one record hurts several of its fields at once.

Set by hand on an earlier state of the model. `python -m benchmarks.reliability` holds it to labels:
with it fake_20000 is right within 0.4 between probabilities 0.1 and 0.99; fake_1000 and generated
persons are believed 0.4 to 0.9 too much there."""

CAREFUL = 3
"""Rounds in which the chance of agreeing in context is settled before EM begins."""
MOST_PAIRS = 3.0
"""Matches a row, at most, that the match class may claim: what repeats more often is a likeness."""
CATEGORY = 0.01
"""A field that agrees by chance more often says what kind of entity it is, not which one."""
OF_KIND = 8.0
"""Bits that all such fields may add together: income, occupation and education go together, and
people of one walk of life are not one person."""
OWN_SELF = frozenset({Group.GIVEN, Group.SURNAME, Group.BIRTH, Group.ORGANISATION})
MOST_CHANGED = 0.5
"""An entity keeps its name and its birthday: two of its records differ in one at most so often. A
match class free to believe otherwise turns into one of people alike in something else."""
LEAST_KEPT = 0.25
"""And they are equal at least so often."""

BUNDLES: tuple[tuple[Group, ...], ...] = (
    (Group.GIVEN, Group.SURNAME, Group.MAIL),
    (Group.PLACE,),
    (Group.ORGANISATION, Group.MAIL),
)
"""Groups that hang together: a town with its postcode, a name with the mail made of it."""


@dataclass(frozen=True)
class Reason:
    """A reason to agree without being one entity: the groups it explains or may touch."""

    covers: frozenset[Group]
    loosely: frozenset[Group] = frozenset()
    sometimes: tuple[tuple[Group, float], ...] = ()


REASONS: dict[str, Reason] = {
    "same place": Reason(frozenset({Group.PLACE})),
    "same household": Reason(
        frozenset({Group.SURNAME, Group.PLACE}),
        frozenset({Group.CONTACT, Group.MAIL}),
        ((Group.GIVEN, 0.02), (Group.BIRTH, 0.02)),
    ),
    "same name": Reason(frozenset({Group.GIVEN, Group.SURNAME}), frozenset({Group.MAIL})),
    "same organisation, another place": Reason(
        frozenset({Group.ORGANISATION}), frozenset({Group.CONTACT, Group.MAIL})
    ),
}
"""How often other groups agree besides: fathers and sons of one name, twins of one birthday."""


@dataclass
class Circumstance:
    """One reason why different entities agree, with how its fields then look."""

    name: str
    share: float
    levels: dict[int, Floats]
    fixed: frozenset[int] = frozenset()
    stiff: float = 0.1
    """How hard the levels hold to what was expected, as a share of the pairs seen."""


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
    ceiling: float = 1.0
    """The largest prior."""
    steady: tuple[bool, ...] = ()
    """Which fields an entity keeps."""
    kinds: tuple[int, ...] = ()
    """The fields that say what kind of entity it is; EM leaves them alone."""
    rounds: int = 0
    notes: list[str] = field(default_factory=list)

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
        match, others = self.likelihoods(self.cells(levels))
        odds: Floats = match - np.logaddexp.reduce(others, axis=0) + MODESTY
        return odds

    def likelihoods(self, cells: Cells) -> tuple[Floats, Floats]:
        """Log likelihood, with class size, of the match class and of every other class."""
        chance = [np.log(u)[cells[:, f]] for f, u in enumerate(self.u)]
        same = [np.log(m)[cells[:, f]] for f, m in enumerate(self.m)]
        rest = np.sum(chance, axis=0)
        left = max(1e-12, 1 - self.prior - sum(c.share for c in self.circumstances))
        others = [rest + np.log(left)]
        for c in self.circumstances:
            shift = sum(np.log(x)[cells[:, f]] - chance[f] for f, x in c.levels.items())
            others.append(rest + shift + np.log(c.share))
        return np.sum(same, axis=0) + np.log(self.prior), np.stack(others)

    def weights(self) -> list[Floats]:
        """The match weight of each comparison's cells, in bits; 0 where missing."""
        return [np.log2(m / u) for m, u in zip(self.m, self.u, strict=True)]


def unpack(patterns: npt.NDArray[np.uint64], fields: int) -> Levels:
    """Take packed patterns apart: one level a comparison."""
    shifts = np.arange(fields, dtype=np.uint64) * np.uint64(4)
    return ((patterns[:, None] >> shifts) & np.uint64(15)).astype(np.uint8)


def parents_of(comparisons: Sequence[Comparison]) -> tuple[tuple[int, ...], ...]:
    """The fields before each field in its bundle, those that agree by chance most first."""
    parents: list[tuple[int, ...]] = [()] * len(comparisons)
    for bundle in BUNDLES:
        members = [f for f, c in enumerate(comparisons) if c.group in bundle]
        members.sort(
            key=lambda f: (
                bundle.index(comparisons[f].group),
                -comparisons[f].column.chance,
                comparisons[f].name,
            )
        )
        for n, f in enumerate(members):
            if not parents[f]:
                parents[f] = tuple(members[:n])
    return tuple(parents)


def start(
    comparisons: Sequence[Comparison], chances: list[Floats], total: float, rows: int
) -> Mixture:
    """The model before any pair is seen: levels as expected, one match in a few rows."""
    m = [_thrice(c.expected()) for c in comparisons]
    u = [_thrice(x) for x in chances]
    prior = max(0.2 * rows / total, 1.0 / total)
    near = []
    for c in comparisons:
        marks = np.zeros(WIDTH, np.bool_)
        marks[list(c.near)] = True
        near.append(marks)
    return Mixture(
        tuple(c.name for c in comparisons),
        tuple(c.labels for c in comparisons),
        parents_of(comparisons),
        tuple(near),
        prior,
        m,
        u,
        _circumstances([c.group for c in comparisons], m, u, prior),
        total,
        min(1.0, MOST_PAIRS * rows / total),
        tuple(c.group in OWN_SELF for c in comparisons),
        tuple(
            f
            for f, c in enumerate(comparisons)
            if c.group in (Group.OTHER, Group.IDENTIFIER) and c.column.chance > CATEGORY
        ),
    )


def seed(model: Mixture, levels: Levels) -> None:
    """Correct what is expected of matches by pairs that agree too much to be anything else.

    A pair qualifies when what speaks for it alone outweighs the odds against a random pair; what
    speaks against it is not looked at, so a field that differs at random shows itself.
    """
    cells = model.cells(levels)
    weights = model.weights()
    each = np.stack([np.maximum(w[cells[:, f]], 0) for f, w in enumerate(weights)])
    others = each.sum(axis=0) - each.max(axis=0)
    sure = (each.sum(axis=0) >= 3 - np.log2(model.prior)) & (others >= SECOND)
    if sure.sum() < ENOUGH_SURE:
        return
    for f, m in enumerate(model.m):
        seen = np.bincount(levels[sure, f], minlength=WIDTH).astype(np.float64)
        seen[0] = 0
        share = seen / max(1.0, seen.sum())
        trust = TRUST * seen.sum() / (seen.sum() + ENOUGH_SURE)
        model.m[f] = _clean((1 - trust) * m + trust * np.tile(share, CONTEXTS))
        for circumstance in model.circumstances:
            if circumstance.name == "look-alikes":
                circumstance.levels[f] = _clean(np.sqrt(model.m[f] * model.u[f]))


def temper(model: Mixture) -> None:
    """Let the fields that only say what kind of entity it is add no more than OF_KIND together."""
    gains = [float(np.log2(model.m[f] / model.u[f])[2:WIDTH].clip(0).max()) for f in model.kinds]
    share = min(1.0, OF_KIND / max(sum(gains), 1e-9))
    for f in model.kinds:
        model.m[f] = _clean(model.u[f] ** (1 - share) * model.m[f] ** share)
        for circumstance in model.circumstances:
            if f in circumstance.levels:
                circumstance.levels[f] = model.m[f].copy()


def _circumstances(
    groups: list[Group], m: list[Floats], u: list[Floats], prior: float
) -> list[Circumstance]:
    made = []
    for name, reason in REASONS.items():
        covered = {f for f, g in enumerate(groups) if g in reason.covers}
        if not reason.covers <= set(groups) or len(covered) == len(groups):
            continue
        if len(covered) == 1 and not any(g in reason.loosely for g in groups):
            continue
        levels = {f: m[f].copy() for f in covered}
        for f, g in enumerate(groups):
            if g in reason.loosely:
                levels[f] = _clean(0.5 * m[f] + 0.5 * u[f])
        fixed = []
        for f, g in enumerate(groups):
            for other, share in reason.sometimes:
                if g is other:
                    levels[f] = _clean((1 - share) * u[f] + share * m[f])
                    fixed.append(f)
        made.append(Circumstance(name, prior * 0.5, levels, frozenset(fixed)))
    if len(groups) > 2:
        halfway = {f: _clean(np.sqrt(m[f] * u[f])) for f in range(len(groups))}
        made.append(Circumstance("look-alikes", prior * 0.5, halfway, stiff=1.0))
    return made


def _thrice(p: Floats) -> Floats:
    """The same distribution in every context."""
    padded = np.zeros(WIDTH)
    padded[: len(p)] = p
    return _clean(np.tile(padded, CONTEXTS))


def _clean(p: Floats) -> Floats:
    """Make each context's levels a distribution over 1…, with the missing level neutral."""
    out = np.maximum(p, 1e-9).reshape(CONTEXTS, WIDTH)
    out[:, 0] = 0
    out /= out.sum(axis=1, keepdims=True)
    out[:, 0] = 1.0
    return out.reshape(-1)


def _steadied(m: Floats, labels: int) -> Floats:
    """Bound the share of plain difference from above, and that of equality from below."""
    out = m.reshape(CONTEXTS, WIDTH).copy()
    _hold(out, slice(labels - 3, labels), LEAST_KEPT, at_least=True)
    _hold(out, slice(1, 2), MOST_CHANGED, at_least=False)
    return out.reshape(-1)


def _hold(m: Floats, some: slice, share: float, *, at_least: bool) -> None:
    """Bring some levels to a share, the others to the rest, in contexts where they pass it."""
    have = m[:, some].sum(axis=1)
    passed = have < share if at_least else have > share
    others = m[:, 1:].sum(axis=1) - have
    scaled = m[passed] * ((1 - share) / np.maximum(others[passed], 1e-12))[:, None]
    scaled[:, some] = m[passed, some] * (share / np.maximum(have[passed], 1e-12))[:, None]
    scaled[:, 0] = m[passed, 0]
    m[passed] = scaled


def _smoothed(seen: Floats, before: Floats, strength: float, share: float) -> Floats:
    """Counts by cell, drawn towards what was expected before; each context on its own."""
    counts = seen.reshape(CONTEXTS, WIDTH).copy()
    counts[:, 0] = 0
    n = strength + share * counts.sum(axis=1, keepdims=True)
    return _clean((counts + n * _clean(before).reshape(CONTEXTS, WIDTH)).reshape(-1))


def _tally(cells: Cells, weights: Floats) -> Floats:
    """The weight in each cell."""
    return np.bincount(cells, weights=weights, minlength=CONTEXTS * WIDTH).astype(np.float64)


@dataclass(frozen=True)
class Observed:
    """Distinct patterns with their counts, and samples of pairs whose context agrees."""

    levels: Levels
    counts: npt.NDArray[np.int64]
    samples: Samples
    """By field: patterns of random pairs equal on some or all earlier fields of its bundle."""


def fit(model: Mixture, seen: Observed) -> Mixture:
    """Estimate the model by expectation–maximisation; pairs never proposed count as chance."""
    cells = model.cells(seen.levels)
    samples = _cells_of(model, seen.samples)
    n = seen.counts.astype(np.float64)
    first_m = [m.copy() for m in model.m]
    first_u = [u.copy() for u in model.u]
    first_c = [{f: x.copy() for f, x in c.levels.items()} for c in model.circumstances]
    start_prior = model.prior
    for round_ in range(ROUNDS):
        r, held = _expect(model, cells, n)
        before = np.concatenate([np.array([model.prior]), *model.m])
        model.prior = min(model.ceiling, float((r.sum() + 0.5) / (model.total + 1)))
        for f in range(len(model.m)):
            found = _tally(cells[:, f], r)
            if f not in model.kinds:
                model.m[f] = _smoothed(found, first_m[f], 10, 0.03)
            if model.steady[f]:
                model.m[f] = _steadied(model.m[f], len(model.labels[f]))
        for c, own, prior in zip(model.circumstances, held[1:], first_c, strict=True):
            c.share = float((own.sum() + 0.5) / (model.total + 1))
            for f in c.levels:
                if f not in c.fixed:
                    own_found = _tally(cells[:, f], own)
                    c.levels[f] = _smoothed(own_found, prior[f], 10, c.stiff)
        _net_chance(model, first_u, cells, n - held[0], samples)
        after = np.concatenate([np.array([model.prior]), *model.m])
        model.rounds = round_ + 1
        if np.max(np.abs(after - before) / np.maximum(before, 1e-3)) < ENOUGH:
            break
    model.prior = max(model.prior, 1e-3 * start_prior)
    return model


def _expect(model: Mixture, cells: Cells, n: Floats) -> tuple[Floats, list[Floats]]:
    """Divide the pairs of each pattern among the match class and the others."""
    match, others = model.likelihoods(cells)
    top = np.maximum(match, others.max(axis=0))
    match, others = np.exp(match - top), np.exp(others - top)
    whole = match + others.sum(axis=0)
    return n * match / whole, [n * o / whole for o in others]


def _net_chance(
    model: Mixture,
    gross: list[Floats],
    cells: Cells,
    explained: Floats,
    samples: dict[int, tuple[Cells, Floats]],
) -> None:
    """Take the pairs that agree for a reason out of the chance of agreeing without one."""
    rest = max(1.0, model.total - float(explained.sum()))
    agreeing = _agreeing(model, samples)
    for f, u in enumerate(gross):
        seen = np.bincount(cells[:, f] % WIDTH, weights=explained, minlength=WIDTH)
        there = 1 - seen[0] / max(1.0, seen.sum())
        overall = u[UNKNOWN * WIDTH :]
        left = overall * model.total - seen / max(there, 0.05)
        left = np.maximum(left, 0.03 * overall * model.total) / rest
        model.u[f] = _clean(_in_context(model, f, left, agreeing.get(f)))
        _in_order(model, f)


def condition(model: Mixture, samples: Samples) -> None:
    """Let chance know, before anything is fitted, how a field looks where others of it agree.

    At first all sampled pairs count as chance: who starts by taking likeness for identity, ends so.
    """
    cells = _cells_of(model, samples)
    found = {f: _tally(own[:, f], n) for f, (own, n) in cells.items()}
    for _ in range(CAREFUL):
        for f, seen in found.items():
            overall = model.u[f][UNKNOWN * WIDTH :].copy()
            model.u[f] = _clean(_in_context(model, f, overall, seen))
            _in_order(model, f)
        found = _agreeing(model, cells)


def _cells_of(model: Mixture, samples: Samples) -> dict[int, tuple[Cells, Floats]]:
    return {f: (model.cells(x), n.astype(np.float64)) for f, (x, n) in samples.items()}


def _agreeing(model: Mixture, samples: dict[int, tuple[Cells, Floats]]) -> dict[int, Floats]:
    """By field: how its levels fall among sampled pairs that agree by chance on those before."""
    found = {}
    for f, (own, n) in samples.items():
        _, held = _expect(model, own, n)
        found[f] = _tally(own[:, f], held[0])
    return found


def _in_context(model: Mixture, f: int, overall: Floats, found: Floats | None) -> Floats:
    """The chance of each level in each context: sampled where others agree, else as overall."""
    fresh = np.tile(overall, CONTEXTS)
    if found is not None:
        for context in (SOME, AGREE):
            at = slice(context * WIDTH, (context + 1) * WIDTH)
            seen, guess = found[at].copy(), 0.97 * overall + 0.03 * model.m[f][at]
            seen[0] = guess[0] = 0
            fresh[at] = seen + 5 * guess / guess.sum()
    return fresh


def _in_order(model: Mixture, f: int) -> None:
    """Difference never speaks for a match, nor equality against one."""
    m, u = model.m[f].reshape(CONTEXTS, WIDTH), model.u[f].reshape(CONTEXTS, WIDTH)
    last = len(model.labels[f])
    u[:, 1] = np.maximum(u[:, 1], m[:, 1])
    u[:, last - 3 : last] = np.minimum(u[:, last - 3 : last], m[:, last - 3 : last])
