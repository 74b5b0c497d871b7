"""Why different entities agree: the reasons that are a class of their own in the mixture.

In a class of a group every field that a group shares may agree at once, while what identifies
agrees by chance only. Between "of one group" and "one entity" the identifying fields then decide,
however many shared fields repeat the one fact that the group is the same.

There is no class for pairs that are merely alike without a reason: one that lay halfway between
chance and identity took half of the true pairs of noisy records away from the match class (its
removal lifted generated people of the past from F1 .86 to .99, and lost nothing on any other set).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from dedup.comparison.base import Comparison, Group
from dedup.comparison.company_names import CompanyComparison
from dedup.comparison.levels import CONTEXTS, WIDTH, Floats, as_shares, in_every_context
from dedup.fields.roles import Role, Roles
from dedup.fields.shared_values import HELD_LABELS
from dedup.fields.subject import Entity


@dataclass(frozen=True)
class LatentClass:
    """A reason to agree without being one entity: the groups it explains or may touch."""

    covers: frozenset[Group]
    loosely: frozenset[Group] = frozenset()
    shares: bool = False
    """Whether all that does not identify may agree besides."""
    coarsely: bool = False
    """Whether whereabouts and categories may agree besides: names depend on the country."""
    distinguished_by: frozenset[Group] = frozenset()
    """Groups without which the reason cannot be distinguished from a match."""
    small: bool = False
    """Whether few names hold what the group shares: its telephone is like one's own."""
    within: tuple[str, float] | None = None
    """The reason of which this is a case, and in how large a share of it. It is known, not fitted:
    records with a damaged name look the same. One child in 42 is a twin (Monden, Pison and Smits
    2021, doi 10.1093/humrep/deab029); how many are called like a parent is set by hand."""


LATENT_CLASSES: Mapping[Entity, Mapping[str, LatentClass]] = {
    "person": {
        "same place": LatentClass(frozenset({Group.PLACE})),
        "same household": LatentClass(frozenset({Group.SURNAME}), shares=True),
        "twins": LatentClass(
            frozenset({Group.SURNAME, Group.BIRTH}), shares=True, within=("same household", 0.03)
        ),
        "namesakes of one household": LatentClass(
            frozenset({Group.GIVEN, Group.SURNAME}),
            shares=True,
            distinguished_by=frozenset({Group.BIRTH}),
            within=("same household", 0.02),
        ),
        "same group": LatentClass(frozenset(), shares=True),
        "same small group": LatentClass(frozenset(), shares=True, small=True),
        "same name": LatentClass(frozenset({Group.GIVEN, Group.SURNAME}), coarsely=True),
        "same organisation": LatentClass(frozenset({Group.ORGANISATION}), shares=True),
    },
    "company": {
        "same place": LatentClass(frozenset({Group.PLACE})),
        "same group": LatentClass(frozenset(), shares=True),
        "same agent": LatentClass(frozenset({Group.GIVEN, Group.SURNAME}), shares=True),
        "same organisation, another place": LatentClass(
            frozenset({Group.ORGANISATION}),
            frozenset({Group.CONTACT, Group.MAIL}),
            distinguished_by=frozenset({Group.PLACE}),
        ),
    },
}


CHANGES: Mapping[Entity, Mapping[Group, float]] = {
    "person": {
        Group.ORGANISATION: 0.1,
        Group.PLACE: 0.1,
        Group.CONTACT: 0.5,
        Group.MAIL: 0.5,
    },
    "company": {},
}
"""What differs once an entity has left its group, a mover or a job-changer, and in what share of
such pairs it is the same all the same: street, town, employer and switchboard change together."""
NAMED_IN_FULL = 0.05
"""So rarely do two firms have one registered name, of those that have one name for a reason."""
TRACE = 1e-8
"""Levels that cannot occur have less than this of the share."""
TOGETHER, LOOSELY = 0.8, 0.5
"""In what share of pairs a field agrees as in matches: what a group shares agrees together."""
CHANGED = 0.1
"""The share of pairs of one entity of which one record is from before such a change."""
CHANGED_BOUNDS = (0.02, 0.35)
"""Where the data may bring that share."""


@dataclass
class Circumstance:
    """One reason why different entities agree, or records of one differ: how fields then look."""

    name: str
    share: float
    """Of all pairs; for a change, of the pairs of one entity."""
    levels: dict[int, Floats]
    parts: Mapping[int, float] = field(default_factory=dict)
    """Of a change: the share in which each field stays as it was."""
    within: tuple[str, float] | None = None
    """The class of which this is a case, and in how large a share of it."""
    registered: frozenset[int] = frozenset()
    """Fields of names of firms, of which those registered in full are hardly ever two firms'."""
    shared: frozenset[int] = frozenset()
    """Fields that people share as one person has them: the same value, written down twice. Firms of
    one agent have the agent's: held to it, the Chicago set lost .01 of F1."""

    def hold_registered(self, m: Sequence[Floats]) -> None:
        """Keep equality of registered names as rare as it is among different firms."""
        for f in self.registered:
            own = self.levels[f].reshape(CONTEXTS, WIDTH).copy()
            last = np.flatnonzero(m[f][:WIDTH] > TRACE)[-1]
            most = NAMED_IN_FULL * m[f].reshape(CONTEXTS, WIDTH)[:, last]
            own[:, last] = np.minimum(own[:, last], most)
            self.levels[f] = as_shares(own.reshape(-1))

    def hold_damage(self, m: Sequence[Floats], labels: Sequence[int]) -> None:
        """Let what a group shares be mistyped no less often than what an entity has.

        Whoever shares it wrote it down as often, and as badly. Were typos a sign of one entity
        alone, an address spelled otherwise would speak for one more than the address itself.
        """
        for f in self.shared:
            seen, same = (x.reshape(CONTEXTS, WIDTH) for x in (self.levels[f].copy(), m[f]))
            last = slice(labels[f] - 3, labels[f])
            ratio = seen[:, last].sum(axis=1) / np.maximum(same[:, last].sum(axis=1), 1e-12)
            near = slice(2, labels[f] - 3)
            seen[:, near] = np.maximum(seen[:, near], same[:, near] * ratio[:, None])
            self.levels[f] = as_shares(seen.reshape(-1))


def circumstances_of(
    comparisons: Sequence[Comparison],
    roles: Roles,
    m: list[Floats],
    u: list[Floats],
    prior: float,
) -> list[Circumstance]:
    """The reasons that fields of these groups can show, each with how it makes them look."""
    groups = [c.group for c in comparisons]
    made: list[Circumstance] = []
    for name, reason in LATENT_CLASSES[roles.entity].items():
        covered = {f for f, g in enumerate(groups) if g in reason.covers}
        loose = {
            f
            for f, g in enumerate(groups)
            if g in reason.loosely
            or (reason.shares and roles.of[f] is not Role.IDENTIFIES)
            or (reason.coarsely and roles.is_coarse(f))
        } - covered
        if not reason.covers | reason.distinguished_by <= set(groups) or len(covered) == len(
            groups
        ):
            continue
        if len(covered) + len(loose) < 2:
            continue
        held = any(comparisons[f].labels[-3:] == HELD_LABELS for f in loose)
        if reason.small and not held:
            continue
        if reason.within is not None and reason.within[0] not in {c.name for c in made}:
            continue
        levels = {f: _alike(comparisons[f], m[f]) for f in covered}
        share = TOGETHER if reason.shares else LOOSELY
        for f in loose:
            levels[f] = as_shares(share * m[f] + (1 - share) * u[f])
            if reason.small and comparisons[f].labels[-3:] == HELD_LABELS:
                levels[f] = _held_by_few(levels[f], len(comparisons[f].labels))
        share = prior * 0.5 * (reason.within[1] if reason.within else 1.0)
        registered = frozenset(f for f in covered if _registered(comparisons[f]))
        made.append(
            Circumstance(
                name,
                share,
                levels,
                within=reason.within,
                registered=registered,
                shared=frozenset(loose if reason.shares and roles.entity == "person" else ()),
            )
        )
        made[-1].hold_registered(m)
    return made


def changes_of(
    comparisons: Sequence[Comparison], roles: Roles, m: list[Floats], u: list[Floats]
) -> list[Circumstance]:
    """How the records of one entity look that has left its group; none where nothing would show."""
    stays = CHANGES[roles.entity]
    parts = {
        f: stays[c.group]
        for f, c in enumerate(comparisons)
        if c.group in stays and roles.of[f] is not Role.IDENTIFIES
    }
    if len(parts) < 2 or len(parts) == len(comparisons):
        return []
    levels = {f: as_shares((1 - same) * u[f] + same * m[f]) for f, same in parts.items()}
    return [Circumstance("changed group", CHANGED, levels, parts=parts)]


def _registered(comparison: Comparison) -> bool:
    return isinstance(comparison, CompanyComparison) and comparison.registered


def _held_by_few(levels: Floats, labels: int) -> Floats:
    """The same levels where values that several names hold are not among those that are equal."""
    out = levels.reshape(CONTEXTS, WIDTH).copy()
    out[:, labels - 2] += 0.9 * out[:, labels - 3]
    out[:, labels - 3] *= 0.1
    return out.reshape(-1)


def _alike(comparison: Comparison, m: Floats) -> Floats:
    """How a field looks that agrees for a reason: as in matches, or as names that are chosen so."""
    if not comparison.namesakes:
        return m.copy()
    shared = comparison.shared(comparison.namesakes)
    return in_every_context(shared)
