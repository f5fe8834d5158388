"""Services: tariff plan, options, subscriptions, packages, roaming, supplementary, the SIM."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.domain.catalogue.command import ZONES, Command, Type

PACKAGE_KINDS = ("minutes", "sms", "megabytes")
FORWARDING_KINDS = ("all", "busy", "no_reply", "not_reachable", "conditional", "every")
BARRING_PROGRAMS = (
    "outgoing",
    "international",
    "international_except_home",
    "incoming",
    "incoming_roaming",
)
BARRING_KINDS = (*BARRING_PROGRAMS, "every_outgoing", "every_incoming", "every")
SERVICE_LISTS = ("all", "option", "roaming", "content")
SERVICE_PERIODS = ("month", "day", "once")
BLOCK_REASONS = ("lost", "temporary")
REPLACEMENT_REASONS = ("lost", "faulty")
SIM_ORDER_STATES = ("ordered", "ready", "collected")
SUPPLEMENTARY_ACTIONS = ("activate", "deactivate", "interrogate", "register", "erase")


_PRICES: Mapping[str, Type] = {
    "zone": ZONES,
    "out": "money",
    "out_other": "money",
    "in": "money",
    "sms": "money",
}

_SERVICE: Mapping[str, Type] = {
    "code": "digits",
    "name": "text",
    "cost": "money",
    "period": SERVICE_PERIODS,
    "price": "money",
    "days": "count",
}
"""`cost` each `period`, or `once` for so many `days` (0: for ever); `price` is of connecting."""
_ADDING = (
    "service_unknown",
    "service_on",
    "service_unavailable",
    "content_banned",
    "paid_banned",
)
_REMOVING = ("service_unknown", "service_off")
_CHANGING = ("tariff_unknown", "tariff_same", "tariff_unavailable", "tariff_change_waits")

_TARIFFS: Mapping[str, Command] = {
    # `coming` has a row (name, at) where a change waits
    "tariff.show": Command(
        "view",
        values={
            "tariff": "text",
            "fee": "money",
            "until": "moment",
            "suspended": "flag",
            "minutes": "count",
            "sms": "count",
            "gigabytes": "count",
            "coming": "rows",
        },
        when_blocked=True,
        read_only=True,
    ),
    # rows of: code, name, fee
    "tariff.list": Command("view", values={"plans": "rows"}, when_blocked=True, read_only=True),
    "tariff.quote": Command(
        "subscriber",
        {"code": "digits"},
        {"name": "text", "fee": "money", "price": "money"},
        _CHANGING,
        read_only=True,
    ),
    "tariff.change": Command(
        "subscriber",
        {"code": "digits"},
        {"name": "text", "price": "money", "at": "moment"},
        (*_CHANGING, "insufficient_balance"),
        confirm=True,
        price="tariff_change",
    ),
    "tariff.pending": Command(
        "view",
        values={"name": "text", "at": "moment"},
        refusals=("tariff_no_change",),
        when_blocked=True,
        read_only=True,
    ),
    # `price`: what was paid for the change, given back
    "tariff.cancel": Command(
        "subscriber", values={"name": "text", "price": "money"}, refusals=("tariff_no_change",)
    ),
}

_SERVICES: Mapping[str, Command] = {
    # rows of: what a service is (below), suspended
    "service.mine": Command(
        "view",
        {"kind": SERVICE_LISTS},
        {"services": "rows"},
        when_blocked=True,
        read_only=True,
    ),
    "service.offers": Command(
        "view", {"kind": SERVICE_LISTS}, {"services": "rows"}, when_blocked=True, read_only=True
    ),
    "service.state": Command(
        "view",
        {"code": "digits"},
        {"code": "digits", "name": "text", "on": "flag"},
        ("service_unknown",),
        when_blocked=True,
        read_only=True,
    ),
    "service.quote": Command("subscriber", {"code": "digits"}, _SERVICE, _ADDING, read_only=True),
    "service.add": Command(
        "subscriber",
        {"code": "digits"},
        {**_SERVICE, "balance": "money"},
        (*_ADDING, "insufficient_balance"),
        confirm=True,
        price="services",
    ),
    "service.removal": Command(
        "view", {"code": "digits"}, _SERVICE, _REMOVING, when_blocked=True, read_only=True
    ),
    "service.remove": Command("subscriber", {"code": "digits"}, _SERVICE, _REMOVING),
    "service.remove_content": Command(
        "subscriber", values={"count": "count"}, refusals=("subscriptions_none",)
    ),
}

_SIM: Mapping[str, Command] = {
    "sim.quote": Command(
        "subscriber",
        {"reason": BLOCK_REASONS},
        {
            "reason": BLOCK_REASONS,
            "msisdn": "msisdn",
            "fee": "money",
            "period": SERVICE_PERIODS,
        },
        read_only=True,
    ),
    "sim.block": Command(
        "subscriber",
        {"reason": BLOCK_REASONS},
        {"msisdn": "msisdn"},
        ("insufficient_balance",),
        confirm=True,
        price="sim",
    ),
    "sim.unblock": Command(
        "subscriber",
        values={"msisdn": "msisdn"},
        refusals=("sim_active", "sim_lost", "sim_in_debt"),
        when_blocked=True,
    ),
    "sim.replace": Command(
        "subscriber",
        {"reason": REPLACEMENT_REASONS},
        {"order": "digits"},
        ("sim_order_open",),
        confirm=True,
    ),
    "sim.status": Command(
        "view",
        values={"order": "digits", "state": SIM_ORDER_STATES, "office": "count"},
        refusals=("sim_order_none",),
        when_blocked=True,
        read_only=True,
    ),
}

_CHANGE_OF_BARRING = ("barring_change_expired", "barring_password_unfit")

COMMANDS: Mapping[str, Command] = {
    **_TARIFFS,
    **_SERVICES,
    **_SIM,
    "packages.show": Command(
        "view",
        values={
            "minutes": "count",
            "sms": "count",
            "megabytes": "count",
            "until": "moment",
        },
        refusals=("packages_none",),
        when_blocked=True,
        read_only=True,
    ),
    "packages.quote": Command(
        "view",
        {"kind": PACKAGE_KINDS},
        {"kind": PACKAGE_KINDS, "units": "count", "price": "money", "days": "count"},
        when_blocked=True,
        read_only=True,
    ),
    "packages.buy": Command(
        "subscriber",
        {"kind": PACKAGE_KINDS},
        {
            "kind": PACKAGE_KINDS,
            "units": "count",
            "price": "money",
            "until": "moment",
            "balance": "money",
        },
        ("insufficient_balance",),
        confirm=True,
    ),
    "roaming.here": Command("view", values=_PRICES, when_blocked=True, read_only=True),
    "roaming.prices": Command("view", {"zone": ZONES}, _PRICES, when_blocked=True, read_only=True),
    "roaming.state": Command("view", values={"on": "flag"}, when_blocked=True, read_only=True),
    "roaming.switch": Command("subscriber", {"on": "flag"}, {"on": "flag"}),
    # supplementary services, 3GPP TS 22.030 annex B
    "forwarding.apply": Command(
        "subscriber",
        {"action": SUPPLEMENTARY_ACTIONS, "kind": FORWARDING_KINDS, "number": "text"},
        {"kind": FORWARDING_KINDS, "on": "flag", "number": "text"},
        ("forwarding_number_missing", "forwarding_number_wrong", "forwarding_barred"),
    ),
    # a forwarded minute; abroad the outgoing minute of the zone comes on top (CH21)
    "forwarding.quote": Command(
        "subscriber",
        {"number": "text"},
        {"number": "msisdn", "price": "money", "out": "money"},
        ("forwarding_number_wrong", "forwarding_barred"),
        read_only=True,
    ),
    "forwarding.show": Command(
        "view",
        values={"all": "text", "busy": "text", "no_reply": "text", "not_reachable": "text"},
        when_blocked=True,
        read_only=True,
    ),
    "barring.apply": Command(
        "subscriber",
        {"action": SUPPLEMENTARY_ACTIONS, "kind": BARRING_KINDS, "password": "secret"},
        {"kind": BARRING_KINDS, "on": "flag"},
        ("barring_password_wrong", "barring_locked", "barring_forwarding_on"),
    ),
    "barring.show": Command(
        "view", values=dict.fromkeys(BARRING_PROGRAMS, "flag"), when_blocked=True, read_only=True
    ),
    # 3GPP TS 22.030 §6.5.4: the new one is given twice
    "barring.password": Command(
        "subscriber",
        {"old": "secret", "new": "secret", "again": "secret"},
        refusals=("barring_password_wrong", "barring_locked", "barring_password_unfit"),
    ),
    # the same, entry by entry: the old one, the new one, the new one again
    "barring.prove": Command(
        "subscriber",
        {"password": "secret"},
        refusals=("barring_password_wrong", "barring_locked"),
    ),
    "barring.propose": Command("subscriber", {"password": "secret"}, refusals=_CHANGE_OF_BARRING),
    "barring.renew": Command("subscriber", {"password": "secret"}, refusals=_CHANGE_OF_BARRING),
}
