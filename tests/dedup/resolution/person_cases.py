"""Named cases of people who belong together and are not one, and of people who are one anyway.

Each is written as an American register would have it, with the right answer beside it.
"""

from tests.dedup.resolution.case_tables import Case, Record, lines, words

HOMES = [
    ("17 Juniper Street", "Ashford", "30114"), ("402 Harbor View Road", "Milton", "30221"),
    ("9 Larkspur Lane", "Dunmore", "30377"), ("1280 Quarry Road", "Ashford", "30118"),
    ("56 Bellamy Avenue", "Corwen", "30402"), ("731 Orchard Drive", "Milton", "30229"),
    ("88 Tanner Street", "Selby", "30555"), ("245 Windmill Lane", "Dunmore", "30371"),
    ("14 Foxglove Drive", "Corwen", "30409"), ("603 Ferry Road", "Selby", "30551"),
]  # fmt: skip


def home(n: int) -> tuple[str, str, str]:
    """The n-th home: ten streets, another door each time."""
    address, city, postcode = HOMES[n % len(HOMES)]
    number, street = address.split(" ", 1)
    return f"{int(number) + 2 * (n // len(HOMES))} {street}", city, postcode


def person(
    name: str,
    born: str | None,
    sex: str,
    at: tuple[str, str, str] | None,
    *,
    phone: str | None = None,
    mail: str | None = None,
) -> Record:
    first, _, last = name.rpartition(" ")
    address, city, postcode = at or (None, None, None)
    return {
        "first_name": first, "last_name": last, "birth_date": born, "sex": sex, "phone": phone,
        "email": mail, "address": address, "city": city, "postcode": postcode,
    }  # fmt: skip


def line(n: int) -> str:
    """A telephone number of one's own."""
    return f"{6140000000 + 7 * 100_003 * (n + 11) % 10**7 + 2_000_000 + n}"


TWINS = lines("""
F Olivia Emma Abernathy
M Jack Harry Bainbridge
F Chloe Hannah Castellano
M Daniel David Drummond
F Lily Lucy Eastwick
M Ethan Noah Fairbanks
F Grace Ruby Galloway
M Liam Owen Hargrave
F Ella Emma Inglewood
M Adam Aaron Jessup
F Sophie Sarah Kowalczyk
M Luke Mark Lindqvist
F Zoe Mia Macallister
M Samuel Simon Nakamura
F Isla Ava Okonkwo
M Thomas Timothy Pemberton
F Alice Amelia Quigley
M Dylan Ryan Rutherford
F Megan Molly Sandoval
M Jason Justin Thackeray
F Kate Kim Underhill
M Peter Paul Vanderberg
F Nora Laura Whitlock
M Carl Kurt Xanthos
F Julia Juliet Yarborough
M Max Felix Zimmerman
F Anna Eva Ashworth
M Oscar Oliver Blackwood
F Holly Molly Carmichael
M Jake Luke Donovan
F Maria Martha Ellsworth
M Brian Bruce Fitzgerald
F Tara Sara Greenberg
M Hugo Hector Holloway
F Paula Pauline Ibarra
M Evan Ian Jennings
F Rose Ruth Kensington
M Leo Theo Lombardi
F Jane June Merriweather
M Colin Kevin Northcott
""")
"""Sex, the two given names and the surname."""


def twins() -> dict[str, Case]:
    """Same birth date, address, phone, surname and sex; only the given name tells them apart."""
    cases = {}
    for n, (sex, one, other, surname) in enumerate(words(pair) for (pair,) in TWINS):
        born, at, phone = f"{1985 + n % 30}-{1 + n % 12:02d}-{3 + n % 25:02d}", home(n), line(n)
        mail = f"{surname.lower()}family@fastmail.com" if n % 4 == 0 else None
        both = [
            person(f"{name} {surname}", born, sex, at, phone=phone, mail=mail)
            for name in (one, other)
        ]
        again = n % 8 == 5  # an eighth of them: one twin is recorded twice
        cases[f"twins {one} {other}"] = Case(both + both[:1] * again, "aba" if again else "ab")
    return cases


SHARING = lines("""
couple Keith Angela, mailbox | Keith Ormond | 1961-02-19 | M | Angela Ormond | 1963-10-08 | F
couple Marcus Diana, mobile | Marcus Pell | 1974-05-30 | M | Diana Pell | 1976-01-22 | F
couple Ravi Sunita, both | Ravi Deshmukh | 1980-08-11 | M | Sunita Deshmukh | 1983-03-05 | F
couple of two surnames, mailbox | Tobias Weller | 1969-12-01 | M | Carmen Ibanez | 1971-07-17 | F
couple of two surnames, mobile | Greg Hanlon | 1988-04-14 | M | Yuki Tanabe | 1990-09-29 | F
couple of one initial, both | Martin Stroud | 1958-06-06 | M | Marian Stroud | 1959-11-12 | F
brothers a year apart, mobile | Connor Maddox | 2004-01-15 | M | Corey Maddox | 2005-03-02 | M
sisters two years apart, mailbox | Bella Fontaine | 2006-07-21 | F | Celia Fontaine | 2008-09-10 | F
brother and sister, mobile | Andre Baptiste | 1999-10-30 | M | Andrea Baptiste | 2001-12-24 | F
siblings of one birthday, mailbox | Piers Lockwood | 2003-05-09 | M | Esme Lockwood | 2007-05-09 | F
brothers, both | Jonah Whitfield | 1996-02-02 | M | Silas Whitfield | 1998-08-18 | M
mother and daughter, mailbox | Margot Sinclair | 1970-03-27 | F | Maddie Sinclair | 1999-06-13 | F
""")


def shared_contacts() -> dict[str, Case]:
    """Couples and siblings on one mailbox or one mobile."""
    cases = {}
    for n, (name, one, born, sex, other, birth, also) in enumerate(SHARING, 40):
        mail = f"{one.split()[1]}s.home{n}@gmail.com".lower() if "mobile" not in name else None
        phone = line(n) if "mailbox" not in name else None
        cases[name] = Case(
            [
                person(one, born, sex, home(n), phone=phone, mail=mail),
                person(other, birth, also, home(n), phone=phone, mail=mail),
            ],
            "ab",
        )
    return cases


NAMESAKES = lines("""
Robert Hightower | 1948-03-12 | 1975-10-02
James Calloway | 1952-11-30 | 1981-04-17
William Thornbury | 1939-07-04 | 1963-01-25
Jose Villanueva | 1966-05-21 | 1990-12-09
Henry Ashcombe | 1957-09-16 | 1986-02-28
Antonio Bellini | 1944-01-08 | 1972-06-19
Walter Greaves | 1961-12-25 | 1994-08-03
Charles Beaumont | 1970-04-09 | 2001-04-09
Frank Delacroix | 1955-08-27 | 1979-08-14
Patrick Mulvaney | 1963-02-14 | 1992-11-05
""")


def fathers_and_sons() -> dict[str, Case]:
    """One name, one address, one landline; births a generation apart."""
    return {
        f"father and son {name}": Case(
            [
                person(name, father, "M", home(n), phone=line(n)),
                person(name, son, "M", home(n), phone=line(n)),
            ],
            "ab",
        )
        for n, (name, father, son) in enumerate(NAMESAKES, 60)
    }


MARRIED = lines("""
Rebecca | Longmire | Castleton | 1984-09-23
Priya | Raman | Fielding | 1990-01-31
Helen | Ostrander | Pruitt | 1978-12-05
Monica | Delgado | Delgado-Hurst | 1987-06-16
Tanya | Petrova | Marsh | 1992-03-08
Joanna | Birch | Sutcliffe | 1981-10-10
Nicole | Farrow | Winslow | 1995-07-27
Claire | Dubois | Kettering | 1976-02-18
""")


def changed_surnames() -> dict[str, Case]:
    """Same given name and birth date, same mobile or private mailbox; some have moved as well."""
    cases = {}
    for n, (first, maiden, now, born) in enumerate(MARRIED, 80):
        phone = line(n) if n % 2 == 0 else None
        mail = f"{first}{born[2:4]}{n}@hotmail.com".lower() if n % 2 else None
        later = home(n) if n % 4 < 2 else home(n + 200)
        moved = "" if later == home(n) else ", moved"
        cases[f"changed surname {first}, {'mobile' if phone else 'mailbox'}{moved}"] = Case(
            [
                person(f"{first} {maiden}", born, "F", home(n), phone=phone, mail=mail),
                person(f"{first} {now}", born, "F", later, phone=phone, mail=mail),
            ],
            "aa",
        )
    return cases


CALLED = [
    ("William Stanhope", "Bill Stanhope", "M"), ("Margaret Oakley", "Peggy Oakley", "F"),
    ("Elizabeth Trent", "Betsy Trent", "F"), ("Robert Kincaid", "Bob Kincaid", "M"),
    ("Richard Averill", "Dick Averill", "M"), ("Katherine Moran", "Katie Moran", "F"),
    ("Иван Петров", "Ivan Petrov", "M"), ("Ольга Смирнова", "Olga Smirnova", "F"),
    ("王 建国", "Jianguo Wang", "M"), ("Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos", "M"),
]  # fmt: skip


def other_names() -> dict[str, Case]:
    """Known by a nickname, or written in another script; birth date and phone are the same."""
    cases = {}
    for n, (one, other, sex) in enumerate(CALLED, 100):
        born = f"{1950 + 4 * (n % 10)}-{1 + n % 12:02d}-{2 + n % 26:02d}"
        if one == "王 建国":
            one_row = {**person("x 王", born, sex, home(n), phone=line(n)), "first_name": "建国"}
        else:
            one_row = dict(person(one, born, sex, home(n), phone=line(n)))
        other_row = person(other, born, sex, home(n), phone=line(n) if n % 2 else None)
        cases[f"other name {other}"] = Case([one_row, other_row], "aa")
    return cases


MOVED = [
    ("Edmund Farthing", "M"), ("Beatrice Lowell", "F"), ("Stefan Radcliffe", "M"),
    ("Imogen Prescott", "F"), ("Desmond Okafor", "M"), ("Harriet Vance", "F"),
    ("Leonard Skelton", "M"), ("Yolanda Pickett", "F"), ("Rupert Haversham", "M"),
    ("Winifred Tolliver", "F"),
]  # fmt: skip


def movers() -> dict[str, Case]:
    """Same name at a new address, with the birth date, or the mobile, or both."""
    cases = {}
    for n, (name, sex) in enumerate(MOVED, 120):
        born = f"{1948 + 5 * (n % 10)}-{1 + n % 12:02d}-{1 + n % 28:02d}" if n % 3 != 1 else None
        phone = line(n) if n % 3 != 0 else None
        told = " and ".join(
            word for word, value in (("birth date", born), ("mobile", phone)) if value
        )
        cases[f"mover {name}, {told}"] = Case(
            [person(name, born, sex, home(k), phone=phone) for k in (n, n + 207)], "aa"
        )
    return cases


PERSON_SETS = {
    "twins": twins(),
    "one mailbox or mobile": shared_contacts(),
    "fathers and sons": fathers_and_sons(),
    "changed surnames": changed_surnames(),
    "other names": other_names(),
    "movers": movers(),
}
"""Every case of this file, by set and name."""
