"""A session is a value: where a dialogue stands between two turns, stored as JSON.

`SHAPE` is the version of that JSON; a body of another shape is treated as no session at all, and
the subscriber dials again. Money and passwords never live here.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, field
from typing import Any

import orjson

from gateway.turn.question import Question
from gateway.turn.short_codes import Route

SHAPE = 3


@dataclass(slots=True)
class Session:
    """One dialogue between turns."""

    trace: str
    """The dialogue id of logs, CDRs and charges."""
    channel: str
    link: str
    msisdn: str
    address: str
    opened_at: float
    menu: str
    """The version of the menus it began with, and finishes on."""
    cursor: Any
    """The menu's own JSON."""
    rules: str = ""
    """The version of the short codes and their charging table it began with."""
    sequence: int = 0
    """Turns taken; with `trace` it makes the idempotency key of a charge."""
    pages: list[str] = field(default_factory=list)
    """The pages of the screen on show, where it needed more than one."""
    page: int = 0
    secret: bool = False
    """The answer waited for is a secret."""
    closing: str = ""
    """The result the dialogue ends with once its last screen's pages have been read."""
    deadline: float = 0.0
    """Epoch seconds; an answer that comes at or after it comes too late."""
    typed: bool = False
    """What is waited for is typed, not chosen."""
    proof: str = ""
    """More than the channel proves, for the rest of the dialogue: the cabinet's password."""
    question: Question | None = None
    """The yes that the last SMS asked for."""

    def loses_to(self, route: Route) -> bool:
        """Whether an SMS is a command rather than the answer that is waited for: a word always,
        a numeric code unless digits may be the answer."""
        digits = self.typed or (self.question is not None and self.question.digest != "")
        return route.claim == "word" or (route.claim == "code" and not digits)

    def to_json(self) -> str:
        """Compact JSON, the shape first."""
        return orjson.dumps(
            [
                SHAPE,
                self.trace,
                self.channel,
                self.link,
                self.msisdn,
                self.address,
                self.opened_at,
                self.menu,
                self.cursor,
                self.rules,
                self.sequence,
                self.pages,
                self.page,
                self.secret,
                self.closing,
                self.deadline,
                self.typed,
                self.proof,
                self.question and astuple(self.question),
            ]
        ).decode()

    @classmethod
    def from_json(cls, body: str) -> Session | None:
        """The session, or None where the body has another shape."""
        values = orjson.loads(body)
        if not values or values[0] != SHAPE:
            return None
        session = cls(*values[1:-1])
        session.question = values[-1] and Question(*values[-1])
        return session
