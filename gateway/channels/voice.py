"""The voice channel: who may call, how many at once and how often; then each call goes its way.

Whatever refuses a call here does so before anything is kept of it or charged. A full house says
503 and when to come again, so that a peer may try elsewhere; a number that dials without end hears
486, which is about that number alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from twisted.logger import Logger

from gateway.channels.desk import Failed
from gateway.channels.voice_call import VoiceCall
from gateway.channels.voice_media import is_playable
from gateway.channels.voice_rates import Rates
from gateway.channels.voice_settings import CallRecord, Shared
from gateway.channels.voice_trust import Caller, Denial, Trust
from gateway.domain.port import Arrival, Opened, Released, ToCall
from gateway.turn.outcome import Outcome
from gateway.wire.sip.events import (
    Acked,
    Answered,
    Cancelled,
    Ended,
    Event,
    Info,
    Invited,
    Referred,
    Reinvited,
)
from gateway.wire.throttle import Throttle

log = Logger()

_NAME_IN_SDP = Denial("unplayable", 488, (("Warning", '301 - "Incompatible network address"'),))


class Voice:
    """Every call; to the desk it is what tells calls what to do."""

    def __init__(self, shared: Shared, trust: Trust) -> None:
        self._shared = shared
        self._trust = trust
        self._calls: dict[str, VoiceCall] = {}
        self._dialogues: dict[str, VoiceCall] = {}
        self._records: dict[str, CallRecord] = {}
        self._rate = Throttle(shared.settings.calls_per_second_max)
        self._numbers = Rates(shared.settings.number_calls_per_minute_max)
        self._draining = False
        retry = (("Retry-After", str(shared.settings.retry_after_seconds)),)
        self._busy = Denial("busy", 503, retry)
        self._storm = Denial("storm", 486, retry)
        for name in trust.names:
            shared.desk.calls[name] = self

    @property
    def calls(self) -> int:
        """Calls at this moment."""
        return len(self._calls)

    # --- SIP ------------------------------------------------------------------------------------

    def handle(self, events: Sequence[Event]) -> None:
        """What the server has seen, in its order."""
        for event in events:
            if isinstance(event, Invited):
                self._invited(event)
            elif (call := self._calls.get(event.call)) is not None:  # type: ignore[union-attr]
                _pass_on(call, event)

    def _invited(self, event: Invited) -> None:
        verdict = self._verdict(event)
        if isinstance(verdict, Denial):
            self._deny(event, verdict)
            return
        call = VoiceCall(self._shared, event, verdict, self._ended)
        self._calls[call.tag] = self._dialogues[call.dialogue] = call
        if call.begin():
            self._shared.counts.setups += 1
            self._records[call.trace] = call.record
        else:
            self._ended(call)
            self._deny(event, self._busy)

    def _verdict(self, event: Invited) -> Caller | Denial:
        now = self._shared.clock.seconds()
        if self._draining or len(self._calls) >= self._shared.settings.calls_max:
            return self._busy
        caller = self._trust.admit(event, now)
        if isinstance(caller, Denial):
            return caller
        if event.offer is not None and not is_playable(event.offer):
            return _NAME_IN_SDP
        if not self._numbers.take(caller.msisdn or event.source[0], now):
            return self._storm
        return caller if self._rate.take(now) else self._busy

    def _deny(self, event: Invited, denial: Denial) -> None:
        self._shared.counts.refused[denial.reason] += 1
        log.debug("refused a call", reason=denial.reason, peer=event.source[0])
        self._shared.sip.reject(event.call, denial.status, denial.headers)

    def _ended(self, call: VoiceCall) -> None:
        self._calls.pop(call.tag, None)
        self._dialogues.pop(call.dialogue, None)

    # --- the desk -------------------------------------------------------------------------------

    def tell(self, delivery: ToCall) -> bool:
        """Hand a call what its turn decided; False where it is over already."""
        call = self._dialogues.get(delivery.dialogue)
        if call is not None:
            call.tell(delivery)
        return call is not None

    def record(self, trace: str) -> CallRecord | None:
        """What is known of a call, until its last turn has been told to every observer."""
        return self._records.get(trace)

    def forget(self, arrival: Arrival, outcome: Outcome | Failed, _seconds: float) -> None:
        """An observer of the desk, behind those that ask for records."""
        event = type(arrival.event)
        refused = event is Opened and isinstance(outcome, Outcome) and outcome.deadline is None
        if arrival.channel == "voice" and (refused or event is Released):
            self._records.pop(arrival.trace, None)

    def drain(self) -> None:
        """Take no call any more; those under way go on."""
        self._draining = True

    def hang_up(self) -> None:
        """End each call, charged to its last second."""
        for call in tuple(self._calls.values()):
            call.hang_up()


def _pass_on(call: VoiceCall, event: Event) -> None:
    match event:
        case Acked():
            call.acked()
        case Answered(answer=answer):
            call.answered(answer)
        case Reinvited(offer=offer):
            call.reinvited(offer)
        case Info(content_type=content_type, body=body):
            call.info(content_type, body)
        case Referred(status=status):
            call.referred(status)
        case Cancelled():
            call.cancelled()
        case Ended():
            call.lost(event)
