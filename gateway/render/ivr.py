"""A screen as a playlist: recorded prompts by id, and values spoken from segments.

A prompt's id is the screen's, an option's `screen.option`; the option is said before its key. The
text itself is never spoken: its prompt is recorded, and its variables follow it.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.domain.port import Screen, Value

WRONG_ANSWER = "badinput"
BACK = "back"


@dataclass(frozen=True, slots=True)
class Play:
    """A recorded prompt."""

    prompt: str


@dataclass(frozen=True, slots=True)
class Speak:
    """A variable of the prompt before it, put together from recorded words."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class Press:
    """ "Press", and the key's digits."""

    key: str


PlaylistItem = Play | Speak | Press


def playlist(screen: Screen) -> tuple[PlaylistItem, ...]:
    """What a call hears of a screen, in order."""
    items: list[PlaylistItem] = [Play(WRONG_ANSWER)] if screen.notice else []
    if screen.text:
        items.append(Play(screen.id))
        items.extend(Speak(name, value) for name, value in screen.values.items())
    for choice in screen.choices:
        items += (Play(f"{screen.id}.{choice.id}"), Press(choice.key))
    if screen.back:
        items += (Play(BACK), Press(screen.back.key))
    return tuple(items)
