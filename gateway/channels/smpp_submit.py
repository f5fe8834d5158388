"""An SMS submitted to us: joined, taken once, answered, and reported on where that was asked.

By which identity a repeated submit_sm is known: its user_message_reference, for as long as the
replay window says; without one its sequence_number, for a minute, and only until its sender has
shown that our answer reached it (a peer that reconnects counts from 1 again).
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from twisted.logger import Logger

from gateway.channels.desk import Failed, sms_dialogue
from gateway.channels.smpp_messages import Final
from gateway.channels.smpp_sms import Submitted, receipt
from gateway.domain.numbers import normalise_short_number
from gateway.domain.port import Arrival, Opened
from gateway.turn.outcome import Outcome
from gateway.wire.smpp.operations import SubmitMulti
from gateway.wire.smpp.pdu import SubmitSm
from gateway.wire.smpp.receipt import MessageState
from gateway.wire.smpp.status import Status
from gateway.wire.smpp.tlv import USER_MESSAGE_REFERENCE, first

if TYPE_CHECKING:
    from gateway.channels.smpp_link import SmppLink
    from gateway.channels.smpp_peer import SmppPeer

log = Logger()

BARE_REPLAY_SECONDS_MAX = 60.0
"""How long a message without user_message_reference is known again (by its sequence_number)."""
BARE_MAX = 10_000
"""Messages without one whose sender may still show that it was answered."""


class Bare:
    """Messages without user_message_reference, and how often each identity was used up."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, str] = OrderedDict()
        self._used: OrderedDict[str, int] = OrderedDict()

    def key(self, message_id: str, identity: str) -> str:
        """The replay key of a message."""
        self._open[message_id] = identity
        if len(self._open) > BARE_MAX:
            self._open.popitem(last=False)
        return f"{identity}|{self._used.get(identity, 0)}"

    def answered(self, message_id: str) -> None:
        """Its sender answered what we sent behind the response to it: it has that."""
        identity = self._open.pop(message_id, None)
        if identity is not None:
            self._used[identity] = self._used.pop(identity, 0) + 1
            if len(self._used) > BARE_MAX:
                self._used.popitem(last=False)


def take_sms(link: SmppLink, peer: SmppPeer, pdu: Any, msisdn: str) -> None:
    """Take a turn for an SMS once all its parts are there. Raises ProtocolError, Busy."""
    number = normalise_short_number(pdu.destination_addr)
    due = link.schedule.due(pdu) if type(pdu) is SubmitSm and pdu.schedule_delivery_time else 0.0
    submitted = Submitted(pdu, link.desk.ids.next())
    received = link.reader.read(link.name, msisdn, number, submitted)
    if received is None:  # a part: the rest is still to come
        peer.session.respond(pdu, message_id=submitted.message_id)
        return
    arrival = sms_arrival(link, submitted, msisdn, number, received.text)

    if due:
        link.schedule.put(link, peer, submitted, arrival, due)
        return

    def done(outcome: Outcome | Failed) -> None:
        link.touch(peer)
        if isinstance(outcome, Failed):
            peer.session.respond(pdu, Status.ESME_RSYSERR)
            return
        link.origins.remember(outcome.trace, peer)
        peer.session.respond(pdu, message_id=outcome.message_id)
        if outcome.repeated:
            return
        state = MessageState.REJECTED if outcome.refused else MessageState.DELIVERED
        settle(link, peer, (*received.earlier, submitted), state)

    link.desk.submit(arrival, done)


def sms_arrival(
    link: SmppLink, submitted: Submitted, msisdn: str, number: str, text: str
) -> Arrival:
    """An SMS with the identity by which it is known when it is repeated."""
    pdu, message_id = submitted.pdu, submitted.message_id
    reference = first(pdu.tlvs, USER_MESSAGE_REFERENCE)
    digest = link.reader.digest(text)
    if reference is not None:
        replay_key, seconds = f"r|{link.name}|{msisdn}|{number}|{reference.hex()}|{digest}", 0.0
    else:
        identity = f"s|{link.name}|{msisdn}|{number}|{pdu.sequence:x}|{digest}"
        replay_key = link.bare.key(message_id, identity)
        seconds = BARE_REPLAY_SECONDS_MAX
    return Arrival(
        "sms",
        link.name,
        msisdn,
        number,
        sms_dialogue(link.name, msisdn, number),
        Opened(text),
        message_id=message_id,
        replay_key=replay_key,
        replay_seconds=seconds,
        trace=message_id,
    )


def settle(
    link: SmppLink, peer: SmppPeer | None, messages: tuple[Submitted, ...], state: MessageState
) -> None:
    """Remember how messages ended and send the receipts asked for, by the bind they came by."""
    now = link.desk.now()
    for each in messages:
        if isinstance(each.pdu, SubmitMulti):
            continue  # a part of it: the whole is settled by destination
        link.messages.settle(each.message_id, Final(each.pdu.source_addr, state, now))
        wanted = receipt(each.pdu, each.message_id, state, now, link.role)
        if wanted is None:
            continue
        receiver = link.receiver(peer)
        if receiver is None or not receiver.send(wanted, None):
            log.warn("a delivery receipt had no bind to leave by", link=link.name)
        else:
            link.touch(receiver)
