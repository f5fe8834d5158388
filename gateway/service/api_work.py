"""Work of the API for the writer: one turn, its answer later; a full queue and a store that fails
are refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from twisted.internet.defer import Deferred

from gateway.channels.desk import Desk
from gateway.channels.refusals import Refusal
from gateway.domain.port import Sent, Sms
from gateway.store.unit import SqlUnit
from gateway.turn.sending import send_outside
from gateway.turn.unit import Busy

Send = Callable[[Iterable[Sent]], None]
"""Queues what a turn sends."""


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


def act(
    desk: Desk, now: Callable[[], float], work: Callable[[SqlUnit, Send], Any]
) -> Deferred[Any]:
    """One turn of an administrator, `work(unit, send)`; what it sends leaves behind its commit."""
    next_id = desk.ids.several()

    def run(unit: SqlUnit) -> tuple[Any, list[Sms]]:
        outgoing: list[Sms] = []

        def send(sent: Iterable[Sent]) -> None:
            outgoing.extend(send_outside(unit, sent, desk.world, now(), next_id))

        return work(unit, send), outgoing

    def delivered(result: Any) -> Any:
        if isinstance(result, Refusal):
            return result
        answer, outgoing = result
        for sms in outgoing:
            desk.deliver(sms)
        desk.flush()
        return answer

    return put(desk, run).addCallback(delivered)
