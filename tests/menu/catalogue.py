"""The commands the shop uses: a catalogue of the tests' own, so that a new refusal of the real one
changes no expectation here."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.domain.catalogue import ZONES, Command

_KINDS = ("minutes", "sms", "megabytes")

COMMANDS: Mapping[str, Command] = {
    "account.balance": Command("view", values={"balance": "money", "points": "count"}),
    "account.last_charges": Command("view", values={"charges": "rows"}),
    "account.topup_voucher": Command(
        "subscriber",
        {"code": "digits"},
        {"amount": "money", "balance": "money"},
        ("voucher_unknown", "voucher_used", "voucher_paused"),
    ),
    "packages.quote": Command(
        "view",
        {"kind": _KINDS},
        {"kind": _KINDS, "units": "count", "price": "money", "days": "count"},
    ),
    "packages.buy": Command(
        "subscriber",
        {"kind": _KINDS},
        {"until": "moment", "balance": "money"},
        ("insufficient_balance",),
        confirm=True,
    ),
    "transfer.send_code": Command(
        "account",
        {"recipient": "msisdn", "amount": "money"},
        {"minutes": "count"},
        ("recipient_unknown", "insufficient_balance"),
    ),
    "transfer.confirm": Command(
        "account",
        {"code": "secret"},
        {"amount": "money", "balance": "money"},
        ("code_wrong", "code_expired"),
        confirm=True,
    ),
    "promised.debt": Command(
        "view", values={"debt": "money", "due": "moment"}, refusals=("promised_no_debt",)
    ),
    "roaming.here": Command("view", values={"zone": ZONES, "out": "money", "sms": "money"}),
    "password.set": Command("subscriber", {"password": "secret"}, refusals=("password_too_weak",)),
    "question.ask": Command("view", {"text": "text"}),
}
