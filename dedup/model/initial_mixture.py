"""The mixture before it is fitted: from frequencies, and from pairs that agree too much."""

from collections.abc import Sequence

import numpy as np

from dedup.comparison.base import Comparison, Group
from dedup.comparison.levels import (
    CONTEXTS,
    DIFFER,
    WIDTH,
    Floats,
    Levels,
    as_shares,
    in_every_context,
    steadied,
)
from dedup.fields.roles import NAMES, Role, Roles, keeps_of, telling
from dedup.model.latent_classes import changes_of, circumstances_of
from dedup.model.mixture import Mixture

ENOUGH_SURE = 50
TRUST = 0.5
"""How many sure pairs count, and how much of what is expected they may replace."""
SECOND = 6.0
"""Bits that fields besides the strongest one must add before a pair is taken for sure."""
MOST_PAIRS = 3.0
"""Matches a row, at most, that the match class may claim: more is only similar."""
CATEGORY = 0.01
"""A field that agrees by chance more often says what kind of entity it is, not which one."""
COMMON_PLACE = 0.05
"""A place in which more than one pair in twenty meets by chance (a country, a language) is one."""
OF_KIND = 8.0
"""Bits that all such fields may add together: income, occupation and education go together, and
people of one walk of life are not one person."""
LEAST_CHANCE = 0.1
"""In a small table most pairs that agree are one entity, and chance is less than what is seen; so
much of it at least is believed to be chance until the pairs are judged."""
MOVED = 0.5
"""Where all that is said of a place differs, the rest of it differs as between strangers so often:
who has moved has moved with street, town and postcode."""
BUNDLES: tuple[tuple[Group, ...], ...] = (
    (Group.GIVEN, Group.SURNAME, Group.MAIL),
    (Group.PLACE,),
    (Group.ORGANISATION, Group.MAIL),
)
"""Groups that hang together: a town with its postcode, a name with the mail made of it."""


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


def _with_names(
    parents: tuple[tuple[int, ...], ...], comparisons: Sequence[Comparison], roles: Roles
) -> tuple[tuple[int, ...], ...]:
    """The same, but whereabouts depend on the names of people, too, which hang on countries."""
    if roles.entity != "person":
        return parents
    names = tuple(f for f, c in enumerate(comparisons) if c.group in NAMES[roles.entity])
    return tuple(
        (*names, *own) if f in roles.coarse and comparisons[f].group is Group.PLACE else own
        for f, own in enumerate(parents)
    )


def start(
    comparisons: Sequence[Comparison],
    chances: list[Floats],
    total: float,
    rows: int,
    roles: Roles,
) -> Mixture:
    """The model before any pair is seen: levels as expected, one match in a few rows."""
    own = roles.with_role(Role.IDENTIFIES)
    most_changed = tuple(
        min(c.most_changed, kept.most if _is_held(c, f in own) and (kept := keeps_of(c)) else 1.0)
        for f, c in enumerate(comparisons)
    )
    m = [_expected(c, f in own) for f, c in enumerate(comparisons)]
    prior = max(0.2 * rows / total, 1.0 / total)
    gross = [in_every_context(x) for x in chances]
    u = [
        as_shares(np.maximum(x - prior * match, LEAST_CHANCE * x))
        for x, match in zip(gross, m, strict=True)
    ]
    parents = _with_names(parents_of(comparisons), comparisons, roles)
    for f, c in enumerate(comparisons):
        if parents[f] and c.group is Group.PLACE:
            moved = slice(DIFFER * WIDTH, (DIFFER + 1) * WIDTH)
            m[f][moved] = (1 - MOVED) * m[f][moved] + MOVED * u[f][moved]
    near = []
    for c in comparisons:
        marks = np.zeros(WIDTH, np.bool_)
        marks[list(c.near)] = True
        near.append(marks)
    return Mixture(
        names=tuple(c.name for c in comparisons),
        labels=tuple(c.labels for c in comparisons),
        parents=parents,
        near=tuple(near),
        prior=prior,
        m=m,
        u=u,
        circumstances=circumstances_of(comparisons, roles, m, u, prior),
        total=total,
        changes=changes_of(comparisons, roles, m, u),
        gross=gross,
        ceiling=min(1.0, MOST_PAIRS * rows / total),
        most_changed=most_changed,
        conflicts=tuple(c.conflicts for c in comparisons),
        never=tuple(c.never for c in comparisons),
        loose=tuple(c.loose for c in comparisons),
        kinds=tuple(
            f
            for f, c in enumerate(comparisons)
            if not c.given
            and not telling(c)
            and c.column.chance > (COMMON_PLACE if c.group is Group.PLACE else CATEGORY)
            and c.group in (Group.OTHER, Group.IDENTIFIER, Group.PLACE)
        ),
        given=tuple(f for f, c in enumerate(comparisons) if c.given),
        identity=own,
        owned=tuple(f for f, c in enumerate(comparisons) if telling(c)),
        describing=tuple(sorted({*roles.with_role(Role.DESCRIBES), *roles.coarse})),
        name_groups=NAMES[roles.entity],
    )


def _is_held(comparison: Comparison, identifies: bool) -> bool:
    """Whether the fit may not take a field for one that matches keep less than is believed."""
    return identifies or comparison.group in (Group.CONTACT, Group.MAIL)


def _expected(comparison: Comparison, identifies: bool) -> Floats:
    """How matches look in a field: as usual and, where it identifies, differing no more often."""
    usual = in_every_context(comparison.expected())
    keeps = keeps_of(comparison) if identifies else None
    if keeps is None:
        return usual
    return steadied(usual, len(comparison.labels), comparison.conflicts, keeps.usual)


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
        if f in model.given:
            continue
        seen = np.bincount(levels[sure, f], minlength=WIDTH).astype(np.float64)
        seen[0] = 0
        share = seen / max(1.0, seen.sum())
        trust = TRUST * seen.sum() / (seen.sum() + ENOUGH_SURE)
        model.m[f] = as_shares((1 - trust) * m + trust * np.tile(share, CONTEXTS))


def temper(model: Mixture) -> None:
    """Let the fields that only say what kind of entity it is add no more than OF_KIND together.

    That is, at their rarest levels: while EM runs they hardly count.
    """
    gains = [float(np.log2(model.m[f] / model.u[f])[2:WIDTH].clip(0).max()) for f in model.kinds]
    share = min(1.0, OF_KIND / max(sum(gains), 1e-9))
    for f in model.kinds:
        model.m[f] = as_shares(model.u[f] ** (1 - share) * model.m[f] ** share)
        for circumstance in model.circumstances:
            if f in circumstance.levels:
                circumstance.levels[f] = model.m[f].copy()
