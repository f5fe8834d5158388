"""The catalogue of commands: each is defined once and reached from every channel.

A command has typed arguments, the level it needs, the values it answers with and the exact names
of its refusals. Menus are checked against this table; the account core registers one effect per
row (a test holds the two equal). Types: `money` (kopecks), `count`, `msisdn`, `digits`, `text`,
`secret`, `moment` (epoch seconds), `flag`, `rows`, or a tuple of the words allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LEVELS = ("none", "view", "subscriber", "account")

ZONES = ("HOME", "RU_NET", "RU_OTHER", "CIS", "EUROPE", "WORLD")

ALWAYS_REFUSALS = ("subscriber_unknown", "level_too_low", "number_blocked")
"""Any command may be refused so."""

Type = str | tuple[str, ...]

REFUSAL_VALUES: Mapping[str, Mapping[str, Type]] = {"insufficient_balance": {"short": "money"}}
"""What a refusal tells beside its name: how much is missing."""


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the catalogue."""

    level: str
    arguments: Mapping[str, Type] = field(default_factory=dict)
    values: Mapping[str, Type] = field(default_factory=dict)
    refusals: tuple[str, ...] = ()
    when_blocked: bool = False
    """Usable from a number whose SIM is blocked: to see, to top up, to unblock, to reach support.
    No password is among them: whoever found the handset must not get one."""
    moves_money: bool = False
    """A menu must ask for a confirmation before it."""


def level_reaches(level: str, needed: str) -> bool:
    """Whether `level` is at least `needed`."""
    return LEVELS.index(level) >= LEVELS.index(needed)


PASSWORD_KINDS = ("permanent", "one_time")
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

_CHARGE_ROW = "rows"  # rows of: at (moment), category (text), amount (money)
_PRICES: Mapping[str, Type] = {
    "zone": ZONES,
    "out": "money",
    "out_other": "money",
    "in": "money",
    "sms": "money",
}
_PROMISED = ("promised_debt_open", "promised_floor", "promised_amount_unknown")
_TRANSFER = (
    "recipient_unknown",
    "recipient_self",
    "amount_out_of_range",
    "insufficient_balance",
    "transfer_floor",
    "transfer_daily_limit",
    "promised_debt_open",
)

COMMANDS: Mapping[str, Command] = {
    # 1 account
    "account.balance": Command(
        "view",
        values={
            "balance": "money",
            "points": "count",
            "limit": "money",
            "tariff": "text",
            "own_account": "flag",
        },
        when_blocked=True,
    ),
    "account.spending": Command(
        "view",
        {"period": ("day", "month")},
        {
            "since": "moment",
            "total": "money",
            "calls": "money",
            "sms": "money",
            "internet": "money",
            "fees": "money",
            "other": "money",
        },
        when_blocked=True,
    ),
    "account.last_charges": Command("view", values={"charges": _CHARGE_ROW}, when_blocked=True),
    "account.topup_voucher": Command(
        "subscriber",
        {"code": "digits"},
        {"amount": "money", "balance": "money"},
        ("voucher_unknown", "voucher_used", "voucher_paused"),
        when_blocked=True,
    ),
    "promised.quote": Command(
        "account",
        {"amount": "money"},
        {"amount": "money", "fee": "money", "due": "moment", "days": "count"},
        _PROMISED,
    ),
    "promised.take": Command(
        "account",
        {"amount": "money"},
        {"amount": "money", "fee": "money", "total": "money", "due": "moment"},
        _PROMISED,
        moves_money=True,
    ),
    "promised.debt": Command(
        "view",
        values={"debt": "money", "due": "moment"},
        refusals=("promised_no_debt",),
        when_blocked=True,
    ),
    "transfer.quote": Command(
        "account",
        {"recipient": "msisdn", "amount": "money"},
        {"recipient": "msisdn", "amount": "money", "fee": "money"},
        _TRANSFER,
    ),
    # sends sms.transfer_code to the caller; the code lives minutes, and is good once
    "transfer.send_code": Command(
        "account",
        {"recipient": "msisdn", "amount": "money"},
        {"minutes": "count"},
        (*_TRANSFER, "codes_too_many"),
    ),
    "transfer.confirm": Command(
        "account",
        {"code": "secret"},
        {"recipient": "msisdn", "amount": "money", "fee": "money", "balance": "money"},
        (*_TRANSFER, "code_wrong", "code_expired"),
        moves_money=True,
    ),
    # 4 packages
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
    ),
    "packages.quote": Command(
        "view",
        {"kind": PACKAGE_KINDS},
        {"kind": PACKAGE_KINDS, "units": "count", "price": "money", "days": "count"},
        when_blocked=True,
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
        moves_money=True,
    ),
    # 6 roaming
    "roaming.here": Command("view", values=_PRICES, when_blocked=True),
    "roaming.prices": Command("view", {"zone": ZONES}, _PRICES, when_blocked=True),
    "roaming.state": Command("view", values={"on": "flag"}, when_blocked=True),
    "roaming.switch": Command("subscriber", {"on": "flag"}, {"on": "flag"}),
    # 7 settings; each password goes out by SMS, never in the answer
    # `kind` is what was issued; a one-time one is good for `minutes`, a permanent one for ever (0)
    "password.new": Command(
        "subscriber",
        values={"kind": PASSWORD_KINDS, "minutes": "count"},
        refusals=("password_too_often",),
    ),
    "password.one_time": Command(
        "subscriber", values={"minutes": "count"}, refusals=("password_too_often",)
    ),
    # one's own password is given twice, each time straight to the core: no session ever holds it
    "password.propose": Command(
        "subscriber",
        {"password": "secret"},
        {"minutes": "count"},
        ("password_too_weak",),
    ),
    "password.set": Command(
        "subscriber",
        {"password": "secret"},
        refusals=("password_differs", "password_expired", "password_too_weak"),
    ),
    "password.unlock": Command("subscriber", refusals=("password_too_often",)),
    "alert.state": Command("view", values={"on": "flag"}, when_blocked=True),
    "alert.switch": Command("subscriber", {"on": "flag"}, {"on": "flag"}),
    "logins.show": Command("view", values={"logins": "rows"}, when_blocked=True),
    "language.set": Command("view", {"language": ("ru", "en", "ru-Latn")}, when_blocked=True),
    "app.link": Command("view", when_blocked=True),
    "access.level": Command("view", values={"level": LEVELS}, when_blocked=True),
    # 8 help
    "number.own": Command("none", values={"msisdn": "msisdn"}, when_blocked=True),
    "question.ask": Command("view", {"text": "text"}, when_blocked=True),
    # codes and short numbers
    "balance.by_sms": Command("view", when_blocked=True),
    "company.register": Command("view", refusals=("company_none", "company_already")),
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
    ),
    "barring.apply": Command(
        "subscriber",
        {"action": SUPPLEMENTARY_ACTIONS, "kind": BARRING_KINDS, "password": "secret"},
        {"kind": BARRING_KINDS, "on": "flag"},
        ("barring_password_wrong", "barring_locked", "barring_forwarding_on"),
    ),
    "barring.show": Command(
        "view", values=dict.fromkeys(BARRING_PROGRAMS, "flag"), when_blocked=True
    ),
    # 3GPP TS 22.030 §6.5.4: the new one is given twice
    "barring.password": Command(
        "subscriber",
        {"old": "secret", "new": "secret", "again": "secret"},
        refusals=("barring_password_wrong", "barring_locked", "barring_password_unfit"),
    ),
}

READ_ONLY = frozenset(
    name
    for name, command in COMMANDS.items()
    if name.endswith((".quote", ".show", ".state", ".balance", ".prices", ".here", ".own"))
    or name
    in (
        "account.spending",
        "account.last_charges",
        "promised.debt",
        "access.level",
        "balance.by_sms",
        "app.link",
        "question.ask",
    )
)
"""Commands that change nothing of the subscriber: a turn need not read him again after them."""
