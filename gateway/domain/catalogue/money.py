"""Money: balance, spending, top-ups, promised payments, transfers, autopay, bonus points."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.domain.catalogue.command import Command

_CHARGE_ROW = "rows"  # rows of: at (moment), category (text), amount (money)
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
        read_only=True,
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
        read_only=True,
    ),
    "account.last_charges": Command(
        "view", values={"charges": _CHARGE_ROW}, when_blocked=True, read_only=True
    ),
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
        read_only=True,
    ),
    "promised.take": Command(
        "account",
        {"amount": "money"},
        {"amount": "money", "fee": "money", "total": "money", "due": "moment"},
        _PROMISED,
        confirm=True,
    ),
    "promised.debt": Command(
        "view",
        values={"debt": "money", "due": "moment"},
        refusals=("promised_no_debt",),
        when_blocked=True,
        read_only=True,
    ),
    "transfer.quote": Command(
        "account",
        {"recipient": "msisdn", "amount": "money"},
        {"recipient": "msisdn", "amount": "money", "fee": "money"},
        _TRANSFER,
        read_only=True,
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
        confirm=True,
    ),
    # the same where the code came with the question itself: an SMS asks once, not twice
    "transfer.make": Command(
        "account",
        {"recipient": "msisdn", "amount": "money"},
        {"recipient": "msisdn", "amount": "money", "fee": "money", "balance": "money"},
        _TRANSFER,
        confirm=True,
        proof="sms_code",
    ),
    "balance.by_sms": Command("view", when_blocked=True, read_only=True),
}
