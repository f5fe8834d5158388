"""USSD over an SMPP link: operations that came become arrivals, pages leave as operations.

How a dialogue is carried is the account's USSD profile, a row of a table.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from twisted.logger import Logger

from gateway.channels.desk import Failed
from gateway.domain.port import Arrival, Event, Opened, Page, Released, Replied
from gateway.turn.outcome import Outcome
from gateway.wire.gsm.mmi import dial_string
from gateway.wire.smpp.coding import decode_text, encode_text
from gateway.wire.smpp.status import name_of as status_name
from gateway.wire.smpp.ussd import Direction, Operation, Step, build

if TYPE_CHECKING:
    from gateway.channels.smpp_link import SmppLink
    from gateway.channels.smpp_peer import SmppPeer

log = Logger()

PAGES_MAX = 4096
"""Pages whose octets are remembered."""


def take_operation(
    link: SmppLink, peer: SmppPeer, pdu: Any, msisdn: str, operation: Operation
) -> None:
    """Take a turn for an operation of the subscriber's. Raises Busy."""
    text = decode_text(operation.data_coding, operation.octets)
    session = "" if operation.session is None else str(operation.session)
    dialogue = f"{link.name}|{msisdn}|{session}"
    trace = ""
    event: Event
    if operation.step is Step.BEGIN:
        trace = link.desk.ids.next()
        event = Opened(dial_string(operation.code, text))
    elif operation.step is Step.CONTINUE:
        event = Replied(text)
    elif operation.step is Step.ABORT:
        event = Released("user")
    else:
        peer.session.respond(pdu)
        return
    arrival = Arrival("ussd", link.name, msisdn, operation.code, dialogue, event, trace=trace)

    def done(outcome: Outcome | Failed) -> None:
        link.origins.remember(dialogue, peer)
        if type(outcome) is Outcome:
            link.origins.remember(outcome.trace, peer)  # of the SMS it may have queued
        peer.session.respond(pdu, message_id=link.desk.ids.next())
        link.touch(peer)

    link.desk.submit(arrival, done)


_encoded = lru_cache(maxsize=PAGES_MAX)(encode_text)  # most pages are menus, the same for many


def show_page(link: SmppLink, peer: SmppPeer, page: Page) -> bool:
    """Send a page by that bind; False where its queue is full."""
    profile = link.profile
    coding, octets = _encoded(page.text, profile.gsm7, profile.ucs2)
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
            _undelivered(link, page, status_name(status))

    try:
        return peer.send(build(operation, Direction.MT, link.role, profile), answered)
    except ValueError as fault:  # a code that does not fit its field, a peer without TLVs
        _undelivered(link, page, str(fault))
        return True


def _undelivered(link: SmppLink, page: Page, why: str) -> None:
    """The network cannot show the page: the dialogue is over."""
    log.info("a page could not be shown", link=link.name, msisdn=page.msisdn, reason=why)
    event = Released("network")
    link.desk.release(Arrival("ussd", link.name, page.msisdn, page.address, page.dialogue, event))
