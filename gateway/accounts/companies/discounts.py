"""Discounts of companies, instead of bonus points: so much off the fees of plans (B34, K28)."""

from __future__ import annotations

from gateway.accounts.book import Book, Subscriber
from gateway.charging.tariff import Terms


def off_fee(book: Book, terms: Terms, subscriber: Subscriber, fee: int) -> int:
    """Kopecks off a plan's fee, by how many numbers the company has; 0 for a private number."""
    if not fee or not subscriber.company:
        return 0
    return fee * terms.company.discount(book.count_members(subscriber.company)) // 100
