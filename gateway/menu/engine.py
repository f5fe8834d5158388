"""One input in, one output out: `step` (the signatures; the rest follows)."""

from __future__ import annotations

from typing import NamedTuple

from gateway.domain.port import Event, Facts, Output
from gateway.menu.cursor import Cursor
from gateway.menu.menuset import MenuSet

__all__ = ["Cursor", "EventUnexpected", "MenuError", "StateUnknown", "Step", "step"]


class MenuError(Exception):
    """The engine cannot go on from what it was given."""


class StateUnknown(MenuError):
    """A stored cursor names a state this menu set has not (another version wrote it)."""


class EventUnexpected(MenuError):
    """An `Answered` where nothing was asked, or a `Replied` where an answer is awaited."""


class Step(NamedTuple):
    """What one event led to."""

    cursor: Cursor
    """A new cursor; the one given to `step` is not changed."""
    output: Output
    """`Query`: answer it with `Answered` and step again. `Prompt`, `Release`: show it."""
    notes: tuple[str, ...]
    """Words for logs and counters: `answer_invalid`, `tries_exceeded`, `steps_exceeded`,
    `level_too_low`, `number_blocked`, `direct_refused`, `refused insufficient_balance`."""
    valid: bool
    """Whether the reply was a valid answer; a direct path stops at the first that is not."""


def step(
    menus: MenuSet, cursor: Cursor, event: Event, facts: Facts, *, direct: bool = False
) -> Step:
    """Move by one event. `direct`: the reply is a key of a direct path (`*105*1*2#`): it may not
    lead straight into a command that moves money; the screen that asks is shown instead.

    Raises StateUnknown, EventUnexpected.
    """
    raise NotImplementedError
