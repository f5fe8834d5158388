"""submit_multi: a turn for each destination, one response for all (SMPP v3.4 §4.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.channels.desk import Failed
from gateway.channels.smpp_sms import Submitted
from gateway.channels.smpp_submit import settle, sms_arrival
from gateway.domain.numbers import normalise_short_number
from gateway.turn.outcome import Outcome
from gateway.turn.unit import Busy
from gateway.wire.smpp.errors import ProtocolError
from gateway.wire.smpp.operations import (
    SmeAddress,
    SubmitMulti,
    SubmitMultiResp,
    UnsuccessSme,
)
from gateway.wire.smpp.pdu import SubmitSm
from gateway.wire.smpp.receipt import MessageState
from gateway.wire.smpp.status import Status

if TYPE_CHECKING:
    from gateway.channels.smpp_link import SmppLink
    from gateway.channels.smpp_peer import SmppPeer


class _Many:
    """One submit_multi under way: its turns share the message_id."""

    def __init__(self, link: SmppLink, peer: SmppPeer, submitted: Submitted) -> None:
        self._link = link
        self._peer = peer
        self._pdu: SubmitMulti = submitted.pdu
        self._message_id = submitted.message_id
        self._waiting = len(self._pdu.destinations)
        self._unsuccess: list[UnsuccessSme] = []
        self._taken: list[tuple[Submitted, MessageState]] = []

    def submit(self, msisdn: str, destination: SmeAddress, text: str) -> None:
        """Take the turn of one destination."""
        link, pdu = self._link, self._pdu
        alone = SubmitSm(
            pdu.sequence,
            service_type=pdu.service_type,
            source_addr_ton=pdu.source_addr_ton,
            source_addr_npi=pdu.source_addr_npi,
            source_addr=pdu.source_addr,
            dest_addr_ton=destination.ton,
            dest_addr_npi=destination.npi,
            destination_addr=destination.addr,
            registered_delivery=pdu.registered_delivery,
            tlvs=pdu.tlvs,
        )
        number = normalise_short_number(destination.addr)
        submitted = Submitted(alone, link.desk.ids.next())
        arrival = sms_arrival(link, submitted, msisdn, number, text)

        def done(outcome: Outcome | Failed) -> None:
            if isinstance(outcome, Failed):
                self.settled(destination, Status.ESME_RSYSERR)
                return
            link.origins.remember(outcome.trace, self._peer)
            if not outcome.repeated:
                state = MessageState.REJECTED if outcome.refused else MessageState.DELIVERED
                self._taken.append((Submitted(alone, self._message_id), state))
            self.settled(destination, 0)

        try:
            link.desk.submit(arrival, done)
        except Busy:
            self.settled(destination, Status.ESME_RMSGQFUL)

    def settled(self, destination: SmeAddress, status: int) -> None:
        """One destination is done; the last one answers the peer."""
        if status:
            self._unsuccess.append(
                UnsuccessSme(destination.ton, destination.npi, destination.addr, status)
            )
        self._waiting -= 1
        if self._waiting:
            return
        self.answer()
        for submitted, state in self._taken:
            settle(self._link, self._peer, (submitted,), state)

    def answer(self) -> None:
        """The response, with whatever was not reached."""
        response = SubmitMultiResp(message_id=self._message_id, unsuccess=tuple(self._unsuccess))
        self._peer.session.respond_with(self._pdu, response)
        self._link.touch(self._peer)


def submit_to_many(link: SmppLink, peer: SmppPeer, pdu: SubmitMulti) -> None:
    """Take a turn for each address; a distribution list is none of ours (ESME_RINVDLNAME), and
    nothing is scheduled (ESME_RINVSCHED). Raises ProtocolError."""
    submitted = Submitted(pdu, link.desk.ids.next())
    msisdn = link.source(pdu.source_addr)
    if pdu.schedule_delivery_time:
        raise ProtocolError(Status.ESME_RINVSCHED, "submit_multi is not scheduled")
    received = link.reader.read(link.name, msisdn, "", submitted)
    many = _Many(link, peer, submitted)
    if received is None:  # a part of a long message: the rest is still to come
        many.answer()
        return
    for destination in pdu.destinations:
        if isinstance(destination, SmeAddress):
            many.submit(msisdn, destination, received.text)
        else:
            many.settled(SmeAddress(0, 0, destination.name), Status.ESME_RINVDLNAME)
