"""The people who work for the firms: Chinese ones with readings, English ones with nicknames."""

from dataclasses import dataclass, replace
from random import Random

from pipelines.demo.firms import Firm, FirmScript
from pipelines.demo.identifiers import fill_pattern, make_mobile
from pipelines.demo.vocabulary import Abroad, traditional, words


@dataclass(frozen=True)
class ContactPerson:
    """Somebody who answers the phone at a customer's."""

    id: str
    firm: str
    """The true id of the firm they work for."""
    name: str
    surname: str
    given: str
    sounds: tuple[str, str]
    """Surname and given name as read, in letters."""
    nickname: str | None
    title: str
    department: str
    mobile: str | None
    extension: str
    email: str
    private_email: str | None
    former_mobile: str | None = None
    former_firm: str | None = None


FREE_MAIL = ("mail.example", "post.example", "box.example")
"""Mail services anybody may use; real ones would reach real people."""


def hire_all(rng: Random, firms: list[Firm]) -> list[ContactPerson]:
    """One to four people for every firm, about two on average."""
    people: list[ContactPerson] = []
    emails: set[str] = set()
    for firm in firms:
        for _ in range(rng.choice((1, 1, 2, 2, 2, 3, 4))):
            english = firm.script is FirmScript.LATIN
            make = _english if english else _chinese
            people.append(make(rng, f"P{len(people) + 1:04d}", firm, emails))
    by_id = {firm.id: firm for firm in firms}
    return [_with_history(rng, person, firms, by_id) for person in people]


def _chinese(rng: Random, identity: str, firm: Firm, emails: set[str]) -> ContactPerson:
    data = words("people")
    rare = rng.random() < 0.12
    surnames = data["rare_surnames" if rare else "surnames"]
    options = list(surnames)
    # Common surnames stand first: squaring the draw makes 王 and 李 as frequent as they are.
    surname = options[int(rng.random() ** (1 if rare else 1.7) * len(options))]
    size = 1 if rng.random() < 0.25 else 2
    characters = rng.sample(list(data["given"]), size)
    given = "".join(characters)
    sounds = (surnames[surname], "".join(data["given"][c] for c in characters))
    initials = "".join(data["given"][c][0] for c in characters)
    local = rng.choice(
        [
            f"{sounds[1]}.{sounds[0]}",
            f"{sounds[0]}{sounds[1]}",
            f"{sounds[0]}.{sounds[1]}",
            f"{sounds[0]}{initials}",
        ]
    )
    title, department = rng.choice(list(data["titles"])), rng.choice(list(data["departments"]))
    name = surname + given
    if firm.script is FirmScript.TRADITIONAL:
        name, surname, given = traditional(name), traditional(surname), traditional(given)
        title, department = traditional(title), traditional(department)
    mobile = make_mobile(rng)
    if isinstance(firm.town, Abroad) and firm.town.mobile:
        mobile = fill_pattern(rng, firm.town.mobile)
    private = f"{sounds[0]}{sounds[1]}{rng.randint(70, 99)}@{rng.choice(FREE_MAIL)}"
    return ContactPerson(
        id=identity,
        firm=firm.id,
        name=name,
        surname=surname,
        given=given,
        sounds=sounds,
        nickname=None,
        title=title,
        department=department,
        mobile=mobile,
        extension=f"{rng.randint(8001, 8099)}",
        email=_free(f"{local}@{firm.domain}", emails),
        private_email=_free(private, emails) if rng.random() < 0.12 else None,
    )


def _english(rng: Random, identity: str, firm: Firm, emails: set[str]) -> ContactPerson:
    data = words("people")
    first = rng.choice(list(data["english_first"]))
    last = rng.choice(data["english_last"])
    nicknames = data["english_first"][first]
    plain = "".join(c for c in last.lower() if c.isalpha())
    local = rng.choice(
        [f"{first.lower()}.{plain}", f"{first[0].lower()}{plain}", f"{first.lower()}_{plain}"]
    )
    title = rng.choice(list(data["titles"].values()))
    town = firm.town
    mobile = town.mobile if isinstance(town, Abroad) else None
    private = f"{first.lower()}{plain}{rng.randint(1, 99)}@{rng.choice(FREE_MAIL)}"
    return ContactPerson(
        id=identity,
        firm=firm.id,
        name=f"{first} {last}",
        surname=last,
        given=first,
        sounds=(plain, first.lower()),
        nickname=rng.choice(nicknames) if nicknames else None,
        title=title,
        department=rng.choice(list(data["departments"].values())),
        mobile=fill_pattern(rng, mobile) if mobile else None,
        extension=f"{rng.randint(100, 999)}",
        email=_free(f"{local}@{firm.domain}", emails),
        private_email=_free(private, emails) if rng.random() < 0.08 else None,
    )


def _free(wanted: str, taken: set[str]) -> str:
    local, domain = wanted.split("@")
    address, count = wanted, 1
    while address in taken:
        count += 1
        address = f"{local}{count}@{domain}"
    taken.add(address)
    return address


def _with_history(
    rng: Random, person: ContactPerson, firms: list[Firm], by_id: dict[str, Firm]
) -> ContactPerson:
    """Some have a new mobile, and very few came over from another customer."""
    if person.nickname is None and rng.random() < 0.06:
        person = replace(person, former_mobile=make_mobile(rng))
    if person.former_mobile is None and rng.random() < 0.015:
        former = rng.choice(firms)
        at_home = by_id[person.firm].script is former.script is FirmScript.SIMPLIFIED
        if former.id != person.firm and at_home:
            person = replace(person, former_firm=former.id)
    return person
