"""One call: its SIP dialog, its media and its turns joined, from the INVITE to the last second.

What it is told (`domain/calls.py`) it plays, collects, refuses or verifies; what happens to it
becomes an arrival. Its time is that of the media, monotonic, and counts from the 200; a call that
was lost counts up to the last packet heard, so that nobody is charged for silence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal

from twisted.logger import Logger

from gateway.channels.desk import Failed
from gateway.channels.voice_causes import (
    LOSSES,
    NORMAL,
    REASONS,
    RECOVERY_ON_TIMER,
    REFUSALS,
    TEMPORARY_FAILURE,
    By,
)
from gateway.channels.voice_media import CallMedia
from gateway.channels.voice_quota import Quota
from gateway.channels.voice_settings import CallRecord, Shared
from gateway.channels.voice_talk import Talk
from gateway.channels.voice_trust import Caller
from gateway.channels.voice_turns import Turns
from gateway.domain.calls import Announcement, Refused, Verify
from gateway.domain.port import (
    QuotaSpent,
    Released,
    Replied,
    TimedOut,
    ToCall,
    Verified,
)
from gateway.turn.outcome import Outcome
from gateway.wire.sip.errors import Fields
from gateway.wire.sip.events import Ended, Invited
from gateway.wire.sip.offer_answer import Offer

log = Logger()

TRANSFER_SECONDS_MAX: Final = 30.0
"""An operator that has not answered by then will not; the caller has heard the good-bye."""


class VoiceCall:
    """Made by an INVITE; `ended(call)` is told once, when nothing more comes of it."""

    def __init__(
        self, shared: Shared, invited: Invited, caller: Caller, ended: Callable[[VoiceCall], None]
    ) -> None:
        self.tag = invited.call
        self.record = CallRecord(shared.desk.now())
        self._shared = shared
        self._turns = turns = Turns(
            shared.desk, shared.clock, caller, invited.dialled, self._turned
        )
        self.trace, self.dialogue, self.begin = turns.trace, turns.dialogue, turns.begin
        self._invited_at = shared.clock.seconds()
        self._offer = invited.offer
        self._media = CallMedia(shared, invited.source[0], int(self.trace, 36))
        self._when_ended = ended
        self._talk: Talk | None = None
        self._language: Literal["ru", "en"] = "ru"
        self._quota: Quota | None = None
        self._answered_at: float | None = None
        self._entered_at: float | None = None
        self._up = False
        self._over = False
        self._transferring: Any = None

    # --- turns ----------------------------------------------------------------------------------

    def _turned(self, outcome: Outcome | Failed) -> None:
        if isinstance(outcome, Failed):
            self._fail()
        elif "answer_invalid" in outcome.notes:
            self._shared.counts.inputs["no_match"] += 1

    def _fail(self) -> None:
        """A turn failed: say so, and end the call."""
        if self._over:
            return
        if self._talk is None or self._answered_at is None:
            self._reject(500, TEMPORARY_FAILURE)
            self._end("gateway", TEMPORARY_FAILURE, 500)
            return
        shared, language = self._shared, self._language
        clips = shared.clips(shared.apology(language), language)
        self._talk.say(clips, lambda: self.hang_up(TEMPORARY_FAILURE))

    # --- what it is told ------------------------------------------------------------------------

    def tell(self, delivery: ToCall) -> None:
        """Carry out what a turn decided."""
        match delivery:
            case Refused(reason=reason):
                status, cause = REFUSALS[reason]
                self._shared.counts.refused[reason] += 1
                self._reject(status, cause)
                self._end("gateway", cause, status, released=False)
            case Verify():
                self._verify(delivery)
            case Announcement() if self._talk is None:
                self._open(delivery)
            case Announcement():
                self._hear(delivery)

    def _open(self, first: Announcement) -> None:
        """The first announcement: early media, or the answer at once."""
        shared = self._shared
        leg = self._media.open(self._offer)
        if leg is None:
            retry = (("Retry-After", str(shared.settings.retry_after_seconds)),)
            self._reject(503, TEMPORARY_FAILURE, retry)
            self._end("gateway", TEMPORARY_FAILURE, 503)
            return
        leg.on_dead = self._media_died
        self._talk = Talk(leg, shared.clock, self._entered, self._silent, self.record.heard)
        early = shared.clips(first.early, first.language)
        shared.setup_seconds(shared.clock.seconds() - self._invited_at)
        if not early:
            self._answer(first)
        elif self._offer is not None and shared.sip.progress(
            self.tag, self._media.answer(self._offer)
        ):
            self._talk.say(early, lambda: self._answer(first))
        else:  # nowhere to send to before the answer: said behind it, and not paid for
            self._answer()
            self._talk.say(early, lambda: self._hear(first))

    def _hear(self, said: Announcement) -> None:
        shared, talk = self._shared, self._talk
        assert talk is not None, "it is made with the first announcement"
        if said.quota_seconds is not None:
            self._pay(said.quota_seconds)
        if self._entered_at is not None:
            shared.response_seconds(shared.clock.seconds() - self._entered_at)
            self._entered_at = None
        self._language = said.language
        shared.counts.announcements[said.language] += 1
        clips = shared.clips(said.phrases, said.language)
        if said.gather is not None:
            talk.ask(clips, said.gather)
        else:
            if self._quota is not None:
                self._quota.end()  # no further minute for a good-bye
            talk.say(clips, self._transfer if said.transfer else self.hang_up)

    def _verify(self, asked: Verify) -> None:
        def verified(digest: str) -> None:
            self._turns.take(Verified(digest, asked.attempts_left))

        def failed(failure: Any) -> None:
            log.failure("a password could not be checked", failure)
            self._fail()

        checked = self._shared.verify(asked.msisdn, asked.digests, asked.password)
        checked.addCallbacks(verified, failed)

    # --- what it does ---------------------------------------------------------------------------

    def _entered(self, keys: str) -> None:
        self._shared.counts.inputs["entered"] += 1
        self._entered_at = self._shared.clock.seconds()
        self._turns.take(Replied(keys))

    def _silent(self) -> None:
        self._shared.counts.inputs["no_input"] += 1
        self._turns.take(TimedOut())

    def _answer(self, first: Announcement | None = None) -> None:
        shared = self._shared
        shared.sip.answer(self.tag, self._media.answer(self._offer))
        shared.counts.answered += 1
        self._answered_at = shared.clock.seconds()
        self.record.answered_at, self.record.status = shared.desk.now(), 200
        if first is not None:
            self._hear(first)

    def _pay(self, seconds: int) -> None:
        """From here on the call is paid for; what was said before is not."""
        shared = self._shared
        self._answered_at = shared.clock.seconds()
        self._quota = Quota(shared.clock, seconds, self._turns.extend, self._spent)
        self._turns.connected()

    def _spent(self) -> None:
        self._turns.take(QuotaSpent())

    def _transfer(self) -> None:
        """To the operator, where one is configured (RFC 3515)."""
        shared, target = self._shared, self._shared.settings.operator
        if not target:
            self.hang_up()
        elif self._transferring is None:
            self._transferring = shared.clock.callLater(TRANSFER_SECONDS_MAX, self.hang_up)
        if self._up and not self._over and not shared.sip.refer(self.tag, target):
            self.hang_up()

    # --- what happens to it ---------------------------------------------------------------------

    def acked(self) -> None:
        """The ACK of our 200 came: from here on silence is death."""
        self._up = True
        if self._media.leg is not None:
            self._media.leg.watch()
        if self._transferring is not None:
            self._transfer()

    def answered(self, answer: Offer) -> None:
        """The peer's answer to an offer of ours."""
        self._media.redirect(answer)

    def reinvited(self, offer: Offer | None) -> None:
        """The peer offers anew, or asks for our offer."""
        media, sip = self._media, self._shared.sip
        if media.leg is None:
            sip.reject(self.tag, 500)
        elif offer is not None and not media.redirect(offer):
            sip.reject(self.tag, 488)
        else:
            sip.answer(self.tag, media.answer(offer))

    def info(self, content_type: str, body: bytes) -> None:
        """A key by SIP INFO."""
        if self._media.leg is not None:
            self._media.leg.info(content_type, body)

    def referred(self, status: int) -> None:
        """How the transfer goes; whatever its end, it is that of this call."""
        self.record.transferred = 200 <= status < 300
        if status >= 200:
            self.hang_up()

    def cancelled(self) -> None:
        """The caller gave up before the answer."""
        self._end("caller", NORMAL, 487)

    def lost(self, ended: Ended) -> None:
        """A BYE, or a peer that is gone."""
        by: By = "caller" if ended.by == "peer" else "network"
        usual = LOSSES.get(ended.by, RECOVERY_ON_TIMER)
        self._end(by, ended.cause or usual, self.record.status)

    def _media_died(self, heard_at: float) -> None:
        self._shared.sip.hang_up(self.tag, TEMPORARY_FAILURE)
        self._end("network", TEMPORARY_FAILURE, self.record.status)

    def hang_up(self, cause: int = NORMAL) -> None:
        """End the call: by BYE, or 480 where it was not answered."""
        if not self._over:
            self._shared.sip.hang_up(self.tag, cause)
            self._end("gateway", cause, self.record.status or 480)

    def _reject(self, status: int, cause: int, headers: Fields = ()) -> None:
        reason = ("Reason", f"Q.850;cause={cause}")  # RFC 6432
        self._shared.sip.reject(self.tag, status, (reason, *headers))

    # --- the end --------------------------------------------------------------------------------

    def _end(self, by: By, cause: int, status: int, released: bool = True) -> None:
        """Nothing more comes of it; what was heard is charged. `released`: the turn is told."""
        if self._over:
            return
        self._over = True
        record, shared = self.record, self._shared
        record.hung_up_by, record.cause, record.status = by, cause, status
        record.seconds = self._heard_seconds(by)
        if self._talk is not None:
            self._talk.end()
        if self._quota is not None:
            self._quota.end()
        if self._transferring is not None and self._transferring.active():
            self._transferring.cancel()
        self._media.close()
        shared.counts.ended[by] += 1
        if released:
            self._turns.end(Released(REASONS[by], record.seconds))
        self._when_ended(self)

    def _heard_seconds(self, by: By) -> float:
        if self._answered_at is None:
            return 0.0
        until: float = self._shared.clock.seconds()
        if by == "network" and self._media.leg is not None:
            until = self._media.leg.heard_at
        return max(0.0, until - self._answered_at)
