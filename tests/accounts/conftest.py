"""The book the account core is tested on: dictionaries, empty for each test."""

from __future__ import annotations

import pytest

from gateway.accounts.memory import MemoryBook


@pytest.fixture
def book() -> MemoryBook:
    return MemoryBook()
