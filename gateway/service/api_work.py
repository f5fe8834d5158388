"""Work of the API for the writer: one turn, its answer later; a full queue and a store that fails
are refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred

from gateway.channels.desk import Desk
from gateway.channels.refusals import Refusal
from gateway.store.unit import SqlUnit
from gateway.turn.unit import Busy


def put(desk: Desk, work: Callable[[SqlUnit], Any]) -> Deferred[Any]:
    """The result of `work` after its commit, or a Refusal."""
    answer: Deferred[Any] = Deferred()

    def done(result: Any) -> None:
        failed = isinstance(result, BaseException)
        answer.callback(Refusal("store_unavailable", detail=str(result)) if failed else result)

    try:
        desk.put(work, done)
    except Busy:
        answer.callback(Refusal("busy"))
    return answer
