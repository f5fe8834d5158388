"""The session description in a body: alone, or one part of multipart/mixed (RFC 5621)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gateway.wire.sip.errors import ProtocolError
from gateway.wire.sip.headers import MediaType, param_text, parse_media_type
from gateway.wire.sip.message import HEAD_END, Headers, Request, Response
from gateway.wire.sip.sdp import CONTENT_TYPE, Sdp, parse_sdp

ACCEPT: Final = (("Accept", "application/sdp, multipart/mixed"),)
_MULTIPART: Final = frozenset(("multipart/mixed", "multipart/alternative", "multipart/related"))
_PARTS_MAX: Final = 16


def media_type_of(headers: Headers) -> MediaType:
    """The media type of a body, "" where none is named. Raises ProtocolError(400)."""
    value = headers.get("content-type")
    return MediaType("", {}) if value is None else parse_media_type(value)


def sdp_of(message: Request | Response) -> Sdp | None:
    """The session description of a message, None where it has no body.

    Raises ProtocolError(415) for a body that holds none or is encoded, ProtocolError(400) for one
    that is malformed (RFC 3261 §8.2.3).
    """
    if not message.body:
        return None
    encodings = message.headers.tokens("content-encoding")
    if any(encoding != "identity" for encoding in encodings):
        raise ProtocolError(415, headers=(*ACCEPT, ("Accept-Encoding", "identity")))
    kind = media_type_of(message.headers)
    if kind.name == CONTENT_TYPE:
        return parse_sdp(message.body)
    if kind.name in _MULTIPART:
        for part_headers, body in _parts(message.body, param_text(kind.params, "boundary")):
            if media_type_of(part_headers).name == CONTENT_TYPE:
                return parse_sdp(body)
    raise ProtocolError(415, headers=ACCEPT)


def _parts(body: bytes, boundary: str) -> Iterator[tuple[Headers, bytes]]:
    """The parts of a multipart body (RFC 2046 §5.1.1): what their headers say, and their octets."""
    if not boundary:
        raise ProtocolError(400, "Multipart body without a boundary")
    delimiter = b"--" + boundary.encode("utf-8", "surrogateescape")
    _, *parts = body.split(delimiter, _PARTS_MAX)
    for part in parts:
        if part.startswith(b"--"):
            return
        # the headers may be none: then the empty line comes at once
        end = HEAD_END.search(part)
        if end is None:
            raise ProtocolError(400, "Malformed multipart body")
        rows = part[: end.start()].decode("utf-8", "surrogateescape").splitlines()
        fields = (row.partition(":") for row in rows if ":" in row)
        headers = Headers((name.strip(), value.strip()) for name, _, value in fields)
        yield headers, part[end.end() :].removesuffix(b"\n").removesuffix(b"\r")
