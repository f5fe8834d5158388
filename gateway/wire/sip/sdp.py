"""A session description as octets and as values (RFC 4566, 8866).

Only what a call of ours uses is kept: where media goes, in which formats, and the attributes as
they are written. Read tolerantly: missing s= and t= lines, bare line feeds and lines of unknown
types are let through.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from gateway.wire.sip.errors import ProtocolError
from gateway.wire.sip.grammar import parse_integer

CONTENT_TYPE: Final = "application/sdp"
_PORT_MAX: Final = 65535
_MEDIA_MAX: Final = 32
_MALFORMED: Final = "Malformed session description"


@dataclass(frozen=True, slots=True)
class Media:
    """One m= line and what belongs to it; `host` is that of its own c= line, "" where none."""

    kind: str
    port: int
    protocol: str
    formats: tuple[str, ...]
    host: str = ""
    attributes: tuple[str, ...] = ()

    def values(self, name: str) -> list[str]:
        """What follows `a=name:` (or "" after a bare `a=name`), in order."""
        return _values(self.attributes, name)


@dataclass(frozen=True, slots=True)
class Sdp:
    """A session description; `host` is that of the session's c= line, "" where there is none."""

    origin: str
    name: str = "-"
    host: str = ""
    timing: str = "0 0"
    attributes: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()

    def values(self, name: str) -> list[str]:
        """What follows `a=name:` on the session's level."""
        return _values(self.attributes, name)

    def __bytes__(self) -> bytes:
        lines = ["v=0", f"o={self.origin}", f"s={self.name}"]
        lines += _connection(self.host)
        lines.append(f"t={self.timing}")
        lines += [f"a={attribute}" for attribute in self.attributes]
        for media in self.media:
            formats = " ".join(media.formats)
            lines.append(f"m={media.kind} {media.port} {media.protocol} {formats}")
            lines += _connection(media.host)
            lines += [f"a={attribute}" for attribute in media.attributes]
        return "\r\n".join((*lines, "")).encode("utf-8", "surrogateescape")


def _values(attributes: tuple[str, ...], name: str) -> list[str]:
    split = (attribute.partition(":") for attribute in attributes)
    return [value for written, _, value in split if written == name]


def address_of(host: str) -> str:
    """A host with its network and address types, as c= and o= name it: `IN IP4 192.0.2.1`."""
    return f"IN IP{6 if ':' in host else 4} {host}"


def _connection(host: str) -> list[str]:
    return [f"c={address_of(host)}"] if host else []


def parse_sdp(body: bytes) -> Sdp:
    """Read a session description. Raises ProtocolError(400)."""
    rows = _rows(body.decode("utf-8", "surrogateescape"))
    if not rows or rows[0] != ("v", "0"):
        raise ProtocolError(400, _MALFORMED)
    first = next((at for at, (kind, _) in enumerate(rows) if kind == "m"), len(rows))
    session, rest = rows[1:first], rows[first:]
    single = dict(reversed(session))  # of a line given twice the first counts
    sdp = Sdp(
        single.get("o", ""),
        single.get("s", "-"),
        _host(single.get("c", "")),
        single.get("t", "0 0"),
        tuple(value for kind, value in session if kind == "a"),
    )
    return replace(sdp, media=_read_media(rest))


def _rows(text: str) -> list[tuple[str, str]]:
    rows = []
    for line in text.replace("\r\n", "\n").split("\n"):
        kind, equals, value = line.partition("=")
        if equals:
            rows.append((kind.strip(), value))
        elif line.strip():
            raise ProtocolError(400, _MALFORMED)
    return rows


def _read_media(rows: list[tuple[str, str]]) -> tuple[Media, ...]:
    media: list[Media] = []
    for kind, value in rows:
        if kind == "m":
            media.append(_media_line(value))
        elif kind == "c" and not media[-1].host:
            media[-1] = replace(media[-1], host=_host(value))
        elif kind == "a":
            media[-1] = replace(media[-1], attributes=(*media[-1].attributes, value))
    if len(media) > _MEDIA_MAX:
        raise ProtocolError(400, "Too many media in session description")
    return tuple(media)


def _media_line(value: str) -> Media:
    parts = value.split()
    if len(parts) < 4:
        raise ProtocolError(400, _MALFORMED)
    port, _, _ = parts[1].partition("/")
    return Media(parts[0], parse_integer(port, _PORT_MAX, "media port"), parts[2], tuple(parts[3:]))


def _host(value: str) -> str:
    """The host of a c= line, without the time to live of a multicast group."""
    if not value:
        return ""
    parts = value.split()
    if len(parts) != 3 or parts[0].upper() != "IN":
        raise ProtocolError(400, _MALFORMED)
    return parts[2].partition("/")[0]
