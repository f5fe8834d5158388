"""submit_multi: a turn for each destination, one response for all (SMPP v3.4 §4.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.channels.desk import Busy, Failed
from gateway.domain.numbers import normalise_short_number
from gateway.turn.outcome import Outcome
from gateway.wire.smpp.errors import ProtocolError
from gateway.wire.smpp.operations import (
    SmeAddress,
    SubmitMulti,
    SubmitMultiResp,
    UnsuccessSme,
)
from gateway.wire.smpp.status import Status

if TYPE_CHECKING:
    from gateway.channels.smpp_link import SmppLink
    from gateway.channels.smpp_peer import SmppPeer


class _Many:
    """One submit_multi under way."""

    def __init__(self, link: SmppLink, peer: SmppPeer, pdu: SubmitMulti, message_id: str) -> None:
        self._link = link
        self._peer = peer
        self._pdu = pdu
        self._message_id = message_id
        self._waiting = len(pdu.destinations)
        self._unsuccess: list[UnsuccessSme] = []

    def settled(self, destination: SmeAddress, status: int) -> None:
        """One destination is done; the last one answers the peer."""
        if status:
            self._unsuccess.append(
                UnsuccessSme(destination.ton, destination.npi, destination.addr, status)
            )
        self._waiting -= 1
        if not self._waiting:
            response = SubmitMultiResp(
                message_id=self._message_id, unsuccess=tuple(self._unsuccess)
            )
            self._peer.session.respond_with(self._pdu, response)
            self._link.touch(self._peer)


def submit_to_many(link: SmppLink, peer: SmppPeer, pdu: SubmitMulti) -> None:
    """Take a turn for each address; a distribution list is none of ours (ESME_RINVDLNAME)."""
    try:
        msisdn = link.source(pdu.source_addr)
        text = link.text(msisdn, "", pdu)
    except ProtocolError as error:
        peer.session.respond(pdu, error.status)
        return
    many = _Many(link, peer, pdu, link.desk.ids.next())
    for destination in pdu.destinations:
        if not isinstance(destination, SmeAddress):
            many.settled(SmeAddress(0, 0, destination.name), Status.ESME_RINVDLNAME)
        elif text is None:  # a part of a long message
            many.settled(destination, Status.ESME_RINVESMCLASS)
        else:
            _submit_one(link, many, pdu, msisdn, destination, text)


def _submit_one(
    link: SmppLink,
    many: _Many,
    pdu: SubmitMulti,
    msisdn: str,
    destination: SmeAddress,
    text: str,
) -> None:
    def done(outcome: Outcome | Failed) -> None:
        failed = isinstance(outcome, Failed)
        many.settled(destination, Status.ESME_RSYSERR if failed else 0)

    number = normalise_short_number(destination.addr)
    arrival = link.sms_arrival(pdu, msisdn, number, text, link.desk.ids.next())
    try:
        link.desk.submit(arrival, done)
    except Busy:
        many.settled(destination, Status.ESME_RMSGQFUL)
