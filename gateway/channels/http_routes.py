"""What a row of the API's table is: a request that was checked, its answer, and who gives it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from twisted.internet.defer import Deferred

from gateway.channels.core import Core
from gateway.channels.http_fields import Field
from gateway.channels.problems import problem_of
from gateway.channels.refusals import Refusal

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """A request that has been checked: what its path names and the values of its body."""

    msisdn: str = ""
    named: Mapping[str, str] = field(default_factory=dict)
    """What the path names, as it stands there."""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """A success: its status and what becomes JSON."""

    body: Any
    status: int = 200


Handler = Callable[[Core, Call], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Route:
    """One call of the API."""

    method: str
    path: str
    summary: str
    answer: Mapping[str, Any]
    """JSON Schema of a success."""
    handle: Handler
    fields: tuple[Field, ...] = ()
    status: int = 200
    refusals: Mapping[int, str] = field(default_factory=dict)
    """Statuses beside 401, 404, 422 and 503 that it may answer, and why."""
    public: bool = False
    """Needs no token."""


async def said(answer: Deferred[T | Refusal]) -> T:
    """The core's answer. Raises Problem for its refusal."""
    value = await answer
    if isinstance(value, Refusal):
        raise problem_of(value)
    return value
