"""When each waiting dialogue times out: one heap entry a dialogue, however often it answers.

An answer moves the deadline in the dictionary alone; the heap learns of it when the old entry
comes up. So a dialogue costs one entry, and refreshing one costs nothing.
"""

from __future__ import annotations

import heapq


class Deadlines:
    """Dialogue -> deadline (epoch seconds); whom to tell stands in the dialogue's key."""

    def __init__(self) -> None:
        self._at: dict[str, float] = {}
        self._heap: list[tuple[float, str]] = []
        self._queued: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._at)

    def set(self, dialogue: str, deadline: float) -> None:
        """A dialogue waits until `deadline`."""
        self._at[dialogue] = deadline
        queued = self._queued.get(dialogue)
        if queued is None or deadline < queued:
            self._queued[dialogue] = deadline
            heapq.heappush(self._heap, (deadline, dialogue))

    def drop(self, dialogue: str) -> None:
        """The dialogue is over; its heap entry goes when it comes up."""
        self._at.pop(dialogue, None)

    def due(self, now: float, most: int) -> list[str]:
        """Up to `most` dialogues whose deadline has passed; they are taken out."""
        found: list[str] = []
        while self._heap and self._heap[0][0] <= now and len(found) < most:
            at, dialogue = heapq.heappop(self._heap)
            if self._queued.get(dialogue) != at:
                continue  # an earlier entry has taken its place
            del self._queued[dialogue]
            deadline = self._at.get(dialogue)
            if deadline is None:
                continue
            if deadline > now:
                self.set(dialogue, deadline)
                continue
            del self._at[dialogue]
            found.append(dialogue)
        return found
