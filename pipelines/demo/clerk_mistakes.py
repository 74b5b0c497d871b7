"""Rows of the old order system so bad that they have to be held back, one defect each."""

from pipelines.demo import data_entry
from pipelines.demo.clerk import Books
from pipelines.demo.firms import Firm
from pipelines.demo.identifiers import break_uscc
from pipelines.demo.people import ContactPerson
from pipelines.demo.truth import Defect
from pipelines.demo.world import SCOPE_START, SalesOrder

CUSTOMER_DEFECTS = (Defect.NO_NAME, Defect.NO_CONTACT, Defect.BAD_USCC, Defect.BAD_PHONE)
CONTACT_DEFECTS = (Defect.NO_NAME, Defect.NO_CONTACT, Defect.BAD_EMAIL, Defect.BAD_PHONE)
ORDER_DEFECTS = (
    Defect.NEGATIVE_AMOUNT,
    Defect.NO_AMOUNT,
    Defect.FUTURE_DATE,
    Defect.NO_DATE,
    Defect.ORPHAN,
)
NO_PHONES = ("13900", "000", "1111", "199000123456789")
NO_MOBILES = ("0000", "1380", "1380008235512345")
NO_AMOUNTS = ("见合同", "N/A", "待定")


def enter_mistakes(books: Books) -> None:
    """Enter every defect several times, by firms and people that also stand there properly."""
    rng, world = books.rng, books.world
    known = [firm for firm in world.firms if firm.uscc is not None and firm.id in books.numbers]
    recent = [o for o in world.orders if o.day >= SCOPE_START and o.firm in books.numbers]
    for _ in range(max(1, len(world.firms) // 150)):
        for defect in CUSTOMER_DEFECTS:
            _customer(books, rng.choice(known), defect)
        for defect in CONTACT_DEFECTS:
            firm = rng.choice(known)
            _contact(books, rng.choice(world.staff[firm.id]), firm, defect)
        for defect in ORDER_DEFECTS:
            _order(books, rng.choice(recent), defect)


def _customer(books: Books, firm: Firm, defect: Defect) -> None:
    rng = books.rng
    row = books.customer_row(firm, 1.0)
    row["TEL1"], row["ADR"] = firm.phone, data_entry.address(rng, firm, 1.0)
    match defect:
        case Defect.NO_NAME:
            row["CUST_NM"] = rng.choice((None, "", "  "))
        case Defect.NO_CONTACT:
            row |= dict.fromkeys(("TEL1", "TEL2", "EML", "ADR"))
        case Defect.BAD_USCC:
            row["TAX_NO"] = break_uscc(rng, firm.uscc or "")
        case _:
            row |= {"TEL1": rng.choice(NO_PHONES), "TEL2": None}
    books.spoiled(books.customers, row, "CUST_NO", ("company", firm.id, firm.id), defect)


def _contact(books: Books, person: ContactPerson, firm: Firm, defect: Defect) -> None:
    rng = books.rng
    row = books.contact_row(books.numbers[firm.id][0], person, firm, 1.0)
    row["MOB"], row["EML"] = person.mobile, person.email
    match defect:
        case Defect.NO_NAME:
            row["CONT_NM"] = None
        case Defect.NO_CONTACT:
            row |= dict.fromkeys(("MOB", "TEL", "EML"))
        case Defect.BAD_EMAIL:
            row["EML"] = person.email.replace("@", rng.choice((" at ", "@@", "#")))
        case _:
            row["MOB"] = rng.choice(NO_MOBILES)
    books.spoiled(books.contacts, row, "CONT_NO", ("person", person.id, firm.id), defect)


def _order(books: Books, order: SalesOrder, defect: Defect) -> None:
    number = len(books.orders) + 1
    row = books.order_row(f"E{number:05d}", books.numbers[order.firm][0], order)
    match defect:
        case Defect.NEGATIVE_AMOUNT:
            row["AMT"] = f"-{order.amount}"
        case Defect.NO_AMOUNT:
            row["AMT"] = books.rng.choice(NO_AMOUNTS)
        case Defect.FUTURE_DATE:
            row["ORD_DT"] = order.day.replace(year=order.day.year + 60, day=1).isoformat()
        case Defect.NO_DATE:
            row["ORD_DT"] = ""
        case _:
            row["CUST_NO"] = f"C9{number % 10000:04d}"
    true = ("order", f"{order.id}/{row['ORD_NO']}", order.firm)
    books.spoiled(books.orders, row, "ORD_NO", true, defect)
