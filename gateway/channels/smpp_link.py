"""A link: one SMPP account (or one SMSC we bind to), its binds, and what travels by them.

The same code serves both roles: what the network submits to us, or its SMSC delivers to us, is
mobile-originated; what we send is mobile-terminated, by deliver_sm or submit_sm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from twisted.logger import Logger

from gateway.channels.desk import Desk, nothing
from gateway.channels.smpp_answers import answer_other
from gateway.channels.smpp_messages import Messages
from gateway.channels.smpp_multi import submit_to_many
from gateway.channels.smpp_origins import Origins
from gateway.channels.smpp_peer import SmppPeer
from gateway.channels.smpp_schedule import Schedule
from gateway.channels.smpp_sms import SmsReader, Submitted, sms_pdus
from gateway.channels.smpp_submit import Bare, settle, take_sms
from gateway.channels.smpp_ussd import show_page, take_operation
from gateway.domain.numbers import normalise_msisdn
from gateway.domain.port import Page, Sms
from gateway.turn.unit import Busy
from gateway.wire.smpp.errors import ProtocolError
from gateway.wire.smpp.operations import SubmitMulti
from gateway.wire.smpp.pdu import DataSm, DeliverSm, SubmitSm
from gateway.wire.smpp.profiles import Profile
from gateway.wire.smpp.receipt import MessageState
from gateway.wire.smpp.states import Role
from gateway.wire.smpp.status import Status
from gateway.wire.smpp.ussd import Direction, read

log = Logger()

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
        self,
        name: str,
        role: Role,
        profile: Profile,
        desk: Desk,
        reader: SmsReader,
        schedule: Schedule,
        terms: Terms,
    ) -> None:
        self.name = name
        self.role = role
        self.profile = profile
        self.messages = Messages()
        self.origins = Origins()
        self.bare = Bare()
        self.desk = desk
        self.reader = reader
        self.schedule = schedule
        self._terms = terms
        self._peers: list[SmppPeer] = []
        self._dirty: set[SmppPeer] = set()

    # --- binds --------------------------------------------------------------------------------

    @property
    def binds(self) -> int:
        """Sessions bound now."""
        return len(self._peers)

    @property
    def is_up(self) -> bool:
        """Whether a bind takes what we send."""
        return any(peer.receives for peer in self._peers)

    def serves(self, msisdn: str) -> bool:
        """Whether the account may speak for the number."""
        allowed = self._terms.addresses_allowed
        return not allowed or msisdn.startswith(allowed)

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
            log.info("unbound", account=self.name, peer=peer.address, reason=reason)
        self._dirty.discard(peer)
        if reason == "unbound" and not self._peers:
            prefix = f"s|{self.name}|"
            self.desk.try_put(lambda unit: unit.forget_replays(prefix), nothing)

    # --- in: what a peer sent -----------------------------------------------------------------

    def message(self, peer: SmppPeer, pdu: Any) -> None:
        """A valid request of the peer's: take a turn for it, or answer with a status."""
        kind = type(pdu)
        try:
            if kind is SubmitSm or kind is DeliverSm or kind is DataSm:
                self._mobile_originated(peer, pdu)
            elif kind is SubmitMulti:
                submit_to_many(self, peer, pdu)
            else:
                answer_other(self, peer, pdu)
        except ProtocolError as error:
            peer.session.respond(pdu, error.status)
        except Busy:
            peer.session.respond(pdu, Status.ESME_RMSGQFUL)

    def _mobile_originated(self, peer: SmppPeer, pdu: Any) -> None:
        msisdn = self.source(pdu.source_addr)
        operation = read(pdu, Direction.MO, self.profile)
        if operation is not None:
            take_operation(self, peer, pdu, msisdn, operation)
        elif pdu.esm_class & _RECEIPT_BITS:
            peer.session.respond(pdu)  # a receipt for what we sent as ESME: the resp settled it
        else:
            take_sms(self, peer, pdu, msisdn)

    def source(self, address: str) -> str:
        """The MSISDN an account may speak for. Raises ProtocolError (ESME_RINVSRCADR)."""
        msisdn = normalise_msisdn(address)
        if msisdn is None:
            raise ProtocolError(Status.ESME_RINVSRCADR, "the source is no MSISDN")
        if not self.serves(msisdn):
            raise ProtocolError(Status.ESME_RINVSRCADR, "the account may not speak for it")
        return msisdn

    def lost(self, parts: tuple[Submitted, ...]) -> None:
        """The rest of a long message did not come: it has expired."""
        settle(self, None, parts, MessageState.EXPIRED)

    # --- out: a `Link` of the desk ------------------------------------------------------------

    def show(self, page: Page) -> bool:
        """A USSD page as the profile carries it; False where nothing bound can."""
        peer = self.receiver(self.origins.find(page.dialogue))
        if peer is None or not show_page(self, peer, page):
            return False
        self.touch(peer)
        return True

    def send(self, sms: Sms, done: Callable[[str], None]) -> bool:
        """An SMS in as many PDUs as it needs; `done` once all are answered. One that a bind's
        receiver rejects goes to the others in turn: each speaks for numbers of its own. Raises
        ValueError for one that no PDU can carry."""
        return self._send(sms, done, ())

    def _send(self, sms: Sms, done: Callable[[str], None], tried: tuple[SmppPeer, ...]) -> bool:
        trace = sms.id.partition("-")[0]
        origin = self.origins.find(trace)
        peer = self.receiver(origin, tried)
        if peer is None:
            return False
        pdus = sms_pdus(sms, self.role)
        if not peer.has_room(len(pdus)):
            return False
        waiting = len(pdus)
        worst = "ok"
        rejected = False

        def answered(status: int | None) -> None:
            nonlocal waiting, worst, rejected
            waiting -= 1
            worst = max(worst, _result(status), key=_WORSE.index)
            rejected = rejected or status == Status.ESME_RX_R_APPN
            if status is None:
                self.origins.forget(trace)
            elif peer is origin:
                self.bare.answered(trace)
            if waiting:
                return
            asked = (*tried, peer)
            if not rejected or self.receiver(None, asked) is None:
                done(worst)
            elif not self._send(sms, done, asked):
                done("retry")  # the other bind has no room now; it may yet take it

        if not peer.send(pdus[0], answered):
            return False
        for pdu in pdus[1:]:
            if not peer.send(pdu, answered):
                answered(None)
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

    def receiver(
        self, preferred: SmppPeer | None, besides: tuple[SmppPeer, ...] = ()
    ) -> SmppPeer | None:
        """The bind that takes our requests: the one preferred, else the least burdened; none of
        `besides`."""
        if preferred is not None and preferred.receives and preferred not in besides:
            return preferred
        able = [peer for peer in reversed(self._peers) if peer.receives and peer not in besides]
        if len(able) < 2:
            return able[0] if able else None
        return min(able, key=lambda peer: peer.session.window_pdus + peer.session.queue_pdus)


_RECEIPT_BITS = 0x3C
_WORSE = ("ok", "failed", "retry", "lost")
"""The result of an SMS in several parts is that of its worst part: it goes out whole again."""


def _result(status: int | None) -> str:
    if status is None:
        return "lost"
    return "retry" if status in _TEMPORARY else "failed" if status else "ok"
