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
SUPPLEMENTARY_ACTIONS = ("activate", "deactivate", "interrogate", "register", "erase")


_PRICES: Mapping[str, Type] = {
    "zone": ZONES,
    "out": "money",
    "out_other": "money",
    "in": "money",
    "sms": "money",
}

COMMANDS: Mapping[str, Command] = {
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
}
