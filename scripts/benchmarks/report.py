"""Figures and the table they are printed in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """One quantity, measured several times."""

    measure: str
    name: str
    unit: str
    values: tuple[float, ...]
    note: str = ""
    target: float | None = None
    """What it must reach; where `less` is set, what it must not pass."""
    less: bool = False

    @property
    def median(self) -> float:
        """The middle of the values."""
        return median(self.values)

    @property
    def verdict(self) -> str:
        """`met` or `missed`, where there is a target."""
        if self.target is None:
            return ""
        met = self.median <= self.target if self.less else self.median >= self.target
        return "met" if met else "missed"

    def row(self) -> tuple[str, ...]:
        """Its cells, ready to print."""
        spread = f"{plain(min(self.values))}-{plain(max(self.values))}"
        target = (
            "" if self.target is None else f"{'<=' if self.less else '>='} {plain(self.target)}"
        )
        cells = (self.measure, self.name, plain(self.median), spread, self.unit, target)
        return (*cells, self.verdict, self.note)


HEADINGS = ("", "measured", "median", "spread", "unit", "target", "", "note")


def plain(value: float) -> str:
    """Three digits that matter (four below ten thousand): `12 300`, `1 024`, `4.56`."""
    if abs(value) >= 1000:
        spare = max(0, len(str(int(abs(value)))) - 3 - (abs(value) < 10_000))
        return f"{round(value, -spare):,.0f}".replace(",", " ")
    return f"{value:.3g}"


def ratio(measure: str, name: str, ours: Figure, other: Figure, target: float | None) -> Figure:
    """Ours to another, run by run."""
    pairs = zip(ours.values, other.values, strict=True)
    return Figure(measure, name, "x", tuple(a / b for a, b in pairs), target=target)


def table(figures: Iterable[Figure]) -> str:
    """A table in columns, as Markdown too reads it."""
    rows: list[Sequence[str]] = [HEADINGS, *(figure.row() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)) + " |" for r in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def as_json(figures: Iterable[Figure]) -> list[dict[str, object]]:
    """The same for a program."""
    return [
        {
            "measure": figure.measure,
            "name": figure.name,
            "unit": figure.unit,
            "median": figure.median,
            "values": list(figure.values),
            "target": figure.target,
            "verdict": figure.verdict,
        }
        for figure in figures
    ]
