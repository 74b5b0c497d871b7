"""Shows a profile as one HTML page that opens offline."""

from html import escape
from pathlib import Path

from cleansing.reasons import explain
from pipelines.language.messages import in_language, language, say
from pipelines.outputs import whole_file
from pipelines.profiling.profile import ColumnProfile, TableProfile

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


def write_profile_page(tables: list[TableProfile], path: Path) -> None:
    """Write the profiles of several tables as one page."""
    body = "".join(_section(table) for table in tables)
    page = (
        f'<!doctype html><html lang="{language()}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width">'
        f"<title>{say('profile.title')}</title><style>{STYLE}</style>"
        f"<h1>{say('profile.title')}</h1>{body}</html>"
    )
    with whole_file(path) as file:
        file.write_text(page, encoding="utf-8")


def _section(table: TableProfile) -> str:
    notes = "".join(f'<p class="muted">{escape(line)}</p>' for line in table_notes(table))
    rows = "".join(_row(column) for column in table.columns)
    heads = "".join(
        f"<th>{say('profile.' + head)}</th>"
        for head in ("column", "kind", "filled", "distinct", "valid", "patterns", "cleaning")
    )
    return f"<h2>{escape(title(table))}</h2>{notes}<table><tr>{heads}</tr>{rows}</table>"


def title(table: TableProfile) -> str:
    """Name a table, with its rows and how many of them are repeated."""
    return say("profile.table", name=table.name, rows=table.rows, repeated=table.duplicate_rows)


def table_notes(table: TableProfile) -> list[str]:
    """Say what the table seems to be, what its source says of it, and what cannot be trusted."""
    mark = "：" if language() == "zh" else ": "
    seems = [f"{table.entity}{mark}{in_language(table.entity_why)}"] if table.entity else []
    counted = [f"{problem}: {count}" for problem, count in table.damage.items()]
    return seems + [in_language(line) for line in dict.fromkeys([*table.notes, *counted])]


def _reason(codes: str) -> str:
    return explain(codes, "zh") if language() == "zh" else codes


def _row(column: ColumnProfile) -> str:
    kind = f"{column.kind}" + (
        ' <span class="pii">' + say("profile.personal") + "</span>" if column.personal else ""
    )
    patterns = "<br>".join(f"<code>{escape(p)}</code> {n:,}" for p, n in column.patterns.items())
    reasons = "<br>".join(f"{escape(_reason(r))} {n:,}" for r, n in column.reasons.items())
    valid = "" if column.valid is None else f"{column.valid:.1%}"
    return (
        f"<tr><td><b>{escape(column.column)}</b></td>"
        f'<td>{kind}<div class="muted">{escape(in_language(column.why))}</div></td>'
        f'<td><span class="bar"><i style="width:{column.filled:.0%}"></i></span>'
        f" {column.filled:.0%}</td><td>{column.distinct:,}</td><td>{valid}</td>"
        f"<td>{patterns}</td><td>{reasons}</td></tr>"
    )
