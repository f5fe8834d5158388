"""The tree of the menus as lines of a terminal: what fits, and colour where there is colour.

Rule: colour says nothing that the words do not: what flows went through has a tick as well.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

import click

from gateway.menu.engine import MenuSet
from gateway.menu.layout import shortened
from gateway.menu.tree import Groups, Line
from gateway.turn.short_codes import ShortCodes

_TITLE_CHARACTERS_MIN = 8
"""A title with less room than this is left out."""
_TICKS = {None: "", True: "✓ ", False: "  "}


def groups_of(menus: MenuSet, codes: ShortCodes) -> Groups:
    """Everywhere a dialogue can begin or be led to, the usual way first."""
    compiled = menus.compiled
    voice = compiled.settings.voice
    calls = (voice.start, voice.auth, voice.operator, voice.bye) if voice else ()
    return (
        ("", (compiled.settings.start,)),
        ("calls begin here", calls),
        ("only short codes and SMS lead here", tuple(codes.roots())),
        ("only the settings lead here", _by_settings(menus)),
    )


def _by_settings(menus: MenuSet) -> tuple[str, ...]:
    settings = menus.settings
    ends = (each for each in (settings.exit, settings.overrun) if each)
    edges = (edge.target for edge in menus.compiled.edges if edge.default)
    return tuple(dict.fromkeys((*edges, *ends)))


def told(lines: Iterable[Line], columns: int | None) -> Iterator[str]:
    """The lines, styled; where `columns` is told, none is longer."""
    for line in lines:
        if not line.state:
            yield ""
            yield click.style(line.title, underline=True)
            continue
        yield _told(line, columns)


def _told(line: Line, columns: int | None) -> str:
    tick = _TICKS[line.taken]
    fixed = f"{tick}{line.rails}{line.key}" + (" " if line.key else "")
    tail = f"{line.state}  {line.see or line.kind}"
    title, place = line.title, line.place and f"  {line.place}"
    if columns is not None:
        room = columns - len(fixed) - len(tail) - 2
        title = shortened(title, room) if room >= _TITLE_CHARACTERS_MIN else ""
        if len(fixed) + len(title) + len(tail) + len(place) + 2 > columns:
            place = ""
    state = {"dim": True} if line.taken is False else {"bold": True}
    parts: tuple[tuple[str, dict[str, Any]], ...] = (
        (tick, {"fg": "green"}),
        (line.rails, {"dim": True}),
        (f"{line.key} " if line.key else "", {"fg": "cyan", "bold": True}),
        (f"{title}  " if title else "", {}),
        (line.state, state),
        (f"  {line.see or line.kind}{place}", {"dim": True}),
    )
    return "".join(click.style(text, **style) for text, style in parts if text)


def is_colourful() -> bool | None:
    """Whether there is colour: click finds out, but for what people ask programs in general."""
    return False if "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb" else None
