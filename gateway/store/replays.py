"""Replays: by which identity a repeated message is known, and which id it was given."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.sql.expression import ClauseElement

from gateway.store.schema.core import meta, replay
from gateway.store.statements import ONE, Operations, limited, names, parameter, row, statement
from gateway.store.statements import Insert as DialectInsert

_KEY = replay.c.key == parameter("key_")


def _claim(insert: DialectInsert) -> ClauseElement:
    """A row whose moment has passed is taken over; a live one returns nothing."""
    made = row(insert, replay)
    return made.on_conflict_do_update(
        index_elements=["key"],
        set_={"message_id": made.excluded.message_id, "until": made.excluded.until},
        where=replay.c.until <= parameter("now"),
    ).returning(replay.c.key)


_CLAIM = statement(_claim, *names(replay), "now")
_FIRST = statement(lambda _: select(replay.c.message_id).where(_KEY), "key_")
_DROP = statement(
    lambda _: (
        delete(replay)
        .where(
            replay.c.key.in_(
                limited(
                    select(replay.c.key).where(replay.c.until <= parameter("now"))
                ).scalar_subquery()
            )
        )
        .returning(replay.c.key)
    ),
    "now",
    "limit",
)
_FORGET = statement(
    lambda _: (
        delete(replay)
        .where(replay.c.key >= parameter("first"), replay.c.key < parameter("after"))
        .returning(replay.c.key)
    ),
    "first",
    "after",
)
_EPOCH = statement(
    lambda insert: (
        row(insert, meta)
        .on_conflict_do_update(index_elements=["name"], set_={"value": meta.c.value + ONE})
        .returning(meta.c.value)
    ),
    *names(meta),
)
EXPIRED_REPLAYS_MAX = 10_000
"""Rows dropped by one call."""


class Replays(Operations):
    """Rows `replay`, and the counter that makes message ids unique over restarts."""

    __slots__ = ()

    def claim(self, replay_key: str, message_id: str, now: float, until: float) -> str | None:
        """None the first time; afterwards, until `until`, the id it was first given."""
        parameters = (replay_key, message_id, until, now)
        if self._execute(_CLAIM[self._dialect], parameters).fetchone() is not None:
            return None
        found = self._execute(_FIRST[self._dialect], (replay_key,)).fetchone()
        assert found is not None, "a claim that did nothing met a row"
        return str(found[0])

    def drop_expired_replays(self, now: float) -> int:
        """Forget at most EXPIRED_REPLAYS_MAX of those whose moment has passed; how many."""
        return len(self._execute(_DROP[self._dialect], (now, EXPIRED_REPLAYS_MAX)).fetchall())

    def forget_replays(self, prefix: str) -> int:
        """Forget the identities that begin so (`prefix` ends in an ASCII sign); how many."""
        after = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        return len(self._execute(_FORGET[self._dialect], (prefix, after)).fetchall())

    def message_epoch(self) -> int:
        """One more start of the service: 1, 2, … ; durable once the transaction is."""
        found = self._execute(_EPOCH[self._dialect], ("message_epoch", 1)).fetchone()
        assert found is not None, "an upsert returns its row"
        return int(found[0])
