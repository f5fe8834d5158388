"""How the gateway answers the HTTP API: later, with a value, or with the name of a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from twisted.internet.defer import Deferred

from gateway.domain.values import Value

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not: an exact name (`subscriber_unknown`, `busy`), the field at fault, more to tell."""

    name: str
    values: Mapping[str, Value] = field(default_factory=dict)
    detail: str = ""
    field: str = ""


Answer = Deferred[T | Refusal]
