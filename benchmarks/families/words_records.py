"""Records of the people of `words_homes`: changes, errors, blanks, formats."""

from dataclasses import dataclass

import numpy as np

from benchmarks.families.keyboard import slip
from benchmarks.families.words_homes import (
    GIVEN,
    INITIALS,
    SURNAMES,
    Bools,
    Floats,
    Ints,
    People,
    Plan,
    Rng,
    Texts,
    mails,
    plain,
    postcodes,
    surnames,
    texts,
)
from benchmarks.families.words_people import ABBREVIATED, NICKNAMES, STREETS, TOWNS

CLEAN, TYPO_GIVEN, TYPO_SURNAME, NICK, INITIAL, SWAP, ASCII = range(7)
_WORTH = np.array([1.0, 0.9, 0.9, 0.8, 0.6, 0.9, 1.0])
_NICKS = texts([NICKNAMES.get(name, [name]) for name in GIVEN])
_HAS_NICK = np.array([name in NICKNAMES for name in GIVEN])


@dataclass
class Rows:
    """One entry per record; texts are None where the cell is empty."""

    who: Ints
    source: Ints
    given: Texts
    surname: Texts
    year: Ints
    month: Ints
    day: Ints
    """Year 0 where the birth date is blank."""
    phone: Texts
    """Bare digits, or a mail that stands in the wrong column."""
    landline: Texts
    mail: Texts
    number: Texts
    street: Texts
    town: Texts
    postcode: Texts
    address: Ints
    at_town: Ints
    """The true town, by number, whether or not the record shows it."""
    male: Bools
    unsure: int

    def __len__(self) -> int:
        return len(self.who)


def _copies(rng: Rng, n: int, p: Plan) -> Ints:
    """How many records each has, 12 at the most."""
    more = np.minimum(rng.geometric(1 - p["dup_more"], n), 11)
    return np.where(rng.random(n) < p["dup_share"], 1 + more, 1)


class Keeper:
    """Turns people into records, holding what is wrong with each until all stay recognisable."""

    def __init__(self, rng: Rng, folk: People, p: Plan) -> None:
        self.rng, self.folk, self.p = rng, folk, p
        n = len(folk)
        copies = _copies(rng, n, p)
        self.who = np.repeat(np.arange(n), copies)
        start = np.cumsum(copies) - copies
        self.base = start[self.who]
        k = np.arange(len(self.who)) - self.base
        rows = len(self.who)
        sources = int(p["sources"])
        self.source = rng.integers(0, sources, rows)
        dirt = rng.uniform(0.5, 1.5, sources)
        if p["dirty_one"] and sources > 1:
            dirt[0], dirt[1] = 0.05, 2.0
        self.dirt = dirt[self.source] * np.where(k > 0, 1.0, 0.4)
        turn = 1 + (rng.random(n) * np.maximum(copies - 1, 1)).astype(np.int64)
        later = k >= turn[self.who]
        home = folk.home[self.who]
        adult = folk.birth < np.datetime64("2003-01-01")
        weds = ~folk.male & adult & np.isin(folk.role, (0, 2))
        self.moved = later & (rng.random(folk.homes) < p["moved"])[home]
        self.married = later & (weds & (rng.random(n) < p["married"]))[self.who]
        self.new_phone = later & (rng.random(n) < p["new_phone"])[self.who]
        self.new_mail = later & (rng.random(n) < p["new_mail"])[self.who]
        minor = folk.birth > np.datetime64("2010-01-01")
        folk.shared_phone = (rng.random(n) < p["landline_only"]) | minor
        folk.shared_mail = (rng.random(folk.homes) < p["family_mail"])[folk.home] | minor
        self.name = self._name_errors(adult)
        self.birth_off = self._hit(p["birth_error"]) & ~folk.namesake[self.who]
        self.blank = {f: self._hit(p[f"no_{f}"], 1.0) for f in p.fields}
        self.blank["given"] = self._hit(p["no_given"], 1.0) & ~self._alike()
        if "birth" in self.blank:
            self.blank["birth"] &= ~folk.namesake[self.who]
        self.undo()

    def _alike(self) -> Bools:
        return self.folk.alike[self.who]

    def _hit(self, rate: float, flat: float = 0.0) -> Bools:
        odds = rate * (np.ones(len(self.who)) if flat else self.dirt)
        return np.asarray(self.rng.random(len(self.who)) < odds)

    def _name_errors(self, adult: Bools) -> Ints:
        kind = self.rng.choice(
            [TYPO_GIVEN, TYPO_SURNAME, NICK, INITIAL, SWAP, ASCII],
            len(self.who),
            p=[0.2, 0.25, 0.25, 0.12, 0.08, 0.1],
        )
        kind = np.where(self._hit(self.p["name_error"]), kind, CLEAN)
        kind[(kind == INITIAL) & self._alike()] = CLEAN
        given = self.folk.given[self.who]
        kind[(kind == NICK) & ~(_HAS_NICK[given] & adult[self.who])] = CLEAN
        return kind

    def seen(self) -> dict[str, Floats]:
        """What each record says, by field."""
        full = {f: (~gone).astype(float) for f, gone in self.blank.items()}
        folk, who = self.folk, self.who
        out = {"name": _WORTH[self.name] * np.where(full["given"] > 0, 1, 0.5)}
        if "birth" in full:
            out["birth"] = full["birth"] * np.where(self.birth_off, 0.7, 1.0)
        if "phone" in full:
            out["phone"] = full["phone"] * np.where(folk.shared_phone[who], 0.4, 1.0)
        if "landline" in full:
            out["landline"] = full["landline"] * 0.4
        if "mail" in full:
            out["mail"] = full["mail"] * np.where(folk.shared_mail[who], 0.5, 1.0)
        if "street" in full or "postcode" in full:
            none = np.zeros(len(who))
            out["street"] = 0.65 * full.get("street", none)
            out["postcode"] = 0.5 * full.get("postcode", none)
        return out

    def score(self) -> Floats:
        """How surely each record is about the same person as that person's first record."""
        seen, b = self.seen(), self.base
        same = {
            "name": np.where(self.married != self.married[b], 0.5, 1.0),
            "phone": (self.new_phone == self.new_phone[b])
            & ((self.moved == self.moved[b]) | ~self.folk.shared_phone[self.who]),
            "mail": self.new_mail == self.new_mail[b],
        }
        for f in ("landline", "street", "postcode"):
            same[f] = self.moved == self.moved[b]
        total = np.zeros(len(self.who))
        place = np.zeros(len(self.who))
        for f, value in seen.items():
            common = np.minimum(value, value[b]) * same.get(f, 1.0)
            if f in ("street", "postcode"):
                place = np.maximum(place, common)
            else:
                total += common
        return np.asarray(total + place)

    def _lone(self) -> Floats:
        seen = self.seen()
        where = np.maximum(seen.pop("street", 0.0), seen.pop("postcode", 0.0))
        return np.asarray(sum(seen.values()) - seen["name"] + where)

    def undo(self) -> None:
        """Take back blanks, then changes, then errors, where nobody could tell any more."""
        alone = self._lone() < self.p.lone
        for gone in self.blank.values():
            gone &= ~alone
        for turn in range(6):
            bad = self.score() < self.p.need
            whose = np.zeros(len(self.folk), dtype=bool)
            whose[self.who[bad]] = True
            if not whose.any():
                break
            if turn == 0:
                bad[self.base[bad]] = True
                for gone in self.blank.values():
                    gone &= ~bad
            elif turn == 1:
                self.new_mail &= ~whose[self.who]
            elif turn == 2:
                self.new_phone &= ~whose[self.who]
            elif turn == 3:
                self.moved &= ~whose[self.who]
            else:
                self.name[bad | np.isin(np.arange(len(bad)), self.base[bad])] = CLEAN
                self.birth_off[bad] = False
                self.married &= ~whose[self.who]
        self.unsure = int((self.score() < self.p.need).sum())

    def _names(self) -> tuple[Texts, Texts]:
        folk, rng, n = self.folk, self.rng, len(self.who)
        g = folk.given[self.who]
        given = texts(GIVEN)[g]
        new = surnames(rng, folk.tongue, self.p["zipf"])
        surname = texts(SURNAMES)[np.where(self.married, new[self.who], folk.surname[self.who])]
        u, v = rng.random(n), rng.random(n)
        for i in np.flatnonzero(self.name == TYPO_GIVEN):
            given[i] = slip(given[i], u[i], v[i])
        for i in np.flatnonzero(self.name == TYPO_SURNAME):
            surname[i] = slip(surname[i], u[i], v[i])
        for i in np.flatnonzero(self.name == NICK):
            given[i] = _NICKS[g[i]][int(u[i] * len(_NICKS[g[i]]))]
        for i in np.flatnonzero(self.name == INITIAL):
            given[i] = chr(INITIALS[g[i]]) + ("." if u[i] < 0.5 else "")
        for i in np.flatnonzero(self.name == ASCII):
            given[i], surname[i] = plain(given[i]), plain(surname[i])
        swap = self.name == SWAP
        given[swap], surname[swap] = surname[swap], given[swap]
        given[self.blank["given"] & ~swap] = None
        return given, surname

    def _birth(self) -> tuple[Ints, Ints, Ints]:
        days = self.folk.birth[self.who]
        year = days.astype("datetime64[Y]").astype(np.int64) + 1970
        month = days.astype("datetime64[M]").astype(np.int64) % 12 + 1
        day = (days - days.astype("datetime64[M]")).astype(np.int64) + 1
        off, kind = self.birth_off, self.rng.random(len(days))
        turn = off & (kind < 0.5) & (day <= 12)
        month, day = np.where(turn, day, month), np.where(turn, month, day)
        step = np.where(kind < 0.75, self.rng.choice([-1, 1], len(days)), 10)
        year = np.where(off & ~turn & (kind < 0.85), year - step, year)
        near = off & ~turn & (kind >= 0.85)
        day = np.where(near, np.where(day > 1, day - 1, 2), day)
        day = np.where((month == 2) & (day == 29) & (year % 4 > 0), 28, day)
        if "birth" in self.blank:
            year = np.where(self.blank["birth"], 0, year)
        return year, month, day

    def _numbers(self, moved: Ints) -> tuple[Texts, Texts]:
        folk, rng, p = self.folk, self.rng, self.p
        bad = rng.random(len(folk)) < p["bad_phone"]
        pools = []
        for _ in range(2):
            mobile = rng.integers(100_000_000, 1_000_000_000, len(folk)).tolist()
            prefix = rng.choice(["06", "04", "0199", "05"], len(folk)).tolist()
            pools.append(
                [(x if b else "07") + str(m) for x, b, m in zip(prefix, bad, mobile, strict=True)]
            )
        line = []
        rest = rng.integers(200_000, 9_999_999, 2 * folk.homes).tolist()
        for t, r in zip(folk.town.tolist(), rest, strict=True):
            dial = TOWNS[t].dial
            line.append(dial + f"{r * 17 + 20_000_003:08d}"[-(11 - len(dial)) :])
        lines = texts(line)[moved]
        phone = np.where(self.new_phone, texts(pools[1])[self.who], texts(pools[0])[self.who])
        phone = np.where(folk.shared_phone[self.who] & ~self.new_phone, lines, phone)
        return phone, lines

    def _streets(self, at: Ints) -> tuple[Texts, Texts]:
        folk, rng, n = self.folk, self.rng, len(at)
        street, number = texts(STREETS)[folk.street[at]], folk.number[at].astype(str).astype(object)
        u, v = rng.random(n), rng.random(n)
        for i in np.flatnonzero(folk.flat[at] > 0):
            form = ("Flat {}, {}", "{}/{}", "Flat {} {}", "Apt {}, {}")[int(u[i] * 3.2)]
            number[i] = form.format(folk.flat[at[i]], number[i])
        for i in np.flatnonzero(self._hit(self.p["street_error"])):
            base, kind = street[i].rsplit(" ", 1)
            if v[i] < 0.6:
                street[i] = f"{base} {ABBREVIATED.get(kind, kind)}" + ("." if u[i] < 0.3 else "")
            elif v[i] < 0.9:
                street[i] = f"{slip(base, u[i], (v[i] - 0.6) * 3.3)} {kind}"
            else:
                street[i] = base
        return number, street

    def rows(self) -> Rows:
        """The records as text, before their family formats them."""
        folk, rng, who = self.folk, self.rng, self.who
        at = folk.home[who] + np.where(self.moved, folk.homes, 0)
        given, surname = self._names()
        year, month, day = self._birth()
        phone, landline = self._numbers(at)
        seen: set[str] = set()
        old = mails(rng, folk, folk.shared_mail, 0, seen)
        new = mails(rng, folk, np.zeros(len(folk), dtype=bool), 2, seen)
        mail = np.where(self.new_mail, new[who], old[who])
        number, street = self._streets(at)
        town = texts([t.name for t in TOWNS])[folk.town[at]]
        code = postcodes(folk.town, folk.street, folk.number)[at]
        for f, cells in (
            ("phone", phone), ("landline", landline), ("mail", mail), ("street", street),
            ("street", number), ("town", town), ("postcode", code),
        ):  # fmt: skip
            if f in self.blank:
                cells[self.blank[f]] = None
        if {"phone", "mail"} <= set(self.blank):
            lost = self.blank["phone"] & ~self.blank["mail"] & self._hit(self.p["wrong_column"], 1)
            phone[lost], mail[lost] = mail[lost], None
        return Rows(
            who, self.source, given, surname, year, month, day, phone, landline, mail,
            number, street, town, code, at, folk.town[at], folk.male[who], self.unsure,
        )  # fmt: skip
