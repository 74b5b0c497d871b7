"""A sheet of the sales department's workbook while it fills up, row by row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.demo.firms import Firm
from pipelines.demo.people import ContactPerson
from pipelines.demo.truth import Defect, TruthNotes
from pipelines.demo.world import TODAY, World

Cells = dict[str, Any]
"""A row by the names of its columns."""


@dataclass
class DemoSheet:
    """A sheet, its columns, and the row the next record goes to."""

    sheet: Worksheet
    columns: list[str]
    row: int
    rng: Random
    world: World
    truth: TruthNotes

    def put(self, cells: Cells) -> int:
        """Write one row and say which it was."""
        row = self.row
        for name, value in cells.items():
            if value is not None:
                self.sheet.cell(row, self.columns.index(name) + 1, value)
        self.row += 1
        return row

    def record(self, cells: Cells, firm: Firm, person: ContactPerson | None) -> None:
        """Write the row of a customer and, if there is one, of its contact."""
        row, name = self.put(cells), self.sheet.title
        self.truth.add((name, row), "company", firm.id)
        if person is not None:
            self.truth.add((name, row), "person", person.id, belongs_to=person.firm)

    def spoiled(self, cells: Cells, firm: Firm, defect: Defect) -> None:
        """Write the row of a customer that has to be held back."""
        row = self.put(cells)
        self.truth.add((self.sheet.title, row), "company", firm.id, flaw=defect)

    def comment(self, row: int, column: str, text: str) -> None:
        """Stick a note to a cell."""
        cell = self.sheet.cell(row, self.columns.index(column) + 1)
        cell.comment = Comment(text, "Linda")

    def listed(self, share: float, fits: Callable[[Firm], bool]) -> list[Firm]:
        """The firms the sheet lists, in no order, some of them twice."""
        rng = self.rng
        listed = [firm for firm in self.world.firms if fits(firm) and rng.random() < share]
        twice = [firm for firm in listed if rng.random() < 0.13]
        order = [(rng.random(), firm) for firm in listed + twice]
        return [firm for _, firm in sorted(order, key=lambda entry: (entry[0], entry[1].id))]

    def contact_of(self, firm: Firm) -> ContactPerson | None:
        """Whom the row names, if anybody."""
        if self.rng.random() < 0.08:
            return None
        return self.rng.choice(self.world.staff[firm.id])

    def day(self, *, old: bool = False) -> datetime:
        """When a row was last looked at; a workbook's dates know no time zone."""
        ago = self.rng.randint(1000, 2200) if old else self.rng.randint(3, 850)
        return datetime.combine(TODAY, time()) - timedelta(days=ago)
