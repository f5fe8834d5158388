"""The small screens over the phone: help, and a choice from a list.

Rule: a dialog gives back a value or nothing; it knows no gateway.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

HELP = """\
Enter   dials a code (*105#, or 105), answers the page on show,
        sms NUMBER TEXT   writes an SMS     sms 000110 00
        call NUMBER       calls             call 0505
Up Down earlier inputs
In a call 0-9 * # are keys of the call.

F2  another subscriber         F3  another zone
F4  timeline, SMS, call, PDUs, mistakes of menus
F5  redials the last code      F6  next language
F7  time-out: the gateway's clock moves past the deadline
F8  the network loses the handset; a call falls silent
F9  saves what was just done here as a flow for gateway replay
F10 hangs up                   Ctrl+Q  puts the phone down
late drop end lang zone NAME save  are words for these keys.
Tab moves to the buttons, Page Up and Page Down scroll the pane."""

DEMO: Mapping[str, str] = {
    f"792200000{number}": f"792200000{number} {words}"
    for number, words in {
        "01": "at home, 250.00, bonus points",
        "02": "at home, en, packages",
        "03": "at home, ru-Latn, no money",
        "04": "roams in Europe",
        "05": "roams in the world, en, 10.00",
        "06": "national roaming",
        "07": "second number of ...01",
        "08": "SIM blocked",
        "09": "password locked",
        "10": "another region of the home network",
        "11": "company: administrator",
        "12": "company: employee",
        "21": "second company: administrator",
    }.items()
}
"""The numbers of the demo data, to choose from."""


class HelpScreen(ModalScreen[None]):
    """What the keys do; any of the usual keys closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,question_mark,f1", "dismiss", "Close")
    ]

    def compose(self) -> ComposeResult:
        """Textual: the widgets."""
        with VerticalScroll(id="dialog") as dialog:
            dialog.border_title = "Help"
            dialog.border_subtitle = "Enter closes"
            yield Static(HELP, markup=False)


class Choose(ModalScreen[str | None]):
    """One of a list, or (where `typed`) what is typed above it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "nothing", "Close"),
        Binding("down", "list", "List"),
    ]

    def __init__(self, title: str, options: Mapping[str, str], typed: str = "") -> None:
        """`options`: value -> what is shown; `typed` asks for another value, empty for none."""
        super().__init__()
        self._title = title
        self._options = options
        self._typed = typed

    def compose(self) -> ComposeResult:
        """Textual: the widgets."""
        with VerticalScroll(id="dialog") as dialog:
            dialog.border_title = self._title
            dialog.border_subtitle = "Enter takes, Esc closes"
            if self._typed:
                yield Input(placeholder=self._typed, compact=True)
            yield OptionList(
                *(Option(words, value) for value, words in self._options.items()),
                markup=False,
                compact=True,
            )

    def on_mount(self) -> None:
        """Textual: the widgets are ready."""
        self.query_one("Input" if self._typed else "OptionList").focus()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip() or None)

    def action_list(self) -> None:
        """From the input down into the list."""
        self.query_one(OptionList).focus()

    def action_nothing(self) -> None:
        """Nothing is taken."""
        self.dismiss(None)


def choose_subscriber(known: Iterable[str]) -> Choose:
    """One of the demo's numbers, of those in hand, or any other."""
    others = {msisdn: msisdn for msisdn in known if msisdn not in DEMO}
    return Choose("Subscriber", {**DEMO, **others}, typed="any MSISDN and Enter, or Down")


def choose_zone(zones: Mapping[str, tuple[str, str]]) -> Choose:
    """A zone, shown with the network and region that stand for it."""
    return Choose("Zone", {zone: f"{zone:9} {' '.join(place)}" for zone, place in zones.items()})
