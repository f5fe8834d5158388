"""Statements and what else is sent to an address: by SMS at once, by e-mail as a file."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.domain.catalogue.command import Command, Type
from gateway.domain.report import REPORT_FORMATS

PERIODS = ("day", "week", "month30")
"""The last so many days, counted back from the moment of the order (R33)."""
DELIVERIES = ("sms", "email")

_ORDER: Mapping[str, Type] = {
    "period": PERIODS,
    "delivery": DELIVERIES,
    "format": REPORT_FORMATS,
    "email": "text",
}
"""`email` is the address of this order alone; empty: the one that is kept."""

COMMANDS: Mapping[str, Command] = {
    "statement.quote": Command(
        "subscriber",
        _ORDER,
        {**_ORDER, "price": "money"},
        ("email_missing", "email_wrong"),
        read_only=True,
    ),
    "statement.order": Command(
        "subscriber",
        _ORDER,
        {"order": "digits", "price": "money"},
        ("email_missing", "email_wrong", "insufficient_balance"),
        confirm=True,
        price="statement",
    ),
    "orders.show": Command("view", values={"orders": "rows"}, when_blocked=True, read_only=True),
    "email.show": Command("view", values={"email": "text"}, when_blocked=True, read_only=True),
    "email.set": Command("subscriber", {"email": "text"}, {"email": "text"}, ("email_wrong",)),
}
