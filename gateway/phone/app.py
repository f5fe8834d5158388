"""The full-screen phone: a handset on the left, what the gateway did on the right.

Rule: it draws what `Control` knows and hands it keys; nothing is decided here. It works at 80x24,
without colour, with a mouse or without.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from typing import Any, ClassVar

from textual import events, on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widgets import Button, Input, Static

from gateway.domain.numbers import normalise_msisdn
from gateway.phone import picture
from gateway.phone.async_api import AsyncApi
from gateway.phone.calls import Calls
from gateway.phone.control import Control
from gateway.phone.dialogs import HelpScreen, choose_subscriber, choose_zone
from gateway.phone.feeds import Bind, keep_bound, listen
from gateway.phone.handset import KEYS
from gateway.phone.line import NoConnection, Refused
from gateway.phone.pane import Pane
from gateway.phone.rows import laid
from gateway.phone.tape import Tape
from gateway.phone.views import VIEWS

LINES_MAX = 300
COLUMNS_USUAL_MIN = 72
ROWS_USUAL_MIN = 20
LEAVING = "Ctrl+C again hangs up and puts the phone down"
PUT_DOWN_SECONDS_MAX = 1.0
KEYS_LINE = (
    *(("^Q", "quit"), ("F2", "who"), ("3", "zone"), ("4", "pane"), ("5", "redial")),
    *(("6", "lang"), ("7", "late"), ("8", "drop"), ("9", "save"), ("10", "hang up")),
)
"""What the keys do, in 80 columns; the input line tells of `?`."""
DEEDS: Mapping[str, str] = {
    "send": "Send",
    "time_out": "Time-out",
    "drop": "Drop",
    "release": "Release",
}
"""Buttons beside the keypad, one a row: action -> what stands on it."""


class Line(Input):
    """The input line: `?` on an empty one helps, keys go into a call, arrows bring lines back."""

    virtual_size = reactive(Size(0, 0))
    """As every widget's, but its change lays nothing out: the line's size is fixed."""

    def on_key(self, event: events.Key) -> None:
        """Textual: a key, before the input takes it."""
        app, key = self.app, event.character or ""
        assert isinstance(app, PhoneApp), "this line is of the phone"
        if key == "?" and not self.value:
            app.action_help()
        elif key and key in KEYS and app.in_call:
            app.deed(app.control.press(key))
        elif event.key == "enter":  # here, not as a binding: keys may stand behind it already
            app.action_send()
        elif event.key in ("up", "down"):
            self.value = app.earlier(1 if event.key == "up" else -1, self.value)
            self.cursor_position = len(self.value)
        else:
            return
        event.prevent_default()
        event.stop()


class PhoneApp(App[None]):
    """The phone, until it is put down."""

    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (COLUMNS_USUAL_MIN, "-usual")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (ROWS_USUAL_MIN, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "Help"),
        Binding("f2", "subscriber", "Subscriber"),
        Binding("f3", "zone", "Zone"),
        Binding("f4", "pane", "Pane"),
        Binding("f5", "redial", "Redial"),
        Binding("f6", "language", "Language"),
        Binding("f7", "time_out", "Time-out"),
        Binding("f8", "drop", "Drop"),
        Binding("f9", "save", "Save"),
        Binding("f10", "release", "Release"),
        Binding("ctrl+c", "leave", "Leave", priority=True),
        Binding("pageup", "scroll_pane(-1)", "Up"),
        Binding("pagedown", "scroll_pane(1)", "Down"),
    ]

    def __init__(
        self,
        bind: Bind,
        api: AsyncApi,
        calls: Calls,
        tape: Tape,
        msisdn: str,
        dial: str = "",
    ) -> None:
        """`dial` is dialled at once; empty for nothing. `tape` holds the PDUs of the binds."""
        super().__init__()
        self._bind = bind
        self._api = api
        self._dial = dial
        self.tape = tape
        self.pane = "timeline"
        self._mattered = ""
        self._due = False
        self.control = Control(api, calls, msisdn, self._changed)

    def compose(self) -> ComposeResult:
        """Textual: the widgets."""
        yield Static(id="title", markup=False)
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield Pane(id="screen")
                yield Static(id="status", markup=False)
                yield Line(id="line", compact=True, placeholder="code, answer, or ? for help")
                with Grid(id="keypad"):
                    for row, (deed, words) in enumerate(DEEDS.items()):
                        for key in KEYS[row * 3 : row * 3 + 3]:
                            yield Button(key, name=key, classes="key", compact=True)
                        yield Button(words, id=deed, compact=True)
            yield Pane(id="pane")
        yield Static(id="notice", markup=False)
        keys = (Content.assemble((key, "bold"), f" {does} ") for key, does in KEYS_LINE)
        yield Static(Content("").join(keys), id="keys")

    async def on_mount(self) -> None:
        """Textual: the terminal is ours."""
        self.query_one(Line).focus()
        self._draw()
        self.deed(keep_bound(self.control, self._bind, self._dial))
        self.deed(listen(self.control, self._api))
        self.set_interval(1.0, self.control.tick)

    async def on_unmount(self) -> None:
        """Textual: the phone is put down."""
        with suppress(NoConnection, Refused, TimeoutError):
            async with asyncio.timeout(PUT_DOWN_SECONDS_MAX):
                await self.control.put_down()

    # --- drawing --------------------------------------------------------------------------------

    def _changed(self) -> None:
        """Draw once for all that one round of the loop brings."""
        if self.is_running and not self._due:
            self._due = True
            self.call_later(self._draw)

    def _draw(self) -> None:
        """What the handset shows first, what is told of it after."""
        self._due = False
        control, phone = self.control, self.control.phone
        self._open_what_matters()
        screen, pane = self.query_one("#screen", Pane), self.query_one("#pane", Pane)
        page = picture.page(phone).split("\n")
        screen.show("", laid(page, screen.content_size.width, hang=0), follow=False)
        self._put("#title", picture.title(phone))
        self._put("#status", picture.status(phone, control.now))
        self._put("#notice", control.notice)
        view, width = VIEWS[self.pane], pane.content_size.width
        lines = view.lines(control, self.tape, width)[-LINES_MAX:]
        pane.show(view.title(control), laid(lines, width, view.marks), view.follows)

    def on_resize(self) -> None:
        """Textual: the terminal has another size."""
        self.call_after_refresh(self._draw)

    def _open_what_matters(self) -> None:
        """Mistakes of menus and a call that begins open their pane once."""
        control, call = self.control, self.control.phone.call
        matters = "mistakes" if control.problems else "call" if call and call.up else ""
        if matters != self._mattered:
            self.pane = matters or ("timeline" if self.pane == "mistakes" else self.pane)
            self._mattered = matters
        if self.pane == "sms" and control.phone.unread:
            control.read()

    def _put(self, selector: str, text: str) -> None:
        """A line of a fixed height; a layout is made only where a notice needs more, or no more,
        than one."""
        widget = self.query_one(selector, Static)
        if widget.content != text:
            room = self.size.width - 2
            widget.update(text, layout=max(len(text), len(str(widget.content))) > room)

    # --- keys -----------------------------------------------------------------------------------

    @property
    def in_call(self) -> bool:
        """Keys go into a call."""
        return self.control.phone.in_call

    def deed(self, doing: Coroutine[Any, Any, Any]) -> None:
        """Do something of the phone's beside the keys, in the order they were pressed."""
        self.run_worker(self.control.guarded(doing))

    def earlier(self, back: int, line: str) -> str:
        """An input from before, or (negative) after `line`."""
        self.control.typed = self.control.typed.moved(back, line)
        return self.control.typed.line

    def action_send(self) -> None:
        """What stands on the line is meant."""
        line = self.query_one(Line)
        text, line.value = line.value, ""
        self.deed(self.control.enter(text))

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        button, line = event.button, self.query_one(Line)
        if button.id in DEEDS:
            getattr(self, f"action_{button.id}")()
        elif self.in_call:
            self.deed(self.control.press(str(button.name)))
        else:
            line.insert_text_at_cursor(str(button.name))
        line.focus()

    def action_leave(self) -> None:
        """Put the phone down; where something is open, at the second time."""
        control = self.control
        if control.notice == LEAVING or not (self.in_call or control.phone.in_dialogue):
            self.exit()
        control.say(LEAVING)

    def action_help(self) -> None:
        """What the keys do."""
        self.push_screen(HelpScreen())

    def action_subscriber(self) -> None:
        """Another subscriber's phone."""

        def take(chosen: str | None) -> None:
            msisdn = normalise_msisdn(chosen) if chosen else None
            if msisdn is not None:
                self.deed(self.control.take(msisdn))
            elif chosen:
                self.control.say(f"{chosen!r} is no MSISDN, as 79220000001")

        self.push_screen(choose_subscriber(self.control.phones), take)

    def action_zone(self) -> None:
        """Another network."""
        from gateway.replay.script import ZONES

        def move(chosen: str | None) -> None:
            if chosen:
                self.deed(self.control.move(*ZONES[chosen]))

        self.push_screen(choose_zone(ZONES), move)

    def action_pane(self) -> None:
        """The next pane; mistakes are skipped where there are none."""
        names = [name for name in VIEWS if name != "mistakes" or self.control.problems]
        self.pane = names[(names.index(self.pane) + 1) % len(names)]
        self._draw()

    def action_scroll_pane(self, way: int) -> None:
        """A page of the pane up or down."""
        self.query_one("#pane", Pane).scroll_pages(way)

    def action_redial(self) -> None:
        """The last code again."""
        self.deed(self.control.redial())

    def action_language(self) -> None:
        """The next language."""
        self.deed(self.control.turn_language())

    def action_time_out(self) -> None:
        """Nothing is answered in time."""
        self.deed(self.control.time_out())

    def action_drop(self) -> None:
        """The network drops the dialogue."""
        self.deed(self.control.drop())

    def action_release(self) -> None:
        """Hang up."""
        self.deed(self.control.release())

    def action_save(self) -> None:
        """What was just done becomes a flow."""
        self.control.save()
