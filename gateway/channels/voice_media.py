"""The media of one call as offer and answer describe it (RFC 3264)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from gateway.channels.media_leg import Leg
from gateway.channels.voice_settings import Shared
from gateway.wire.rtp.g711 import PCMA, PCMU, Codec
from gateway.wire.rtp.latch import is_usable
from gateway.wire.sip import offer_answer
from gateway.wire.sip.offer_answer import Local, Offer
from gateway.wire.sip.sdp import Sdp

CODECS: Final[dict[str, Codec]] = {codec.name: codec for codec in (PCMA, PCMU)}


def is_playable(offer: Offer) -> bool:
    """Whether its media can be sent to: an IP address (a name would have to be looked up for
    every call), or nowhere for the time being, which is hold."""
    return not offer.sending or is_usable(offer.remote)


class CallMedia:
    """A leg, and what was said of it."""

    __slots__ = ("_described", "_local", "_peer", "_shared", "leg")

    def __init__(self, shared: Shared, peer: str, session_id: int) -> None:
        """`peer` is the address that the signalling comes from."""
        self._shared = shared
        self._peer = peer
        self._local = Local("", 0, session_id)
        self._described: Sdp | None = None
        self.leg: Leg | None = None

    def open(self, offer: Offer | None) -> Leg | None:
        """Ports for the call; None where none is left."""
        codec, event_pt, remote = PCMA, None, None
        if offer is not None:
            codec, event_pt, remote = CODECS[offer.codec], offer.event_pt, offer.remote
        self.leg = leg = self._shared.media.open(codec, event_pt, remote)
        if leg is not None:
            self._local = replace(self._local, host=self._shared.host(self._peer), port=leg.port)
            if offer is not None:
                leg.hold(offer.sending)
        return leg

    def redirect(self, offer: Offer) -> bool:
        """The peer's new description, an offer or an answer; False where it cannot be played."""
        if self.leg is None or not is_playable(offer):
            return False
        self.leg.redirect(offer.remote, CODECS[offer.codec], offer.event_pt)
        self.leg.hold(offer.sending)
        return True

    def answer(self, offer: Offer | None) -> Sdp:
        """Our description: the answer to an offer, or an offer of ours. Its version is raised
        whenever it differs from the one before (RFC 3264 §8)."""
        described = self._build(offer)
        if self._described is not None and described != self._described:
            self._local = replace(self._local, version=self._local.version + 1)
            described = self._build(offer)
        self._described = described
        return described

    def _build(self, offer: Offer | None) -> Sdp:
        return offer_answer.offer(self._local) if offer is None else offer.answer(self._local)

    def close(self) -> None:
        if self.leg is not None:
            self.leg.close()
