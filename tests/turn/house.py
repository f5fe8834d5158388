"""The menus and short codes of the house, read once; a world with a fake hasher over them, and the
demo subscribers in it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from gateway.accounts.answers import Accounts
from gateway.accounts.demo import load_demo
from gateway.accounts.memory import MemoryBook
from gateway.charging.rating import Rater
from gateway.charging.tariff import default_terms
from gateway.menu.problems import render
from gateway.service.content import Content, load_content
from gateway.turn.world import Limits, MenuVersions, World
from tests.accounts.fakes import NOW, FakeHasher, FakeRandomness

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Menus:
    """Menus that have every state, text and variable, or those named."""

    states: Collection[str] | None = None
    texts: Collection[str] | None = None
    variables: Collection[str] | None = None

    def has_state(self, state: str) -> bool:
        return self.states is None or state in self.states

    def has_text(self, text_id: str) -> bool:
        return self.texts is None or text_id in self.texts

    def reads(self, variable: str) -> bool:
        return self.variables is None or variable in self.variables


@lru_cache
def content() -> Content:
    """What `menus/` and `short_codes.yaml` say."""
    found, problems = load_content(ROOT / "menus", ROOT / "short_codes.yaml")
    assert found is not None, render(problems)
    return found


def world(
    hasher: FakeHasher | None = None,
    randomness: FakeRandomness | None = None,
    limits: Limits | None = None,
) -> World:
    """A world of its own over the shared menus."""
    house, terms = content(), default_terms()
    return World(
        MenuVersions(house.menus),
        house.codes,
        Rater(house.codes.charge_table, terms.zones),
        Accounts(hasher or FakeHasher(), randomness or FakeRandomness(), terms),
        limits or Limits(),
    )


def demo_book() -> MemoryBook:
    """The demo subscribers as they stand at `NOW`, with digests that a fake hasher reads."""
    book = MemoryBook()
    load_demo(book, FakeHasher(), NOW)
    return book
