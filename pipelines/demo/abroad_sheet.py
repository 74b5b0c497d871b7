"""The sheet 海外客户, kept in English by somebody else: a remark above, one header row, a total."""

from typing import Any

from openpyxl.styles import Font

from pipelines.demo import data_entry
from pipelines.demo.firms import Firm, FirmScript
from pipelines.demo.people import ContactPerson
from pipelines.demo.sheet import Cells, DemoSheet
from pipelines.demo.truth import Defect

REMARK = "Overseas accounts - exported 2026-06-30, ask Linda before changing anything"
COLUMNS = ["Company", "Country", "City", "Address", "Contact", "Job title", "Phone"]
COLUMNS += ["Mobile", "E-mail", "Website", "Status", "Last contact", "Remarks"]
FIRST_ROW = 3
STATUSES = {"A": "Active", "P": "On hold", "S": "Closed", "C": "Prospect"}
DEFECTS = (Defect.NO_NAME, Defect.NO_CONTACT, Defect.BAD_PHONE)


def write_abroad(out: DemoSheet) -> None:
    """Fill the sheet."""
    out.sheet["A1"] = REMARK
    for column, name in enumerate(COLUMNS, start=1):
        out.sheet.cell(2, column, name).font = Font(bold=True)
    out.sheet.freeze_panes = "A3"
    firms = out.listed(0.85, lambda firm: firm.script is not FirmScript.SIMPLIFIED)
    defects = list(DEFECTS)
    spoil_at = set(out.rng.sample(range(len(firms)), min(len(defects), len(firms) // 3)))
    seen: set[str] = set()
    for number, firm in enumerate(firms):
        out.record(*_row(out, firm, 0.45 if firm.id in seen else 0.7))
        seen.add(firm.id)
        if number in spoil_at:
            _spoiled(out, firm, defects.pop())
    out.row += 1
    out.put({"Company": "Total", "Country": len(firms) + len(spoil_at)})


def _row(out: DemoSheet, firm: Firm, care: float) -> tuple[Cells, Firm, ContactPerson | None]:
    rng, person = out.rng, out.contact_of(firm)
    extension = person.extension if person is not None and rng.random() < 0.3 else None
    cells: Cells = {
        "Company": data_entry.firm_name(rng, firm, out.world, care),
        "Country": getattr(firm.town, "country", None),
        "City": firm.town.name,
        "Address": data_entry.address(rng, firm, care) if rng.random() < 0.8 else None,
        "Phone": data_entry.phone(rng, firm.phone, care, extension)
        if rng.random() < 0.85
        else None,
        "Website": f"https://www.{firm.domain}" if rng.random() < 0.5 else None,
        "Status": STATUSES[firm.status],
        "Last contact": _date(out),
        "Remarks": rng.choice((None, None, None, "net 30", "prefers e-mail")),
    }
    if cells["Address"] is None and cells["Phone"] is None:
        cells["Phone"] = firm.phone
    if person is not None:
        cells |= _contact(out, person, care)
    return cells, firm, person


def _contact(out: DemoSheet, person: ContactPerson, care: float) -> Cells:
    rng, mobile = out.rng, None
    if person.mobile is not None and rng.random() < 0.6:
        mobile = data_entry.phone(rng, person.mobile, care)
    return {
        "Contact": data_entry.person_name(rng, person, care),
        "Job title": person.title if rng.random() < 0.8 else None,
        "Mobile": mobile,
        "E-mail": person.email if mobile is None or rng.random() < 0.75 else None,
    }


def _date(out: DemoSheet) -> Any:
    day = out.day()
    return day if out.rng.random() < 0.7 else f"{day:%d %b %Y}"


def _spoiled(out: DemoSheet, firm: Firm, defect: Defect) -> None:
    cells, _, _ = _row(out, firm, 1.0)
    cells |= dict.fromkeys(("Contact", "Job title", "Mobile", "E-mail"))
    cells["Phone"] = firm.phone
    match defect:
        case Defect.NO_NAME:
            cells["Company"] = None
        case Defect.NO_CONTACT:
            cells |= dict.fromkeys(("Address", "Phone"))
        case _:
            cells["Phone"] = out.rng.choice(("000", "0000", "55"))
    out.spoiled(cells, firm, defect)
