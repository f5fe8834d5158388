"""Offer and answer for one stream of G.711 and key presses (RFC 3264, RFC 3551, RFC 4733).

Of the offered media the first audio over RTP/AVP with a codec of ours is taken; every other line
is refused by port 0, in its place. The offerer's order of codecs decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.wire.sip.errors import ProtocolError
from gateway.wire.sip.sdp import Media, Sdp, address_of

CODECS: Final = {"PCMU": "0", "PCMA": "8"}
"""By their static payload types (RFC 3551 §6), which need no rtpmap."""
PTIME_MS: Final = 20
_OFFERED_EVENT_TYPE: Final = "101"
_EVENT: Final = "telephone-event/8000"
_KEYS: Final = "0-15"
_PROTOCOL: Final = "RTP/AVP"
_DYNAMIC_TYPES: Final = range(96, 128)
_NOWHERE: Final = frozenset(("0.0.0.0", "::"))

# what the offerer does -> what we do (RFC 3264 §6.1)
_ANSWERS: Final = {
    "sendrecv": "sendrecv",
    "sendonly": "recvonly",
    "recvonly": "sendonly",
    "inactive": "inactive",
}
_WE_SEND: Final = frozenset(("sendrecv", "sendonly"))
_INCOMPATIBLE: Final = (("Warning", '305 - "Incompatible media format"'),)


@dataclass(frozen=True, slots=True)
class Local:
    """Our end of the media: address (IP), RTP port, and o= session id and version (RFC 4566 §5.2).

    The version is raised by one whenever a description of ours differs from the one before.
    """

    host: str
    port: int
    session_id: int
    version: int = 1

    def describe(self, media: tuple[Media, ...], timing: str = "0 0") -> Sdp:
        """A description of ours with these media."""
        origin = f"- {self.session_id} {self.version} {address_of(self.host)}"
        return Sdp(origin, host=self.host, timing=timing, media=media)


@dataclass(frozen=True, slots=True)
class Offer:
    """What the peer's description lets us do: of an offer, or of the answer to ours."""

    sdp: Sdp
    index: int
    """Which of its media is taken."""
    codec: str
    event_pt: int | None
    """Payload type of telephone-event, None: none was offered."""
    remote: tuple[str, int]
    """Where its RTP goes: host as written, port."""
    direction: str
    """What we do: "sendrecv", "recvonly", "sendonly", "inactive"."""
    ptime_ms: int | None

    @property
    def sending(self) -> bool:
        """Whether we may send: not on hold (RFC 3264 §8.4)."""
        return self.direction in _WE_SEND and self.remote[0] not in _NOWHERE

    def answer(self, local: Local) -> Sdp:
        """The answer from `local`: as many media as were offered, in their order (§6)."""
        media = tuple(
            _audio(local, self.codec, self.event_pt, self.direction)
            if index == self.index
            else Media(offered.kind, 0, offered.protocol, offered.formats)
            for index, offered in enumerate(self.sdp.media)
        )
        return local.describe(media, self.sdp.timing)


def offer(local: Local, codecs: tuple[str, ...] = ("PCMA", "PCMU")) -> Sdp:
    """An offer of ours, the best codec first."""
    first, *others = codecs
    audio = _audio(local, first, int(_OFFERED_EVENT_TYPE), "sendrecv", tuple(others))
    return local.describe((audio,))


def _audio(
    local: Local, codec: str, event_pt: int | None, direction: str, others: tuple[str, ...] = ()
) -> Media:
    codecs = {CODECS[name]: f"{name}/8000" for name in (codec, *others)}
    events = {} if event_pt is None else {str(event_pt): _EVENT}
    maps = codecs | events
    attributes = [f"rtpmap:{number} {encoding}" for number, encoding in maps.items()]
    attributes += [f"fmtp:{number} {_KEYS}" for number in events]
    attributes += [f"ptime:{PTIME_MS}", direction]
    return Media("audio", local.port, _PROTOCOL, tuple(maps), attributes=tuple(attributes))


def read_offer(sdp: Sdp) -> Offer:
    """What we take of a description.

    Raises ProtocolError(488) where nothing fits, ProtocolError(400) where it says not where to.
    """
    usable = ((index, codec) for index, media in enumerate(sdp.media) if (codec := _codec(media)))
    index, codec = next(usable, (-1, ""))
    if not codec:
        raise ProtocolError(488, headers=_INCOMPATIBLE)
    media = sdp.media[index]
    host = media.host or sdp.host
    if not host:
        raise ProtocolError(400, "Media without a connection address")
    return Offer(
        sdp,
        index,
        codec,
        _event_type(media),
        (host, media.port),
        _ANSWERS[_direction(media.attributes) or _direction(sdp.attributes) or "sendrecv"],
        _ptime(media),
    )


def _maps(media: Media) -> dict[str, str]:
    """Payload type -> encoding in upper case, of what rtpmap attributes say."""
    rows = (value.split() for value in media.values("rtpmap"))
    return {row[0]: row[1].upper() for row in rows if len(row) == 2}


def _codec(media: Media) -> str | None:
    if not media.port or media.kind != "audio" or media.protocol.upper() != _PROTOCOL:
        return None
    maps = _maps(media)
    for number in media.formats:
        for name, static in CODECS.items():
            if number == static and maps.get(number, f"{name}/8000").split("/")[0] == name:
                return name
    return None


def _event_type(media: Media) -> int | None:
    for number, encoding in _maps(media).items():
        if encoding == _EVENT.upper() and number in media.formats and number.isdecimal():
            return int(number) if int(number) in _DYNAMIC_TYPES else None
    return None


def _direction(attributes: tuple[str, ...]) -> str | None:
    return next((attribute for attribute in attributes if attribute in _ANSWERS), None)


def _ptime(media: Media) -> int | None:
    values = media.values("ptime")
    return int(values[0]) if values and values[0].isdecimal() and len(values[0]) < 5 else None
