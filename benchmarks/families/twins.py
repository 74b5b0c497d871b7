"""A small register made of hard cases among ordinary people, with birth dates to tell them apart.

Twins and triplets of like names, couples and siblings on one mailbox or mobile, fathers and sons of
one name, mothers and daughters of one initial, namesakes behind one door; for each kind true
duplicates: the twin entered twice, the father recorded again, the initial that is the mother's.
"""

import numpy as np

from benchmarks.families.family import Family
from benchmarks.families.register import (
    HEADERS,
    salutations,
    shout,
    write_births,
    write_names,
    write_streets,
)
from benchmarks.families.words_export import export, planned, write_phone
from benchmarks.families.words_homes import (
    GIVEN,
    INITIALS,
    SURNAMES,
    Bools,
    People,
    Plan,
    Rng,
    Texts,
    people,
    plan,
    shared,
    some,
    texts,
)
from benchmarks.families.words_people import TONGUES
from benchmarks.families.words_records import INITIAL, Keeper, Rows

_LIKE = """Mark Mary|Amy Emma|Lily Lucy|Ella Emma|Jack Jake|Daniel David|Hannah Harriet|Megan Molly
Ruby Rosemary|Alice Amelia|Adam Alan|Jason Jacob|Carl Craig|Joan Jean|Anne Joanne|Ellie Ella
Oliver Olivia|Charlie Charlotte|Paul Paula|Brian Ryan|Jane Janet|Robert Rupert|Lee Leo""".replace(
    "\n", "|"
)
LIKE = [
    (GIVEN.index(a), GIVEN.index(b))
    for a, b in (pair.split() for pair in _LIKE.split("|"))
    if a in GIVEN and b in GIVEN
]
_BY_INITIAL = {
    chr(c): np.array(
        [i for i, n in enumerate(GIVEN) if INITIALS[i] == c and n in TONGUES[0].female]
    )
    for c in set(INITIALS.tolist())
}


def _is_male(given: int) -> bool:
    return GIVEN[given] in TONGUES[0].male and GIVEN[given] not in TONGUES[0].female


def _next_twins(folk: People) -> np.ndarray:
    """Places of children born with the one before them."""
    same = (folk.home[1:] == folk.home[:-1]) & (folk.birth[1:] == folk.birth[:-1])
    return np.flatnonzero(same & (folk.role[1:] == 2)) + 1


def _sharpen(rng: Rng, folk: People, p: Plan) -> Bools:
    """Make twins sound alike, daughters share the mother's initial, inmates share a whole name.

    Returns who is a twin.
    """
    n = len(folk)
    twin = np.zeros(n, dtype=bool)
    for at in _next_twins(folk):
        twin[at - 1 : at + 1] = True
        others = set(folk.given[folk.home == folk.home[at]].tolist())
        if rng.random() < p["twins_alike"]:
            a, b = LIKE[int(rng.integers(0, len(LIKE)))]
            if not {a, b} & others:
                folk.given[at - 1], folk.given[at] = a, b
                folk.male[at - 1], folk.male[at] = _is_male(a), _is_male(b)
    for at in np.flatnonzero((folk.role == 2) & ~folk.male & ~twin):
        mother = np.flatnonzero((folk.home == folk.home[at]) & (folk.role <= 1) & ~folk.male)
        if len(mother) and folk.tongue[at] == 0 and rng.random() < p["daughter_initial"]:
            pool = _BY_INITIAL[chr(INITIALS[folk.given[mother[0]]])]
            taken = set(folk.given[folk.home == folk.home[at]].tolist())
            free = [i for i in pool.tolist() if i not in taken]
            if free:
                folk.given[at] = free[int(rng.integers(0, len(free)))]
    for at in np.flatnonzero((folk.role == 3)[1:] & (folk.role == 3)[:-1]) + 1:
        apart = abs((folk.birth[at] - folk.birth[at - 1]).astype(int)) > 900
        if folk.home[at] == folk.home[at - 1] and apart and rng.random() < p["namesakes"]:
            for of in (folk.given, folk.surname, folk.male):
                of[at] = of[at - 1]
    folk.namesake[:] = shared((folk.home * len(GIVEN) + folk.given) * len(SURNAMES) + folk.surname)
    folk.alike[:] = shared(folk.home * 128 + INITIALS[folk.given])
    return twin


class Sharp(Keeper):
    """Writes the initial alone even where two at home share it, if the birth date still tells."""

    def __init__(self, rng: Rng, folk: People, p: Plan, twin: Bools) -> None:
        self.twin = twin
        super().__init__(rng, folk, p)

    def undo(self) -> None:
        """First set some initials that only the birth date resolves, then take back as ever."""
        who = self.who
        risky = self.folk.alike & ~self.twin & ~self.folk.namesake
        plain = risky[who] & (self.name == 0) & self._hit(self.p["bare_initial"])
        self.name[plain] = INITIAL
        sure = (self.folk.namesake | self.folk.alike)[who]
        self.blank["birth"] &= ~sure
        self.birth_off &= ~sure
        super().undo()


def _plan(rng: Rng) -> Plan:
    p = plan(rng)
    p.drawn |= {
        "home_single": some(rng, 0.1, 0.4),
        "home_flat": some(rng, 0.05, 0.3),
        "junior": some(rng, 0.1, 0.6),
        "twin": some(rng, 0.2, 0.7),
        "twins_alike": some(rng, 0.1, 0.9),
        "daughter_initial": some(rng, 0.1, 0.8),
        "namesakes": some(rng, 0.0, 0.15),
        "bare_initial": some(rng, 0.0, 0.3),
        "family_mail": some(rng, 0.2, 0.9),
        "landline_only": some(rng, 0.2, 0.9),
        "shared_mobile": some(rng, 0.0, 0.8),
        "dup_share": some(rng, 0.05, 0.6),
        "moved": some(rng, 0.0, 0.15),
        "no_birth": some(rng, 0.0, 0.3, 2),
    }
    fields = ["birth", "mail", "phone", "street", "postcode", "town"]
    for f, odds in (("mail", 0.2), ("phone", 0.2), ("street", 0.4), ("town", 0.4)):
        if rng.random() < odds:
            fields.remove(f)
    p.fields = tuple(fields)
    return p


def _mobiles(rng: Rng, got: Rows, folk: People, p: Plan) -> Texts:
    """Families that share a mobile where others share the landline."""
    keeps = rng.random(2 * folk.homes) >= p["shared_mobile"]
    number = texts([f"07{m}" for m in rng.integers(10**8, 10**9, 2 * folk.homes)])
    home = [
        v if v is None or v.startswith("07") or "@" in v or k or not own else m
        for v, k, m, own in zip(
            got.phone.tolist(), keeps[got.address].tolist(), number[got.address].tolist(),
            folk.shared_phone[got.who].tolist(), strict=True,
        )
    ]  # fmt: skip
    return texts(home)


def draw(seed: int, rows: int | None = None) -> Family:
    """Draw one register of hard cases."""
    rng = np.random.default_rng(seed)
    wanted = rows or int(rng.integers(600, 1500))
    p = _plan(rng)
    folk = people(rng, wanted, p)
    twin = _sharpen(rng, folk, p)
    got = Sharp(rng, folk, p, twin).rows()
    n, sources = len(got), int(p["sources"])
    titles = salutations(rng, folk, got)
    apart = bool(rng.random() < 0.6)
    cells: dict[str, Texts] = {}
    if rng.random() < 0.4:
        cells["id"] = titles
    if apart:
        cells |= {"first": got.given, "last": got.surname}
    else:
        cells["name"] = write_names(rng, got, titles)
    cells["dob"] = write_births(got, [int(rng.integers(0, 4))] * sources)
    if rng.random() < 0.4:
        cells["sex"] = np.where(got.male, "M", "F").astype(object)
    cells["mail"] = got.mail
    cells["phone"] = write_phone(rng, _mobiles(rng, got, folk, p), p["odd_phone"])
    cells |= {"street": write_streets(rng, got), "town": got.town, "postcode": got.postcode}
    if rng.random() < 0.2:
        cells["country"] = texts(["UK"] * n)
    cells = planned(cells, p.fields)
    shout(rng, cells, got.source, 0.15, {"name", "first", "last", "street", "town"})
    count = {"twins": int(twin.sum()), "namesake_people": int(folk.namesake.sum())}
    return export(
        rng, cells, got, HEADERS, ("dob", "mail", "phone", "street"), {**p.drawn, **count}
    )
