"""The stage of a call: how what the menu came to is said, and when a call ends by itself.

Its deadline is that of the whole call, and of one that makes no progress.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from gateway.accounts.book import Charge
from gateway.domain.calls import Announcement, Gather, Verify
from gateway.domain.port import Language, Output, Prompt, Query, Screen, TimedOut
from gateway.menu.compiled import Voice
from gateway.render.ivr import Playlist, playlist, speak
from gateway.render.speech.phrases import voice_of
from gateway.turn.dialogue import Dialogue
from gateway.turn.outcome import Outcome

CLOSING_SECONDS_MAX = 120.0
"""How long after its last announcement the end of a call is waited for."""


class Speaking(Dialogue):
    """Carries out what a call decides."""

    __slots__ = ()

    @property
    def voice(self) -> Voice:
        """How calls are led."""
        return self.menus.settings.calls

    # --- saying -------------------------------------------------------------------------------

    def hear(
        self,
        output: Output,
        charge: Charge | None = None,
        early: Playlist = (),
        quota_seconds: int | None = None,
        result: str = "",
    ) -> Outcome:
        """Say what the menu came to."""
        if isinstance(output, Query):
            return self._verify(output)
        screen = output.screen
        assert screen is not None, "a call never ends without a word"
        phrases = playlist(screen, self.menus.settings.utc_offset_seconds)
        gather = _gather(screen, self.voice) if isinstance(output, Prompt) else None
        transfer = gather is None and self.cursor.state == self.voice.operator
        self.announce(screen.language, phrases, gather, early, quota_seconds, transfer)
        self.session.secret = screen.expect.secret and gather is not None
        self.session.typed = screen.expect.kind != "choice" and gather is not None
        if isinstance(output, Prompt):
            return self.wait(charge)
        return self.closing(result or output.result, charge)

    def announce(
        self,
        language: Language,
        phrases: Playlist,
        gather: Gather | None,
        early: Playlist = (),
        quota_seconds: int | None = None,
        transfer: bool = False,
    ) -> None:
        """One announcement; without `gather` it is the last."""
        arrival = self.arrival
        self.deliveries.append(
            Announcement(
                arrival.link,
                arrival.dialogue,
                arrival.msisdn,
                voice_of(language),
                phrases,
                gather,
                early,
                quota_seconds,
                transfer,
            )
        )

    def said(self, text_id: str, **values: int) -> Playlist:
        """A text of the catalogue."""
        language = self.subscriber.language
        offset = self.menus.settings.utc_offset_seconds
        return speak(self.menus.speech(text_id, language, values), language, offset)

    def _verify(self, query: Query) -> Outcome:
        """A password is compared outside of the turn; no session ever holds it."""
        arrival, begun = self.arrival, self.pending
        rows = cast(tuple[Mapping[str, str], ...], begun["digests"])
        self.deliveries.append(
            Verify(
                arrival.link,
                arrival.dialogue,
                arrival.msisdn,
                tuple(row["digest"] for row in rows),
                str(query.arguments["password"]),
                cast(int, begun["left"]),
            )
        )
        return self.wait(None)

    # --- waiting and ending -------------------------------------------------------------------

    def hang_up(self, result: str) -> Outcome:
        """End it without a word."""
        self.announce("ru", (), None)
        return self.closing(result, None)

    def closing(self, result: str, charge: Charge | None) -> Outcome:
        """The last words are being said; the channel tells when it is over."""
        self.session.closing = result
        return self.wait(charge)

    def deadline(self) -> float:
        """Of the whole call, and of one without progress: silence and wrong keys are none."""
        session = self.session
        if session.closing:
            return self.now + CLOSING_SECONDS_MAX
        if not self.valid or isinstance(self.arrival.event, TimedOut):
            return session.deadline
        longest = session.opened_at + self.voice.call_seconds_max
        return min(self.now + self.voice.progress_seconds_max, longest)


def _gather(screen: Screen, voice: Voice) -> Gather:
    """What a screen waits for, on a keypad. A subscriber's number has ten digits there."""
    expect = screen.expect
    keys_max = expect.length_min if expect.kind == "msisdn" else expect.length_max
    return Gather(
        keys_max=keys_max,
        terminator=voice.end if keys_max > 1 else "",
        instant=voice.instant,
        first_key_seconds=voice.first_key_seconds,
        next_key_seconds=voice.next_key_seconds,
        barge_in=screen.barge_in,
        type_ahead=not expect.secret,
        secret=expect.secret,
    )
