"""The catalogue of commands: each is defined once and reached from every channel.

A command has typed arguments, the level it needs, the values it answers with, the exact names of
its refusals, what it costs and whether it must be confirmed. Menus are checked against this table;
the account core registers one effect per row (a test holds the two equal).
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.domain.catalogue import access, companies, money, services, statements
from gateway.domain.catalogue.access import PASSWORD_KINDS
from gateway.domain.catalogue.command import LEVELS, ZONES, Command, Type, level_reaches
from gateway.domain.catalogue.services import (
    BARRING_KINDS,
    BARRING_PROGRAMS,
    FORWARDING_KINDS,
    PACKAGE_KINDS,
    SUPPLEMENTARY_ACTIONS,
)

__all__ = [
    "ALWAYS_REFUSALS",
    "BARRING_KINDS",
    "BARRING_PROGRAMS",
    "COMMANDS",
    "FORWARDING_KINDS",
    "LEVELS",
    "PACKAGE_KINDS",
    "PASSWORD_KINDS",
    "REFUSAL_VALUES",
    "SUPPLEMENTARY_ACTIONS",
    "ZONES",
    "Command",
    "Type",
    "level_reaches",
]

ALWAYS_REFUSALS = ("subscriber_unknown", "level_too_low", "number_blocked", "limit_reached")
"""Any command may be refused so; the last where an employee's limit of the month does not cover
what it costs (R42)."""

REFUSAL_VALUES: Mapping[str, Mapping[str, Type]] = {
    "insufficient_balance": {"short": "money"},
    "points_short": {"short": "count"},
    "password_wrong": {"left": "count"},
}
"""What a refusal tells beside its name: how much is missing, how many attempts are left."""

COMMANDS: Mapping[str, Command] = {
    **money.COMMANDS,
    **services.COMMANDS,
    **access.COMMANDS,
    **companies.COMMANDS,
    **statements.COMMANDS,
}
