"""A peer's fault is one exception that carries the answer to it."""

from __future__ import annotations

from gateway.wire.sip.status import phrase_of

Fields = tuple[tuple[str, str], ...]
"""Header fields: (name, value), in their order."""


class ProtocolError(Exception):
    """The peer broke SIP, or asks for what we do not do.

    `status` and `reason` are the answer's first line, `headers` what it must carry besides. The
    reason says what is wrong, in ASCII: the peer's people read it in their trace.
    """

    def __init__(self, status: int, reason: str = "", headers: Fields = ()) -> None:
        self.status = status
        self.reason = reason or phrase_of(status)
        self.headers = headers
        super().__init__(f"{status} {self.reason}")
