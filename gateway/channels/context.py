"""What every log line of a turn carries: set where the turn begins, read by the log observer."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar

NO_TURN: Mapping[str, str] = {}
LOG_CONTEXT: ContextVar[Mapping[str, str]] = ContextVar("gateway_log", default=NO_TURN)
"""`dialogue`, `channel`, `msisdn`; the observer masks what must be."""
