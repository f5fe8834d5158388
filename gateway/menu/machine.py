"""The transition table as one shared state machine: the only place that knows `transitions`.

Rule: one `Machine` per menu set, with no model; a cursor is moved through
`machine.events[trigger].trigger(cursor)` and is never added as a model (that costs a millisecond
and a hundred kilobytes a session). Everything that decides (which option, which guard) has been
decided before a trigger is fired; the machine alone decides where it leads. Traps: a callback by
naming convention is not found on such a cursor (there are none), a state that is not in the table
is a ValueError (the engine asks `knows` before), an event queue would be shared (it is off).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import transitions

from gateway.menu.cursor import Cursor
from gateway.menu.states import Edge


class _Move(transitions.Transition):
    """An edge of ours has no condition and no callback, so executing it is the move alone: a
    third of the time of a trigger."""

    def execute(self, event_data: Any) -> bool:
        event_data.model.state = self.dest
        return True


class _Table(transitions.Machine):
    transition_cls = _Move


class Machine:
    """Moves cursors along edges."""

    __slots__ = ("_events",)

    def __init__(self, states: Iterable[str], edges: Iterable[Edge]) -> None:
        """Edges must be unique by (source, trigger) and lead to states of `states`."""
        machine = _Table(
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
        self._events: dict[str, Any] = dict(machine.events)

    def fire(self, cursor: Cursor, trigger: str) -> None:
        """Move `cursor` in place. Raises transitions.MachineError or KeyError for an edge that is
        not in the table: a bug, for the engine fires only what a state has."""
        self._events[trigger].trigger(cursor)
