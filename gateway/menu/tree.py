"""A menu set as a tree of lines for a terminal.

Rule: a line is an arrow and the state it leads to. Each state opens once, where the layout puts
it; every other line that leads to it says where it is opened, above or below, so loops end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from gateway.domain.port import Language
from gateway.menu.engine import MenuSet
from gateway.menu.layout import KINDS, Arrow, Drawing, caption, layout, shortened, wording

_INNER, _LAST, _PAST, _BLANK = "├─ ", "└─ ", "│  ", "   "
_TITLE_CHARACTERS_MAX = 60

Heading = str
Groups = Sequence[tuple[Heading, Sequence[str]]]
"""What is said above the trees of some roots, and these roots."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a tree, by its parts from left to right."""

    rails: str = ""
    key: str = ""
    """The keys or outcomes that lead here; empty for a root."""
    title: str = ""
    """The words of the option, the guard of the case, or else of the state itself."""
    state: str = ""
    kind: str = ""
    see: str = ""
    """`see above` or `see below` where the state is opened elsewhere."""
    place: str = ""
    taken: bool | None = None
    """Whether flows came to the state, or where it is opened elsewhere, took this arrow; None where
    no flows were asked about."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What flows went through: states, and edges by source and trigger."""

    nodes: Set[str]
    edges: Set[tuple[str, str]]


def tree(
    menus: MenuSet,
    groups: Groups,
    places: Mapping[str, str],
    taken: Taken | None = None,
    language: Language = "en",
) -> Iterator[Line]:
    """The trees of all roots; a heading is a line of nothing but a title, and is left out where
    earlier trees hold all of its roots. `places`: state -> where it is written. Raises KeyError
    for a root that is no state."""
    drawing = layout(menus, [root for _, roots in groups for root in roots])
    grown = _Tree(menus, drawing, places, taken, language)
    for heading, roots in groups:
        apart = [root for root in roots if drawing.cells[root][0] == 0 and root not in grown.opened]
        if apart and heading:
            yield Line(title=heading)
        for root in apart:
            yield from grown.root(root)


class _Tree:
    def __init__(
        self,
        menus: MenuSet,
        drawing: Drawing,
        places: Mapping[str, str],
        taken: Taken | None,
        language: Language,
    ) -> None:
        self._menus = menus
        self._drawing = drawing
        self._places = places
        self._taken = taken
        self._language = language
        self.opened: set[str] = set()

    def root(self, name: str) -> Iterator[Line]:
        """The tree of one root."""
        yield self._line(name)
        yield from self._branches(name, "")

    def _branches(self, name: str, rails: str) -> Iterator[Line]:
        self.opened.add(name)
        arrows = self._drawing.arrows.get(name, ())
        for number, arrow in enumerate(arrows, 1):
            last = number == len(arrows)
            yield self._arrow(arrow, rails + (_LAST if last else _INNER))
            if arrow.ends in self._drawing.tree:
                yield from self._branches(arrow.target, rails + (_BLANK if last else _PAST))

    def _arrow(self, arrow: Arrow, rails: str) -> Line:
        words = (wording(self._menus, edge, self._language) for edge in arrow.edges)
        title = " / ".join(dict.fromkeys(filter(None, words)))
        if arrow.ends in self._drawing.tree:
            return self._line(arrow.target, rails, arrow.caption, title)
        see = "see above" if arrow.target in self.opened else "see below"
        line = self._line(arrow.target, rails, arrow.caption, title, see)
        return line if self._taken is None else replace(line, taken=self._went(arrow, self._taken))

    @staticmethod
    def _went(arrow: Arrow, taken: Taken) -> bool:
        return any((edge.source, edge.trigger) in taken.edges for edge in arrow.edges)

    def _line(
        self, name: str, rails: str = "", key: str = "", title: str = "", see: str = ""
    ) -> Line:
        kind = KINDS[type(self._menus.compiled.states[name])]
        own = title or caption(self._menus, name, self._language)
        title = shortened(own, _TITLE_CHARACTERS_MAX)
        taken = None if self._taken is None else name in self._taken.nodes
        return Line(rails, key, title, name, kind, see, self._places.get(name, ""), taken)
