"""The book the account core is tested on: dictionaries, empty for each test."""

from __future__ import annotations

import pytest

from gateway.accounts.memory import MemoryBook
from tests.accounts.fakes import Desk


@pytest.fixture
def book() -> MemoryBook:
    return MemoryBook()


@pytest.fixture
def desk(book: MemoryBook) -> Desk:
    """The core over the demo data."""
    return Desk(book)
