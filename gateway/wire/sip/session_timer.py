"""Session timers: a call whose other end is gone without a word ends (RFC 4028).

We never ask for them; where the peer does, one of the two refreshes the session by UPDATE or
re-INVITE before the interval runs out, and a session that is not refreshed is ended by BYE.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from gateway.wire.sip.core import Core
from gateway.wire.sip.errors import Fields, ProtocolError
from gateway.wire.sip.headers import parse_interval
from gateway.wire.sip.message import Headers
from gateway.wire.sip.timers import Timer

OPTION: Final = "timer"
_EARLY_SECONDS_MAX: Final = 32.0


@dataclass(frozen=True, slots=True)
class Session:
    """An agreed interval, and who refreshes."""

    seconds: int
    ours: bool

    def as_answer(self) -> Fields:
        """The fields of our 2xx to the peer's request: the peer is the UAC (§9)."""
        if self.ours:
            return (("Session-Expires", f"{self.seconds};refresher=uas"),)
        return (("Session-Expires", f"{self.seconds};refresher=uac"), ("Require", OPTION))

    def as_request(self) -> Fields:
        """The fields of a refresh of ours: we are the UAC (§7.4)."""
        refresher = "uac" if self.ours else "uas"
        return (("Session-Expires", f"{self.seconds};refresher={refresher}"),)


def asked(headers: Headers, seconds_min: int) -> Session | None:
    """The session a request of the peer's asks for, None where it asks for none.

    Raises ProtocolError(422) for an interval below `seconds_min` of a peer that understands it
    (§9). Whoever it does not name and does support it refreshes itself.
    """
    value = headers.get("session-expires")
    if value is None:
        return None
    interval = parse_interval(value)
    supported = OPTION in headers.tokens("supported") or OPTION in headers.tokens("require")
    if interval.seconds < seconds_min and supported:
        raise ProtocolError(422, headers=(("Min-SE", str(seconds_min)),))
    seconds = max(interval.seconds, seconds_min)
    return Session(seconds, ours=interval.refresher == "uas" or not supported)


def granted(headers: Headers, session: Session, seconds_min: int) -> Session:
    """What a 2xx to a refresh of ours makes of the session; one that does not say changes nothing.

    Raises ProtocolError(400).
    """
    value = headers.get("session-expires")
    if value is None:
        return session
    interval = parse_interval(value)
    return Session(max(interval.seconds, seconds_min), ours=interval.refresher != "uas")


class SessionTimer:
    """The timer of one call: `refresh` when it is our turn, `expired` when nobody did (§10)."""

    def __init__(
        self,
        core: Core,
        refresh: Callable[[float], None],
        expired: Callable[[float], None],
    ) -> None:
        self._core = core
        self._refresh = refresh
        self._expired = expired
        self._timers: tuple[Timer, ...] = ()
        self.session: Session | None = None

    def run(self, session: Session | None, now: float) -> None:
        """Begin an interval anew; None: the session has no limit any more."""
        self.stop()
        self.session = session
        if session is None:
            return
        start, seconds = self._core.timers.start, session.seconds
        end = now + seconds - min(_EARLY_SECONDS_MAX, seconds / 3)
        self._timers = (start(end, self._expired),)
        if session.ours:
            self._timers += (start(now + seconds / 2, self._refresh),)

    def stop(self) -> None:
        """The call is over."""
        for timer in self._timers:
            self._core.timers.stop(timer)
        self._timers = ()
