"""Money as the service guide writes it (3.4): `1234,50 р.` and `RUB 1234.50`; a round sum without
its kopecks. Each text of ours, filled with the guide's figures, is the guide's text."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from gateway.domain.port import Facts, Language
from gateway.domain.values import Values
from gateway.menu.screens import build
from gateway.menu.states import End, Shown
from tests.turn.house import content

MENUS = content().menus


def at(text: str) -> int:
    """Epoch seconds of `03.12 23:59`, as the operator's clock shows it."""
    moment = datetime.strptime(f"2025 {text} +0500", "%Y %d.%m %H:%M %z")
    return int(moment.astimezone(timezone(timedelta(hours=5))).timestamp())


LAST: Values = {
    "charges": (
        {"at": at("30.11 14:05"), "category": "calls", "amount": 1_250},
        {"at": at("30.11 13:10"), "category": "sms", "amount": 195},
        {"at": at("29.11 20:01"), "category": "internet", "amount": 990},
        {"at": at("29.11 09:12"), "category": "calls", "amount": 300},
    )
}

SCREENS: list[tuple[str, Values, str, str]] = [
    (
        "acct.balance.show",
        {"balance": -1_234_567, "points": 12_345, "limit": 3_000_000},
        "Баланс: -12345,67 р.\nБонусы: 12345\nЛимит: 30000 р.",
        "Balance: RUB -12345.67\nBonus points: 12345\nCredit limit: RUB 30000",
    ),
    (
        "acct.spend.day.show",
        {
            "total": 123_450,
            "calls": 80_000,
            "sms": 3_450,
            "internet": 40_000,
            "fees": 0,
            "other": 0,
        },
        "Сегодня: 1234,50 р.\nЗвонки 800\nSMS 34,50\nИнтернет 400\nПлата 0\nПрочее 0",
        "Today: RUB 1234.50\nCalls 800.00\nSMS 34.50\nInternet 400.00\nFees 0.00\nOther 0.00",
    ),
    (
        "acct.spend.last5.show",
        LAST,
        "30.11 Звонок 12,50\n30.11 SMS 1,95\n29.11 Интернет 9,90\n29.11 Звонок 3",
        "30.11 14:05 Call 12.50\n30.11 13:10 SMS 1.95\n29.11 20:01 Internet 9.90\n"
        "29.11 09:12 Call 3.00",
    ),
    (
        "acct.topup.done",
        {"amount": 1_500_000, "balance": 1_623_450},
        "Счёт пополнен на 15000 р. Баланс 16234,50 р.",
        "Topped up by RUB 15000. Balance RUB 16234.50",
    ),
    (
        "acct.promised.ok",
        {"amount": 30_000, "days": 3, "fee": 2_000, "due": at("03.12 23:59")},
        "Взять 300 р. на 3 дня? Плата 20 р., вернуть до 03.12",
        "Take RUB 300 for 3 days? Fee RUB 20, repay by 03.12",
    ),
    (
        "acct.promised.done",
        {"amount": 30_000, "total": 32_000, "due": at("03.12 23:59")},
        "Зачислено 300 р. Верните 320 р. до 03.12 23:59",
        "RUB 300 credited. Repay RUB 320 by 03.12 23:59",
    ),
    (
        "acct.transfer.ok",
        {"amount": 500_000, "recipient": "79221234567", "fee": 30_000},
        "Перевести 5000 р. на 9221234567? Комиссия 300 р.",
        "Send RUB 5000 to 9221234567? Fee RUB 300",
    ),
    (
        "acct.transfer.done",
        {"amount": 500_000, "recipient": "79221234567", "balance": 1_234_567},
        "Переведено 5000 р. на 9221234567. Баланс 12345,67 р.",
        "RUB 5000 sent to 9221234567. Balance RUB 12345.67",
    ),
    (
        "roam.here.show",
        {"zone": "EUROPE", "out": 5_900, "in": 5_900, "sms": 1_900},
        "Зона: Европа\nИсх 59 Вх 59 р/мин\nSMS 19 р\nUSSD 0 р",
        "Zone: Europe\nOut RUB 59/min, in RUB 59/min\nSMS RUB 19, USSD free",
    ),
    (
        "roam.price.show",
        {"zone": "WORLD", "out": 7_900, "out_other": 12_900, "in": 7_900, "sms": 1_900},
        "Другие страны\nИсх 79-129 Вх 79 р/мин\nSMS 19 р",
        "Other countries\nOut RUB 79-129/min, in RUB 79/min\nSMS RUB 19",
    ),
    (
        "err.funds",
        {"short": 12_345},
        "Не хватает 123,45 р. Пополните счёт или наберите *106#",
        "RUB 123.45 short. Top up or dial *106#",
    ),
]


@pytest.mark.parametrize("row", SCREENS, ids=lambda row: row[0])
def test_a_screen_with_money(row: tuple[str, Values, str, str]) -> None:
    name, values, *texts = row
    state = MENUS.compiled.states[name]
    assert isinstance(state, Shown)
    languages: tuple[Language, ...] = ("ru", "en")
    for language, text in zip(languages, texts, strict=True):
        facts = Facts(language, "ussd", "account", "HOME")
        screen = build(state, values, facts, MENUS.compiled.navigation, back=True)
        assert screen.text == text


@pytest.mark.parametrize(
    ("text_id", "values", "ru", "en"),
    [
        (
            "err.funds",
            {"short": 900},
            "Не хватает 9 р. Пополните счёт или наберите *106#",
            "RUB 9 short. Top up or dial *106#",
        ),
        (
            "sms.pwd",
            {"password": "482913", "login": "9221234567"},
            "Пароль: 482913. Логин - ваш номер 9221234567. Никому не сообщайте",
            "Your password: 482913. Login: your number 9221234567. Keep it secret.",
        ),
        (
            "sms.otp",
            {"password": "482913", "minutes": 10},
            "Код входа: 482913, действует 10 мин. Никому не сообщайте",
            "Login code: 482913, valid 10 minutes. Keep it secret.",
        ),
        (
            "sms.unlock",
            {"password": "482913"},
            "Вход снова открыт. Новый пароль: 482913",
            "Login is open again. New password: 482913",
        ),
        (
            "sms.login",
            {"at": at("30.11 14:05"), "channel": "web"},
            "Вход в кабинет 30.11 14:05, сайт. Не вы? Наберите *105*00#",
            "Login to your account on 30.11 14:05, web. Not you? Dial *105*00#",
        ),
    ],
)
def test_a_text_of_the_catalogue(text_id: str, values: Values, ru: str, en: str) -> None:
    assert (MENUS.text(text_id, "ru", values), MENUS.text(text_id, "en", values)) == (ru, en)


def test_the_balance_by_sms_is_the_guides() -> None:
    state = MENUS.compiled.states["sms.balance.show"]
    assert isinstance(state, End)
    text = state.texts["sms"]
    assert text is not None
    languages: tuple[tuple[Language, str], ...] = (("ru", "Общение M"), ("en", "Talk M"))
    said = [
        text.render(language, {"balance": 123_450, "points": 120, "tariff": tariff})
        for language, tariff in languages
    ]
    assert said == [
        "Баланс 1234,50 р. Бонусы 120. Тариф «Общение M»",
        'Balance RUB 1234.50. Points 120. Tariff "Talk M"',
    ]
