"""The port: what reaches a turn, and what leaves it.

A channel turns protocol events into an `Arrival`; a turn answers with `Delivery` values. Between
them the menu speaks `Query` and hears `Answered`, and shows `Screen`s. All are frozen, about a
dozen in all, so that a reader holds them in mind. Times are seconds since the epoch (float, UTC);
money is integer kopecks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from gateway.domain.calls import Announcement, Refused, Verify
from gateway.domain.report import Report, ReportFormat
from gateway.domain.values import Value, Values

Channel = Literal["ussd", "sms", "voice"]
Language = Literal["ru", "en", "ru-Latn"]
LANGUAGES: tuple[Language, ...] = ("ru", "en", "ru-Latn")


# --- events: what happens to a dialogue ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Opened:
    """The subscriber dialled (`text`: the whole string), wrote a first SMS (`text`: its body) or
    calls (`text`: the number called)."""

    text: str


@dataclass(frozen=True, slots=True)
class Replied:
    """The subscriber answered the last screen. A call: the keys pressed, or a word said."""

    text: str


@dataclass(frozen=True, slots=True)
class TimedOut:
    """Nothing came before the deadline of the last screen. A call: nothing was pressed in time."""


@dataclass(frozen=True, slots=True)
class Released:
    """The subscriber or the network ended the dialogue; nothing can be shown any more."""

    reason: Literal["user", "network", "link"] = "user"
    seconds: float | None = None
    """A call: how long it was heard since it was answered, 0 where it was not; None where nobody
    knows (its process died): it is charged up to the last second recorded."""


@dataclass(frozen=True, slots=True)
class QuotaSpent:
    """The minutes a call has reserved are over, and no further one could be reserved."""


@dataclass(frozen=True, slots=True)
class Verified:
    """How the check of a `Verify` came out."""

    digest: str = field(repr=False)
    """The one of `Verify.digests` that the password was right for; empty for none."""
    attempts_left: int
    """As in the `Verify`."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The account core's answer to a `Query`: `ok`, or the exact name of a refusal."""

    outcome: str
    values: Values = field(default_factory=dict)


Event = Opened | Replied | TimedOut | Released | Answered | QuotaSpent | Verified


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event on one channel, addressed and identified."""

    channel: Channel
    link: str
    """The account (system_id) or listener it came by; its answers go back by the same name."""
    msisdn: str
    """Normalised: `79220000001`."""
    address: str
    """USSD: the service code (`105`, `*105#` or empty); SMS: the short number written to; a call:
    the number called."""
    dialogue: str
    """Key of the dialogue. USSD: link, MSISDN and, where sent, session number; SMS: link, MSISDN
    and short number; a call: link, MSISDN and the id of the call."""
    event: Event
    message_id: str = ""
    """SMS: the id given to the message, unique over restarts."""
    replay_key: str = ""
    """SMS: the identity by which a repeated PDU is known; empty where it has none."""
    replay_seconds: float = 0.0
    """How long that identity is remembered; 0: as long as the limits say."""
    plmn: str = ""
    """Visited network as MCC+MNC where the channel tells it, else empty (the core's is used)."""
    trace: str = ""
    """The dialogue id of logs, CDRs and charges, given to an `Opened`; a session keeps its own."""


# --- what a menu asks and shows --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Facts:
    """What a menu may know of who is asking; loaded anew for every turn."""

    language: Language
    channel: Channel
    level: str
    """`none`, `view`, `subscriber` or `account`."""
    zone: str
    balance: int = 0
    flags: frozenset[str] = frozenset()
    """`owner`, `corporate_admin`, `corporate`, `blocked`, `roaming`, …"""
    reach: str = "none"
    """The level that the cabinet's password would give in this dialogue."""


@dataclass(frozen=True, slots=True)
class Query:
    """A command of the catalogue with its typed arguments, asked of the account core."""

    command: str
    arguments: Values = field(default_factory=dict)


Confirm = Literal["", "yes", "code"]


@dataclass(frozen=True, slots=True)
class Say:
    """A value to be spoken by the rules of a language."""

    filter: str
    """How it would be written: `money`, `date` …; empty for a value without a filter."""
    value: Value


Speech = tuple[str | Say, ...]
"""A text for a channel that speaks: fixed words, which have a recording, and values between."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option: a stable id, the key that chooses it, and its label."""

    id: str
    key: str
    text: str
    confirm: Confirm = ""
    """It is the yes to the screen's question. By SMS it is chosen by the word, or by the word and
    a code that was sent with the question; elsewhere by its key."""
    speech: Speech = ()
    """The label in a call; none where the text names the keys itself."""


ExpectKind = Literal["choice", "digits", "amount", "msisdn", "pin", "text", "nothing"]


@dataclass(frozen=True, slots=True)
class Expect:
    """What answer a screen waits for. It travels with the screen, so that a voice channel can
    collect digits without knowing menus."""

    kind: ExpectKind = "choice"
    length_min: int = 1
    length_max: int = 1
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Screen:
    """What is shown, before any channel has cut or spoken it."""

    id: str
    """The state's id: the name of its prompt in a call."""
    language: Language
    text: str
    choices: tuple[Choice, ...] = ()
    values: Values = field(default_factory=dict)
    """The variables the text was made of, for a channel that speaks instead of writing."""
    expect: Expect = Expect()
    back: Choice | None = None
    more: Choice | None = None
    """Navigation labels in the screen's language; `more` is used by a renderer that must page."""
    earlier: Choice | None = None
    """The label of `back` on later pages of the screen: it leads to the page before, also where
    there is no state to go back to."""
    notice: str = ""
    """A line above the text: what was wrong with the last answer."""
    speech: Speech = ()
    """The text in a call."""
    barge_in: bool = True
    """A key stops it in a call."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """Show a screen and wait for an answer."""

    screen: Screen


@dataclass(frozen=True, slots=True)
class Release:
    """Show a last screen (or nothing) and end the dialogue. `result` is the CDR's word."""

    screen: Screen | None
    result: str = "completed"


Output = Query | Prompt | Release


@dataclass(frozen=True, slots=True)
class Message:
    """An SMS the account core wants sent: a text of the message catalogue and its variables."""

    msisdn: str
    text_id: str
    values: Values = field(default_factory=dict)
    language: Language = "ru"
    secret: bool = False
    """Its text holds a password or code: masked in logs and in every dump."""


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail the account core wants sent. Its subject and body are the texts
    `<text_id>.subject` and `<text_id>.body` of the message catalogue."""

    to: str
    """The address."""
    text_id: str
    values: Values = field(default_factory=dict)
    language: Language = "ru"
    report: Report | None = None
    """Attached as a file."""
    format: ReportFormat = "pdf"
    then: Message | None = None
    """The SMS that tells of it once it has been handed over."""
    secret: bool = False
    """It holds a password or a link that opens something."""


Sent = Message | Letter

# --- deliveries: what leaves a turn after its commit -----------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """A USSD page: `more` waits for an answer, otherwise the dialogue is over."""

    link: str
    dialogue: str
    msisdn: str
    address: str
    text: str
    more: bool
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Sms:
    """A text on its way to a handset; it stays in the outbox until the peer acknowledged it."""

    id: str
    link: str
    msisdn: str
    sender: str
    """The short number the handset shows."""
    text: str
    at: float
    secret: bool = False


ToCall = Announcement | Refused | Verify
Delivery = Page | Sms | ToCall
