"""The limits of one session, their unit last in the name (timers: v3.4 §7.2, v5.0 §2.7)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one session may take and how long it may wait."""

    pdu_octets_max: int = 70_000
    """Larger command_length breaks the stream; 64 KiB of message_payload fit."""
    window_in_pdus_max: int = 1_000
    """Requests of the peer's we have not answered; one more is ESME_RMSGQFUL."""
    window_out_pdus_max: int = 50
    """Requests of ours the peer has not answered; more wait in the queue."""
    queue_out_pdus_max: int = 10_000
    """Requests waiting for room in the window; one more raises WindowFull."""
    parked_pdus_max: int = 50
    """PDUs that arrived while the bind is being decided; one more is ESME_RINVBNDSTS."""
    session_init_seconds_max: float = 10.0
    enquire_link_seconds: float = 30.0
    """Silence after which we send enquire_link."""
    response_seconds_max: float = 10.0
    inactivity_seconds_max: float | None = None
    """Time without a message after which we unbind; None: never (enquire_link keeps it up)."""
    drain_seconds_max: float = 10.0
    tlvs_without_version: bool = True
    """As ESME: send TLVs to an SMSC whose bind response names no sc_interface_version. The
    standard says not to (v3.4 §3.4); USSD gateways that leave it out use TLVs all the same."""
