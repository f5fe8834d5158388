"""A stream of octets into SIP messages (RFC 3261 §18.3), and its keep-alives (RFC 5626 §3.5.1)."""

from __future__ import annotations

from typing import Final

from gateway.wire.sip.errors import ProtocolError
from gateway.wire.sip.message import HEAD_END, Headers, content_length, parse_message

_PING: Final = b"\r\n\r\n"


class Framer:
    """Cuts a stream into whole messages. `broken` is set, for good, where it cannot be cut further.

    The head of the message that broke it, where it is whole, is handed over last: reading it finds
    the fault to answer before the connection is closed.
    """

    __slots__ = (
        "_body_octets_max",
        "_buffer",
        "_head_octets_max",
        "_searched",
        "_wanted",
        "broken",
        "pinged",
    )

    def __init__(self, head_octets_max: int, body_octets_max: int) -> None:
        self._head_octets_max = head_octets_max
        self._body_octets_max = body_octets_max
        self._buffer = bytearray()
        self._wanted = 0
        self._searched = 0
        self.broken = False
        self.pinged = False
        """Whether the last octets fed held a double CRLF to be answered with a single one."""

    def feed(self, data: bytes) -> list[bytes]:
        """Take octets; return the messages that became whole."""
        self.pinged = False
        if self.broken:
            return []
        self._buffer += data
        messages: list[bytes] = []
        # a message that is waited for is looked at again when it is whole, not at every octet
        while not self.broken and len(self._buffer) >= max(1, self._wanted):
            message = self._cut()
            if message is None:
                break
            messages.append(message)
        return messages

    def _cut(self) -> bytes | None:
        """The first whole message of the buffer, taken out of it."""
        buffer = self._buffer
        if buffer[0] in _PING and self._only_keep_alives():
            return None
        end = HEAD_END.search(buffer, self._searched, self._head_octets_max + len(_PING))
        if end is None:
            self._searched = max(0, len(buffer) - len(_PING))
            self.broken = len(buffer) > self._head_octets_max
            return None
        whole = end.end() + self._body_octets(bytes(buffer[: end.end()]))
        if len(buffer) < whole:
            self._wanted = whole
            return None
        message = bytes(buffer[:whole])
        del buffer[:whole]
        self._wanted = self._searched = 0
        return message

    def _only_keep_alives(self) -> bool:
        """Skip the line ends before a message; whether nothing else is there."""
        buffer = self._buffer
        blank = len(buffer) - len(buffer.lstrip(_PING))
        self.pinged = self.pinged or buffer.startswith(_PING)
        # a ping cut in two is still a ping: its first half waits for the rest
        if blank < len(buffer) or blank >= len(_PING):
            del buffer[:blank]
        return not buffer or blank == len(buffer)

    def _body_octets(self, head: bytes) -> int:
        """Octets of the body after a head; a stream that does not say so is broken."""
        message = parse_message(head)
        try:
            length = content_length(message.headers if message else Headers()) or 0
        except ProtocolError:
            length = self._body_octets_max + 1
        if message is None or length > self._body_octets_max:
            self.broken = True
            return 0
        return length
