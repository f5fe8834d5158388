"""Top-ups, cards, autopay, requests for money, bonus points (facts F04-F09, F12, F13, F17, F18)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.accounts.answers import Accounts
from gateway.accounts.bonus import earn
from tests.accounts.fakes import FakeRandomness
from tests.accounts.test_bonus import with_points_for
from tests.facts.talk import Talk, number

DAY = 86_400.0
CARD = "4242424242424242"


def link(talk: Talk, who: int) -> None:
    """Link a bank card, as the cabinet does."""
    token = talk.world.accounts.core.cards.tokenise(CARD)
    talk.book.update_subscriber(number(who), {"card": token})


def points(talk: Talk, who: int) -> int:
    found = talk.book.subscriber(number(who))
    assert found is not None
    return found.points


def test_the_account_is_topped_up_from_a_linked_card(talk: Talk) -> None:
    assert talk.dial(1, "*105*1*3*1#").page.startswith("Карта не привязана")
    link(talk, 1)
    heard = talk.dial(1, "*105*1*3*1#", "500", "1")
    assert heard.pages[1].startswith("Пополнить на 500 р. с карты *4242?")
    assert heard.page == "Счёт пополнен на 500 р. Баланс 750,00 р."


def test_another_subscriber_is_topped_up(talk: Talk) -> None:
    link(talk, 1)
    heard = talk.dial(1, "*105*1*3*3#", "9220000003", "100", "1")
    assert heard.page == "Номер 9220000003 пополнен на 100 р."
    assert heard.texts == ["Vash schet popolnen na 100 r."]
    by_card = talk.dial(1, "*110*105000000300*9220000003#")
    assert by_card.page == "Номер 9220000003 пополнен на 300 р."
    assert (talk.balance(1), talk.balance(3)) == (25_000, 40_000)


def test_one_section_tops_up_oneself_and_another_beside_the_promised_payment(talk: Talk) -> None:
    account = "".join(talk.dial(1, "*105*1#", "9").pages)
    assert "3 Пополнить" in account
    assert "5 Обещанный платёж" in account
    top_up = talk.dial(1, "*105*1*3#").page
    assert "1 С банк. карты\n2 Картой оплаты\n3 Другой номер" in top_up


@pytest.mark.parametrize(("key", "days"), [("1", 30), ("2", 7), ("3", 20)])
def test_autopay_comes_once_a_month_a_week_or_in_twenty_days(
    talk: Talk, key: str, days: int
) -> None:
    link(talk, 3)
    assert talk.dial(3, f"*105*1*4*1*{key}#", "300", "1").page.startswith("Gotovo: avtoplatezh")
    talk.wait(days * DAY - 1)
    assert talk.balance(3) == 0
    talk.wait(1)
    assert talk.balance(3) == 30_000


def test_autopay_fills_a_balance_that_is_below_fifty_roubles(talk: Talk) -> None:
    link(talk, 1)
    page = talk.dial(1, "*105*1*4*2*1#", "300", "1").page
    assert page == "Готово: автоплатёж 300 р., когда баланс ниже 50 р."
    for _ in range(2):
        talk.dial(1, "*105*4#", "2", "1")  # 100 roubles each
    talk.wait(1)
    assert talk.balance(1) == 5_000  # not below: fifty
    talk.dial(1, "*105*4#", "1", "1")  # 45 roubles
    talk.wait(1)
    assert talk.balance(1) == 500 + 30_000


def test_autopay_has_a_free_threshold_and_limits_of_its_sum(talk: Talk) -> None:
    link(talk, 1)
    heard = talk.dial(1, "*105*1*4*2*3#", "77", "99", "15001", "15000", "1")
    assert heard.pages[2].startswith("Введите сумму от 100 до 15000 рублей")
    assert heard.page == "Готово: автоплатёж 15000 р., когда баланс ниже 77 р."


def test_autopay_needs_a_card_and_no_channel_of_texts_takes_its_digits(talk: Talk) -> None:
    assert talk.dial(1, "*105*1*4*1*1#", "300").page.startswith("Карта не привязана")
    where = "Карту можно привязать в кабинете lk.megafon.ru или по телефону 0505"
    assert talk.dial(1, "*105*1*4*5#").page == where
    link(talk, 1)
    assert "с карты *4242?" in talk.dial(1, "*105*1*4*1*1#", "300").page


def test_others_are_asked_for_money(talk: Talk) -> None:
    heard = talk.dial(3, "*143*9220000001#", "100", "1")
    assert heard.page == "Prosba otpravlena na 9220000001, zhdem otvet 12 ch"
    assert heard.texts == ["Абонент 9220000003 просит 100 р. Ответ: *105*1*7#"]
    sent = talk.dial(1, "*105*1*7#", "1", "1", "700001")
    assert sent.page == "Переведено 100 р. на 9220000003. Баланс 144,00 р."
    assert talk.balance(3) == 10_000


def test_points_come_for_devices_too(talk: Talk) -> None:
    buyer = talk.book.subscriber(number(3))
    assert buyer is not None
    earn(talk.world.accounts.core, talk.book, buyer, "device", 199_000, talk.now, "device:1")
    assert talk.dial(3, "*115*0#").page.startswith("U vas 19 ballov")


def test_points_come_for_top_ups_and_for_use(talk: Talk) -> None:
    link(talk, 3)
    talk.dial(3, "*105*1*3*1#", "1000", "1")
    assert points(talk, 3) == 10
    talk.dial(3, "*105*4#", "2", "1")  # 100 roubles: a point for each 30
    talk.wait(30 * DAY)
    assert points(talk, 3) == 13


@pytest.mark.parametrize(
    ("key", "reward"),
    [("1", "5 мин"), ("2", "10 SMS"), ("3", "10 МБ"), ("4", "10 мин роуминга")],
)
def test_points_buy_five_kinds_of_rewards(talk: Talk, key: str, reward: str) -> None:
    assert talk.dial(1, f"*105*5*2*{key}#", "1", "1").page.startswith(f"Готово: {reward} до ")
    discount = talk.dial(1, "*105*5*2*5#", "1", "1").page
    assert discount.startswith("Готово: скидка 50 р. на следующую плату.")
    assert talk.book.discount(1001) == 5_000


def test_the_first_group_is_the_account(talk: Talk) -> None:
    assert talk.dial(1, "*105#").page.startswith("1 Мой счёт\n")


def test_a_company_has_no_points_unless_the_operator_gives_it_some(talk: Talk) -> None:
    refused = "Бонусная программа для этого номера не действует"
    assert talk.dial(11, "*115*0#").page == refused
    accounts = Accounts(talk.hasher, FakeRandomness(), with_points_for("administrator"))
    talk.world = replace(talk.world, accounts=accounts)
    assert talk.dial(11, "*115*0#").page == "У вас 0 баллов"
