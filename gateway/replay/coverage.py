"""Which of the menus the flows reached: nodes, edges, languages, prompts, and where the rest is.

Rule: what is counted is the transition table the engine runs on (without the edges that come from
the settings); a witness in its place sees every move, so nothing is guessed from texts.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from itertools import groupby
from os.path import commonpath, dirname, relpath
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from gateway.domain.port import LANGUAGES, Language
from gateway.domain.values import Values
from gateway.menu.compiled import Compiled
from gateway.menu.cursor import Cursor
from gateway.menu.engine import MenuSet
from gateway.menu.machine import Machine
from gateway.menu.states import Shown

T = TypeVar("T")
Edge = tuple[str, str]
"""Source and trigger."""
Places = Mapping[tuple[str, str], str]
"""(state, trigger), or (state, '') for the state itself -> `file:line`."""


@dataclass(slots=True)
class Visited:
    """What a run went through; those of several processes are joined by `add`."""

    nodes: set[str] = field(default_factory=set)
    edges: set[Edge] = field(default_factory=set)
    shown: set[tuple[str, Language]] = field(default_factory=set)
    prompts: set[str] = field(default_factory=set)
    language: Language = "ru"
    """Of the subscriber whose turn it is."""

    def enter(self, state: str) -> None:
        """A dialogue stands there now."""
        self.nodes.add(state)
        self.shown.add((state, self.language))

    def add(self, other: Visited) -> None:
        """What another run went through too."""
        self.nodes |= other.nodes
        self.edges |= other.edges
        self.shown |= other.shown
        self.prompts |= other.prompts


class _Witness(Machine):
    """Moves cursors as the machine it stands in for, and remembers the moves."""

    __slots__ = ("_visited",)

    def __init__(self, machine: Machine, visited: Visited) -> None:
        self._targets = machine._targets
        self.table = machine.table
        self._visited = visited

    def fire(self, cursor: Cursor, trigger: str) -> None:
        self._visited.edges.add((cursor.state, trigger))
        super().fire(cursor, trigger)
        self._visited.enter(cursor.state)


class Witnessed(MenuSet):
    """Menus that write whatever is walked in them into `visited`."""

    __slots__ = ("_visited",)

    def __init__(self, menus: MenuSet, visited: Visited) -> None:
        compiled = menus.compiled
        super().__init__(replace(compiled, machine=_Witness(compiled.machine, visited)))
        self._visited = visited

    def start(self, state: str | None = None, variables: Values | None = None) -> Cursor:
        cursor = super().start(state, variables)
        self._visited.enter(cursor.state)
        return cursor


class Overheard:
    """What numbers go through in a gateway that runs, by its live events; whatever is told of
    languages there is not, so `shown` stays empty."""

    def __init__(self, visited: Visited, msisdns: Container[str]) -> None:
        self._visited = visited
        self._msisdns = msisdns
        self._states: dict[str, str] = {}
        """Dialogue -> where it stands."""

    def happened(self, event: Mapping[str, Any]) -> None:
        """A turn told by `/v1/events`."""
        if event["msisdn"] not in self._msisdns:
            return
        dialogue, visited = str(event["dialogue"]), self._visited
        at = self._states.get(dialogue, "")
        for trigger, state in event["path"]:
            if at and trigger:
                visited.edges.add((at, trigger))
            visited.nodes.add(state)
            at = state
        visited.prompts.update(prompt["id"] for prompt in event["prompts"])
        if event["ended"]:
            self._states.pop(dialogue, None)
        else:
            self._states[dialogue] = at


class Spot(NamedTuple):
    """Something that can be reached, and where it is written: `file:line`, or empty."""

    what: str
    place: str

    @property
    def file(self) -> str:
        return self.place.rpartition(":")[0]

    @property
    def line(self) -> int:
        return int(self.place.rpartition(":")[2] or 0)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of one kind was reached, and what was not."""

    what: str
    reached: tuple[Spot, ...]
    missing: tuple[Spot, ...]
    total: int


def coverage(
    compiled: Compiled,
    visited: Visited,
    places: Places,
    prompts: Mapping[str, str] = MappingProxyType({}),
) -> list[Coverage]:
    """One row for nodes, edges, each language (where it is known), prompts, and the recordings
    that values are spoken with; of the screens in a language those are missing that were reached
    in others. `prompts`: id of each recording -> the place of its words, empty for a value's."""
    nodes = {name: Spot(name, places.get((name, ""), "")) for name in compiled.states}
    edges = {
        (edge.source, edge.trigger): Spot(
            f"{edge.source} -> {edge.target} ({edge.trigger})",
            places.get((edge.source, edge.trigger)) or nodes[edge.source].place,
        )
        for edge in compiled.edges
        if not edge.default
    }
    rows = [_row("nodes", nodes, visited.nodes), _row("edges", edges, visited.edges)]
    screens = {name: nodes[name] for name in nodes if isinstance(compiled.states[name], Shown)}
    elsewhere = {name for name, _ in visited.shown}
    for language in LANGUAGES if visited.shown or not visited.nodes else ():
        row = _row(
            f"screens {language}",
            screens,
            {name for name, spoken in visited.shown if spoken == language},
        )
        missing = tuple(spot for spot in row.missing if spot.what in elsewhere)
        rows.append(replace(row, missing=missing))
    for what, are_values in (("prompts", False), ("spoken values", True)):
        spots = {id_: Spot(id_, at) for id_, at in prompts.items() if (not at) is are_values}
        if spots:
            rows.append(_row(what, spots, visited.prompts))
    return rows


def _row(what: str, items: Mapping[T, Spot], seen: Set[T]) -> Coverage:
    reached = tuple(spot for item, spot in items.items() if item in seen)
    missing = tuple(spot for item, spot in items.items() if item not in seen)
    return Coverage(what, reached, missing, len(items))


def told(rows: Iterable[Coverage], columns: int = 100) -> Iterator[str]:
    """The sums, and for each file how much of it was reached and the lines of the rest."""
    listed = list(rows)
    for row in listed:
        share = 100 * len(row.reached) / row.total if row.total else 100
        yield f"{row.what:15} {len(row.reached):5} of {row.total:5}  {share:5.1f} %"
    files = sorted({spot.file for row in listed for spot in row.missing if spot.place})
    if not files:
        return
    shared = commonpath([dirname(file) for file in files])
    names = {file: relpath(file, shared or ".") for file in files}
    width = max(map(len, names.values()))
    kinds = [row for row in listed if row.what in _BY_FILE]
    heads = "".join(f"{row.what:>10}" for row in kinds)
    yield ""
    yield f"{'':{width}}{heads}  not reached: lines of {shared or '.'}"
    for file in files:
        counts = "".join(f"{_share(row, file):>10}" for row in kinds)
        line = f"{names[file]:{width}}{counts}  {', '.join(_stretches(kinds, file))}"
        yield line if len(line) <= columns else f"{line[: columns - 3].rpartition(',')[0]}, …"


_BY_FILE = ("nodes", "edges", "prompts")


def _share(row: Coverage, file: str) -> str:
    reached = sum(spot.file == file for spot in row.reached)
    total = reached + sum(spot.file == file for spot in row.missing)
    return f"{reached}/{total}" if total else "-"


def _stretches(rows: Iterable[Coverage], file: str) -> Iterator[str]:
    """`12-18`, `45`: lines with something that was not reached; nothing between the ends of a
    stretch was reached whole."""
    lines: dict[int, bool] = {}
    for row in rows:
        for spots, is_missing in ((row.reached, False), (row.missing, True)):
            for spot in spots:
                if spot.file == file:
                    lines[spot.line] = lines.get(spot.line, False) or is_missing
    for is_missing, stretch in groupby(sorted(lines), lines.__getitem__):
        first, *rest = stretch
        if is_missing:
            yield f"{first}-{rest[-1]}" if rest else str(first)


def missed(rows: Iterable[Coverage]) -> Iterator[str]:
    """All that was not reached, a line each, by file and line: `menus/a.yaml:12: nodes: acct`."""
    spots = [(spot.file, spot.line, row.what, spot) for row in rows for spot in row.missing]
    for _, _, what, spot in sorted(spots):
        yield f"{spot.place}: {what}: {spot.what}" if spot.place else f"{what}: {spot.what}"
