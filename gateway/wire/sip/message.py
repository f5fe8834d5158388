"""A request or response as octets and as values (RFC 3261 §7).

Header fields keep their order, their names as written and their values unfolded; whoever answers
copies them raw. Octets that are not UTF-8 survive the way through (`surrogateescape`). A message
that is wrong in a way that leaves it answerable is read with its `fault`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from gateway.wire.sip.errors import Fields, ProtocolError
from gateway.wire.sip.grammar import TOKEN, split_list

VERSION: Final = "SIP/2.0"
HEAD_END: Final = re.compile(rb"\r?\n\r?\n")

# RFC 3261 §7.3.3, 3515, 3892, 4028, 6665
_COMPACT: Final = {
    "b": "referred-by",
    "c": "content-type",
    "e": "content-encoding",
    "f": "from",
    "i": "call-id",
    "k": "supported",
    "l": "content-length",
    "m": "contact",
    "o": "event",
    "r": "refer-to",
    "s": "subject",
    "t": "to",
    "u": "allow-events",
    "v": "via",
    "x": "session-expires",
}
_LINE: Final = re.compile(r"\r?\n")
_FOLD: Final = re.compile(r"\r?\n[ \t]+")
_NAME: Final = re.compile(TOKEN)
_STATUS_LINE: Final = re.compile(r"SIP\s*/\s*2\.0 +([0-9]+)(?: (.*))?", re.IGNORECASE | re.DOTALL)
_VERSION: Final = re.compile(r"SIP/[0-9.]+")
_STATUSES: Final = range(100, 700)
_LENGTH: Final = re.compile(r"[0-9]{1,9}")


class Headers:
    """Header fields in their order; looked up by their long name in lower case."""

    __slots__ = ("_index", "fields")

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        self.fields: Fields = tuple(fields)
        self._index: dict[str, list[str]] = {}
        for name, value in self.fields:
            key = name.lower()
            self._index.setdefault(_COMPACT.get(key, key), []).append(value)

    def get(self, name: str) -> str | None:
        """The first value of a field, or None."""
        values = self._index.get(name)
        return values[0] if values else None

    def all(self, name: str) -> list[str]:
        """Every value of a field, a row each."""
        return self._index.get(name, [])

    def listed(self, name: str) -> list[str]:
        """The elements of a field that is a list, whether in one row or many; none empty."""
        return [item for row in self.all(name) for item in split_list(row) if item]

    def tokens(self, name: str) -> list[str]:
        """`listed` in lower case: option tags, and the like."""
        return [item.lower() for item in self.listed(name)]

    def with_first(self, name: str, value: str) -> Headers:
        """The same fields, the first of that name with another value."""
        fields = list(self.fields)
        for position, (written, _) in enumerate(fields):
            if _COMPACT.get(written.lower(), written.lower()) == name:
                fields[position] = (written, value)
                break
        return Headers(fields)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.fields)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Headers) and self.fields == other.fields

    def __hash__(self) -> int:
        return hash(self.fields)

    def __repr__(self) -> str:
        return f"Headers({[name for name, _ in self.fields]})"  # values may be secrets


@dataclass(frozen=True, slots=True)
class Request:
    """A request; `uri` is the Request-URI as written, `version` as the peer claims it."""

    method: str
    uri: str
    headers: Headers
    body: bytes = b""
    version: str = VERSION
    fault: ProtocolError | None = field(default=None, compare=False)

    def __bytes__(self) -> bytes:
        return _build(f"{self.method} {self.uri} {self.version}", self.headers, self.body)


@dataclass(frozen=True, slots=True)
class Response:
    """A response; `reason` may be empty."""

    status: int
    reason: str
    headers: Headers
    body: bytes = b""
    fault: ProtocolError | None = field(default=None, compare=False)

    def __bytes__(self) -> bytes:
        return _build(f"{VERSION} {self.status} {self.reason}", self.headers, self.body)


def _build(start: str, headers: Headers, body: bytes) -> bytes:
    lines = [start, *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join((*lines, "", "")).encode("utf-8", "surrogateescape") + body


def parse_message(data: bytes, body_octets_max: int = 65_535) -> Request | Response | None:
    """Read one whole message: a datagram, or what the framer cut from a stream.

    Octets past Content-Length are dropped (§18.3). None: this is no SIP message, there is nothing
    to answer.
    """
    end = HEAD_END.search(data)
    head, body = (data, b"") if end is None else (data[: end.start()], data[end.end() :])
    text = head.decode("utf-8", "surrogateescape").lstrip("\r\n")
    start, *rows = _LINE.split(_FOLD.sub(" ", text))
    fields, fault = _read_fields(rows)
    headers = Headers(fields)
    try:
        if end is None:
            raise ProtocolError(400, "Headers without an end")
        length = content_length(headers)
        if length is not None:
            _check_length(length, len(body), body_octets_max)
            body = body[:length]
    except ProtocolError as error:
        fault = fault or error
    status = _STATUS_LINE.fullmatch(start)
    if status is not None:
        return _response(status[1], status[2] or "", headers, body, fault)
    return _request(start, headers, body, fault)


def _check_length(length: int, present: int, body_octets_max: int) -> None:
    if length > body_octets_max:
        raise ProtocolError(413)
    if length > present:
        raise ProtocolError(400, "Content-Length past the end of the message")


def _read_fields(rows: list[str]) -> tuple[list[tuple[str, str]], ProtocolError | None]:
    fields: list[tuple[str, str]] = []
    fault: ProtocolError | None = None
    for row in rows:
        name, colon, value = row.partition(":")
        name = name.rstrip()
        if not colon or not _NAME.fullmatch(name):
            fault = fault or ProtocolError(400, "Malformed header field")
        elif "\r" in value:
            # copied into an answer it could end a line there
            fault = fault or ProtocolError(400, "Carriage return in a header field")
        else:
            fields.append((name, value.strip(" \t")))
    return fields, fault


def content_length(headers: Headers) -> int | None:
    """What Content-Length says, None where it is missing.

    Raises ProtocolError(400) where it is no number or says two things.
    """
    values = set(headers.all("content-length"))
    if not values:
        return None
    value = values.pop()
    if values:
        raise ProtocolError(400, "Content-Length given twice")
    if not _LENGTH.fullmatch(value):
        raise ProtocolError(400, "Bad Content-Length")
    return int(value)


def _response(
    status: str, reason: str, headers: Headers, body: bytes, fault: ProtocolError | None
) -> Response | None:
    if len(status) != 3 or int(status) not in _STATUSES:
        return None
    return Response(int(status), reason, headers, body, fault)


def _request(
    start: str, headers: Headers, body: bytes, fault: ProtocolError | None
) -> Request | None:
    method, _, rest = start.partition(" ")
    uri, _, version = rest.strip(" ").rpartition(" ")
    if not _NAME.fullmatch(method) or not rest.strip(" "):
        return None
    if _VERSION.fullmatch(version.upper()):
        return Request(method, uri.rstrip(" "), headers, body, version.upper(), fault)
    fault = ProtocolError(400, "Malformed request line")
    return Request(method, rest.strip(" "), headers, body, VERSION, fault)
