"""What one step leads to, and what it cannot go on from."""

from __future__ import annotations

from typing import NamedTuple

from gateway.domain.port import Output
from gateway.menu.cursor import Cursor


class MenuError(Exception):
    """The engine cannot go on from what it was given."""


class StateUnknown(MenuError):
    """A cursor stands where this menu set has no state (another version wrote it)."""


class EventUnexpected(MenuError):
    """An `Answered` where nothing was asked, or a `Replied` where an answer is awaited."""


class Step(NamedTuple):
    """What one event led to."""

    cursor: Cursor
    """A new cursor; the one given to `step` is not changed."""
    output: Output
    """`Query`: answer it with `Answered` and step again. `Prompt`, `Release`: show it."""
    notes: tuple[str, ...] = ()
    """Words for logs and counters: `answer_invalid`, `tries_exceeded`, `steps_exceeded`,
    `level_too_low`, `number_blocked`, `direct_refused`, `refused insufficient_balance`."""
    valid: bool = True
    """Whether the reply was a valid answer; a direct path stops at the first that is not."""
