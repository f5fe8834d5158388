"""What a turn tells of itself, where somebody listens: the answer it took, what it asked the
account core, what it changed.

Rule: nothing secret is told. Of an answer only what cannot be a secret: a key, a code, an entry
that is none; of a command only the fields that the catalogue names, and no secret of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.domain.catalogue import COMMANDS, REFUSAL_VALUES, Type
from gateway.domain.moments import rfc3339
from gateway.domain.money import roubles
from gateway.domain.port import Answered, Query
from gateway.domain.values import Value, Values

HIDDEN = "•••"
SECRET_CHARACTERS_MIN = 4
"""No secret is shorter. A longer answer to a menu is none of its keys: somebody may have typed a
secret too soon."""
ROWS_TOLD_MAX = 100
"""Commands, and effects, told of one turn."""

_CODE = re.compile(r"[0-9*#]+")
_LONG = re.compile(f"[0-9]{{{SECRET_CHARACTERS_MIN},}}")

Row = dict[str, object]


@dataclass(slots=True)
class Told:
    """Of one turn."""

    answer: str = ""
    """What was dialled or answered, `•••` in place of what may be a secret."""
    commands: list[Row] = field(default_factory=list)
    """Each with its arguments, result and values; `step` is the index of the move it led to."""
    effects: list[Row] = field(default_factory=list)
    """What was changed: the kind as `effect`, and fields by kind."""
    guards: tuple[str, ...] = ()
    """Of each move of the turn's path, why it was open."""
    menus: str = ""
    """The version of the menus it was held on: a dialogue stays on the one it began with."""

    def asked(self, query: Query, answered: Answered, step: int) -> None:
        """A command was answered."""
        if len(self.commands) < ROWS_TOLD_MAX:
            command = COMMANDS[query.command]
            more = REFUSAL_VALUES.get(answered.outcome, {})
            self.commands.append(
                {
                    "command": query.command,
                    "arguments": _plain(query.arguments, command.arguments),
                    "result": answered.outcome,
                    "values": _plain(answered.values, {**command.values, **more}),
                    "step": step,
                }
            )

    def changed(self, effect: str, **fields: object) -> None:
        """Something was changed."""
        if len(self.effects) < ROWS_TOLD_MAX:
            self.effects.append({"effect": effect, **fields})


def code_told(text: str) -> str:
    """A string dialled: `*105*1*2#`, `*133*•••#`."""
    return _LONG.sub(HIDDEN, text) if _CODE.fullmatch(text) else HIDDEN


def command_told(text: str) -> str:
    """An SMS that is a command: its first word, and that more follows."""
    first, _, rest = text.strip().partition(" ")
    return _LONG.sub(HIDDEN, first) + (f" {HIDDEN}" if rest else "")


def answer_told(text: str, typed: bool, secret: bool) -> str:
    """An answer to a screen; `typed`: it asks for more than a key."""
    text = text.strip()
    return HIDDEN if secret or not (typed or len(text) < SECRET_CHARACTERS_MIN) else text


def _plain(values: Values, types: Mapping[str, Type]) -> Row:
    """The values that the catalogue knows, as they may be shown."""
    return {name: _shown(value, types[name]) for name, value in values.items() if name in types}


def _shown(value: Value, type: Type) -> object:
    if value is None or value == "":
        return value
    show = _SHOWN.get(type) if isinstance(type, str) else None
    return show(value) if show else value


_SHOWN: Mapping[str, Callable[[Any], object]] = {
    "secret": lambda value: HIDDEN,
    "money": roubles,
    "moment": rfc3339,
    "rows": len,
}
"""Type of the catalogue -> how its values are told; those of any other as they are."""
