"""A call of a phone: what is said in it once its sound was heard, and how it ends.

Rule: the words are the gateway's own account, the sound is RTP: words of which no sound comes are
told as just that. All of it is in the reactor's thread, but for waiting until it is over.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Event
from typing import Final

from gateway.replay.caller import Caller
from gateway.replay.handset import Lost, NotPlayed
from gateway.replay.line import Line, Said
from gateway.testing.story import Came, Ended, Screen, Trouble

SOUND_PACKETS_MIN: Final = 3
"""Of sound, 60 ms: one packet may still be of what was said before."""
LOST_SECONDS: Final = 0.5
"""A BYE of the gateway's that has not come by then is not coming."""


class Call:
    """One call, from the INVITE on."""

    def __init__(
        self, msisdn: str, number: str, caller: Caller, came: Callable[[Came], None]
    ) -> None:
        """Call; `came` is told in its order what is heard, and the end where it is the gateway's.
        Raises Lost, and NotPlayed where no port is left."""
        self._msisdn = msisdn
        self._caller = caller
        self._came = came
        self._unheard: deque[Said] = deque()
        self._keys = ""
        self._reason = ""
        self._quiet = self._told = False
        self._settled, self._down = Event(), Event()
        self._line: Line | None = None
        self._line = caller.call(msisdn, number, self)

    # --- what is done ---------------------------------------------------------------------------

    @property
    def up(self) -> bool:
        """It is not over."""
        return self._line is not None and self._line.up

    def press(self, keys: str) -> None:
        """Press keys; before the answer they wait for it. Raises NotPlayed."""
        if not self.up:
            raise NotPlayed("the call is over")
        self._keys += keys
        self._press()

    def hang_up(self) -> None:
        """Hang up."""
        assert self._line is not None, "it was made"
        self._quiet = True
        self._line.hang_up()

    def drop(self) -> None:
        """The network loses it: the gateway has to find out."""
        self._quiet = True
        self._caller.drop(self._msisdn)

    def wait(self, seconds: float) -> bool:
        """Wait, in any other thread, until the gateway has settled what it cost and ended it;
        False where the time is over before. An end that is lost on its way is not waited for."""
        settled = self._settled.wait(seconds)
        return settled and (self._down.wait(LOST_SECONDS) or settled)

    # --- the line's ear -------------------------------------------------------------------------

    def changed(self) -> None:
        """Something came: words, sound, the answer, the end."""
        line = self._line
        if line is None:
            return
        said, line.said = line.said, []
        self._unheard += said
        while self._unheard and self._was_heard(line, self._unheard[0]):
            self._hear(self._unheard.popleft())
        if line.settled or not (line.up or line.answered):
            self._settled.set()
        if line.up:
            self._press()
        else:
            self._end(line)

    def lost(self, fault: Lost) -> None:
        """The gateway went away."""
        self._came(Trouble(str(fault)))
        self._settled.set()
        self._down.set()

    def _press(self) -> None:
        if self._line is not None and self._line.answered and self._keys:
            keys, self._keys = self._keys, ""
            try:
                self._line.press(keys)
            except NotPlayed as fault:
                self._came(Trouble(str(fault)))

    def _was_heard(self, line: Line, said: Said) -> bool:
        sounds = line.sounds - said.sounds
        return not said.prompts or (line.heard_at is not None and sounds >= SOUND_PACKETS_MIN)

    def _hear(self, said: Said) -> None:
        if said.prompts:
            words = " ".join(said.phrases)
            self._came(Screen(words, said.waits, said.prompts))
        else:
            self._reason = said.phrases[0]

    def _end(self, line: Line) -> None:
        self._down.set()
        if self._told or self._quiet:
            return
        self._told = True
        for said in self._unheard:
            self._came(Trouble(f"no sound came of {' '.join(said.phrases)!r}: {line.why}"))
        why = f"{line.why} ({self._reason})" if self._reason else line.why
        self._came(Ended(self, why) if line.answered else Trouble(why))
