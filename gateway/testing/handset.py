"""The handset of a phone under test: whatever comes is told at once, nothing is waited for.

Rule: all of it is in the reactor's thread; what is wrong with an action is told as what comes.
"""

from __future__ import annotations

from typing import Any, Protocol

from twisted.internet.defer import Deferred

from gateway.replay.handset import Action, Lost, NotPlayed, Received, Wants
from gateway.replay.live import LiveHandset
from gateway.replay.network import Network
from gateway.testing.story import Came, Screen, Trouble

_NOTHING_AWAITED = Wants(text=False)


class Owner(Protocol):
    """Whose handset it is."""

    def came(self, what: Came | Exception) -> None:
        """A page, or what is wrong."""
        ...

    def texted(self, received: Received) -> None:
        """An SMS."""
        ...


class Handset(LiveHandset):
    """One subscriber behind the binds of a network, without calls."""

    def __init__(self, msisdn: str, network: Network, owner: Owner) -> None:
        super().__init__(msisdn, network, None)
        self._owner = owner

    def page(self, text: str, more: bool) -> None:
        """A USSD page."""
        self._owner.came(Screen(text, more))

    def sms(self, received: Received) -> None:
        """A whole SMS."""
        self._owner.texted(received)

    def lost(self, fault: Lost) -> None:
        """No bind is left."""
        super().lost(fault)
        self._owner.came(Trouble(str(fault)))

    def perform(self, action: Action) -> None:
        """Begin an action."""
        acting = Deferred.fromCoroutine(self.act(action, _NOTHING_AWAITED))
        acting.addErrback(self._failed)

    def _failed(self, failure: Any) -> None:
        known = failure.check(NotPlayed, Lost)
        self._owner.came(Trouble(str(failure.value)) if known else failure.value)
