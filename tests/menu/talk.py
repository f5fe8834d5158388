"""Conversations with the engine alone: an account core of constants, a screen as plain lines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from gateway.domain.port import (
    Answered,
    Event,
    Facts,
    Opened,
    Output,
    Prompt,
    Query,
    Release,
    Replied,
    Screen,
    TimedOut,
)
from gateway.menu.engine import Cursor, MenuSet, step

HOME = Facts("ru", "ussd", "account", "HOME")
QUERIES_MAX = 50

CORE: Mapping[str, Answered] = {
    "account.balance": Answered("ok", {"balance": 12345, "points": 500, "limit": 0}),
    "account.last_charges": Answered(
        "ok", {"charges": ({"at": 0, "amount": 500}, {"at": 86_400, "amount": 1050})}
    ),
    "account.topup_voucher": Answered("ok", {"amount": 10000, "balance": 22345}),
    "packages.quote": Answered("ok", {"units": 100, "price": 15000, "days": 30}),
    "packages.buy": Answered("ok", {"until": 1_795_600_000, "balance": 0}),
    "transfer.send_code": Answered("ok", {"minutes": 5}),
    "transfer.confirm": Answered("ok", {"amount": 5000, "balance": 100}),
    "promised.debt": Answered("promised_no_debt"),
    "roaming.here": Answered("ok", {"zone": "EUROPE", "out": 6500, "sms": 1900}),
    "password.set": Answered("ok"),
    "question.ask": Answered("ok"),
}


class Talk:
    """One dialogue; the cursor goes through JSON between steps, as a stored session does."""

    def __init__(
        self,
        menus: MenuSet,
        facts: Facts = HOME,
        core: Mapping[str, Answered] | None = None,
        state: str | None = None,
    ) -> None:
        self.menus = menus
        self.facts = facts
        self.core = {**CORE, **(core or {})}
        self.asked: list[Query] = []
        self.notes: tuple[str, ...] = ()
        self.valid = True
        self.cursor = menus.start(state)
        self.output: Output = self.take(Opened("*105#"))

    def take(self, event: Event, direct: bool = False) -> Output:
        """Step until something is shown."""
        self.notes = ()
        for _ in range(QUERIES_MAX):
            self.cursor, self.output, notes, valid = step(
                self.menus, self.cursor, event, self.facts, direct=direct
            )
            self.notes += notes
            self.valid = valid
            self.cursor = Cursor.from_json(json.loads(json.dumps(self.cursor.to_json())))
            if not isinstance(self.output, Query):
                return self.output
            self.asked.append(self.output)
            event = self.core[self.output.command]
        raise AssertionError("the menu never stops asking")

    def say(self, text: str) -> str:
        """Answer a screen (`…` is silence), see the next."""
        self.take(TimedOut() if text == "…" else Replied(text))
        return self.screen

    def as_(self, **facts: object) -> None:
        """Go on as somebody else."""
        self.facts = replace(self.facts, **facts)  # type: ignore[arg-type]

    @property
    def screen(self) -> str:
        """What is shown, as plain lines."""
        assert isinstance(self.output, (Prompt, Release))
        return lines(self.output.screen)


def lines(screen: Screen | None) -> str:
    """A screen as a USSD page of any length."""
    if screen is None:
        return ""
    shown = [screen.notice, screen.text, *(f"{each.key} {each.text}" for each in screen.choices)]
    if screen.back:
        shown.append(f"{screen.back.key} {screen.back.text}")
    return "\n".join(line for line in shown if line)
