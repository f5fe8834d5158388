"""What the pane beside the handset can show, as a table.

Rule: a view is lines made of what the phone knows; it draws nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gateway.phone import mistakes, picture, rows
from gateway.phone.control import Control
from gateway.phone.rows import Marks
from gateway.phone.tape import Tape


@dataclass(frozen=True, slots=True)
class View:
    """`lines` for a width; the pane follows their end, or is read from the beginning."""

    title: Callable[[Control], str]
    lines: Callable[[Control, Tape, int], list[str]]
    marks: Marks
    follows: bool = True


VIEWS: Mapping[str, View] = {
    "timeline": View(
        lambda control: f"Timeline, {control.zone}".removesuffix(":00"),
        lambda control, _tape, _width: list(control.phone.timeline),
        rows.TIMELINE,
    ),
    "sms": View(
        lambda _control: "SMS",
        lambda control, _tape, _width: picture.thread_lines(control.phone.texts),
        rows.THREADS,
    ),
    "call": View(
        lambda _control: "Call",
        lambda control, _tape, _width: picture.call_lines(control.phone, time.monotonic()),
        rows.CALL,
    ),
    "pdus": View(
        lambda _control: "PDUs",
        lambda _control, tape, _width: tape.lines(),
        rows.PDUS,
    ),
    "mistakes": View(
        lambda control: mistakes.title(control.problems),
        lambda control, _tape, width: mistakes.lines(control.problems, width),
        rows.MISTAKES,
        follows=False,
    ),
}
"""In the order of F4."""
