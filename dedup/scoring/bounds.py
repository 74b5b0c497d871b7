"""What bounds a probability whatever the agreements: final conflicts, too little to be sure.

A mixture adds up what fields say. Some of it no sum outweighs: twins are two people however much
their household shares, and a registered name is one firm's whoever answers for it. The rules and
their words stand in docs/identity.md; a pair that one of them holds is for a steward at most.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dedup.comparison.base import Comparison, Group
from dedup.comparison.company_names import SOUNDS_THE_SAME, CompanyComparison
from dedup.comparison.kinds import OTHER_NAME, WordsComparison
from dedup.comparison.levels import Floats, Levels
from dedup.model.mixture import Mixture

Marks = npt.NDArray[np.bool_]

ONLY_ALIKE = float(np.log(0.3 / 0.7))
"""Where names are all there is, two that merely resemble each other are for a steward to judge; as
are sister firms that share no contact."""
BESIDES = 3.0
"""Bits that fields besides the name must add before a person of another firm is the same one."""
SURE_OF_NAME = 2.2
"""Natural log odds (p .9) from which a name alone may do, where no employer differs."""
REGISTERED = float(np.log(0.98 / 0.02))
"""What one registered name makes of two records at least."""
ANOTHER = float(np.log(0.05 / 0.95))
"""What two conflicts in what identifies leave of a pair, whatever a group shares."""
CONTACTS = frozenset({Group.CONTACT, Group.MAIL})
SEVERAL_EQUAL = 7
"""The level of telephones and mailboxes of which one of several is the same."""
NAMES = frozenset({Group.GIVEN, Group.SURNAME})


def bounded(comparisons: Sequence[Comparison], model: Mixture, levels: Levels) -> Floats:
    """Natural log odds that candidate pairs with these levels are one entity."""
    odds = model.log_odds(levels)
    others = [f for f, c in enumerate(comparisons) if c.group not in NAMES]
    bare = (levels[:, others] == 0).all(axis=1) & ~_all_equal(comparisons, levels)
    if model.learned is not None:
        return odds
    unsure = bare | _sisters(comparisons, model, levels) | _unlike(comparisons, model, levels)
    if model.grouped:
        unsure |= _relatives(comparisons, model, levels)
        if Group.GIVEN in model.name_groups:
            unsure |= _namesakes(comparisons, model, levels, odds)
    odds = np.where(unsure, np.minimum(odds, ONLY_ALIKE), odds)
    odds = np.where(_others(comparisons, model, levels), np.minimum(odds, ANOTHER), odds)
    return np.where(
        _registered_alike(comparisons, model, levels), np.maximum(odds, REGISTERED), odds
    )


def _registered_alike(comparisons: Sequence[Comparison], model: Mixture, levels: Levels) -> Marks:
    """Whether a registered name is the same, region and legal form included, whoever answers.

    No two firms of a place may have it; only a number of the firm says otherwise.
    """
    alike, conflict = np.zeros(len(levels), np.bool_), np.zeros(len(levels), np.bool_)
    for f in model.identity:
        comparison = comparisons[f]
        if isinstance(comparison, CompanyComparison):
            last = len(comparison.labels) - 1
            alike |= comparison.registered & (levels[:, f] == last)
        elif comparison.group is Group.IDENTIFIER:
            conflict |= np.isin(levels[:, f], comparison.conflicts)
    return alike & ~conflict


def _others(comparisons: Sequence[Comparison], model: Mixture, levels: Levels) -> Marks:
    """Whether two fields that identify conflict, and none is the same: no group outweighs that.

    A similarity is not sameness: Jon Green and John Black, born years apart, have it by chance.
    """
    conflicts, same = np.zeros(len(levels), np.int64), np.zeros(len(levels), np.bool_)
    for f in model.identity:
        comparison = comparisons[f]
        conflict = np.isin(levels[:, f], comparison.conflicts)
        conflicts += conflict
        same |= levels[:, f] >= len(comparison.labels) - 3
        if comparison.group is Group.IDENTIFIER:
            same |= (levels[:, f] > 1) & ~conflict
    return (conflicts >= 2) & ~same


def _relatives(comparisons: Sequence[Comparison], model: Mixture, levels: Levels) -> Marks:
    """Whether given names really differ, and nothing that is a person's alone agrees.

    Twins have their birthday in common: it is not one's own where the other name is in use and
    a household shows besides, nor where telephones or mailboxes are given and differ, too.
    Whoever has married keeps a birthday, a telephone or a mailbox: without any, another surname
    with the same given name is a colleague's. Of a surname alone (李**) the telephones tell who it
    is: where all differ, it is another one of the family.
    """
    names = ("differ", "named", "alone", "called", "own", "birth", "home", "filled", "reached",
             "married", "kept")  # fmt: skip
    seen = {name: np.zeros(len(levels), np.bool_) for name in names}
    for f, comparison in enumerate(comparisons):
        level = levels[:, f]
        conflict, near = np.isin(level, comparison.conflicts), model.near[f][level]
        if comparison.group in CONTACTS:
            seen["filled"] |= level > 0
            seen["reached"] |= near
            seen["kept"] |= near & (level != len(comparison.labels) - 3)
        if f not in model.identity:
            seen["home"] |= near & (f not in model.describing)
        elif comparison.group is Group.GIVEN:
            seen["alone"] |= level == 0
            seen["differ"] |= conflict
            seen["named"] |= level == OTHER_NAME
        elif comparison.group is Group.BIRTH:
            seen["birth"] |= (level > 1) & ~conflict
        elif comparison.group is Group.SURNAME:
            seen["married"] |= conflict
            seen["called"] |= (level > 0) & ~conflict
        else:
            seen["own"] |= (level > 1) & ~conflict
    twins = (seen["named"] & seen["home"]) | (seen["differ"] & seen["filled"] & ~seen["reached"])
    colleagues = seen["married"] & ~seen["birth"] & ~seen["kept"]
    unnamed = seen["alone"] & seen["called"] & seen["filled"] & ~seen["reached"] & ~seen["birth"]
    others: Marks = (seen["differ"] & ~seen["birth"]) | twins | colleagues | unnamed
    return others & ~seen["own"]


def _sisters(comparisons: Sequence[Comparison], model: Mixture, levels: Levels) -> Marks:
    """Whether names are two firms' as they stand, and no number of the firm is the same.

    Sisters share telephones, addresses and people with one another, and with their agents; only
    of names that need not be registered ones does a contact say that they are one firm. Of brands
    that merely sound the same any contact does, and so does one that is not told: whoever types
    嘉莉 for 嘉利 has the telephone right.
    """
    apart, same = (np.zeros(len(levels), np.bool_) for _ in range(2))
    heard, reachable, reached = (np.zeros(len(levels), np.bool_) for _ in range(3))
    for f, comparison in enumerate(comparisons):
        equal = levels[:, f] >= len(comparison.labels) - 3
        if comparison.group in CONTACTS or isinstance(comparison, WordsComparison):
            reachable |= (levels[:, f] > 0) & (f not in model.describing)
            reached |= model.near[f][levels[:, f]] & (f not in model.describing)
        if isinstance(comparison, CompanyComparison):
            heard |= (levels[:, f] == SOUNDS_THE_SAME) & (f in model.identity)
            apart |= np.isin(levels[:, f], comparison.apart) & (f in model.identity)
            same |= (levels[:, f] >= comparison.same) & (f in model.identity)
        elif comparison.group is Group.IDENTIFIER:
            same |= equal & (f in model.identity)
        elif not _by_registered_names(comparisons):
            contact = comparison.group in CONTACTS or isinstance(comparison, WordsComparison)
            same |= equal & contact
    return (apart | (heard & reachable & ~reached)) & ~same


def _unlike(comparisons: Sequence[Comparison], model: Mixture, levels: Levels) -> Marks:
    """Whether firms' names share no more than a word, and no address or two contacts are the same.

    A website like another's is made of that word, and a mailbox or telephone that several names
    hold is a group's. Addresses need not be equal, only near.
    """
    unlike, near = (np.zeros(len(levels), np.bool_) for _ in range(2))
    contacts = np.zeros(len(levels), np.int64)
    for f, comparison in enumerate(comparisons):
        level = levels[:, f]
        if isinstance(comparison, CompanyComparison) and f in model.identity:
            unlike |= np.isin(level, (*comparison.loose, *comparison.conflicts))
        elif isinstance(comparison, WordsComparison):
            near |= model.near[f][level] & (f not in model.describing)
        elif comparison.group in CONTACTS:
            contacts += (level > len(comparison.labels) - 3) | (level == SEVERAL_EQUAL)
        elif comparison.group is Group.IDENTIFIER:
            near |= (level >= len(comparison.labels) - 3) & (f in model.identity)
    return unlike & ~near & (contacts < 2)


def _by_registered_names(comparisons: Sequence[Comparison]) -> bool:
    """Whether firms are called by their registered names."""
    return any(isinstance(c, CompanyComparison) and c.registered for c in comparisons)


def _namesakes(
    comparisons: Sequence[Comparison], model: Mixture, levels: Levels, odds: Floats
) -> Marks:
    """Whether hardly anything but the name is the same, though more is given.

    Somebody may have moved or changed jobs; without anything else to show it, and unless the
    name is rare enough to be sure, that is another one of the name.
    """
    cells, weights = model.cells(levels), model.weights()
    filled, elsewhere = (np.zeros(len(levels), np.bool_) for _ in range(2))
    besides = np.zeros(len(levels))
    for f, comparison in enumerate(comparisons):
        if comparison.group in model.name_groups:
            continue
        worth = weights[f][cells[:, f]]
        if f not in model.describing:
            besides += np.maximum(worth, 0)
            filled |= levels[:, f] > 0
        elif comparison.group is Group.PLACE:
            filled |= worth < 0
        elsewhere |= (worth < 0) & (comparison.group is Group.ORGANISATION)
    return filled & (besides < BESIDES) & (elsewhere | (odds < SURE_OF_NAME))


def _all_equal(comparisons: Sequence[Comparison], levels: Levels) -> Marks:
    """Whether the pairs of each pattern are equal wherever both records say anything."""
    equal = np.ones(len(levels), np.bool_)
    for f, comparison in enumerate(comparisons):
        equal &= (levels[:, f] == 0) | (levels[:, f] >= len(comparison.labels) - 3)
    return equal
