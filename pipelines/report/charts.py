"""Charts as inline SVG: they need no script, print well, and take their colours from the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log10

from markupsafe import Markup

WIDTH = 720
"""Drawing units; the page scales the drawing to its column."""

MARGIN = 18
"""Room at the right for half a label."""


@dataclass(frozen=True)
class Threshold:
    """A marked place on the horizontal axis."""

    at: float
    label: str
    name: str


def histogram(
    edges: Sequence[float],
    counts: Mapping[str, Sequence[int]],
    thresholds: Sequence[Threshold],
    title: str,
    axis: str,
) -> Markup:
    """Bars by series over the bins, on a logarithmic height: rare matches beside many others."""
    top, left, bottom, height = 62, 58, 50, 310
    low, high = edges[0], edges[-1]
    tallest = max((max(series) for series in counts.values()), default=1)
    decades = max(1, ceil(log10(tallest + 1)))

    def x(value: float) -> float:
        return left + (WIDTH - left - MARGIN) * (value - low) / (high - low)

    def y(count: float) -> float:
        return height - bottom - (height - bottom - top) * log10(count + 1) / decades

    parts = [_line(left, y(c), WIDTH - MARGIN, y(c), "grid") for c in _ticks(decades)]
    parts += [_text(left - 8, y(c) + 4, f"{c:,}", "tick end") for c in _ticks(decades)]
    for name, series in counts.items():
        for number, count in enumerate(series):
            if count:
                a, b = x(edges[number]), x(edges[number + 1])
                tip = f"{edges[number]:.1f} … {edges[number + 1]:.1f}: {count:,}"
                parts.append(_bar(a + 0.5, y(count), b - a - 1, y(0) - y(count), name, tip))
    for tick in _weight_ticks(low, high):
        parts.append(
            _text(x(tick), height - bottom + 22, f"{tick:+d}" if tick else "0", "tick mid")
        )
    parts.append(_text(left + (WIDTH - left) / 2, height - 6, axis, "tick mid"))
    for number, mark in enumerate(thresholds):
        if low <= mark.at <= high:
            parts.append(_mark(x(mark.at), 18 + 22 * number, height - bottom, mark))
    return _svg(height, parts, title)


def upset(sources: Sequence[str], sets: Sequence[tuple[Sequence[str], int]], title: str) -> Markup:
    """Intersections of sets as columns: a bar for the size, dots for the sets (Lex et al. 2014)."""
    rows, left, top, bars = 28, 180, 30, 130
    height = top + bars + 16 + rows * len(sources)
    step = min(54.0, (WIDTH - left - 8) / max(1, len(sets)))
    largest = max((size for _, size in sets), default=1)
    parts = []
    for number, source in enumerate(sources):
        middle = top + bars + 16 + rows * (number + 0.5)
        if number % 2 == 0:
            parts.append(_rect(0, middle - rows / 2, WIDTH, rows, "stripe"))
        parts.append(_text(left - 16, middle + 4, _short(source), "label end"))
    for column, (members, size) in enumerate(sets):
        x = left + step * (column + 0.5)
        tall = max(1.5, bars * size / largest)
        tip = f"{' + '.join(members)}: {size:,}"
        shared = "shared" if len(members) > 1 else "single"
        parts.append(_bar(x - step * 0.3, top + bars - tall, step * 0.6, tall, shared, tip))
        parts.append(_text(x, top + bars - tall - 6, f"{size:,}", "tick mid"))
        middles = []
        for number, source in enumerate(sources):
            middle = top + bars + 16 + rows * (number + 0.5)
            inside = source in members
            parts.append(_dot(x, middle, shared if inside else "empty"))
            middles += [middle] if inside else []
        if len(middles) > 1:
            parts.append(_line(x, middles[0], x, middles[-1], "link"))
    return _svg(height, parts, title)


@dataclass(frozen=True)
class ChartLine:
    """Shares (0 to 1) over the places of a line chart."""

    name: str
    """Its class, by which the page gives it a colour."""
    label: str
    shares: Sequence[float]


def line_chart(places: Sequence[str], lines: Sequence[ChartLine], title: str) -> Markup:
    """Shares over time, each line named at its end; a point names place and share."""
    top, left, right, bottom, height = 16, 46, 150, 34, 240

    def x(number: int) -> float:
        return left + (WIDTH - left - right) * number / max(1, len(places) - 1)

    def y(share: float) -> float:
        return height - bottom - (height - bottom - top) * share

    parts = []
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts += [_line(left, y(tick), WIDTH - right, y(tick), "grid")]
        parts += [_text(left - 8, y(tick) + 4, f"{tick:.0%}", "tick end")]
    for number in sorted({0, len(places) // 2, len(places) - 1}):
        parts.append(_text(x(number), height - 10, places[number], "tick mid"))
    ends = sorted(lines, key=lambda one: -one.shares[-1])
    for below, one in enumerate(ends):
        way = " ".join(f"{x(n):.1f},{y(share):.1f}" for n, share in enumerate(one.shares))
        parts.append(Markup('<polyline points="{}" class="line {}"/>').format(way, one.name))
        for number, share in enumerate(one.shares):
            tip = f"{places[number]} {one.label}: {share:.1%}"
            dot = '<circle cx="{:.1f}" cy="{:.1f}" r="3" class="dot {}"><title>{}</title></circle>'
            parts.append(Markup(dot).format(x(number), y(share), one.name, tip))
        label = f"{one.label} {one.shares[-1]:.1%}"
        parts.append(_text(WIDTH - right + 10, top + 12 + 20 * below, label, f"label {one.name}"))
    return _svg(height, parts, title)


def _ticks(decades: int) -> list[int]:
    return [0, *(10**decade for decade in range(decades + 1) if 10**decade > 1 or decades < 3)]


def _weight_ticks(low: float, high: float) -> list[int]:
    step = next((s for s in (1, 2, 5, 10, 20, 50, 100) if (high - low) / s <= 12), 200)
    return list(range(ceil(low / step) * step, int(high) + 1, step))


def _short(name: str) -> str:
    return name if len(name) <= 14 else name[:13] + "…"


# Shapes ------------------------------------------------------------------------------------------


def _svg(height: float, parts: Sequence[Markup], title: str) -> Markup:
    return Markup(
        '<svg viewBox="0 0 {} {:.0f}" role="img" aria-label="{}" class="chart">'
        "<title>{}</title>{}</svg>"
    ).format(WIDTH, height, title, title, Markup("").join(parts))


def _bar(x: float, y: float, width: float, height: float, name: str, tip: str) -> Markup:
    return Markup(
        '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="1.5" class="bar {}">'
        "<title>{}</title></rect>"
    ).format(x, y, max(width, 1.0), max(height, 0.8), name, tip)


def _rect(x: float, y: float, width: float, height: float, name: str) -> Markup:
    return Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" class="{}"/>').format(
        x, y, width, height, name
    )


def _dot(x: float, y: float, name: str) -> Markup:
    return Markup('<circle cx="{:.1f}" cy="{:.1f}" r="5.5" class="dot {}"/>').format(x, y, name)


def _line(x1: float, y1: float, x2: float, y2: float, name: str) -> Markup:
    return Markup('<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" class="{}"/>').format(
        x1, y1, x2, y2, name
    )


def _text(x: float, y: float, text: str, name: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" class="{}">{}</text>').format(x, y, name, text)


def _mark(x: float, y: float, foot: float, mark: Threshold) -> Markup:
    """A threshold: a dashed line with its label away from the other's, unless the edge is near."""
    leftward = (mark.name == "review_at" and x > WIDTH * 0.25) or x > WIDTH * 0.8
    side, anchor = (-6, "end") if leftward else (6, "")
    return _line(x, y - 4, x, foot, f"threshold {mark.name}") + _text(
        x + side, y + 6, mark.label, f"mark {anchor}"
    )
