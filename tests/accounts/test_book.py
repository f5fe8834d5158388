"""The book in dictionaries does what any book must; the same cases run over SQL."""

from __future__ import annotations

import pytest

import tests.accounts.book_companies
import tests.accounts.book_jobs
import tests.accounts.book_money
import tests.accounts.book_services  # noqa: F401 - its cases
from gateway.accounts.book import BookAdmin
from tests.accounts.book_cases import CASES


@pytest.mark.parametrize("name", CASES)
def test_book(name: str, book: BookAdmin) -> None:
    CASES[name](book)
