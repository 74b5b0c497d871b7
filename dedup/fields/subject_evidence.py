"""The evidence on what a table is about, each piece with its weight and a sentence.

Weights are natural log odds of "a row is a person" against "a row is a company", set by judgement
on tables seen; a header as clear as 客户名称 or as first name beside last name is worth 7 to 20:1.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from cleansing.coded_table import CodedTable
from dedup.fields.subject_columns import Named, called, words
from dedup.forms.folding import folded
from dedup.forms.person_names import sounds
from guiyi.kinds import Kind
from guiyi.messages import Message


@dataclass(frozen=True)
class SubjectEvidence:
    """One piece of evidence."""

    weight: float
    """Above 0 it speaks for persons, below for companies."""
    why: str


PERSON_HEADER = {"parts": 3.0, "own": 1.8, "contact": -2.5, "holder": -2.5, "staff": -3.0}
"""A first and a last name are a person's own; a contact or a legal representative is a firm's."""
BESIDE = {"listed": 0.0, "named": 0.7, "bare": 0.7}
PLAIN, BEFORE = 1.3, 0.7
"""What a contact weighs less: nothing beside 客户名称, whose contact it is; some beside 公司名称;
beside a plain `company` it may be the person of a list of contacts, as it may in front of one."""
FIRM_HEADER = {"listed": -2.0, "named": -0.7, "bare": -0.7, "employer": 3.0}
"""A company that is called customer, account or supplier is listed; an employer is not."""
INTIMATE, WORK, REACH = (1.8, 3.0), (1.0, 2.0), (0.4, 0.4)
"""What a column weighs, and all of them at most: birth date, gender; job title; mobile phone."""
REGISTRY, TRAIT, CONTACTS = (-1.8, -3.5), (-0.5, -1.0), (-1.2, -1.2)
"""USCC, registered capital, legal form; industry, website; 联系人手机 and the like."""
ORDER, FIRST = 0.8, 1.3
"""The name that stands before the other; that is the first column of all."""
FILL_GAP, PER_GAP, MOST_GAP = 0.08, 8.0, 4.5
"""From this difference on it counts which of the two is filled more often."""
ALIKE, PER_DOUBLING, LEAST, MOST = 0.45, 2.3, -1.0, 4.0
"""Different persons a company, as binary logarithm: below `ALIKE` it speaks for companies."""
SOME, A_FEW, CROWD = 3, 0.1, 1.5
"""Where a tenth of the rows are at companies of three persons and more, those are colleagues."""
OWNERS, OWNED = 2.0, -2.0
"""Where a person stands at twice as many companies as a company has persons, it owns them."""
OWN_MAIL, ROLE_MAIL = 0.8, -1.2
"""All mailboxes called like the row's person, or like a role: a contact has one, too."""
LOOKED_AT = 200_000
"""Rows counted: all rows of some companies."""
SHOWN = 2_000
"""Rows whose mail addresses are looked at."""


def names_persons(columns: Sequence[str]) -> Message:
    """One or two columns name persons."""
    if len(columns) == 1:
        return Message("`{column}` names persons", column=columns[0])
    return Message("`{column}` and `{other}` name persons", column=columns[0], other=columns[1])


def headers(person: Named, firm: Named) -> Iterator[SubjectEvidence]:
    """What the headers of the two names say."""
    quoted = f"`{person.columns[0]}`"
    weight = PERSON_HEADER.get(person.says, 0.0)
    if person.says == "parts":
        yield SubjectEvidence(
            weight if len(person.columns) > 1 else 2.0, names_persons(person.columns[:2])
        )
    elif weight > 0:
        yield SubjectEvidence(weight, names_persons(person.columns[:1]))
    elif weight < 0:
        if person.says == "contact":
            weight += BESIDE.get(firm.says, PLAIN) + BEFORE * (person.place < firm.place)
        yield SubjectEvidence(
            weight,
            Message("{columns} is only a company's contact or representative", columns=quoted),
        )
    weight = FIRM_HEADER.get(firm.says, 0.0)
    quoted = f"`{firm.columns[0]}`"
    if firm.says == "employer":
        yield SubjectEvidence(
            weight, Message("{columns} names the companies where persons work", columns=quoted)
        )
    elif weight < 0:
        yield SubjectEvidence(
            weight, Message("{columns} names the companies that are listed", columns=quoted)
        )


def fill(person: Named, firm: Named) -> Iterator[SubjectEvidence]:
    """Which of the two is filled more often: a row is hardly about what it leaves out."""
    gap = person.fill - firm.fill
    if abs(gap) >= FILL_GAP:
        weight = float(np.clip(PER_GAP * gap, -MOST_GAP, MOST_GAP))
        shares = Message(
            "{persons:.0%} of the rows name a person, {companies:.0%} a company",
            persons=person.fill,
            companies=firm.fill,
        )
        yield SubjectEvidence(weight, shares)


def order(person: Named, firm: Named) -> Iterator[SubjectEvidence]:
    """The name that stands first is somewhat likelier to be what is listed."""
    first, second = sorted((person, firm), key=lambda named: named.place)
    weight = FIRST if first.place == 0 else ORDER
    why = Message(
        "`{first}` stands before `{second}`", first=first.columns[0], second=second.columns[0]
    )
    yield SubjectEvidence(weight if first is person else -weight, why)


def distinctness(person: Named, firm: Named) -> Iterator[SubjectEvidence]:
    """How many different persons a company has, and how many companies a person."""
    both = np.flatnonzero((person.values != 0) & (firm.values != 0))
    if len(both) > LOOKED_AT:
        some = np.uint64(-(-len(both) // LOOKED_AT))
        both = both[(firm.values[both] >> np.uint64(20)) % some == 0]
    if len(both) < 3:
        return
    pairs = np.unique(np.stack([firm.values[both], person.values[both]], 1), axis=0)
    firms, counts = np.unique(pairs[:, 0], return_counts=True)
    a_firm, a_person = len(pairs) / len(firms), len(pairs) / len(np.unique(pairs[:, 1]))
    weight = float(np.clip(PER_DOUBLING * (np.log2(a_firm) - ALIKE), LEAST, MOST))
    sentence = Message("{persons:.1f} different persons per company", persons=a_firm)
    if person.whole and a_person > OWNERS * a_firm:
        yield SubjectEvidence(
            OWNED, Message("{companies:.1f} different companies per person", companies=a_person)
        )
        return
    crowd = float(counts[counts >= SOME].sum() / len(pairs))
    if weight > 0 or crowd < A_FEW:
        yield SubjectEvidence(weight, sentence)
    if crowd >= A_FEW:
        why = Message(
            "{share:.0%} of the persons share their company with two or more others", share=crowd
        )
        yield SubjectEvidence(CROWD, why)


def beside(table: CodedTable, kinds: Mapping[str, Kind], people: bool) -> list[SubjectEvidence]:
    """The evidence of the other columns: things only a person has, or only a firm."""
    there = [n for n in kinds if table.fields[n].column(n).filled]
    aside = called("personal", "contact's", there) if people else []
    rest = [n for n in there if n not in aside]
    intimate = {*called("personal", "intimate", rest), *_of(kinds, rest, Kind.ID_CARD)}
    intimate |= {n for n in rest if kinds[n] in _WORDS and _share(table, n, "genders") > 0.8}
    work = {*called("personal", "work", rest)} - intimate
    work |= {n for n in rest if kinds[n] in _WORDS and _share(table, n, "jobs") > 0.4} - intimate
    reach = {*called("personal", "reach", rest)} - intimate - work
    registry = {*called("firmly", "registry", rest), *_of(kinds, rest, Kind.USCC)} - intimate
    trait = {*called("firmly", "trait", rest), *_of(kinds, rest, Kind.URL, Kind.INDUSTRY)}
    found = [
        _beside(intimate, INTIMATE, OF_PERSON),
        _beside(work, WORK, OF_PERSON),
        _beside(reach, REACH, OF_PERSON),
        _beside(registry, REGISTRY, OF_COMPANY),
        _beside(trait - registry - work, TRAIT, OF_COMPANY),
        _beside(set(aside), CONTACTS, OF_CONTACT),
    ]
    return [reason for reason in found if reason is not None]


OF_PERSON = "{column} is a person's"
OF_COMPANY = "{column} is a company's"
OF_CONTACT = "{column} describes a contact, not a customer"
_WORDS = (Kind.TEXT, Kind.CODE, Kind.PERSON_NAME, Kind.COMPANY_NAME, Kind.INDUSTRY)


def _beside(names: set[str], weight: tuple[float, float], what: str) -> SubjectEvidence | None:
    if not names:
        return None
    each, most = weight
    total = max(each * len(names), most) if each < 0 else min(each * len(names), most)
    return SubjectEvidence(total, Message(what, column=f"`{min(names)}`"))


def _of(kinds: Mapping[str, Kind], names: list[str], *wanted: Kind) -> list[str]:
    return [name for name in names if kinds[name] in wanted]


def _share(table: CodedTable, name: str, what: str) -> float:
    """The share of a column's rows that hold such words."""
    column = table.fields[name].column(name)
    if column.values.dtype != pl.String:
        return 0.0
    return column.share(column.values.str.to_lowercase().str.contains(words("cells", what)))


def contents(
    table: CodedTable, person: Named, firm: Named, kinds: Mapping[str, Kind]
) -> Iterator[SubjectEvidence]:
    """What the values show where headers say little: places of work, mailboxes of persons."""
    name = firm.columns[0]
    share = _share(table, name, "places of work")
    if share > 0.5 and firm.says not in ("listed", "employer"):
        yield SubjectEvidence(
            2.0, Message("`{column}` holds places where persons work", column=name)
        )
    mails = [n for n, kind in kinds.items() if kind is Kind.EMAIL]
    if mails:
        own, role = mailboxes(table, mails[0], person)
        if own > 0.25:
            yield SubjectEvidence(
                OWN_MAIL * own, Message(PERSONAL_MAILBOXES, share=own, column=mails[0])
            )
        if role > 0.25:
            yield SubjectEvidence(
                ROLE_MAIL * role, Message(ROLE_MAILBOXES, share=role, column=mails[0])
            )


PERSONAL_MAILBOXES = "{share:.0%} of the mailboxes in `{column}` belong to persons"
ROLE_MAILBOXES = "{share:.0%} of the mailboxes in `{column}` belong to roles"


def mailboxes(table: CodedTable, mail: str, person: Named) -> tuple[float, float]:
    """The shares of mailboxes that are called like the row's person, and like a role."""
    field = table.fields[mail]
    rows = np.flatnonzero(field.column(mail).there & (person.values != 0))
    rows = rows[:: max(1, len(rows) // SHOWN)][:SHOWN]
    if not len(rows):
        return 0.0, 0.0
    local = field.cells[mail].gather(field.codes[rows]).str.to_lowercase().str.extract(r"^([^@]+)@")
    names = [_words(table, column, rows) for column in person.columns]
    own = [
        box is not None and any(len(w) > 2 and w in box for one in row for w in one)
        for box, *row in zip(local, *names, strict=True)
    ]
    roles = local.str.contains(words("cells", "roles")).fill_null(value=False)
    return float(np.mean(own)), float(roles.mean() or 0.0)  # type: ignore[arg-type]


def _words(table: CodedTable, name: str, rows: npt.NDArray[np.int64]) -> list[list[str]]:
    """The words of names, Chinese ones as they are read: the surname and the rest."""
    field = table.fields[name]
    values = field.cells[name].cast(pl.String).gather(field.codes[rows])
    columns, surname = [values], f"{name}.surname"
    if surname in field.cells.columns:
        columns.append(field.cells[surname].gather(field.codes[rows]))
    split = [folded(sounds(texts)).fill_null("").str.split(" ") for texts in columns]
    return [[word for one in row for word in one] for row in zip(*split, strict=True)]
