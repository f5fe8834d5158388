"""What a `SipUas` has seen: plain integers for whoever shows them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Counts:
    """Totals since the start."""

    requests: Counter[str] = field(default_factory=Counter)
    """By method; methods of nobody's as "other"."""
    responses: Counter[int] = field(default_factory=Counter)
    """Ours, by status."""
    retransmissions: int = 0
    """Requests seen again."""
    garbage: int = 0
    """Datagrams and frames that are no SIP message or can not be answered."""
