"""Money: balance, spending, top-ups, promised payments, transfers, autopay, bonus points."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.domain.catalogue.command import Command, Type

AUTOPAY_KINDS = ("period", "threshold")
AUTOPAY_PERIODS = ("month", "week", "days20")
REWARD_KINDS = ("minutes", "sms", "megabytes", "roaming", "discount")

_CHARGE_ROW = "rows"  # rows of: at (moment), category (text), amount (money)
_PROMISED = (
    "promised_debt_open",
    "promised_floor",
    "promised_amount_unknown",
    "promised_too_young",
)
_TRANSFER = (
    "recipient_unknown",
    "recipient_self",
    "amount_out_of_range",
    "insufficient_balance",
    "transfer_floor",
    "transfer_daily_limit",
    "promised_debt_open",
)
_TOP_UP = ("card_none", "topup_out_of_range", "recipient_unknown", "topup_daily_limit")
_CARD = ("card_declined", "card_expired", "card_short")
_AUTOPAY = ("card_none", "autopay_out_of_range")
_ASK = (
    "recipient_unknown",
    "recipient_self",
    "amount_out_of_range",
    "ask_waiting",
    "ask_daily_limit",
    "ask_monthly_limit",
)
_REWARD: Mapping[str, Type] = {"kind": REWARD_KINDS, "units": "count", "points": "count"}
_BONUS = ("bonus_not_offered",)
_SPEND = (*_BONUS, "reward_unknown", "recipient_unknown", "points_short")
_GIFT = (*_BONUS, "gift_out_of_range", "recipient_unknown", "recipient_self", "points_short")


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
        {"period": ("day", "week", "month")},
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
    # `recipient` is empty for one's own account; `own` tells which it was
    "account.topup_voucher": Command(
        "subscriber",
        {"code": "digits", "recipient": "text"},
        {"amount": "money", "balance": "money", "own": "flag", "recipient": "msisdn"},
        ("voucher_unknown", "voucher_used", "voucher_paused", "recipient_unknown"),
        when_blocked=True,
    ),
    "topup.quote": Command(
        "subscriber",
        {"recipient": "text", "amount": "money"},
        {"amount": "money", "card": "digits", "own": "flag", "recipient": "msisdn"},
        _TOP_UP,
        when_blocked=True,
        read_only=True,
    ),
    "account.topup_card": Command(
        "subscriber",
        {"recipient": "text", "amount": "money"},
        {"amount": "money", "balance": "money", "own": "flag", "recipient": "msisdn"},
        (*_TOP_UP, *_CARD),
        when_blocked=True,
        confirm=True,
    ),
    # card digits are never taken by USSD or SMS: those texts are logged by networks (F09)
    "card.state": Command(
        "view",
        values={"card": "digits"},
        refusals=("card_none",),
        when_blocked=True,
        read_only=True,
    ),
    "card.link": Command("account", {"digits": "secret"}, {"card": "digits"}, ("card_wrong",)),
    "card.unlink": Command("account", refusals=("card_none",)),
    "autopay.period": Command(
        "account",
        {"period": AUTOPAY_PERIODS, "amount": "money"},
        {"period": AUTOPAY_PERIODS, "amount": "money", "due": "moment"},
        _AUTOPAY,
        confirm=True,
    ),
    "autopay.threshold": Command(
        "account",
        {"threshold": "money", "amount": "money"},
        {"threshold": "money", "amount": "money"},
        (*_AUTOPAY, "threshold_out_of_range"),
        confirm=True,
    ),
    # which of both stand; what the other one would be is empty or 0
    "autopay.list": Command(
        "view",
        values={
            "by_period": "flag",
            "period": ("", *AUTOPAY_PERIODS),
            "period_amount": "money",
            "due": "moment",
            "by_threshold": "flag",
            "threshold": "money",
            "threshold_amount": "money",
        },
        refusals=("autopay_none",),
        when_blocked=True,
        read_only=True,
    ),
    "autopay.off": Command(
        "account", {"kind": AUTOPAY_KINDS}, refusals=("autopay_none",), confirm=True
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
        (*_TRANSFER, "code_wrong", "code_expired", "code_tries_exceeded"),
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
    # a request for money: no money moves until the one who is asked sends it (F12)
    "ask.quote": Command(
        "subscriber",
        {"recipient": "msisdn", "amount": "money"},
        {"recipient": "msisdn", "amount": "money", "hours": "count"},
        _ASK,
        read_only=True,
    ),
    "ask.send": Command(
        "subscriber",
        {"recipient": "msisdn", "amount": "money"},
        {"recipient": "msisdn", "amount": "money", "hours": "count"},
        _ASK,
    ),
    # the newest request to the number that still waits for an answer
    "ask.waiting": Command(
        "view",
        values={"recipient": "msisdn", "amount": "money", "until": "moment"},
        refusals=("ask_none",),
        when_blocked=True,
        read_only=True,
    ),
    "ask.refuse": Command(
        "subscriber", {"recipient": "msisdn"}, {"recipient": "msisdn"}, ("ask_none",)
    ),
    "bonus.show": Command(
        "view",
        values={"points": "count", "expiring": "count", "until": "moment"},
        refusals=_BONUS,
        when_blocked=True,
        read_only=True,
    ),
    "bonus.expiring": Command(
        "view",
        values={"lots": "rows"},  # of: until (moment), points (count)
        refusals=_BONUS,
        when_blocked=True,
        read_only=True,
    ),
    "bonus.rewards": Command(
        "view",
        {"kind": REWARD_KINDS},
        {"rewards": "rows"},  # of: reward (digits), kind, units (count), points (count)
        _BONUS,
        when_blocked=True,
        read_only=True,
    ),
    "bonus.quote": Command(
        "subscriber",
        {"reward": "digits", "recipient": "text"},
        {**_REWARD, "days": "count", "own": "flag", "recipient": "msisdn"},
        _SPEND,
        read_only=True,
    ),
    "bonus.spend": Command(
        "subscriber",
        {"reward": "digits", "recipient": "text"},
        {**_REWARD, "until": "moment", "left": "count", "own": "flag", "recipient": "msisdn"},
        _SPEND,
        confirm=True,
    ),
    "bonus.gift_quote": Command(
        "subscriber",
        {"recipient": "msisdn", "points": "digits"},
        {"recipient": "msisdn", "points": "count"},
        _GIFT,
        read_only=True,
    ),
    "bonus.gift": Command(
        "subscriber",
        {"recipient": "msisdn", "points": "digits"},
        {"recipient": "msisdn", "points": "count", "left": "count"},
        _GIFT,
        confirm=True,
    ),
}
