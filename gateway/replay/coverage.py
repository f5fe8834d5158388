"""Which of the menus the flows reached: nodes, edges, languages, prompts, and where the rest is.

Rule: what is counted is the transition table the engine runs on (without the edges that come from
the settings); a witness in its place sees every move, so nothing is guessed from texts.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from gateway.domain.port import LANGUAGES, Language
from gateway.domain.values import Values
from gateway.menu.compiled import Compiled
from gateway.menu.cursor import Cursor
from gateway.menu.engine import MenuSet
from gateway.menu.machine import Machine
from gateway.menu.states import Shown

T = TypeVar("T")
MISSING_SHOWN_MAX = 1_000
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


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of one kind was reached, and the rest with its place."""

    what: str
    reached: int
    total: int
    missing: tuple[str, ...] = ()


def coverage(
    compiled: Compiled, visited: Visited, places: Places, prompts: Iterable[str] = ()
) -> list[Coverage]:
    """One row for nodes, edges, each language (where it is known) and prompts; of the screens in
    a language those are missing that were reached in others. `prompts` are the recorded ones."""
    nodes = {name: _placed(places, name, "", name) for name in compiled.states}
    edges = {
        (edge.source, edge.trigger): _placed(
            places, edge.source, edge.trigger, f"{edge.source} -> {edge.target} ({edge.trigger})"
        )
        for edge in compiled.edges
        if not edge.default
    }
    screens = {name: nodes[name] for name in nodes if isinstance(compiled.states[name], Shown)}
    rows = [_row("nodes", nodes, visited.nodes), _row("edges", edges, visited.edges)]
    reached = {name for name, _ in visited.shown}
    for language in LANGUAGES if visited.shown or not visited.nodes else ():
        seen = {name for name, spoken in visited.shown if spoken == language}
        row = _row(f"screens {language}", screens, seen)
        told = (place for name, place in screens.items() if name in reached - seen)
        rows.append(replace(row, missing=tuple(told)))
    recorded = {name: name for name in sorted(prompts)}
    return [*rows, _row("prompts", recorded, visited.prompts)] if recorded else rows


def _row(what: str, items: Mapping[T, str], reached: Set[T]) -> Coverage:
    missing = tuple(place for item, place in items.items() if item not in reached)
    return Coverage(what, len(items) - len(missing), len(items), missing)


def _placed(places: Places, state: str, trigger: str, what: str) -> str:
    place = places.get((state, trigger)) or places.get((state, ""), "")
    return f"{place}: {what}" if place else what


def told(rows: Iterable[Coverage]) -> Iterator[str]:
    """The rows as text, the sums first, then what was not reached."""
    listed = list(rows)
    for row in listed:
        share = 100 * row.reached / row.total if row.total else 100
        yield f"{row.what:14} {row.reached:5} of {row.total:5}  {share:5.1f} %"
    for row in listed:
        if row.missing:
            yield f"{row.what} not reached:"
            yield from (f"  {each}" for each in row.missing[:MISSING_SHOWN_MAX])
            if len(row.missing) > MISSING_SHOWN_MAX:
                yield f"  … and {len(row.missing) - MISSING_SHOWN_MAX} more"
