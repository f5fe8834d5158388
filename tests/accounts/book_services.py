"""Services that are on and packages that have ended, over any Book."""

from __future__ import annotations

from dataclasses import replace

from gateway.accounts.book import BookAdmin, Package
from gateway.accounts.books.services import Connected
from tests.accounts.book_cases import ONE, TWO, case, fill


@case
def a_service_is_on_until_it_is_dropped(book: BookAdmin) -> None:
    fill(book)
    weather, turbo = Connected(ONE, "weather", 5.0), Connected(ONE, "turbo", 6.0, suspended=True)
    for row in (weather, turbo, Connected(TWO, "weather", 7.0)):
        book.save_service(row)
    assert book.services(ONE) == (turbo, weather)
    book.save_service(replace(turbo, suspended=False))
    assert book.services(ONE) == (replace(turbo, suspended=False), weather)
    assert book.drop_service(ONE, "weather")
    assert not book.drop_service(ONE, "weather")
    assert [row.service for row in book.services(ONE)] == ["turbo"]
    assert [row.service for row in book.services(TWO)] == ["weather"]


@case
def packages_that_have_ended_are_dropped_and_no_others(book: BookAdmin) -> None:
    fill(book)
    book.add_package(Package(ONE, "minutes", 10, 10, 100.0))
    book.add_package(Package(ONE, "sms", 20, 20, 101.0))
    book.add_package(Package(TWO, "minutes", 30, 30, 100.0))
    book.drop_packages(ONE, 100.0)
    assert [row.kind for row in book.packages(ONE)] == ["sms"]
    assert [row.kind for row in book.packages(TWO)] == ["minutes"]


@case
def a_new_card_has_a_new_imsi(book: BookAdmin) -> None:
    fill(book)
    assert book.update_subscriber(ONE, {"imsi": "250029900000001"})
    found = book.subscriber(ONE)
    assert found is not None
    assert found.imsi == "250029900000001"
