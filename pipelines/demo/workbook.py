"""The sales department's workbook, as people keep them; the same world is the same bytes."""

import re
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path
from random import Random

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.demo import abroad_sheet, east_sheet
from pipelines.demo.sheet import DemoSheet
from pipelines.demo.truth import TruthNotes
from pipelines.demo.world import World

EAST, ABROAD, NOTES = "华东客户", "海外客户", "说明"
EXPORTED = datetime(2026, 6, 30, 9, 0)
NOTES_TEXT = (
    "使用说明",
    "1. 新客户请加在所属城市最后一行，不要改动小计。",
    "2. 电话有变动请同时改旧系统（T_CUST）。",
    "3. Overseas: keep the country in English.",
)


def write_workbook(world: World, file: Path, seed: int) -> TruthNotes:
    """Write the workbook, and say who is who in it."""
    truth, book = TruthNotes("customers"), Workbook()
    book.remove(book.worksheets[0])
    east: Worksheet = book.create_sheet(EAST)
    rng = Random(f"{seed}/east")
    east_sheet.write_east(
        DemoSheet(east, east_sheet.COLUMNS, east_sheet.FIRST_ROW, rng, world, truth)
    )
    abroad: Worksheet = book.create_sheet(ABROAD)
    rng = Random(f"{seed}/abroad")
    abroad_sheet.write_abroad(
        DemoSheet(abroad, abroad_sheet.COLUMNS, abroad_sheet.FIRST_ROW, rng, world, truth)
    )
    notes: Worksheet = book.create_sheet(NOTES)
    for row, text in enumerate(NOTES_TEXT, start=1):
        notes.cell(row, 1, text)
    _save(book, file)
    return truth


def _save(book: Workbook, file: Path) -> None:
    """Save without the clock in it: openpyxl stamps the archive and its properties."""
    packed = BytesIO()
    book.save(packed)
    stamp = f"{EXPORTED.isoformat()}Z".encode()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(file, "w") as new:
        for name in sorted(old.namelist()):
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", stamp, data)
            entry = zipfile.ZipInfo(name, EXPORTED.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, data)
