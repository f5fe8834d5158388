"""What a turn hands back: deliveries for the channels, and what metrics and CDRs fold over."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.accounts.book import Charge
from gateway.domain.port import Delivery
from gateway.menu.engine import Move
from gateway.turn.told import Told


@dataclass(frozen=True, slots=True)
class Ended:
    """A dialogue or message that is over, as its CDR tells it."""

    trace: str
    channel: str
    link: str
    msisdn: str
    address: str
    opened_at: float
    ended_at: float
    turns: int
    result: str
    """`completed`, `timed_out`, `user_released`, `network_released`, `replaced`, `refused` …"""
    menus: str = ""
    """The version of the menus it was held on."""
    rules: str = ""
    """The version of the short codes and their charging table it began with."""
    seconds: float = 0.0
    """A call: how long it was heard since it was answered."""
    state: str = ""
    """Where the menu stood; empty where it was never asked."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one turn, after its commit."""

    trace: str = ""
    deliveries: tuple[Delivery, ...] = ()
    deadline: float | None = None
    """The dialogue waits for an answer until then; None where it is over."""
    ended: tuple[Ended, ...] = ()
    charge: Charge | None = None
    message_id: str = ""
    """SMS: the id to answer with; of a repeated message, the id it had the first time."""
    repeated: bool = False
    plmn: str = ""
    """The network the subscriber was found in, MCC+MNC: what the use was rated by."""
    refused: str = ""
    """The name of the refusal that ended the turn before the menu was asked."""
    state: str = ""
    """Where the menu stands, for the timeline."""
    notes: tuple[str, ...] = ()
    """What the menu remarked: `answer_invalid`, `refused insufficient_balance` …"""
    path: tuple[Move, ...] = ()
    """The edges taken, oldest first; the first of a dialogue, where its route led, has neither
    source nor trigger."""
    told: Told | None = None
    """What else a timeline shows, where somebody listens."""
