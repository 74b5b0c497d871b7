"""The sheet 华东客户: a title, a two-row merged header, customers by city with subtotals."""

from random import Random
from typing import Any

from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.demo import data_entry
from pipelines.demo.firms import Firm
from pipelines.demo.identifiers import break_uscc
from pipelines.demo.people import ContactPerson
from pipelines.demo.sheet import Cells, DemoSheet
from pipelines.demo.truth import Defect
from pipelines.demo.typos import widen
from pipelines.demo.vocabulary import City

TITLE = "华东区客户资料表（2026年6月，更新：王丽）"
GROUPS = {
    "客户信息": ["公司名称", "统一社会信用代码", "行业", "地址", "邮编"],
    "联系方式": ["联系人", "职务", "电话", "手机", "邮箱"],
    "业务": ["状态", "更新日期"],
}
COLUMNS = ["序号", *(name for names in GROUPS.values() for name in names), "备注"]
FIRST_ROW = 4
STATUSES = {"A": "正常", "P": "暂停", "S": "停止合作", "C": "潜在客户"}
DEFECTS = (Defect.NO_NAME, Defect.NO_CONTACT, Defect.BAD_USCC, Defect.BAD_PHONE)
REMARKS = (None, None, None, None, "含税", "节前送礼", "找李姐确认")
COMMENTS = ("与老厂合并过", "发票抬头另见合同", "已改名？核实")


def write_east(out: DemoSheet) -> None:
    """Fill the sheet."""
    _header(out.sheet)
    firms = out.listed(0.62, lambda firm: isinstance(firm.town, City) and firm.town.east)
    firms.sort(key=lambda firm: firm.town.name)
    defects = [*DEFECTS, *DEFECTS]
    spoil_at = set(out.rng.sample(range(len(firms)), min(len(defects), len(firms) // 3)))
    seen: set[str] = set()
    count = total = 0
    for number, firm in enumerate(firms):
        out.record(*_row(out, firm, 0.45 if firm.id in seen else 0.68))
        seen.add(firm.id)
        count += 1
        if number in spoil_at:
            _spoiled(out, firm, defects.pop())
            count += 1
        if number + 1 == len(firms) or firms[number + 1].town != firm.town:
            out.put({"序号": f"{firm.town.name}小计", "公司名称": f"{count}家"})
            out.row += 1
            total += count
            count = 0
    out.put({"序号": "合计", "公司名称": f"{total}家"})
    _annotate(out)


def _header(sheet: Worksheet) -> None:
    sheet["A1"] = TITLE
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(COLUMNS))
    for column, name in ((1, COLUMNS[0]), (len(COLUMNS), COLUMNS[-1])):
        sheet.cell(2, column, name)
        sheet.merge_cells(start_row=2, end_row=3, start_column=column, end_column=column)
    column = 2
    for group, names in GROUPS.items():
        last = column + len(names) - 1
        sheet.cell(2, column, group)
        sheet.merge_cells(start_row=2, end_row=2, start_column=column, end_column=last)
        for name in names:
            sheet.cell(3, column, name)
            column += 1
    sheet.freeze_panes = "C4"


def _row(out: DemoSheet, firm: Firm, care: float) -> tuple[Cells, Firm, ContactPerson | None]:
    rng, person = out.rng, out.contact_of(firm)
    old = firm.former_address is not None and rng.random() < 0.4
    cells: Cells = {
        "序号": out.row - FIRST_ROW + 1,
        "公司名称": data_entry.firm_name(rng, firm, out.world, care),
        "统一社会信用代码": _uscc(rng, firm),
        "行业": firm.trade.short if rng.random() < 0.7 else None,
        "地址": data_entry.address(rng, firm, care, old=old) if rng.random() < 0.85 else None,
        "邮编": firm.address.postcode if not old and rng.random() < 0.5 else None,
        "电话": data_entry.phone(rng, firm.phone, care) if rng.random() < 0.85 else None,
        "状态": STATUSES[firm.status] if rng.random() < 0.97 else "待定",
        "更新日期": _date(out, old=old),
        "备注": rng.choice(REMARKS),
    }
    if cells["电话"] is None and cells["地址"] is None:
        cells["电话"] = firm.phone
    if person is not None:
        cells |= _contact(rng, person, care)
        if cells["电话"] is not None and person.mobile is not None and rng.random() < 0.08:
            cells["电话"] = f"{cells['电话']} / {person.mobile}"
    return cells, firm, person


def _contact(rng: Random, person: ContactPerson, care: float) -> Cells:
    mobile = _mobile(rng, person, care)
    lost = mobile is None or "E+" in str(mobile)
    return {
        "联系人": data_entry.person_name(rng, person, care),
        "职务": person.title if rng.random() < 0.7 else None,
        "手机": mobile,
        "邮箱": person.email if lost or rng.random() < 0.5 else None,
    }


def _uscc(rng: Random, firm: Firm) -> Any:
    """Excel keeps fifteen digits of a number: an all-digit code typed as one is lost for good."""
    if firm.uscc is None or rng.random() > 0.45:
        return None
    if firm.numeric_uscc and rng.random() < 0.5:
        return float(int(firm.uscc[:15]) * 1000)
    return firm.uscc.lower() if rng.random() < 0.05 else firm.uscc


def _mobile(rng: Random, person: ContactPerson, care: float) -> Any:
    """A mobile as a number, as text, or as what Excel shows of a number in a narrow column."""
    number = person.mobile
    if person.former_mobile is not None and rng.random() < 0.4:
        number = person.former_mobile
    if number is None or rng.random() < 0.12:
        return None
    chance = rng.random()
    if chance < 0.45:
        return int(number)
    if chance < 0.49:
        return f"{number[0]}.{number[1:3]}E+10"
    return data_entry.phone(rng, number, care)


def _date(out: DemoSheet, *, old: bool) -> Any:
    day = out.day(old=old)
    chance = out.rng.random()
    if chance < 0.6:
        return day
    return f"{day.year}.{day.month}.{day.day}" if chance < 0.8 else f"{day:%Y年%m月%d日}"


def _spoiled(out: DemoSheet, firm: Firm, defect: Defect) -> None:
    cells, _, _ = _row(out, firm, 1.0)
    for name in GROUPS["联系方式"]:
        cells[name] = None
    cells |= {
        "公司名称": firm.name,
        "电话": firm.phone,
        "地址": data_entry.address(out.rng, firm, 1.0),
    }
    match defect:
        case Defect.NO_NAME:
            cells["公司名称"] = None
        case Defect.NO_CONTACT:
            cells |= dict.fromkeys(("地址", "邮编", "电话"))
        case Defect.BAD_USCC:
            cells["统一社会信用代码"] = break_uscc(out.rng, firm.uscc or "")
        case _:
            cells |= {"统一社会信用代码": None, "电话": out.rng.choice(("1111", "1380", "0000"))}
    out.spoiled(cells, firm, defect)


def _annotate(out: DemoSheet) -> None:
    """Cell comments, full-width row numbers and a hidden row, which is a customer all the same."""
    contact = COLUMNS.index("联系人") + 1
    rows = [row for row in range(FIRST_ROW, out.row) if out.sheet.cell(row, contact).value]
    picked = out.rng.sample(rows, min(6, len(rows)))
    for row in picked[:4]:
        out.comment(row, "公司名称", out.rng.choice(COMMENTS))
    for row in picked[4:]:
        cell = out.sheet.cell(row, 1)
        cell.value = widen(str(cell.value))
    out.sheet.row_dimensions[picked[0]].hidden = True
