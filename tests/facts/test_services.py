"""Tariff, services, subscriptions, packages and the SIM (facts C08, F21-F23, S.., K27, CH21)."""

from __future__ import annotations

import pytest

from tests.facts.talk import Talk, number

DAY = 86_400.0
BLOCKED = "Номер заблокирован. Доступны просмотр, пополнение и 0500"


def test_the_menu_shows_what_the_tariff_allows(talk: Talk) -> None:
    assert "Интернет M" in talk.dial(1, "*105*3*2#").page
    assert "Internet M" not in talk.dial(2, "*105*3*2#").page
    assert "Бизнес-интернет" in talk.dial(12, "*105*3*2#").page
    assert "Бизнес M" in talk.dial(12, "*105*2*2#").page
    assert "Бизнес" not in " ".join(talk.dial(1, "*105*2*2#", "9").pages)


SEVEN = [
    # tariff, forwarding, barring, roaming, services, SIM: what is dialled and typed, what is said
    ("*105*2*2*1#", "1", "Заявка принята"),
    ("*105*3*5*1#", "9220000002 1", "Готово. Переадресация"),
    ("*105*3*6*1#", "0000", "Готово. Запрет"),
    ("*105*6*2#", "1", "Готово. Роуминг"),
    ("*105*3*7*4#", "1", "Готово. Включено"),
    ("*105*3*7*1#", "1", "SIM заблокирована"),
]


@pytest.mark.parametrize(("code", "typed", "said"), SEVEN)
def test_the_seven_functions_are_in_the_menu(talk: Talk, code: str, typed: str, said: str) -> None:
    assert talk.dial(1, code, *typed.split()).page.startswith(said)


def test_what_is_on_is_listed_with_its_price_and_switched_off_there(talk: Talk) -> None:
    shown = talk.dial(2, "*105*3*1#", "2", "1")
    assert "1 Weather RUB 30 a month\n2 Horoscope RUB 45 a month" in shown.pages[0]
    assert shown.page == 'Done: "Horoscope" is off'
    assert "Horoscope" not in talk.dial(2, "*105*3*1#").page


def test_a_tariff_is_changed_in_three_keys_and_is_there_at_midnight(talk: Talk) -> None:
    assert talk.dial(1, "*105*2*2*2#", "1").page.startswith("Заявка принята")
    assert talk.dial(1, "*105*2*1#").page.startswith("Тариф «Просто»")
    talk.wait(DAY)
    assert talk.dial(1, "*105*2*1#").page.startswith("Тариф «Общение M» не оплачен")


def test_a_sim_is_blocked_and_every_channel_answers_so(talk: Talk) -> None:
    talk.dial(1, "*105*3*7*1#", "1")
    assert talk.dial(1, "*105*2*2#").page.startswith(BLOCKED)
    assert talk.dial(1, "*105*4*1#").page.startswith(BLOCKED)
    assert talk.write(1, "000110", "00").texts == [BLOCKED]
    assert talk.dial(1, "*105*1*1#").page.startswith("Баланс")


def test_a_suspended_sim_is_unblocked_by_its_own_menu(talk: Talk) -> None:
    talk.dial(1, "*105*156#", "1")
    assert talk.dial(1, "*105*4*1#").page.startswith(BLOCKED)
    assert talk.dial(1, "*105*3*7*3#").page == "Готово. Блокировка SIM снята"
    assert talk.dial(1, "*105*4*1#").page.endswith("1 Да\n0 Назад")


def test_a_new_card_has_the_old_number_within_the_hour(talk: Talk) -> None:
    old = talk.book.subscriber(number(1))
    assert old is not None
    assert "принята" in talk.dial(1, "*105*3*8*2#", "1").page
    talk.wait(3_600)
    assert "SIM готова, салон №" in talk.dial(1, "*105*3*8*3#").page
    talk.wait(DAY)
    new = talk.book.subscriber(number(1))
    assert new is not None
    assert (new.msisdn, new.account) == (old.msisdn, old.account)
    assert new.imsi != old.imsi


def test_paid_subscriptions_are_seen_and_stopped(talk: Talk) -> None:
    assert "Horoscope" in talk.dial(2, "*105*3*4*1#").page
    assert talk.dial(2, "*105*3*4*2*1#", "1").page == 'Subscription "Weather" cancelled'
    assert talk.dial(2, "*105*3*4*3#", "1").page == "Done. Subscriptions cancelled: 1"
    assert talk.dial(2, "*105*3*4*1#").page.startswith(
        "Subscriptions:\nYou have no paid subscriptions"
    )


def test_packages_are_filled_extended_and_end(talk: Talk) -> None:
    assert talk.dial(2, "*105*4#").page.startswith("Left: 700 min, 0 SMS, 30720 MB")
    assert talk.dial(2, "*105*4*3#", "1").page.startswith("Done: 1024 MB")
    talk.wait(31 * DAY)
    assert talk.dial(2, "*105*4#").page.startswith("Left: 700 min")


def test_internet_traffic_is_bought_and_paid_services_are_stopped(talk: Talk) -> None:
    assert talk.dial(1, "*105*3351#", "1").page.startswith("Готово: «100 МБ» подключена")
    talk.dial(1, "*105*3*7*4#", "1")
    assert "Включён запрет платных услуг" in talk.dial(1, "*105*3351#").page


def test_services_are_connected_and_removed_by_their_codes(talk: Talk) -> None:
    assert "подключена" in talk.dial(1, "*105*3381#", "1").page
    assert talk.dial(1, "*105*3381*0#", "1").page == "Готово. Отключено: «АнтиАОН»"


def test_forwarding_in_roaming_warns_of_the_second_price(talk: Talk) -> None:
    at_home = talk.dial(1, "*105*3*5*1#", "9220000002").page
    assert at_home.startswith("«Все звонки» на 9220000002, 3,50 р./мин?")
    abroad = talk.dial(4, "*105*3*5*1#", "9220000002").page
    assert abroad.startswith("«Все звонки» на 9220000002, 3,50+роуминг 59 р./мин?")
    dialled = talk.dial(4, "**21*9220000002#").page
    assert dialled == "Включена: «Все звонки» на +79220000002, 3,50+роуминг 59 р./мин"
