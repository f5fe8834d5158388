"""The telephone of a handset on the network: what is done with a call, and what that brings.

Rule: a step is done when what follows it was told in words and sound of it was heard, so a call
without sound fails; behind the last words of a call it is done when the gateway has ended it.
"""

from __future__ import annotations

from typing import Final

from gateway.replay.caller import Caller
from gateway.replay.handset import Action, Lost, NotPlayed, Verb, Wants
from gateway.replay.line import Line, Said
from gateway.replay.waiting import Waiting

SOUND_PACKETS_MIN: Final = 3
"""Of sound, 60 ms: one packet may still be of what was said before."""
LATE_SECONDS: Final = 0.3
"""How much later than its last key the answer to several keys may be told."""
KEYS_SECONDS_MAX: Final = 15.0
ANSWER_SECONDS_MAX: Final = 60.0
"""How long a call may ring, or tell its price, before it is answered."""
SILENCE_SECONDS_MAX: Final = 180.0
"""How long it may take until nothing pressed is noticed: a menu is said to its end before."""
GOODBYE_SECONDS_MAX: Final = 60.0
DROP_SECONDS_MAX: Final = 120.0
"""How long the gateway may take to find out that a caller is gone."""
VERBS: frozenset[Verb] = frozenset(("call", "press"))
"""What is done with a telephone alone."""


class Telephone:
    """One call at a time."""

    def __init__(self, msisdn: str, caller: Caller | None, waiting: Waiting) -> None:
        """Without `caller` no voice is served."""
        self._msisdn = msisdn
        self._caller = caller
        self._waiting = waiting
        self._line: Line | None = None

    @property
    def _tells(self) -> bool:
        """The gateway tells in words what is said."""
        return self._caller is not None and self._caller.api is not None

    @property
    def is_busy(self) -> bool:
        """A call is under way."""
        return self._line is not None and self._line.up

    @property
    def was_used(self) -> bool:
        """There was a call, and it is the last thing that was done."""
        return self._line is not None

    def forget(self) -> None:
        """Something else is done: a call that is over is no longer what can be hung up."""
        if not self.is_busy:
            self._line = None

    # --- the line's ear -----------------------------------------------------------------------

    def changed(self) -> None:
        """Something came."""
        self._waiting.look()

    def lost(self, fault: Lost) -> None:
        """The gateway went away."""
        self._waiting.lost(fault)

    # --- verbs --------------------------------------------------------------------------------

    async def call(self, action: Action, wants: Wants) -> None:
        """Call, and hear how it begins: until it was answered, or refused."""
        caller = self._caller
        if caller is None:
            raise NotPlayed("a call needs the gateway's SIP (--sip HOST:PORT)")
        if self.is_busy:
            raise NotPlayed("a call is under way")
        self._line = line = caller.call(self._msisdn, action.text, self)
        await self._hear(line, 0, 0, wants.within_seconds)
        await self._waiting.until(lambda: line.answered or not line.up, ANSWER_SECONDS_MAX)

    async def press(self, action: Action, wants: Wants) -> None:
        """Press keys, and hear what follows the last one that is an answer."""
        line = self._line
        if line is None or not line.up:
            raise NotPlayed("no call is under way")
        before = len(line.said)
        line.press(action.text)
        await self._waiting.until(lambda: not line.keys_waiting, KEYS_SECONDS_MAX)
        told = len(line.said)
        within_seconds = LATE_SECONDS if told > before else wants.within_seconds
        await self._hear(line, before, told, within_seconds)

    async def silence(self) -> None:
        """Press nothing, and hear what is said to that."""
        assert self._line is not None, "a call is under way"
        told = len(self._line.said)
        await self._hear(self._line, told, told, SILENCE_SECONDS_MAX)

    async def hang_up(self, wants: Wants) -> None:
        """Hang up; done once the gateway has settled what the call cost."""
        line = self._line
        if line is not None and line.up:
            line.hang_up()
            await self._over(line, wants.within_seconds)

    async def drop(self) -> None:
        """Send nothing any more; done once the gateway has found out and settled the call."""
        line = self._line
        assert line is not None, "a call is under way"
        assert self._caller is not None, "it was made by one"
        self._caller.drop(self._msisdn)
        if not await self._over(line, DROP_SECONDS_MAX):
            raise NotPlayed(f"the gateway has not ended the call in {DROP_SECONDS_MAX:g} s")

    # --- what was brought ---------------------------------------------------------------------

    async def ended(self) -> list[Said]:
        """All that was said since it was last asked, once a call whose last words they are has
        come to its end."""
        line = self._line
        if line is None:
            return []
        if line.said and not line.said[-1].waits:
            await self._over(line, GOODBYE_SECONDS_MAX)
        said, line.said = line.said, []
        return said

    def answer_seconds(self) -> float | None:
        """From the INVITE or the last key to the first sound of the answer."""
        line = self._line
        return None if line is None or line.heard_at is None else line.heard_at - line.asked_at

    async def _hear(self, line: Line, before: int, told: int, within_seconds: float) -> None:
        """Hear what is said beyond the first `told` announcements, of which those beyond `before`
        are of this step. Raises NotPlayed where nothing comes."""
        until, heard = self._waiting.until, line.sounds
        if self._tells:
            await until(lambda: len(line.said) > told or not line.up, within_seconds)
            if not line.up:  # the reason may be told a little later than SIP does
                await until(lambda: len(line.said) > told, LATE_SECONDS)
            if len(line.said) <= before:
                raise NotPlayed(f"nothing was said: {line.why}" if line.why else "nothing was said")
            if not line.said[-1].prompts:
                return
            heard = line.said[-1].sounds
        await until(lambda: self._sounds(line, heard) or not line.up, within_seconds)
        if not self._sounds(line, heard):
            raise NotPlayed(f"no sound came: {line.why}" if line.why else "no sound came")

    def _sounds(self, line: Line, heard: int) -> bool:
        return line.heard_at is not None and line.sounds >= heard + SOUND_PACKETS_MIN

    async def _over(self, line: Line, within_seconds: float) -> bool:
        """The call is over, as far as the gateway tells; whether that came in time."""
        return await self._waiting.until(
            lambda: not line.up and (line.settled or not self._tells), within_seconds
        )
