"""The telephone of a flow: calls as the voice channel would hold them, in the flow's time.

What is heard is written as its phrases, keys that are secret as stars; the minutes of a paid call
are extended ten seconds before they are over, and money that runs out ends it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from gateway.channels.desk import call_dialogue
from gateway.domain.calls import Announcement, Gather, Refused, Verify
from gateway.domain.port import (
    Arrival,
    Event,
    Opened,
    QuotaSpent,
    Released,
    Replied,
    TimedOut,
    ToCall,
    Verified,
)
from gateway.turn.call import connected, extend
from gateway.turn.unit import Unit

if TYPE_CHECKING:
    from tests.flows.play import Player

EXTEND_BEFORE_SECONDS = 10


def _extend(trace: str, heard: int, now: float, unit: Unit) -> int:
    return extend(unit, trace, heard, now)


@dataclass
class Line:
    """One call."""

    trace: str
    address: str
    answered_at: float = 0.0
    quota: int | None = None
    """The seconds that are paid for; None where it is free."""
    gather: Gather | None = None


class Telephone:
    """Calls of the numbers of a flow, one each."""

    def __init__(self, player: Player, link: str) -> None:
        self.player = player
        self.link = link
        self.lines: dict[str, Line] = {}

    # --- steps --------------------------------------------------------------------------------

    def call(self, number: str) -> None:
        """Call it, and hear how it begins."""
        player = self.player
        player.say(f"calls {number}")
        line = self.lines[player.msisdn] = Line(player.desk.ids.next(), number)
        self._submit(player.msisdn, Opened(number), line.trace)

    def press(self, keys: str) -> None:
        """Keys; they are stars where they are secret."""
        line = self.lines.get(self.player.msisdn)
        secret = line is not None and line.gather is not None and line.gather.secret
        self.player.say(f"presses {'*' * len(keys) if secret else keys}")
        self._submit(self.player.msisdn, Replied(keys))

    def speak(self, word: str) -> None:
        """A word (K24)."""
        self.player.say(f"says {word}")
        self._submit(self.player.msisdn, Replied(word))

    def silence(self) -> None:
        """Nothing is pressed in time."""
        self.player.say("presses nothing")
        self._submit(self.player.msisdn, TimedOut())

    def talk(self, seconds: int) -> None:
        """Stay on the line."""
        player, msisdn = self.player, self.player.msisdn
        player.lines.append(f"({seconds} seconds of the call pass)")
        until = player.now + seconds
        while (line := self.lines.get(msisdn)) is not None and line.quota is not None:
            ends = line.answered_at + line.quota
            if until < ends - EXTEND_BEFORE_SECONDS:
                break
            player.now = max(player.now, ends - EXTEND_BEFORE_SECONDS)
            heard = round(player.now - line.answered_at)
            more = player.read(partial(_extend, line.trace, heard, player.now))
            if more > line.quota:
                line.quota = more
            elif more == line.quota and ends > until:
                break
            else:
                player.now = max(player.now, ends)
                self._submit(msisdn, QuotaSpent())
                player.settle()
        player.now = max(player.now, until)

    def hang_up(self) -> None:
        """The caller does."""
        self.player.say("hangs up")
        self._release(self.player.msisdn, "user")

    # --- what a call is told --------------------------------------------------------------------

    def tell(self, delivery: ToCall) -> bool:
        """Hear it."""
        player, line = self.player, self.lines[delivery.msisdn]
        if isinstance(delivery, Refused):
            player.lines.append(f"  ~ not answered: {delivery.reason}")
            del self.lines[delivery.msisdn]
        elif isinstance(delivery, Verify):
            right = (d for d in delivery.digests if self._verifies(d, delivery))
            self._submit(delivery.msisdn, Verified(next(right, ""), delivery.attempts_left))
        else:
            self._hear(delivery, line)
        return True

    def _hear(self, heard: Announcement, line: Line) -> None:
        player = self.player
        if heard.early:
            player.lines.append(f"  ~ (before the answer) {' '.join(heard.early)}")
        if not line.answered_at:
            line.answered_at = player.now
        if heard.quota_seconds is not None:
            line.quota = player.read(lambda unit: connected(unit, line.trace, player.now))
        line.gather = heard.gather
        player.lines.append(f"  ~ {' '.join(heard.phrases)}")
        if heard.gather is None:
            player.lines.append("  ~ transferred" if heard.transfer else "  ~ hung up")
            self._release(heard.msisdn, "network")

    def _verifies(self, digest: str, verify: Verify) -> bool:
        return self.player.hasher.verify(digest, verify.password, verify.msisdn)

    # --- within -------------------------------------------------------------------------------

    def _release(self, msisdn: str, reason: Any) -> None:
        line = self.lines.pop(msisdn, None)
        if line is not None:
            self._submit(msisdn, Released(reason, self.player.now - line.answered_at), line=line)

    def _submit(self, msisdn: str, event: Event, trace: str = "", line: Line | None = None) -> None:
        line = line or self.lines.get(msisdn)
        if line is None:
            return
        dialogue = call_dialogue(self.link, msisdn, line.trace)
        self.player.submit_arrival(
            Arrival("voice", self.link, msisdn, line.address, dialogue, event, trace=trace)
        )
