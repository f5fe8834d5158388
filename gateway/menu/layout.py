"""Where the states of a menu set stand when it is drawn, and what is written beside them.

Rule: what is drawn is the transition table the engine runs on, without the edges that come from
the settings (every state has them). A state stands once, as near to its root as it can; whatever
else leads to it crosses the drawing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from gateway.domain.port import Language
from gateway.menu.engine import MenuSet
from gateway.menu.states import (
    ANSWERED,
    CASE,
    OPTION,
    PICKED,
    Ask,
    Do,
    Edge,
    End,
    Info,
    Menu,
    Route,
    State,
)

KINDS: Mapping[type[State], str] = {
    Menu: "menu",
    Ask: "ask",
    Info: "info",
    Do: "do",
    Route: "route",
    End: "end",
}
CAPTION_CHARACTERS_MAX = 30


@dataclass(frozen=True, slots=True)
class Arrow:
    """All edges between the same two states."""

    source: str
    target: str
    edges: tuple[Edge, ...]
    caption: str
    """The keys or outcomes that take it."""

    @property
    def ends(self) -> tuple[str, str]:
        """Source and target."""
        return self.source, self.target


@dataclass(frozen=True, slots=True)
class Drawing:
    """Where boxes stand: (column, row) of each state in the order of their rows, and arrows."""

    cells: dict[str, tuple[int, int]]
    tree: frozenset[tuple[str, str]]
    """Arrows along which a state was first found."""
    arrows: Mapping[str, Sequence[Arrow]]
    """By their source."""

    @property
    def all_arrows(self) -> Iterator[Arrow]:
        """In the order of rows."""
        return chain.from_iterable(self.arrows.values())


def layout(menus: MenuSet, roots: Sequence[str]) -> Drawing:
    """Trees from left to right, one below the other: a column per distance from the root, a row per
    leaf, and what leads on stands in the row of the first it leads to. A root that an earlier one
    leads to has no tree of its own. Raises KeyError for a root that is no state."""
    arrows = _arrows(menus)
    depth: dict[str, int] = {}
    children: dict[str, list[str]] = {}
    cells: dict[str, tuple[int, int]] = {}
    row = 0
    for root in roots:
        if root not in menus.compiled.states:
            raise KeyError(root)
        if root in depth:
            continue
        depth[root], children[root], ahead = 0, [], [root]
        for name in ahead:
            for arrow in arrows.get(name, ()):
                if arrow.target not in depth:
                    depth[arrow.target] = depth[name] + 1
                    children[arrow.target] = []
                    children[name].append(arrow.target)
                    ahead.append(arrow.target)
        stack = [root]
        while stack:
            name = stack.pop()
            cells[name] = (depth[name], row)
            row += not children[name]
            stack += reversed(children[name])
    tree = frozenset((name, child) for name, all_ in children.items() for child in all_)
    return Drawing(cells, tree, {name: arrows[name] for name in cells if name in arrows})


def _arrows(menus: MenuSet) -> dict[str, list[Arrow]]:
    between: dict[str, dict[str, list[Edge]]] = {}
    for edge in menus.compiled.edges:
        if not edge.default:
            between.setdefault(edge.source, {}).setdefault(edge.target, []).append(edge)
    return {
        name: [
            Arrow(name, target, tuple(edges), ", ".join(_taken_by(menus, edge) for edge in edges))
            for target, edges in targets.items()
        ]
        for name, targets in between.items()
    }


def _taken_by(menus: MenuSet, edge: Edge) -> str:
    state, trigger = menus.compiled.states[edge.source], edge.trigger
    if isinstance(state, Menu) and trigger.startswith(OPTION):
        return next(option.key for option in state.options if option.trigger == trigger)
    if trigger.startswith(CASE):
        return f"case {int(trigger.removeprefix(CASE)) + 1}"
    return "answer" if trigger == ANSWERED else trigger


def wording(menus: MenuSet, edge: Edge, language: Language = "en") -> str:
    """What an edge says of itself: the words of its option, or the guard that opens it."""
    state = menus.compiled.states[edge.source]
    if isinstance(state, Menu):
        if edge.trigger == PICKED and state.pick:
            return state.pick.label.written[language]
        words = {option.trigger: option.text.written[language] for option in state.options}
        return words.get(edge.trigger, "")
    return edge.guard


def caption(menus: MenuSet, name: str, language: Language) -> str:
    """What a box says below the id: the command, the title, or the text as it is written."""
    state = menus.compiled.states[name]
    if isinstance(state, Do):
        return state.command
    title = menus.compiled.titles.get(name)
    if title:
        text = title[language]
    elif isinstance(state, Route):
        text = "route"
    else:
        words = state.texts["ussd"]
        text = words.written[language] if words else KINDS[type(state)]
    return shortened(text, CAPTION_CHARACTERS_MAX)


def shortened(text: str, characters_max: int) -> str:
    """One line of at most so many characters."""
    text = " ".join(text.split())
    return text if len(text) <= characters_max else text[: max(characters_max - 1, 0)] + "…"
