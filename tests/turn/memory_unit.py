"""A Unit in dictionaries: what the store does for a turn, without a database.

Sessions are kept as the JSON that a turn stored, so every step of a test reads its session anew.
`attempt` runs a turn as the store's writer does: what raises leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from gateway.accounts.memory import MemoryBook
from gateway.domain.port import Sms
from gateway.turn.unit import Mail

T = TypeVar("T")
State = dict[str, Any]


class MemoryUnit:
    """Implements `turn.unit.Unit`; its tables are open to tests."""

    def __init__(self, book: MemoryBook | None = None) -> None:
        self.book = book or MemoryBook()
        self.sessions: dict[str, tuple[str, float]] = {}
        """Dialogue -> JSON, deadline."""
        self.replays: dict[str, tuple[str, float]] = {}
        """Replay key -> message id, and until when it is remembered."""
        self.queued: dict[str, Sms] = {}
        self.settled: dict[str, str] = {}
        """SMS id -> `acknowledged` or `failed`."""
        self.mail: dict[str, Mail] = {}
        self.mail_waits: dict[str, float] = {}
        """Mail id -> when it may be tried."""

    # sessions

    def load_session(self, dialogue: str) -> str | None:
        found = self.sessions.get(dialogue)
        return None if found is None else found[0]

    def save_session(self, dialogue: str, body: str, deadline: float) -> None:
        self.sessions[dialogue] = (body, deadline)

    def drop_session(self, dialogue: str) -> None:
        self.sessions.pop(dialogue, None)

    # replays

    def claim(self, replay_key: str, message_id: str, now: float, until: float) -> str | None:
        standing = self.replays.get(replay_key)
        if standing is not None and standing[1] > now:
            return standing[0]
        self.replays[replay_key] = (message_id, until)
        return None

    def forget_replays(self, prefix: str) -> int:
        found = [key for key in self.replays if key.startswith(prefix)]
        for key in found:
            del self.replays[key]
        return len(found)

    # the outbox

    def queue_sms(self, sms: Sms) -> None:
        assert sms.id not in self.queued, f"the SMS {sms.id} exists"
        self.queued[sms.id] = sms

    def pending(self, link: str | None = None, limit: int = 1_000) -> list[Sms]:
        waiting = [sms for id, sms in self.queued.items() if id not in self.settled]
        return [sms for sms in waiting if link is None or sms.link == link][:limit]

    def acknowledge(self, id: str, at: float) -> bool:
        return self._settle(id, "acknowledged")

    def fail(self, id: str) -> bool:
        return self._settle(id, "failed")

    def _settle(self, id: str, how: str) -> bool:
        if id in self.settled or id not in self.queued:
            return False
        self.settled[id] = how
        return True

    # the mail

    def queue_mail(self, mail: Mail) -> None:
        assert mail.id not in self.mail, f"the letter {mail.id} exists"
        self.mail[mail.id] = mail
        self.mail_waits[mail.id] = mail.at

    def take_mail(self, now: float, until: float, limit: int) -> tuple[Mail, ...]:
        due = [id for id, at in self.mail_waits.items() if at <= now][:limit]
        taken = tuple(self.mail[id] for id in due)
        for mail in taken:
            self.put_off_mail(mail.id, until)
            self.mail[mail.id] = replace(mail, attempts=mail.attempts + 1)
        return taken

    def settle_mail(self, id: str, failure: str = "") -> bool:
        return self.mail_waits.pop(id, None) is not None

    def put_off_mail(self, id: str, until: float) -> None:
        self.mail_waits[id] = until

    # undoing

    def snapshot(self) -> State:
        """All that the unit holds now, for `restore` and for comparing."""
        tables = {name: dict(table) for name, table in vars(self).items() if name != "book"}
        return {**tables, "book": self.book.snapshot()}

    def restore(self, state: State) -> None:
        """Put back a snapshot: what was done since is undone."""
        self.book.restore(state["book"])
        for name, table in state.items():
            if name != "book":
                setattr(self, name, dict(table))

    def attempt(self, work: Callable[[], T]) -> T | Exception:
        before = self.snapshot()
        try:
            return work()
        except Exception as error:
            self.restore(before)
            return error
