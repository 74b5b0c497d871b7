"""Why different entities agree: the reasons that are a class of their own in the mixture.

In a class of a group every field that a group shares may agree at once, while what identifies
agrees by chance only. Between "of one group" and "one entity" the identifying fields then decide,
however many shared fields tell the one fact that the group is the same.

There is no class for pairs that are merely alike without a reason: one that lay halfway between
chance and identity took half of the true pairs of noisy records away from the match class (its
removal lifted generated people of the past from F1 .86 to .99, and lost nothing on any other set).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dedup.comparisons import Comparison, Group
from dedup.level_shares import Floats, as_shares, in_every_context
from dedup.roles import Entity, Role, Roles

@dataclass(frozen=True)
class Reason:
    """A reason to agree without being one entity: the groups it explains or may touch."""

    covers: frozenset[Group]
    loosely: frozenset[Group] = frozenset()
    sometimes: tuple[tuple[Group, float], ...] = ()
    """How often other groups agree besides: fathers and sons of one name, twins of one birthday."""
    shares: bool = False
    """Whether all that does not identify may agree besides."""


REASONS: Mapping[Entity, Mapping[str, Reason]] = {
    "person": {
        "same place": Reason(frozenset({Group.PLACE})),
        "same household": Reason(
            frozenset({Group.SURNAME}),
            sometimes=((Group.GIVEN, 0.02), (Group.BIRTH, 0.02)),
            shares=True,
        ),
        "same group": Reason(frozenset(), shares=True),
        "same name": Reason(frozenset({Group.GIVEN, Group.SURNAME}), frozenset({Group.MAIL})),
        "same organisation": Reason(frozenset({Group.ORGANISATION}), shares=True),
    },
    "company": {
        "same place": Reason(frozenset({Group.PLACE})),
        "same group": Reason(frozenset(), shares=True),
        "same organisation, another place": Reason(
            frozenset({Group.ORGANISATION}), frozenset({Group.CONTACT, Group.MAIL})
        ),
    },
}


@dataclass
class Circumstance:
    """One reason why different entities agree, with how its fields then look."""

    name: str
    share: float
    levels: dict[int, Floats]
    fixed: frozenset[int] = frozenset()


def circumstances_of(
    comparisons: Sequence[Comparison],
    roles: Roles,
    m: list[Floats],
    u: list[Floats],
    prior: float,
) -> list[Circumstance]:
    """The reasons that fields of these groups can show, each with how it makes them look."""
    groups = [c.group for c in comparisons]
    made = []
    for name, reason in REASONS[roles.entity].items():
        covered = {f for f, g in enumerate(groups) if g in reason.covers}
        loose = {
            f
            for f, g in enumerate(groups)
            if g in reason.loosely or (reason.shares and roles.of[f] is not Role.IDENTIFIES)
        } - covered
        if not reason.covers <= set(groups) or len(covered) == len(groups):
            continue
        if len(covered) + len(loose) < 2:
            continue
        levels = {f: _alike(comparisons[f], m[f]) for f in covered}
        for f in loose:
            levels[f] = as_shares(0.5 * m[f] + 0.5 * u[f])
        fixed = []
        for f, g in enumerate(groups):
            for other, share in reason.sometimes:
                if g is other:
                    levels[f] = as_shares((1 - share) * u[f] + share * m[f])
                    fixed.append(f)
        made.append(Circumstance(name, prior * 0.5, levels, frozenset(fixed)))
    return made


def _alike(comparison: Comparison, m: Floats) -> Floats:
    """How a field looks that agrees for a reason: as in matches, or as names that are chosen so."""
    if not comparison.namesakes:
        return m.copy()
    return in_every_context(comparison.shared(comparison.namesakes))
