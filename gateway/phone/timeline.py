"""The timeline: what a turn of the gateway was, and why, as lines.

Rule: everything a `turn` event tells is drawn, in the order it happened; what an older gateway
leaves out, is not. Nothing secret comes here: events hold none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from gateway.replay.visible import one_line

Event = Mapping[str, Any]


def turn_lines(event: Event, zone: tzinfo = UTC) -> list[str]:
    """One turn: when (by the clock of `zone`), what happened and how long it took; the states it
    went through, by which way and guard; commands and their results; what it changed, remarked,
    says and charged; and how the dialogue ended."""
    return [one_line(line) for line in _told(event, zone)]


def prompts_of(event: Event) -> tuple[tuple[str, str], ...]:
    """What a turn plays in a call: ids and texts."""
    return tuple((each["id"], each["text"]) for each in event.get("prompts", ()))


def _told(event: Event, zone: tzinfo) -> Iterator[str]:
    if event.get("before"):
        yield f"-- the dialogue before: {event['before']}"
    head = (_time(event, zone), event.get("channel", ""), event.get("event", ""))
    yield " ".join((*head, f"{event.get('milliseconds', 0):.1f} ms"))
    if event.get("answer"):
        yield f"  > {event['answer']}"
    yield from _moves(event)
    if event.get("refused"):
        yield f"  refused: {event['refused']}"
    yield from (f"  ! {note}" for note in event.get("notes", ()))
    for effect in event.get("effects", ()):
        fields = {name: value for name, value in effect.items() if name != "effect"}
        yield f"  + {effect['effect']} {_fields(fields)}".rstrip()
    if event.get("cut"):
        yield f"  ! a key cut {event['cut']}"
    yield from (f"  ~ {prompt}  {text}" for prompt, text in prompts_of(event))
    charge = event.get("charge")
    if charge:
        yield f"  $ {charge['amount']} {charge['explanation']}"
    if event.get("ended"):
        yield f"  ended: {event['ended']}"


def _time(event: Event, zone: tzinfo) -> str:
    at = event.get("at")
    return datetime.fromisoformat(at).astimezone(zone).strftime("%H:%M:%S") if at else ""


def _moves(event: Event) -> Iterator[str]:
    """The path, each command before the move that its result led to."""
    path, guards = event.get("path", ()), event.get("guards", ())
    commands = event.get("commands", ())
    for step, (way, state) in enumerate(path):
        yield from (_command(each) for each in commands if each["step"] == step)
        guard = guards[step] if step < len(guards) else ""
        yield f"  {way or 'route'}{f' ({guard})' if guard else ''} -> {state}"
    yield from (_command(each) for each in commands if each["step"] >= len(path))
    if not path and event.get("state"):
        yield f"  at {event['state']}"


def _command(command: Mapping[str, Any]) -> str:
    asked = " ".join(filter(None, (command["command"], _fields(command.get("arguments", {})))))
    return f"  : {asked} -> {command['result']} {_fields(command.get('values', {}))}".rstrip()


def _fields(fields: Mapping[str, Any]) -> str:
    """`name=value …`; what is nested is told flat, a flag by its name where it is up."""
    return " ".join(filter(None, (_field(name, value) for name, value in fields.items())))


def _field(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return _fields(value)
    if isinstance(value, bool):
        return name if value else ""
    return f"{name}={value}"
