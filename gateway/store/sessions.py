"""Sessions: where each dialogue stands, as JSON, until its deadline."""

from __future__ import annotations

from sqlalchemy import delete, select

from gateway.store.schema.core import session
from gateway.store.statements import Operations, names, parameter, statement, upsert

_DIALOGUE = session.c.dialogue == parameter("dialogue_")
_LOAD = statement(lambda _: select(session.c.body).where(_DIALOGUE), "dialogue_")
_SAVE = statement(lambda insert: upsert(insert, session), *names(session))
_DROP = statement(lambda _: delete(session).where(_DIALOGUE), "dialogue_")
_ALIVE = statement(
    lambda _: select(session.c.dialogue, session.c.deadline).order_by(session.c.deadline)
)


class Sessions(Operations):
    """Rows `session`."""

    __slots__ = ()

    def load_session(self, dialogue: str) -> str | None:
        found = self._execute(_LOAD[self._dialect], (dialogue,)).fetchone()
        return None if found is None else found[0]

    def save_session(self, dialogue: str, body: str, deadline: float) -> None:
        self._execute(_SAVE[self._dialect], (dialogue, body, deadline))

    def drop_session(self, dialogue: str) -> None:
        self._execute(_DROP[self._dialect], (dialogue,))

    def sessions_alive(self) -> list[tuple[str, float]]:
        """(dialogue, deadline) of every stored session, soonest first: for timers at a start."""
        rows = self._execute(_ALIVE[self._dialect], ()).fetchall()
        return [(dialogue, deadline) for dialogue, deadline in rows]
