"""Shows a profile on the terminal, and as one HTML page that opens offline."""

from html import escape
from pathlib import Path

from pipelines.outputs import whole_file
from pipelines.profiling import ColumnProfile, TableProfile

STYLE = """
body{font:15px/1.5 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;
margin:2rem auto;max-width:75rem;padding:0 1rem;color:#1d2433;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2.2rem}
table{border-collapse:collapse;width:100%}td,th{padding:.35rem .6rem;text-align:left;
border-bottom:1px solid #e3e7ee;vertical-align:top}th{font-weight:600;color:#5b6578}
td:nth-child(3){white-space:nowrap}
.bar{background:#e8ecf3;border-radius:3px;width:6rem;height:.55rem;display:inline-block}
.bar i{background:#2f6fde;border-radius:3px;height:100%;display:block}
code{font-size:.85em;background:#f2f4f8;padding:.05rem .3rem;border-radius:3px;white-space:nowrap}
.pii{color:#b3261e;font-weight:600}.muted{color:#6b7486;font-size:.9em}
@media(prefers-color-scheme:dark){body{background:#12161f;color:#dfe5f0}
td,th{border-color:#2a3142}code{background:#1f2636}.bar{background:#2a3142}}
"""


def print_profile(table: TableProfile) -> None:
    """Print one table's profile, sized to the terminal."""
    from rich.console import Console
    from rich.table import Table

    grid = Table(title=f"{table.name}: {table.rows:,} rows, {table.duplicate_rows:,} repeated")
    for heading in ("column", "kind", "filled", "distinct", "valid", "patterns", "why"):
        grid.add_column(heading, overflow="fold")
    for column in table.columns:
        grid.add_row(
            column.column,
            f"{column.kind}{' •PII' if column.personal else ''}",
            f"{column.filled:.0%}",
            f"{column.distinct:,}",
            "" if column.valid is None else f"{column.valid:.0%}",
            "  ".join(list(column.patterns)[:2]),
            column.why,
        )
    console = Console()
    console.print(grid)
    if table.entity is not None:
        console.print(f"  {table.entity}: {table.entity_why}", markup=False)
    for note in table.notes:
        console.print(f"  {note}", markup=False)
    for problem, count in table.damage.items():
        console.print(f"  {count:,} × {problem}", markup=False)


def write_profile_page(tables: list[TableProfile], path: Path) -> None:
    """Write the profiles of several tables as one page."""
    body = "".join(_section(table) for table in tables)
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width">'
        f"<title>Guiyi profile</title><style>{STYLE}</style>"
        f"<h1>Guiyi 归一 · profile</h1>{body}</html>"
    )
    with whole_file(path) as file:
        file.write_text(page, encoding="utf-8")


def _section(table: TableProfile) -> str:
    damage = "".join(
        f"<li>{count:,} × {escape(problem)}</li>" for problem, count in table.damage.items()
    )
    rows = "".join(_row(column) for column in table.columns)
    heads = "".join(
        f"<th>{head}</th>"
        for head in ("column", "kind", "filled", "distinct", "valid", "patterns", "cleaning")
    )
    return (
        f"<h2>{escape(table.name)}</h2>"
        f"<p>{table.rows:,} rows, {table.duplicate_rows:,} repeated</p>{_told(table)}"
        f"<table><tr>{heads}</tr>{rows}</table><ul>{damage}</ul>"
    )


def _told(table: TableProfile) -> str:
    """Say what the table seems to be, and what its source says of it."""
    entity = f"{table.entity}: {table.entity_why}" if table.entity is not None else ""
    lines = [entity, *table.notes]
    return "".join(f'<p class="muted">{escape(line)}</p>' for line in lines if line)


def _row(column: ColumnProfile) -> str:
    kind = f"{column.kind}" + (' <span class="pii">PII</span>' if column.personal else "")
    patterns = "<br>".join(f"<code>{escape(p)}</code> {n:,}" for p, n in column.patterns.items())
    reasons = "<br>".join(f"{escape(r)} {n:,}" for r, n in column.reasons.items())
    valid = "" if column.valid is None else f"{column.valid:.1%}"
    return (
        f"<tr><td><b>{escape(column.column)}</b></td>"
        f'<td>{kind}<div class="muted">{escape(column.why)}</div></td>'
        f'<td><span class="bar"><i style="width:{column.filled:.0%}"></i></span>'
        f" {column.filled:.0%}</td><td>{column.distinct:,}</td><td>{valid}</td>"
        f"<td>{patterns}</td><td>{reasons}</td></tr>"
    )
