"""What all calls have in common: limits, the unit last in each name, counts, and what is shared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol

from gateway.channels.desk import Desk
from gateway.channels.media import Media
from gateway.channels.sip_port import SipPort
from gateway.wire.rtp.stream import Clip, Heard

PROMPTS_KEPT_MAX: Final = 200
"""Recordings named in the record of a call; of a longer call the rest is left out."""


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """Configuration of `Voice`."""

    calls_max: int = 800
    calls_per_second_max: float = 200.0
    """Calls set up; one more is 503."""
    number_calls_per_minute_max: float = 20.0
    """Of one number: a dialling storm is 486."""
    operator: str = ""
    """URI that calls are transferred to by REFER; empty: what was said is the good-bye."""
    retry_after_seconds: int = 5


@dataclass(slots=True)
class VoiceCounts:
    """Since the start, of all calls."""

    setups: int = 0
    """Calls let in."""
    answered: int = 0
    announcements: Counter[str] = field(default_factory=Counter)
    """Prompts begun, by language."""
    inputs: Counter[str] = field(default_factory=Counter)
    """Answers to a prompt: `entered`, `no_input`, `no_match`."""
    refused: Counter[str] = field(default_factory=Counter)
    """By reason: `busy`, `storm`, `forbidden`, `unauthorized`, `not_reachable`, …"""
    ended: Counter[str] = field(default_factory=Counter)
    """By who ended it: `caller`, `gateway`, `network`."""


@dataclass(slots=True)
class CallRecord:
    """What the channel knows of a call, for its CDR. Epoch seconds; no key that was pressed."""

    setup_at: float
    answered_at: float | None = None
    seconds: float = 0.0
    """Heard since the answer."""
    hung_up_by: str = ""
    """`caller`, `gateway` or `network`."""
    cause: int = 0
    """Q.850: 16 normal clearing."""
    status: int = 0
    """The final SIP status: 200 where it was answered."""
    transferred: bool = False
    prompts: list[str] = field(default_factory=list)
    """Recordings heard, in their order."""
    cut: str = ""
    """The one of them, of the last playlist, that was stopped before its end."""

    def heard(self, playlist: Sequence[Heard]) -> None:
        """Add what was heard of a playlist."""
        stopped = (clip.id for clip in playlist if clip.octets < clip.octets_total)
        self.cut = next(stopped, "")
        room = PROMPTS_KEPT_MAX - len(self.prompts)
        self.prompts += [clip.id for clip in playlist if clip.octets][:room]


class Verify(Protocol):
    """Checks a password outside of a turn."""

    def __call__(self, msisdn: str, digests: Sequence[str], password: str) -> Any:
        """A Deferred of the digest that was right, or of an empty text."""
        ...


Clips = Callable[[Sequence[str], Any], Sequence[Clip]]
"""The recordings of phrases in a language."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What each call is given."""

    desk: Desk
    sip: SipPort
    media: Media
    clock: Any
    """IReactorTime, monotonic."""
    settings: VoiceSettings
    clips: Clips
    apology: Callable[[Literal["ru", "en"]], Sequence[str]]
    """The phrases that say, in a language, that it does not work just now."""
    verify: Verify
    setup_seconds: Callable[[float], None]
    """Told how long after its INVITE a call is first answered, by 183 or 200."""
    response_seconds: Callable[[float], None]
    """Told how long after a key that ends an entry the next prompt begins."""
    host: Callable[[str], str]
    """Ours, as the peer at that address is to send its media to."""
    counts: VoiceCounts = field(default_factory=VoiceCounts)
