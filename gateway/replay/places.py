"""Where the states and edges of menus are written: file and line of each.

Rule: read with the marks of the files themselves, so a place is as true as a caret.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gateway.domain.catalogue import COMMANDS
from gateway.menu.edges import ways
from gateway.menu.loader import read_draft
from gateway.menu.marks import Source, Where


def places_of(files: Sequence[Path]) -> dict[tuple[str, str], str]:
    """(state, trigger) -> `menus/account.yaml:12`; the state itself under the trigger ''. Edges
    that come from the settings have no place of their own."""
    draft, _ = read_draft(files)
    if draft.settings is None:
        return {}
    found: dict[tuple[str, str], str] = {}
    for name, entry in draft.states.items():
        found[name, ""] = place_at(entry.source, entry.where)
        for way in ways(entry.shape, draft.settings.shape, COMMANDS):
            if way.where:
                found[name, way.trigger] = place_at(entry.source, (*entry.where, *way.where))
    return found


def place_at(source: Source, where: Where) -> str:
    """`menus/account.yaml:12`: the line of what stands at `where`, or of the nearest above."""
    while where not in source.marks:
        where = where[:-1]
    return f"{source.path}:{source.marks[where].key.line + 1}"
