"""The user agent server whole: octets in, events out, commands in, octets out; time is an argument.

A command is False, and nothing is sent, where its call is over or waits for no such thing.
"""

from __future__ import annotations

from typing import Final

from gateway.wire.sip.call import Call
from gateway.wire.sip.errors import Fields
from gateway.wire.sip.sdp import Sdp
from gateway.wire.sip.server import Server
from gateway.wire.sip.usage import CallState

_STOPPED: Final = 503
_NORMAL_CLEARING: Final = 16


class SipUas(Server):
    """Every call of one service, over every transport. `call` is the key that `Invited` gave."""

    def progress(
        self,
        call: str,
        now: float,
        sdp: Sdp | None = None,
        status: int = 183,
        headers: Fields = (),
    ) -> bool:
        """A provisional response to the INVITE, reliable where the peer can (RFC 3262)."""
        return (one := self._call(call)) is not None and one.progress(now, sdp, status, headers)

    def answer(self, call: str, now: float, sdp: Sdp) -> bool:
        """200 to the INVITE, re-INVITE or UPDATE that waits; held back until a reliable
        provisional response under way is acknowledged."""
        return (one := self._call(call)) is not None and one.answer(now, sdp)

    def reject(
        self, call: str, now: float, status: int, reason: str = "", headers: Fields = ()
    ) -> bool:
        """A failure to what waits; without a `reason` the standard phrase."""
        return (one := self._call(call)) is not None and one.reject(now, status, reason, headers)

    def hang_up(self, call: str, now: float, cause: int = _NORMAL_CLEARING, text: str = "") -> bool:
        """End a call in whatever state it is, with a Q.850 cause (RFC 3326)."""
        return (one := self._call(call)) is not None and one.hang_up(now, cause, text)

    def refer(self, call: str, now: float, target: str) -> bool:
        """Transfer the caller to a URI; `Referred` tells how it goes (RFC 3515)."""
        return (one := self._call(call)) is not None and one.refer(now, target)

    def reinvite(self, call: str, now: float, sdp: Sdp) -> bool:
        """Offer anew; `Answered` or `Refused` follows."""
        return (one := self._call(call)) is not None and one.reinvite(now, sdp)

    def close(self, now: float) -> None:
        """The service stops: calls not yet answered get 503, the others BYE."""
        for call in list(self._calls.values()):
            if call.state is CallState.INVITED:
                call.reject(now, _STOPPED, "", ())
            else:
                call.hang_up(now, _NORMAL_CLEARING, "")

    def _call(self, tag: str) -> Call | None:
        call = self._calls.get(tag)
        return None if call is None or call.hung_up else call
