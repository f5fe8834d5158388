"""A menu set as a graph: Mermaid text, and an SVG drawn here (no external program).

Rule: a box says its state's id and text, an edge the key or the outcome that takes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from html import escape

from gateway.domain.port import Language
from gateway.menu.engine import MenuSet
from gateway.menu.layout import CAPTION_CHARACTERS_MAX, KINDS, Arrow, Drawing, caption, layout
from gateway.menu.states import Ask, Do, End, Info, Menu, Route, State

COLOURS: Mapping[type[State], str] = {
    Menu: "#dbeafe",
    Ask: "#fef3c7",
    Info: "#dcfce7",
    Do: "#ede9fe",
    Route: "#e5e7eb",
    End: "#fee2e2",
}
WORDS, LINE = "#0f172a", "#64748b"
BOX_UNREACHED, LINE_UNREACHED = "#f8fafc", "#cbd5e1"

BOX_WIDTH, BOX_HEIGHT = 220, 40
COLUMN, ROW = 350, 52
BOW = 60
MARGIN = 20


def mermaid(menus: MenuSet, root: str | None = None, language: Language = "en") -> str:
    """A Mermaid flowchart of what `root` (settings.start where None) leads to. Raises KeyError
    for a root that is no state."""
    drawing = layout(menus, [root or menus.settings.start])
    names = {name: f"s{number}" for number, name in enumerate(drawing.cells)}
    lines = ["flowchart LR"]
    for name, short in names.items():
        kind = KINDS[type(menus.compiled.states[name])]
        text = caption(menus, name, language).replace('"', "#quot;")
        lines.append(f'  {short}["{name}<br/>{text}"]:::kind_{kind}')
    for arrow in drawing.all_arrows:
        lines.append(f'  {names[arrow.source]} -- "{arrow.caption}" --> {names[arrow.target]}')
    for class_, kind in KINDS.items():
        lines.append(f"  classDef kind_{kind} fill:{COLOURS[class_]},stroke:#64748b,color:#0f172a")
    return "\n".join(lines) + "\n"


def svg(
    menus: MenuSet,
    root: str | None = None,
    language: Language = "en",
    reached: Set[str] | None = None,
) -> str:
    """The same as an SVG document; states that are not `reached`, where that is told, and what
    leads to them are grey. Raises KeyError."""
    drawing = layout(menus, [root or menus.settings.start])
    columns, rows = zip(*drawing.cells.values(), strict=True)
    width = 2 * MARGIN + max(columns) * COLUMN + BOX_WIDTH + BOW
    height = 2 * MARGIN + max(rows) * ROW + BOX_HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="sans-serif" font-size="11">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#64748b"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    crossing = [each for each in drawing.all_arrows if each.ends not in drawing.tree]
    along = [each for each in drawing.all_arrows if each.ends in drawing.tree]
    parts += [_crossing(arrow, drawing) for arrow in crossing]
    parts += [_along(arrow, drawing, reached) for arrow in along]
    parts += [_box(menus, name, drawing, language, reached) for name in drawing.cells]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _place(drawing: Drawing, name: str) -> tuple[int, int]:
    column, row = drawing.cells[name]
    return MARGIN + column * COLUMN, MARGIN + row * ROW


def _box(
    menus: MenuSet, name: str, drawing: Drawing, language: Language, reached: Set[str] | None
) -> str:
    x, y = _place(drawing, name)
    colour = COLOURS[type(menus.compiled.states[name])]
    note, edge = "", LINE
    if reached is not None and name not in reached:
        note, edge, colour = ": not reached", LINE_UNREACHED, BOX_UNREACHED
    return (
        f'<g><title>{escape(name)}{note}</title><rect x="{x}" y="{y}" width="{BOX_WIDTH}" '
        f'height="{BOX_HEIGHT}" rx="6" fill="{colour}" stroke="{edge}"/>'
        f'<text x="{x + 8}" y="{y + 16}" font-weight="bold" fill="{WORDS if not note else edge}">'
        f"{escape(name)}</text>"
        f'<text x="{x + 8}" y="{y + 31}" fill="{LINE}">'
        f"{escape(caption(menus, name, language))}</text></g>"
    )


def _along(arrow: Arrow, drawing: Drawing, reached: Set[str] | None) -> str:
    """An arrow of the tree: out to the right, down, and in from the left, with its caption."""
    (x1, y1), (x2, y2) = _place(drawing, arrow.source), _place(drawing, arrow.target)
    start_x, start_y, end_y = x1 + BOX_WIDTH, y1 + BOX_HEIGHT // 2, y2 + BOX_HEIGHT // 2
    words = escape(arrow.caption[:CAPTION_CHARACTERS_MAX])
    colour = LINE if reached is None or arrow.target in reached else LINE_UNREACHED
    return (
        f'<path d="M{start_x} {start_y}H{start_x + BOW // 2}V{end_y}H{x2}" fill="none" '
        f'stroke="{colour}" marker-end="url(#tip)"/>'
        f'<text x="{x2 - 6}" y="{end_y - 4}" text-anchor="end" fill="#1d4ed8">{words}</text>'
    )


def _crossing(arrow: Arrow, drawing: Drawing) -> str:
    """An arrow to a state that stands elsewhere: a dashed bow, its caption as a tooltip."""
    (x1, y1), (x2, y2) = _place(drawing, arrow.source), _place(drawing, arrow.target)
    start_x, start_y, end_y = x1 + BOX_WIDTH, y1 + BOX_HEIGHT // 2, y2 + BOX_HEIGHT // 2
    end_x, pull = (x2, -BOW) if x2 > start_x else (x2 + BOX_WIDTH, BOW)
    return (
        f'<path d="M{start_x} {start_y}C{start_x + BOW} {start_y} {end_x + pull} {end_y} '
        f'{end_x} {end_y}" fill="none" stroke="#cbd5e1" stroke-dasharray="4 3" '
        f'marker-end="url(#tip)"><title>{escape(arrow.caption)}</title></path>'
    )
