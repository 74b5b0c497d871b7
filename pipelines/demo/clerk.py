"""The clerk of the old order system, who keys in customers, contacts and orders."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from pipelines.demo import data_entry
from pipelines.demo.firms import Firm, FirmScript
from pipelines.demo.people import ContactPerson
from pipelines.demo.truth import Defect, Scope, TruthNotes
from pipelines.demo.typos import digit_typo
from pipelines.demo.vocabulary import simplified
from pipelines.demo.world import SCOPE_START, TODAY, SalesOrder, World

OPERATORS = ("wangl", "chenxy", "admin", "linda", None)
REMARKS = (None, None, None, "月结30天", "见旧系统", "电话打不通，已换号")
Row = dict[str, str | int | None]
"""A row by the column names of the old system."""


@dataclass
class Books:
    """The tables as they fill up, and what is true of their rows."""

    rng: Random
    world: World
    truth: TruthNotes
    customers: list[Row] = field(default_factory=list)
    contacts: list[Row] = field(default_factory=list)
    orders: list[Row] = field(default_factory=list)
    numbers: dict[str, list[str]] = field(default_factory=dict)
    """The customer numbers each firm has, by its true id."""

    def next_number(self) -> str:
        """The customer number that comes next."""
        return f"C{len(self.customers) + 1:05d}"

    def customer(self, firm: Firm, care: float) -> str:
        """Key in a firm under a new number."""
        row = self.customer_row(firm, care)
        number = str(row["CUST_NO"])
        self.customers.append(row)
        self.truth.add(("T_CUST", number), "company", firm.id)
        self.numbers.setdefault(firm.id, []).append(number)
        return number

    def contact(self, number: str, person: ContactPerson, firm: Firm, care: float) -> None:
        """Key in a contact of a customer."""
        row = self.contact_row(number, person, firm, care)
        self.contacts.append(row)
        place = ("T_CONT", len(self.contacts))
        self.truth.add(place, "person", person.id, belongs_to=person.firm)

    def order(self, order: SalesOrder) -> None:
        """Enter an order under one of the customer numbers its firm has."""
        number = self.rng.choice(self.numbers[order.firm])
        row = self.order_row(f"{order.day:%Y%m}-{order.id[1:]}", number, order)
        self.orders.append(row)
        flaw = Scope.OLD if order.day < SCOPE_START else None
        place = ("T_ORD", str(row["ORD_NO"]))
        self.truth.add(place, "order", order.id, belongs_to=order.firm, flaw=flaw)

    def spoiled(
        self, rows: list[Row], row: Row, key: str, true: tuple[str, str, str], defect: Defect
    ) -> None:
        """Enter a row with a defect; `true` is its entity, its true id and its firm's."""
        rows.append(row)
        table = {"CUST_NO": "T_CUST", "CONT_NO": "T_CONT", "ORD_NO": "T_ORD"}[key]
        entity, true_id, firm = true
        place = (table, str(row[key]))
        self.truth.add(place, entity, true_id, belongs_to=firm, flaw=defect)

    def customer_row(self, firm: Firm, care: float) -> Row:
        """A firm as the clerk keys it in, at its best with `care` 1."""
        rng = self.rng
        stale = firm.former_address is not None and rng.random() < 0.5
        row: Row = {
            "CUST_NO": self.next_number(),
            "CUST_NM": self._name(firm, care),
            "TAX_NO": firm.uscc if rng.random() < 0.45 else None,
            "TEL1": data_entry.phone(rng, firm.phone, care) if rng.random() < 0.9 else None,
            "TEL2": self._second_phone(firm),
            "EML": f"info@{firm.domain}" if rng.random() < 0.35 else None,
            "ADR": data_entry.address(rng, firm, care, old=stale) if rng.random() < 0.92 else None,
            "ZIP": firm.address.postcode if not stale and rng.random() < 0.6 else None,
            "WEB": f"www.{firm.domain}" if rng.random() < 0.3 else None,
            "IND_CD": firm.trade.industry if rng.random() < 0.9 else "Z",
            "STAT_CD": firm.status,
            "SLS_CD": firm.team,
            "CRT_DT": _compact(TODAY - timedelta(days=firm.customer_since)),
            "UPD_DT": _compact(self._touched(stale)),
            "LST_OPR": rng.choice(OPERATORS),
            "RMK": rng.choice(REMARKS),
        }
        if row["TEL1"] is None and row["EML"] is None and row["ADR"] is None:
            row["TEL1"] = firm.phone  # a customer one cannot reach would not be one
        return row

    def contact_row(self, number: str, person: ContactPerson, firm: Firm, care: float) -> Row:
        """Somebody as the clerk keys them in."""
        rng = self.rng
        stale = person.former_mobile is not None and rng.random() < 0.5
        mobile = person.former_mobile if stale else person.mobile
        mobile = mobile if rng.random() < 0.8 else None
        if mobile is not None and rng.random() < 0.015:
            mobile = digit_typo(rng, mobile)
        private = person.private_email if rng.random() < 0.3 else None
        email = private or (person.email if rng.random() < 0.6 else None)
        line = (
            data_entry.phone(rng, firm.phone, care, person.extension)
            if rng.random() < 0.4
            else None
        )
        return {
            "CONT_NO": len(self.contacts) + 1,
            "CUST_NO": number,
            "CONT_NM": data_entry.person_name(rng, person, care),
            "DUTY": person.title if rng.random() < 0.7 else None,
            "DEPT": person.department if rng.random() < 0.5 else None,
            "MOB": None if mobile is None else data_entry.phone(rng, mobile, care),
            "TEL": line,
            "EML": person.email if email is None and mobile is None else email,
            "UPD_DT": _compact(self._touched(stale)),
        }

    def order_row(self, key: str, number: str, order: SalesOrder) -> Row:
        """An order as the old system keeps it."""
        return {
            "ORD_NO": key,
            "CUST_NO": number,
            "ORD_DT": order.day.isoformat(),
            "AMT": order.amount,
            "CUR_CD": order.currency,
            "STAT_CD": order.status,
            "PRD_NM": order.product,
        }

    def _name(self, firm: Firm, care: float) -> str:
        name = data_entry.firm_name(self.rng, firm, self.world, care)
        if firm.script is FirmScript.TRADITIONAL:
            name = simplified(name)
        return f"{name}　" if self.rng.random() < 0.03 else name

    def _second_phone(self, firm: Firm) -> str | None:
        if self.rng.random() > 0.25:
            return None
        mobile = self.rng.choice(self.world.staff[firm.id]).mobile
        return None if mobile is None else data_entry.phone(self.rng, mobile, 0.6)

    def _touched(self, stale: bool) -> date:
        days = self.rng.randint(1200, 2400) if stale else self.rng.randint(5, 900)
        return TODAY - timedelta(days=days)


def _compact(day: date) -> str:
    return f"{day:%Y%m%d}"
