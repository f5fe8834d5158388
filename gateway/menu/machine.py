"""The transition table as one shared state machine: the only place that knows `transitions`.

Rule: one `Machine` per menu set, with no model; cursors are never added as models (that costs a
millisecond and a hundred kilobytes a session). `transitions` builds the table and refuses what
does not fit it; from the built machine a plain look-up is read once, and cursors move by that:
a trigger of the machine takes eight microseconds, a tenth of a whole turn, to find that no edge
has a condition or a callback. A test holds the look-up and the machine equal on random walks.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import transitions

from gateway.menu.cursor import Cursor
from gateway.menu.states import Edge


class Machine:
    """Moves cursors along edges."""

    __slots__ = ("_targets", "table")

    def __init__(self, states: Iterable[str], edges: Iterable[Edge]) -> None:
        """Edges must be unique by (source, trigger) and lead to states of `states`."""
        machine = transitions.Machine(
            model=None,
            states=list(states),
            transitions=[
                {"trigger": edge.trigger, "source": edge.source, "dest": edge.target}
                for edge in edges
            ],
            initial=None,
            auto_transitions=False,
            queued=False,
        )
        self.table: Any = machine
        """The machine itself: drive it with `table.events[trigger].trigger(cursor)`."""
        self._targets: dict[tuple[str, str], Any] = {
            (source, trigger): edges[0].dest
            for trigger, event in machine.events.items()
            for source, edges in event.transitions.items()
        }

    def fire(self, cursor: Cursor, trigger: str) -> None:
        """Move `cursor` in place. Raises KeyError for an edge that is not in the table: a bug, for
        the engine fires only what a state has."""
        source, cursor.state = cursor.state, self._targets[cursor.state, trigger]
        cursor.path = (*cursor.path, (source, trigger, cursor.state))
