"""What a report says of a run as a whole, for a reader who was not there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class About:
    """When, where and how long flows were played."""

    began: str
    """ISO 8601, as 2026-06-01T13:00:00+05:00."""
    seconds: float
    where: str
    """`in process`, or the address of a gateway."""
    unfinished: int = 0
    """How many plays were not begun, or not ended: somebody ended the run, or the gateway did."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What else there is to say, by name: the command, the version of the menus."""
