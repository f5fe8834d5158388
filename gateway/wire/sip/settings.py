"""The limits and timers of a user agent server, their unit last in the name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """What one `SipUas` may take, how long it waits and how it presents itself."""

    user_agent: str = "channel-gateway"
    """Server and User-Agent (RFC 3261 §20.35)."""
    head_octets_max: int = 16_384
    """Start line and header fields; more breaks a stream."""
    body_octets_max: int = 65_535
    """More is 413."""
    uri_characters_max: int = 1_024
    """Request-URI; more is 414."""
    fields_max: int = 200
    """Header fields of a message; more is 513."""
    transactions_max: int = 20_000
    """Server and client transactions at once; a request that needs one more is 503."""
    calls_max: int = 2_000
    """Calls at once; one more is 503."""
    connections_max: int = 1_000
    """TCP and TLS connections at once; one more is closed."""
    retry_after_seconds: int = 5
    """Retry-After of those 503."""
    t1_seconds: float = 0.5
    """Round trip time (RFC 3261 §17.1.1.1)."""
    t2_seconds: float = 4.0
    """Longest pause between retransmissions."""
    t4_seconds: float = 5.0
    """How long a message may stay in the network."""
    session_seconds_min: int = 90
    """The smallest session interval taken; below it is 422 (RFC 4028 §5)."""
    info_types: frozenset[str] = frozenset(("application/dtmf-relay", "application/dtmf"))
    """Bodies of INFO that are told; others are 415."""

    @property
    def timeout_seconds(self) -> float:
        """64 x T1: when a transaction gives up."""
        return 64 * self.t1_seconds
