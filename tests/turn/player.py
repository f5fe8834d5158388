"""Conversations without a network: the real menus, codes and core over a Book in dictionaries.

What is played is written as a transcript that reads as a person would see it.
"""

from __future__ import annotations

from pathlib import Path

from gateway.accounts.answers import Accounts
from gateway.accounts.demo import load_demo
from gateway.accounts.memory import MemoryBook
from gateway.charging.rating import Rater
from gateway.charging.tariff import default_terms
from gateway.domain.port import Arrival, Channel, Event, Opened, Page, Replied, Sms
from gateway.menu.source import render
from gateway.service.content import load_content
from gateway.turn.turn import take_turn
from gateway.turn.world import MenuVersions, World
from tests.accounts.fakes import FakeHasher, FakeRandomness

ROOT = Path(__file__).parents[2]
NOW = 1_764_500_000.0  # 30.11.2025 15:53 at +05:00


class MemoryUnit:
    """One transaction that never ends."""

    def __init__(self, book: MemoryBook) -> None:
        self.book = book
        self.sessions: dict[str, str] = {}

    def load_session(self, dialogue: str) -> str | None:
        return self.sessions.get(dialogue)

    def save_session(self, dialogue: str, body: str, deadline: float) -> None:
        self.sessions[dialogue] = body

    def drop_session(self, dialogue: str) -> None:
        self.sessions.pop(dialogue, None)

    def claim(self, replay_key: str, message_id: str, now: float, until: float) -> str | None:
        return None

    def queue_sms(self, sms: Sms) -> None:
        """A transcript shows deliveries."""


class Player:
    """Dials, answers and writes as the demo subscribers; `lines` is the transcript."""

    def __init__(self) -> None:
        content, problems = load_content(ROOT / "menus", ROOT / "short_codes.yaml")
        assert content is not None, render(problems)
        hasher, book = FakeHasher(), MemoryBook()
        load_demo(book, hasher, NOW)
        self.unit = MemoryUnit(book)
        self.world = World(
            MenuVersions(content.menus),
            content.codes,
            Rater(content.codes.charge_table, default_terms().zones),
            Accounts(hasher, FakeRandomness()),
        )
        self.turns = 0
        self.lines: list[str] = []

    def dial(self, who: int, code: str, *answers: str) -> None:
        """A USSD dialogue, hung up after the last answer."""
        self.lines += ["", f"{who} dials {code}"]
        self._turn("ussd", who, "", Opened(code))
        for answer in answers:
            self.lines.append(f"  > {answer}")
            self._turn("ussd", who, "", Replied(answer))
        self.unit.sessions.clear()

    def sms(self, who: int, to: str, text: str) -> None:
        """An SMS to a short number."""
        self.lines += ["", f"{who} writes to {to}: {text}"]
        self._turn("sms", who, to, Opened(text))

    def _turn(self, channel: Channel, who: int, address: str, event: Event) -> None:
        self.turns += 1
        msisdn = f"7922000{who:04d}"
        arrival = Arrival(
            channel,
            "harness",
            msisdn,
            address,
            f"harness:{channel}:{msisdn}:{address}",
            event,
            message_id=f"m{self.turns}",
            trace=f"t{self.turns}",
        )
        outcome = take_turn(arrival, NOW, self.unit, self.world)  # type: ignore[arg-type]
        for delivery in outcome.deliveries:
            self.lines.append(f"  {_head(delivery)}{delivery.text}".replace("\n", " | "))
        charge = outcome.charge
        if charge is not None and channel == "sms":
            self.lines.append(f"  {charge.explanation}")
        self.lines += [f"  -- {ended.result}" for ended in outcome.ended]


def _head(delivery: Page | Sms) -> str:
    if isinstance(delivery, Page):
        return ": " if delivery.more else ". "
    return f"SMS from {delivery.sender}: "
