"""The menus and short codes of the house, read once; a world with a fake hasher over them, and the
demo subscribers in it."""

from __future__ import annotations

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
