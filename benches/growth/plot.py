"""Series of points → an SVG of small charts, both axes logarithmic."""

import math
from dataclasses import dataclass
from xml.sax.saxutils import escape

# Of a chart without its legend, whose lines stand below it.
WIDTH, HEIGHT = 400, 260
LEFT, RIGHT, TOP, BOTTOM = 62, 16, 44, 32
LINE = 15
COLOURS = ("#1f5fa8", "#c2410c", "#15803d")


@dataclass
class Series:
    """Points (x, y), all above 0. `dashed` for the worse of two that belong together."""

    name: str
    points: list
    colour: int = 0
    dashed: bool = False


@dataclass
class Chart:
    title: str
    unit: str
    series: list


def slope(points):
    """Returns the exponent b of the power law y = a·x^b that fits best by least squares of logarithms."""
    xs = [math.log(x) for x, _ in points]
    ys = [math.log(y) for _, y in points]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((one - x) ** 2 for one in xs)
    return sum((one - x) * (other - y) for one, other in zip(xs, ys)) / spread if spread else math.nan


def ticks(least, most):
    """Returns 1, 2, 5 times powers of ten within the range; powers alone if it is wide."""
    steps = (1, 2, 5) if most / least < 200 else (1,)
    powers = range(math.floor(math.log10(least)), math.ceil(math.log10(most)) + 1)
    values = [step * 10.0**power for power in powers for step in steps]
    return [value for value in values if least <= value * 1.0001 and value <= most * 1.0001]


def number(value):
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def draw(chart):
    """Returns the SVG elements of one chart whose upper left corner is the origin."""
    points = [point for series in chart.series for point in series.points]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    x_range, y_range = (min(xs) / 1.15, max(xs) * 1.15), (min(ys) / 1.4, max(ys) * 1.4)

    def place(value, bounds, start, length):
        return start + length * math.log(value / bounds[0]) / math.log(bounds[1] / bounds[0])

    def across(x):
        return place(x, x_range, LEFT, WIDTH - LEFT - RIGHT)

    def down(y):
        return place(y, y_range, HEIGHT - BOTTOM, TOP + BOTTOM - HEIGHT)

    parts = [f'<text x="{LEFT}" y="16" class="title">{escape(chart.title)}</text>']
    parts.append(f'<text x="{LEFT}" y="{TOP - 6}" class="unit">{escape(chart.unit)}</text>')
    for x in sorted(set(xs)):
        parts.append(
            f'<line x1="{across(x):.1f}" x2="{across(x):.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" class="grid"/>'
        )
        label = f"{number(round(x, -5))}B"
        parts.append(f'<text x="{across(x):.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{label}</text>')
    for y in ticks(*y_range):
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{down(y):.1f}" y2="{down(y):.1f}" class="grid"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{down(y) + 4:.1f}" text-anchor="end">{number(y)}</text>')
    for row, series in enumerate(chart.series):
        ends = " ".join(f"{across(x):.1f},{down(y):.1f}" for x, y in sorted(series.points))
        dash = ' stroke-dasharray="5 4"' if series.dashed else ""
        colour = COLOURS[series.colour]
        parts.append(f'<polyline points="{ends}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        parts += [f'<circle cx="{across(x):.1f}" cy="{down(y):.1f}" r="3" fill="{colour}"/>' for x, y in series.points]
        name = f"{series.name}, exponent {slope(series.points):.2f}"
        y = HEIGHT + LINE * row + 4
        parts.append(
            f'<line x1="{LEFT}" x2="{LEFT + 26}" y1="{y - 4}" y2="{y - 4}" stroke="{colour}" stroke-width="2"{dash}/>'
        )
        parts.append(f'<text x="{LEFT + 34}" y="{y}">{escape(name)}</text>')
    return parts


def svg(charts, title, notes):
    """Returns an SVG of the charts, two a row, below lines of notes."""
    top = 40 + LINE * len(notes)
    rows = [charts[at : at + 2] for at in range(0, len(charts), 2)]
    heights = [HEIGHT + LINE * (max(len(chart.series) for chart in row) + 1) for row in rows]
    width, height = 2 * WIDTH, top + sum(heights)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="system-ui, sans-serif" font-size="11">',
        "<style>.title{font-size:14px;font-weight:600}.unit,.note{fill:#555}.grid{stroke:#ddd}</style>",
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="16" y="26" font-size="17" font-weight="600">{escape(title)}</text>',
    ]
    for at, note in enumerate(notes):
        parts.append(f'<text x="16" y="{44 + LINE * at}" class="note">{escape(note)}</text>')
    for row, tall in zip(rows, heights):
        for at, chart in enumerate(row):
            parts += [f'<g transform="translate({at * WIDTH} {top})">', *draw(chart), "</g>"]
        top += tall
    return "\n".join([*parts, "</svg>"]) + "\n"
