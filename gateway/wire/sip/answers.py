"""A response made of its request: what says the way back is copied raw (RFC 3261 §8.2.6)."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from gateway.wire.sip.errors import Fields, ProtocolError
from gateway.wire.sip.headers import parse_address
from gateway.wire.sip.message import Headers, Request, Response
from gateway.wire.sip.sdp import CONTENT_TYPE, Sdp
from gateway.wire.sip.status import phrase_of

_TRYING: Final = 100
_TAG_CHARACTERS: Final = 16


def build_response(
    request: Request,
    status: int,
    tag: str,
    reason: str = "",
    headers: Fields = (),
    sdp: Sdp | None = None,
) -> Response:
    """The response with a status to a request, under our tag `tag`.

    A provisional one past 100 and a 2xx to an INVITE carry its Record-Route (§12.1.1). A request
    that lacks a field is answered without it.
    """
    asked = request.headers
    fields = [("Via", value) for value in asked.all("via")]
    if request.method == "INVITE" and _TRYING < status < 300:
        fields += [("Record-Route", value) for value in asked.all("record-route")]
    fields += [("From", value) for value in asked.all("from")[:1]]
    fields += [("To", _tagged(value, status, tag)) for value in asked.all("to")[:1]]
    fields += [("Call-ID", value) for value in asked.all("call-id")[:1]]
    fields += [("CSeq", value) for value in asked.all("cseq")[:1]]
    if status == _TRYING:
        fields += [("Timestamp", value) for value in asked.all("timestamp")[:1]]
    fields += headers
    body = b"" if sdp is None else bytes(sdp)
    return Response(
        status, reason or phrase_of(status), Headers((*fields, *body_fields(body))), body
    )


def body_fields(body: bytes, content_type: str = CONTENT_TYPE) -> Fields:
    """Content-Type, where there is a body, and Content-Length, which is always said."""
    length = ("Content-Length", str(len(body)))
    return (("Content-Type", content_type), length) if body else (length,)


def _tagged(to: str, status: int, tag: str) -> str:
    if status == _TRYING:
        return to
    try:
        has_tag = bool(parse_address(to, "To").tag)
    except ProtocolError:
        has_tag = False
    return to if has_tag else f"{to};tag={tag}"


def stateless_tag(request: Request) -> str:
    """The tag of answers nothing is kept of: the same for every retransmission (§8.2.7)."""
    said = "\n".join(request.headers.get(name) or "" for name in ("via", "call-id", "cseq", "from"))
    return sha256(said.encode("utf-8", "surrogateescape")).hexdigest()[:_TAG_CHARACTERS]
