"""When each waiting dialogue times out: one heap entry a dialogue, however often it answers.

An answer moves the deadline in the dictionary alone; the heap learns of it when the old entry
comes up. So a dialogue costs one entry, and refreshing one costs nothing.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waiting:
    """Whom to tell when the deadline passes."""

    channel: str
    link: str
    msisdn: str


class Deadlines:
    """Dialogue -> deadline (epoch seconds)."""

    def __init__(self) -> None:
        self._at: dict[str, tuple[float, Waiting]] = {}
        self._heap: list[tuple[float, str]] = []
        self._queued: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._at)

    def set(self, dialogue: str, deadline: float, waiting: Waiting) -> None:
        """A dialogue waits until `deadline`."""
        self._at[dialogue] = (deadline, waiting)
        queued = self._queued.get(dialogue)
        if queued is None or deadline < queued:
            self._queued[dialogue] = deadline
            heapq.heappush(self._heap, (deadline, dialogue))

    def drop(self, dialogue: str) -> None:
        """The dialogue is over; its heap entry goes when it comes up."""
        self._at.pop(dialogue, None)

    def due(self, now: float, most: int) -> list[tuple[str, Waiting]]:
        """Up to `most` dialogues whose deadline has passed; they are taken out."""
        found: list[tuple[str, Waiting]] = []
        while self._heap and self._heap[0][0] <= now and len(found) < most:
            at, dialogue = heapq.heappop(self._heap)
            if self._queued.get(dialogue) != at:
                continue  # an earlier entry has taken its place
            del self._queued[dialogue]
            entry = self._at.get(dialogue)
            if entry is None:
                continue
            if entry[0] > now:
                self.set(dialogue, *entry)
                continue
            del self._at[dialogue]
            found.append((dialogue, entry[1]))
        return found
