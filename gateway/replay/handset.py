"""What a flow does, what a subscriber sees of it, and the handset between them.

Rule: a player speaks only these words. In process the handset is the real desk under a clock that
stands; over the network it is one of many subscribers behind an SMPP bind. Money is kopecks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, Protocol

from gateway.turn.told import HIDDEN

Verb = Literal[
    "dial",
    "answer",
    "sms",
    "call",
    "press",
    "hang_up",
    "wait",
    "timeout",
    "drop",
    "move",
    "language",
    "advance",
]

MASK = HIDDEN
"""Stands for what is secret wherever a flow is shown."""

WITHIN_SECONDS = 10.0
"""How long a handset on the network waits for what a step brings, where the step says nothing."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a subscriber, the network or the clock does."""

    verb: Verb
    text: str = ""
    """What is dialled, answered, written, called or pressed; of a move, the visited network; the
    language the subscriber is spoken to in."""
    to: str = ""
    """The short number an SMS is written to; of a move, the region of the home network."""
    seconds: float = 0.0
    """How long is waited, or how far the clock is moved."""
    secret: bool = False
    """What is said is a password, PIN or code: shown to nobody."""

    def __str__(self) -> str:
        return _SAID[self.verb].format(replace(self, text=MASK) if self.secret else self)


_SAID: dict[str, str] = {
    "dial": "dials {0.text}",
    "answer": "answers {0.text}",
    "sms": "writes to {0.to}: {0.text}",
    "call": "calls {0.text}",
    "press": "presses {0.text}",
    "hang_up": "hangs up",
    "wait": "waits {0.seconds:g} s",
    "timeout": "answers nothing in time",
    "drop": "is dropped by the network",
    "move": "moves to {0.text} {0.to}",
    "language": "is spoken to in {0.text}",
    "advance": "{0.seconds:g} s pass",
}


@dataclass(frozen=True, slots=True)
class Received:
    """An SMS that reached the handset."""

    sender: str
    text: str
    secret: bool = False
    """It holds a password or code, as far as the handset can know."""


@dataclass(frozen=True, slots=True)
class Charged:
    """A row of what was charged; a refusal and a free use are rows of 0."""

    rule: str
    amount: int
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """All that one action brought."""

    text: str | None = None
    """The last USSD page, or what a call said; None where nothing was shown."""
    more: bool = False
    """It waits for an answer."""
    sms: tuple[Received, ...] = ()
    charges: tuple[Charged, ...] = ()
    balance_change: int | None = None
    """Kopecks; None where nobody asked for it."""
    prompts: tuple[str, ...] = ()
    """Ids of the prompts a call played."""
    answer_seconds: float | None = None
    """In a call over the network, from the INVITE or the first packet of the last key, by which it
    counts (RFC 4733 §2.5.1.2), to the first sound of the answer."""
    asks_secret: bool = False
    """The answer is a password, PIN or code, as far as the handset can know."""


@dataclass(frozen=True, slots=True)
class Wants:
    """What a step will look at: a handset on the network waits for it, and asks for no more."""

    text: bool = True
    words: bool = False
    """The text, its end or the prompts are looked at."""
    sms: int = 0
    charges: bool = False
    balance: bool = False
    quiet: bool = False
    """Nothing more may come: it listens a little longer."""
    within_seconds: float = WITHIN_SECONDS


class Lost(Exception):
    """The gateway cannot be reached, or went away; one line with the address tried."""

    @classmethod
    def at(cls, where: str, reason: str) -> Lost:
        """At `where` (`smpp 127.0.0.1:2775`), for a reason of a few words."""
        return cls(f"{where}: {reason}; is the gateway up?")


class NotPlayed(Exception):
    """An action that this handset cannot carry out, or the gateway refused; one line."""


class Handset(Protocol):
    """One subscriber. A call's verbs are refused (NotPlayed) where no voice is served."""

    msisdn: str

    async def act(self, action: Action, wants: Wants) -> Seen:
        """Carry out one action and return what it brought. Raises NotPlayed, and Lost where
        the gateway went away."""
        ...

    async def put_down(self) -> None:
        """Its flow is over: end a call that is still under way. Raises Lost."""
        ...
