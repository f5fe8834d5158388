"""Why calls end, as each side says it: SIP statuses, Q.850 causes, the arrivals of the port."""

from __future__ import annotations

from typing import Final, Literal

By = Literal["caller", "gateway", "network"]
"""Who ended a call."""

NORMAL: Final = 16
REJECTED: Final = 21
TEMPORARY_FAILURE: Final = 41
RECOVERY_ON_TIMER: Final = 102
"""Causes of ITU-T Q.850 §2.2."""

REFUSALS: Final = {
    "not_reachable": (480, 31),
    "funds": (402, REJECTED),
    "number_unknown": (404, 1),
}
"""Why a call is not answered -> status and cause (RFC 3398 §8.2.6.1)."""

LOSSES: Final = {"peer": NORMAL, "bad_answer": 88, "peer_gone": TEMPORARY_FAILURE}
"""How a call ended that we did not end -> cause, where the peer gave none; else a timer's."""

REASONS: Final[dict[By, Literal["user", "network"]]] = {
    "caller": "user",
    "gateway": "network",
    "network": "network",
}
"""Who ended a call -> the reason of its `Released`."""
