"""Line plots as inline SVG: no script, no font, no asset.

Rule: a plot has at most `POINTS_MAX` points a line, so a report stays small however long the run;
of points left out the worst is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

POINTS_MAX = 300
WIDTH, HEIGHT = 720, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 12, 26, 28
_COLOURS = ("#2563eb", "#d97706", "#b91c1c")
_TICKS = 4

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Line:
    """A named line of (x, y), x ascending."""

    name: str
    points: Points


def plot(title: str, x_name: str, y_name: str, lines: Sequence[Line]) -> str:
    """One plot; empty where no line has two points."""
    shown = [Line(line.name, thinned(line.points)) for line in lines if len(line.points) > 1]
    if not shown:
        return ""
    right = max(x for line in shown for x, _ in line.points)
    top = max((y for line in shown for _, y in line.points), default=0.0) or 1.0
    left = min(x for line in shown for x, _ in line.points)
    parts = [_axes(title, x_name, y_name, left, right, top)]
    for place, line in enumerate(shown):
        colour = _COLOURS[place % len(_COLOURS)]
        path = " ".join(f"{_x(x, left, right):.1f},{_y(y, top):.1f}" for x, y in line.points)
        parts.append(
            f'<polyline fill="none" stroke="{colour}" stroke-width="1.5" points="{path}"/>'
            f'<text x="{WIDTH - _RIGHT - 90 * (len(shown) - place)}" y="16" fill="{colour}">'
            f"{escape(line.name)}</text>"
        )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )


def thinned(points: Points) -> Points:
    """At most POINTS_MAX of them: of each stretch the highest."""
    stretch = -(-len(points) // POINTS_MAX)
    if stretch <= 1:
        return points
    return [
        max(points[at : at + stretch], key=lambda point: point[1])
        for at in range(0, len(points), stretch)
    ]


def ticks(low: float, high: float) -> list[float]:
    """Round numbers from `low` to `high`: steps of 1, 2 or 5 by a power of ten, at most _TICKS
    of them."""
    rough = (high - low) / _TICKS
    if rough <= 0:
        return [low]
    power = 10.0 ** floor(log10(rough))
    step = next(each * power for each in (1, 2, 5, 10) if each * power >= rough * (1 - 1e-9))
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(each * step, 12) for each in range(first, last + 1)]


def _x(value: float, left: float, right: float) -> float:
    return _LEFT + (value - left) / ((right - left) or 1.0) * (WIDTH - _LEFT - _RIGHT)


def _y(value: float, top: float) -> float:
    return HEIGHT - _BOTTOM - value / top * (HEIGHT - _TOP - _BOTTOM)


def _axes(title: str, x_name: str, y_name: str, left: float, right: float, top: float) -> str:
    parts = [f'<text x="{_LEFT}" y="16" font-weight="bold">{escape(title)}</text>']
    for y in ticks(0.0, top):
        at = _y(y, top)
        parts.append(
            f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{at:.1f}" y2="{at:.1f}" '
            f'stroke="#9ca3af" stroke-width="0.5"/>'
            f'<text x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{y:g}</text>'
        )
    for x in ticks(left, right):
        parts.append(
            f'<text x="{_x(x, left, right):.1f}" y="{HEIGHT - 10}" text-anchor="middle">'
            f"{x:g}</text>"
        )
    names = f"{escape(y_name)} by {escape(x_name)}"
    parts.append(f'<text x="{_LEFT}" y="{HEIGHT}" font-size="10" fill="#6b7280">{names}</text>')
    return "".join(parts)
