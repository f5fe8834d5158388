"""A flow file: conversations as a person would tell them, every step of a known kind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

KINDS = frozenset(
    {
        "dial",  # a code
        "answer",  # to the page on show
        "sms",  # {to, text}
        "again",  # true: the last SMS's PDU comes once more
        "as",  # the MSISDN that acts from here on
        "timeout",  # true: nothing is answered until the deadline has passed
        "release",  # user | network
        "advance",  # seconds
        "locate",  # {plmn, region}
        "card",  # the digits of a bank card, linked on the site
        "login",  # a password given on the site
        "call",  # a number
        "press",  # keys
        "say",  # a word
        "silence",  # true: nothing is pressed in time
        "talk",  # seconds on the line
        "hang_up",  # true
    }
)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a flow."""

    kind: str
    value: Any


@dataclass(frozen=True, slots=True)
class Flow:
    """One conversation, on demo data that nothing has touched."""

    name: str
    msisdn: str
    steps: tuple[Step, ...]


def read_flows(path: Path) -> tuple[Flow, ...]:
    """The flows of a file. Raises AssertionError for a step of no known kind."""
    return tuple(_flow(data) for data in yaml.safe_load(path.read_text(encoding="utf-8")))


def _flow(data: dict[str, Any]) -> Flow:
    assert set(data) == {"name", "as", "steps"}, f"a flow has name, as, steps: {sorted(data)}"
    steps = []
    for line in data["steps"]:
        [(kind, value)] = line.items()
        assert kind in KINDS, f"{data['name']}: no step is called {kind!r}"
        # a list of answers is as many steps
        values = value if isinstance(value, list) else [value]
        steps += [Step(kind, one) for one in values]
    return Flow(data["name"], str(data["as"]), tuple(steps))
