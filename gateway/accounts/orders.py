"""Orders as the one who gave them follows them, and when what is made for one is ready."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.accounts.request import Effect, Reply, Request, done
from gateway.domain.values import Value

SHOWN = ("statement", "sim")
"""Kinds of orders a subscriber gives for himself."""


def ready_at(order: int, now: float, seconds_min: int, seconds_max: int) -> float:
    """When the order is ready: between `seconds_min` and `seconds_max` from now. Spread by its
    number, so that orders given together do not fall due together."""
    return now + seconds_min + order * 61 % (seconds_max - seconds_min + 1)


def _show(request: Request) -> Reply:
    """The newest orders of the number, and how far they are."""
    limit = request.terms.statement.shown_orders_max
    rows: list[Mapping[str, Value]] = [
        {"order": str(order.id), "what": order.kind, "state": order.state, "at": int(order.at)}
        for order in request.book.orders(request.subscriber.msisdn, SHOWN, limit)
    ]
    return done(orders=tuple(rows))


EFFECTS: Mapping[str, Effect] = {"orders.show": _show}
