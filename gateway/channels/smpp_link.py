"""A link: one SMPP account (or one SMSC we bind to), its binds, and what travels by them.

The same code serves both roles: what the network submits to us, or its SMSC delivers to us, is
mobile-originated; what we send is mobile-terminated, by deliver_sm or submit_sm. How a dialogue
is carried is the account's USSD profile, a row of a table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from twisted.logger import Logger

from gateway.channels.desk import Busy, Desk, Failed, sms_dialogue
from gateway.channels.smpp_answers import answer_other
from gateway.channels.smpp_messages import Final, Messages
from gateway.channels.smpp_multi import submit_to_many
from gateway.channels.smpp_peer import SmppPeer
from gateway.channels.smpp_sms import SmsReader, receipt, sms_pdus
from gateway.domain.numbers import mask, normalise_msisdn, normalise_short_number
from gateway.domain.port import Arrival, Event, Opened, Page, Released, Replied, Sms
from gateway.turn.outcome import Outcome
from gateway.wire.gsm.mmi import dial_string
from gateway.wire.smpp.coding import decode_text, encode_text
from gateway.wire.smpp.errors import ProtocolError
from gateway.wire.smpp.operations import SubmitMulti
from gateway.wire.smpp.pdu import DataSm, DeliverSm, SubmitSm
from gateway.wire.smpp.profiles import Profile
from gateway.wire.smpp.receipt import MessageState
from gateway.wire.smpp.states import Role
from gateway.wire.smpp.status import Status
from gateway.wire.smpp.tlv import USER_MESSAGE_REFERENCE, first
from gateway.wire.smpp.ussd import Direction, Operation, Step, build, read

log = Logger()

BARE_REPLAY_SECONDS_MAX = 60.0
"""How long a message without user_message_reference is known again (by its sequence_number)."""

_TEMPORARY = frozenset(
    (
        Status.ESME_RX_T_APPN,
        Status.ESME_RTHROTTLED,
        Status.ESME_RMSGQFUL,
        Status.ESME_RSYSERR,
        Status.ESME_RINVBNDSTS,
    )
)
"""Statuses after which a peer wants the same SMS again later."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the account may do."""

    addresses_allowed: tuple[str, ...] = ()
    """First digits of the MSISDNs it may speak for; none: any."""


class SmppLink:
    """One account's binds. A `Link` of the desk."""

    def __init__(
        self, name: str, role: Role, profile: Profile, desk: Desk, reader: SmsReader, terms: Terms
    ) -> None:
        self.name = name
        self.role = role
        self.profile = profile
        self.messages = Messages()
        self.desk = desk
        self._reader = reader
        self._terms = terms
        self._peers: list[SmppPeer] = []
        self._dirty: set[SmppPeer] = set()

    # --- binds --------------------------------------------------------------------------------

    @property
    def binds(self) -> int:
        """Sessions bound now."""
        return len(self._peers)

    @property
    def window_pdus(self) -> int:
        """Our requests under way on all binds."""
        return sum(peer.session.window_pdus for peer in self._peers)

    def add(self, peer: SmppPeer) -> None:
        """A session is bound."""
        self._peers.append(peer)

    def up(self, peer: SmppPeer) -> None:
        """It can carry what waits for this link."""
        if peer.receives:
            self.desk.outbox.link_up(self.name)

    def remove(self, peer: SmppPeer, reason: str) -> None:
        """A session is gone. Unbound in order, the peer has had every answer, so it will repeat
        nothing: bare identities are forgotten with the last bind."""
        if peer in self._peers:
            self._peers.remove(peer)
        self._dirty.discard(peer)
        if reason == "unbound" and not self._peers:
            prefix = f"s|{self.name}|"
            try:
                self.desk.put(lambda unit: unit.forget_replays(prefix), _nothing)
            except Busy:
                log.warn("the queue is full; identities are kept until they expire")

    # --- in: what a peer sent -----------------------------------------------------------------

    def message(self, peer: SmppPeer, pdu: Any) -> None:
        """A valid request of the peer's: take a turn for it, or answer with a status."""
        kind = type(pdu)
        if kind is SubmitSm or kind is DeliverSm or kind is DataSm:
            try:
                self._mobile_originated(peer, pdu)
            except ProtocolError as error:
                peer.session.respond(pdu, error.status)
            except Busy:
                peer.session.respond(pdu, Status.ESME_RMSGQFUL)
        elif kind is SubmitMulti:
            submit_to_many(self, peer, pdu)
        else:
            answer_other(self.messages, peer.session, pdu)

    def _mobile_originated(self, peer: SmppPeer, pdu: Any) -> None:
        msisdn = self.source(pdu.source_addr)
        operation = read(pdu, Direction.MO, self.profile)
        if operation is not None:
            self._ussd(peer, pdu, msisdn, operation)
        elif pdu.esm_class & _RECEIPT_BITS:
            peer.session.respond(pdu)  # a receipt for what we sent as ESME: the resp settled it
        else:
            self._sms(peer, pdu, msisdn)

    def text(self, msisdn: str, number: str, pdu: Any) -> str | None:
        """The whole text of an SMS; None while parts are missing. Raises ProtocolError."""
        return self._reader.text(self.name, msisdn, number, pdu)

    def source(self, address: str) -> str:
        """The MSISDN an account may speak for. Raises ProtocolError (ESME_RINVSRCADR)."""
        msisdn = normalise_msisdn(address)
        if msisdn is None:
            raise ProtocolError(Status.ESME_RINVSRCADR, "the source is no MSISDN")
        allowed = self._terms.addresses_allowed
        if allowed and not msisdn.startswith(allowed):
            raise ProtocolError(Status.ESME_RINVSRCADR, "the account may not speak for it")
        return msisdn

    def _ussd(self, peer: SmppPeer, pdu: Any, msisdn: str, operation: Operation) -> None:
        text = decode_text(operation.data_coding, operation.octets)
        session = "" if operation.session is None else str(operation.session)
        dialogue = f"{self.name}|{msisdn}|{session}"
        trace = ""
        event: Event
        if operation.step is Step.BEGIN:
            trace = self.desk.ids.next()
            event = Opened(dial_string(operation.code, text))
        elif operation.step is Step.CONTINUE:
            event = Replied(text)
        elif operation.step is Step.ABORT:
            event = Released("user")
        else:
            peer.session.respond(pdu)
            return
        arrival = Arrival("ussd", self.name, msisdn, operation.code, dialogue, event, trace=trace)

        def done(outcome: Outcome | Failed) -> None:
            peer.session.respond(pdu, message_id=self.desk.ids.next())
            self.touch(peer)

        self.desk.submit(arrival, done)

    def _sms(self, peer: SmppPeer, pdu: Any, msisdn: str) -> None:
        number = normalise_short_number(pdu.destination_addr)
        text = self.text(msisdn, number, pdu)
        message_id = self.desk.ids.next()
        if text is None:  # a part: the rest is still to come
            peer.session.respond(pdu, message_id=message_id)
            return
        arrival = self.sms_arrival(pdu, msisdn, number, text, message_id)

        def done(outcome: Outcome | Failed) -> None:
            self._sms_done(peer, pdu, outcome)

        self.desk.submit(arrival, done)

    def sms_arrival(
        self, pdu: Any, msisdn: str, number: str, text: str, message_id: str
    ) -> Arrival:
        """An SMS with the identity by which it is known when it is repeated."""
        reference = first(pdu.tlvs, USER_MESSAGE_REFERENCE)
        digest = blake2b(text.encode("utf-16-le", "replace"), digest_size=12).hexdigest()
        if reference is not None:
            replay_key, seconds = f"r|{self.name}|{msisdn}|{number}|{reference.hex()}|{digest}", 0.0
        else:
            replay_key = f"s|{self.name}|{msisdn}|{number}|{pdu.sequence:x}|{digest}"
            seconds = BARE_REPLAY_SECONDS_MAX
        return Arrival(
            "sms",
            self.name,
            msisdn,
            number,
            sms_dialogue(self.name, msisdn, number),
            Opened(text),
            message_id=message_id,
            replay_key=replay_key,
            replay_seconds=seconds,
            trace=message_id,
        )

    def _sms_done(self, peer: SmppPeer, pdu: Any, outcome: Outcome | Failed) -> None:
        self.touch(peer)
        if isinstance(outcome, Failed):
            peer.session.respond(pdu, Status.ESME_RSYSERR)
            return
        peer.session.respond(pdu, message_id=outcome.message_id)
        if outcome.repeated:
            return
        state = MessageState.REJECTED if outcome.refused else MessageState.DELIVERED
        now = self.desk.now()
        self.messages.settle(outcome.message_id, Final(pdu.source_addr, state, now))
        wanted = receipt(pdu, outcome.message_id, state, now, self.role)
        if wanted is not None:
            receiver = self._receiver(peer)
            if receiver is None or not receiver.send(wanted, None):
                log.warn("a delivery receipt had no bind to leave by", link=self.name)
            else:
                self.touch(receiver)

    # --- out: a `Link` of the desk ------------------------------------------------------------

    def show(self, page: Page) -> bool:
        """A USSD page as the profile carries it; False where nothing bound can."""
        peer = self._receiver(None)
        if peer is None:
            return False
        profile = self.profile
        coding, octets = encode_text(page.text, profile.gsm7, profile.ucs2)
        session = page.dialogue.rpartition("|")[2]
        operation = Operation(
            Step.CONTINUE if page.more else Step.END,
            page.msisdn,
            page.address,
            octets,
            coding,
            int(session) if session else None,
        )

        def answered(status: int | None) -> None:
            if page.more and status:
                self._undelivered(page, status)

        if not peer.send(build(operation, Direction.MT, self.role, profile), answered):
            return False
        self.touch(peer)
        return True

    def _undelivered(self, page: Page, status: int) -> None:
        """The network could not show the page: the dialogue is over."""
        log.info("a page was refused", link=self.name, msisdn=mask(page.msisdn), status=status)
        arrival = Arrival(
            "ussd", self.name, page.msisdn, page.address, page.dialogue, Released("network")
        )
        try:
            self.desk.submit(arrival, _nothing)
        except Busy:
            log.warn("the queue is full; the dialogue times out by itself")

    def send(self, sms: Sms, done: Callable[[str], None]) -> bool:
        """An SMS in as many PDUs as it needs; `done` once all are answered."""
        peer = self._receiver(None)
        if peer is None:
            return False
        pdus = sms_pdus(sms, self.role)
        waiting = len(pdus)
        worst = "ok"

        def answered(status: int | None) -> None:
            nonlocal waiting, worst
            waiting -= 1
            if status is None or status in _TEMPORARY:
                worst = "retry"
            elif status and worst == "ok":
                worst = "failed"
            if not waiting:
                done(worst)

        if not peer.has_room(len(pdus)):
            return False
        for pdu in pdus:
            peer.send(pdu, answered)
        self.touch(peer)
        return True

    def flush(self) -> None:
        """One write for each bind that has something to say."""
        dirty, self._dirty = self._dirty, set()
        for peer in dirty:
            peer.pump.flush()

    def touch(self, peer: SmppPeer) -> None:
        """Something of its session is to be written at the end of this batch."""
        self._dirty.add(peer)
        self.desk.dirty(self.name, self)

    def _receiver(self, preferred: SmppPeer | None) -> SmppPeer | None:
        """The bind that takes our requests: the one preferred, else the least burdened."""
        if preferred is not None and preferred.receives:
            return preferred
        able = [peer for peer in self._peers if peer.receives]
        if len(able) < 2:
            return able[0] if able else None
        return min(able, key=lambda peer: peer.session.window_pdus + peer.session.queue_pdus)


_RECEIPT_BITS = 0x3C


def _nothing(_: object) -> None:
    """For work nobody waits for."""
