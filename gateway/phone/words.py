"""Words of the input line that stand for keys of the phone, for whoever has none: line mode.

Rule: a word does what its key does; `answer TEXT` sends what would be a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any

from gateway.phone.line import Mistyped

if TYPE_CHECKING:
    from gateway.phone.control import Control

Doing = Coroutine[Any, Any, None]
_NAME = re.compile(r"[\w.-]{0,100}")


def spoken(control: Control, line: str) -> Doing | None:
    """What the word does, where the line is one. Raises Mistyped."""
    word, _, rest = line.strip().partition(" ")
    if word in _WITH_REST:
        return _WITH_REST[word](control, rest.strip())
    return _ALONE[word](control) if word in _ALONE and not rest else None


def _move(control: Control, zone: str) -> Doing:
    from gateway.replay.script import ZONES

    if zone.upper() not in ZONES:
        raise Mistyped(f"a zone is one of {', '.join(ZONES)}")
    return control.move(*ZONES[zone.upper()])


def _save(control: Control, name: str) -> Doing:
    if not _NAME.fullmatch(name):
        raise Mistyped("a name is letters, digits, - and _")

    async def save() -> None:
        control.save(name)

    return save()


_ALONE: Mapping[str, Callable[[Control], Doing]] = {
    "late": lambda control: control.time_out(),
    "drop": lambda control: control.drop(),
    "end": lambda control: control.release(),
    "lang": lambda control: control.turn_language(),
    "redial": lambda control: control.redial(),
}
_WITH_REST: Mapping[str, Callable[[Control, str], Doing]] = {"zone": _move, "save": _save}
WORDS = (*_ALONE, *_WITH_REST)
