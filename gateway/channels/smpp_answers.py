"""query_sm, cancel_sm, replace_sm (SMPP v3.4 §4.8-4.10).

A message that is scheduled waits in the store and may be changed; any other was acted on as it
came and is looked up in what the link remembers: it is too late to cancel or to replace it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from gateway.channels.smpp_schedule import moment_of
from gateway.domain.numbers import normalise_msisdn
from gateway.turn.unit import Scheduled, Unit
from gateway.wire.smpp.coding import decode_text
from gateway.wire.smpp.operations import CancelSm, QuerySm, QuerySmResp, ReplaceSm
from gateway.wire.smpp.pdu import AlertNotification, Outbind
from gateway.wire.smpp.receipt import MessageState
from gateway.wire.smpp.status import Status
from gateway.wire.smpp.times import absolute_time

if TYPE_CHECKING:
    from gateway.channels.smpp_link import SmppLink
    from gateway.channels.smpp_peer import SmppPeer

Rows = list[Scheduled]


def answer_other(link: SmppLink, peer: SmppPeer, pdu: Any) -> None:
    """Answer a request that carries no message. Raises ProtocolError, Busy."""
    kind = type(pdu)
    if kind is AlertNotification or kind is Outbind:
        return
    act, answer = _KINDS[kind]
    work = act(link, pdu)

    def done(result: Any) -> None:
        if isinstance(result, BaseException):
            peer.session.respond(pdu, Status.ESME_RSYSERR)
        else:
            answer(link, peer, pdu, result)
        link.touch(peer)

    link.desk.put(work, done)


def _found(unit: Unit, link: SmppLink, pdu: Any) -> Rows:
    """The message that waits under that id, if the source is its own."""
    row = unit.scheduled(pdu.message_id)
    own = row is not None and row.link == link.name and _same(pdu.source_addr, row.source)
    return [row] if row is not None and own else []


def _same(given: str, source: str) -> bool:
    return given in ("", source) or normalise_msisdn(given) == normalise_msisdn(source)


def _state(link: SmppLink, pdu: Any) -> int | None:
    """How a message that does not wait ended; None where it is not known."""
    final = link.messages.find(pdu.message_id)
    return final.state if final is not None and _same(pdu.source_addr, final.source) else None


# --- query_sm ----------------------------------------------------------------------------------


def _query(link: SmppLink, pdu: QuerySm) -> Callable[[Unit], Rows]:
    return lambda unit: _found(unit, link, pdu)


def _queried(link: SmppLink, peer: SmppPeer, pdu: QuerySm, rows: Rows) -> None:
    state, date = _state(link, pdu), ""
    if rows:
        state = MessageState.SCHEDULED
    elif state is None:
        peer.session.respond(pdu, Status.ESME_RQUERYFAIL)
        return
    else:
        final = link.messages.find(pdu.message_id)
        assert final is not None, "its state was just found"
        date = absolute_time(datetime.fromtimestamp(final.at, UTC))
    peer.session.respond_with(
        pdu, QuerySmResp(message_id=pdu.message_id, final_date=date, message_state=state)
    )


# --- cancel_sm ---------------------------------------------------------------------------------


def _cancel(link: SmppLink, pdu: CancelSm) -> Callable[[Unit], Rows]:
    """By its id; without one, everything from that source to that destination."""

    def work(unit: Unit) -> Rows:
        if pdu.message_id:
            rows = _found(unit, link, pdu)
        else:
            rows = unit.scheduled_for(link.name, pdu.source_addr, pdu.destination_addr)
            rows = [row for row in rows if pdu.service_type in ("", row.service_type)]
        return [row for row in rows if unit.unschedule(row.id)]

    return work


def _cancelled(link: SmppLink, peer: SmppPeer, pdu: CancelSm, rows: Rows) -> None:
    _answer_change(link, peer, pdu, rows, Status.ESME_RCANCELFAIL)
    for row in rows:
        link.schedule.settle(row, MessageState.DELETED)


# --- replace_sm --------------------------------------------------------------------------------


def _replace(link: SmppLink, pdu: ReplaceSm) -> Callable[[Unit], Rows]:
    """The text in the alphabet it had; the time where another is given. Raises ProtocolError."""
    moment = moment_of(pdu.schedule_delivery_time, link.desk.now())

    def work(unit: Unit) -> Rows:
        rows = [
            replace(
                row,
                text=decode_text(row.data_coding, pdu.short_message),
                due=moment if pdu.schedule_delivery_time else row.due,
                registered_delivery=pdu.registered_delivery,
            )
            for row in _found(unit, link, pdu)
        ]
        for row in rows:
            unit.schedule(row)
        return rows

    return work


def _replaced(link: SmppLink, peer: SmppPeer, pdu: ReplaceSm, rows: Rows) -> None:
    _answer_change(link, peer, pdu, rows, Status.ESME_RREPLACEFAIL)
    for row in rows:
        link.schedule.changed(row.due)


def _answer_change(link: SmppLink, peer: SmppPeer, pdu: Any, rows: Rows, too_late: Status) -> None:
    unknown = _state(link, pdu) is None and pdu.message_id
    status = 0 if rows else Status.ESME_RINVMSGID if unknown else too_late
    peer.session.respond(pdu, status)


_KINDS: dict[type, tuple[Callable[..., Callable[[Unit], Rows]], Callable[..., None]]] = {
    QuerySm: (_query, _queried),
    CancelSm: (_cancel, _cancelled),
    ReplaceSm: (_replace, _replaced),
}
"""What is done in the store, and how that is answered."""
