"""Rows of text in a frame of a fixed size: the page of the handset, and the pane beside it.

Rule: what is shown changes without a layout of the screen, so a key costs the rows that are seen,
however many there are; what stands below is said in the frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from gateway.phone.rows import TONES, Row

WHEEL_ROWS = 3


class Pane(Widget):
    """It follows its end or stays at its beginning, until somebody scrolls it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"pane--{tone}" for tone in TONES}

    def __init__(self, id: str) -> None:
        """Empty; `show` fills it."""
        super().__init__(id=id)
        self._rows: Sequence[Row] = ()
        self._top = 0
        self._follows = False

    def show(self, title: str, rows: Sequence[Row], follow: bool) -> None:
        """New rows. Where `follow`, the end is seen unless it was scrolled away from; elsewhere the
        beginning. Another title begins anew."""
        anew = title != self.border_title
        if not anew and rows == self._rows:
            return
        if anew:
            self.border_title = title
        at_end = anew or self._top == self._top_max
        self._rows = rows
        self._follows = follow and at_end
        self._go(self._top if follow else 0)

    def scroll_rows(self, rows: int) -> None:
        """Down, or (negative) up."""
        top = max(0, min(self._top + rows, self._top_max))
        self._follows = top == self._top_max
        self._go(top)

    def scroll_pages(self, pages: int) -> None:
        """Down, or (negative) up, by what is seen at once."""
        self.scroll_rows(pages * max(1, self.content_size.height - 1))

    def render_line(self, y: int) -> Strip:
        """Textual: one row of the terminal."""
        at = self._top + y
        tone, text = self._rows[at] if at < len(self._rows) else ("plain", "")
        style = self.get_component_rich_style(f"pane--{tone}")
        return Strip([Segment(text, style)]).adjust_cell_length(self.content_size.width, style)

    def on_resize(self) -> None:
        """Textual: there is more or less room."""
        self._go(self._top)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Textual: the wheel."""
        event.stop()
        self.scroll_rows(WHEEL_ROWS)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Textual: the wheel."""
        event.stop()
        self.scroll_rows(-WHEEL_ROWS)

    @property
    def _top_max(self) -> int:
        return max(0, len(self._rows) - self.content_size.height)

    def _go(self, top: int) -> None:
        """Show from a row on; the end where it is followed."""
        self._top = self._top_max if self._follows else min(top, self._top_max)
        below = self._top_max - self._top
        subtitle = f"{below} more below" if below else ""
        if subtitle != self.border_subtitle:
            self.border_subtitle = subtitle
        self.refresh()
