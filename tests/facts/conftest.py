"""A fresh house for every statement."""

from __future__ import annotations

import pytest

from tests.facts.talk import Talk


@pytest.fixture
def talk() -> Talk:
    return Talk()
