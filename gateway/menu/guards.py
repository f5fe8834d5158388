"""Guards: what a `when` may ask, one row per name, and who is admitted where a level is asked.

Rule: a guard is made once from its typed argument and is one call at run time over the facts and
the variables; all guards of a `when` must hold. No expressions, no code from a file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gateway.domain.catalogue import level_reaches
from gateway.domain.port import Facts
from gateway.domain.values import Values
from gateway.menu.model import When

Guard = Callable[[Facts, Values], bool]

LEVEL_TOO_LOW = "level_too_low"
NUMBER_BLOCKED = "number_blocked"
PROOF_NEEDED = "proof_needed"
"""No edge: the caller's password is asked first, then what was wanted goes on."""


def _level(needed: str) -> Guard:
    return lambda facts, variables: level_reaches(facts.level, needed)


def _flag(name: str) -> Guard:
    return lambda facts, variables: name in facts.flags


def _not_flag(name: str) -> Guard:
    return lambda facts, variables: name not in facts.flags


def _zone(names: list[str]) -> Guard:
    return lambda facts, variables: facts.zone in names


def _channel(names: list[str]) -> Guard:
    return lambda facts, variables: facts.channel in names


def _language(names: list[str]) -> Guard:
    return lambda facts, variables: facts.language in names


def _balance_at_least(roubles: int) -> Guard:
    return lambda facts, variables: facts.balance >= roubles * 100


def variable_named(value: object) -> str:
    """The variable that `$name` names, as in `with`; empty for a constant."""
    return value[1:] if isinstance(value, str) and value.startswith("$") else ""


def _equals(wanted: Mapping[str, str | int | bool]) -> Guard:
    constants = tuple(pair for pair in wanted.items() if not variable_named(pair[1]))
    others = tuple((name, other) for name in wanted if (other := variable_named(wanted[name])))
    if not others:
        return lambda facts, variables: all(variables.get(n) == value for n, value in constants)
    return lambda facts, variables: (
        all(variables.get(name) == value for name, value in constants)
        and all(variables.get(name) == variables.get(other) for name, other in others)
    )


GUARDS: Mapping[str, Callable[[Any], Guard]] = {
    "level": _level,
    "flag": _flag,
    "not_flag": _not_flag,
    "zone": _zone,
    "channel": _channel,
    "language": _language,
    "balance_at_least": _balance_at_least,
    "equals": _equals,
}


def make_guard(when: When) -> Guard:
    """One call for all that a `when` says; an empty one always holds."""
    return every([GUARDS[name](value) for name, value in when if value is not None])


def guard_text(when: When) -> str:
    """All that a `when` says, as it is written: `zone: [EUROPE, WORLD], not_flag: blocked`."""
    written = when.model_dump(exclude_none=True)
    return ", ".join(f"{name}: {_flow(value)}" for name, value in written.items())


def _flow(value: object) -> str:
    """A value in the flow style of YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_flow(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def every(guards: Sequence[Guard]) -> Guard:
    """One guard that holds where all of them do."""
    if len(guards) == 1:
        return guards[0]
    return lambda facts, variables: all(guard(facts, variables) for guard in guards)


def admits(level: str, when_blocked: bool) -> Guard:
    """Holds for a caller who may pass the level."""
    return lambda facts, variables: barred(level, when_blocked, facts) in ("", PROOF_NEEDED)


def barred(level: str | None, when_blocked: bool, facts: Facts) -> str:
    """Why the caller may not pass a level: `level_too_low`, `number_blocked`, `proof_needed`
    where a password would open it, or nothing.

    A blocked number is known only to `view`; what stands open to it (`when_blocked`: see, top up,
    unblock, reach support) is open at any level it asks.
    """
    if level is None or level_reaches(facts.level, level):
        return ""
    if "blocked" in facts.flags:
        return "" if when_blocked else NUMBER_BLOCKED
    return PROOF_NEEDED if level_reaches(facts.reach, level) else LEVEL_TOO_LOW
