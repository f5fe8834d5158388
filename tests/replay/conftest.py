"""A rehearsal that all tests of replay share: no flow leaves anything behind in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.service.rehearsal import Rehearsal
from tests.replay.house import config


@pytest.fixture(scope="session")
def rehearsal() -> Iterator[Rehearsal]:
    """Demo data and twenty numbers for load."""
    with Rehearsal(config(), 20) as made:
        yield made
