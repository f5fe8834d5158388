"""A peer's fault is one exception that carries the command_status to answer with."""

from __future__ import annotations

from gateway.wire.smpp.status import name_of


class ProtocolError(Exception):
    """The peer broke SMPP. `status` is the command_status to answer; `detail` is for the log."""

    def __init__(self, status: int, detail: str = "") -> None:
        super().__init__(f"{name_of(status)}: {detail}" if detail else name_of(status))
        self.status = int(status)
        self.detail = detail


class CannotSend(Exception):
    """A request of ours cannot leave; nothing was sent. Its two kinds say whether to wait."""


class WindowFull(CannotSend):
    """Neither the window to the peer nor the queue behind it has room: try again later."""


class NotBound(CannotSend):
    """The session is in a state, or draining, in which this request may not be sent."""
