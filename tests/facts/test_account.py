"""Levels, the account's functions, support (facts L.., F.., S05, H.., K08)."""

from __future__ import annotations

import pytest

from gateway.accounts.policy import Proof, default_policy
from gateway.domain.catalogue import COMMANDS
from tests.facts.talk import Talk, number

LEVEL = "Нужен доступ «управление счётом»"
BLOCKED = "Номер заблокирован. Доступны просмотр, пополнение и 0500"


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (1, "Ваш доступ: управление счётом"),
        (7, "Ваш доступ: управление абонентом"),
        (12, "Ваш доступ: управление абонентом"),
        (11, "Ваш доступ: управление счётом"),
        (8, "Ваш доступ: только просмотр"),
    ],
)
def test_the_level_is_of_the_way_in_and_the_number(talk: Talk, who: int, said: str) -> None:
    assert talk.dial(who, "*105*7*6#").page.startswith(said)


def test_by_sms_the_same_number_has_less(talk: Talk) -> None:
    found = talk.book.subscriber(number(1))
    assert found is not None
    proofs: tuple[Proof, ...] = ("ussd", "sms", "sms_code")
    levels = [default_policy().level_of(found, proof) for proof in proofs]
    assert levels == ["account", "subscriber", "account"]


def test_view_sees_the_account_and_changes_nothing(talk: Talk) -> None:
    before = talk.book.snapshot()
    for code in ("*105*1*1#", "*105*1*2*2#", "*512#", "*105*4#", "*105*6*1#", "*105*7*3#"):
        assert BLOCKED not in talk.dial(8, code).page, code
    changes = ("*105*4*1#", "*105*7*2#", "*105*3*5*1#", "*105*3*6*1#", "*105*1*5*1#", "*106#")
    for code in changes:
        assert talk.dial(8, code, "1", "9220000001", "1").pages
    assert talk.dial(8, "**21*9220000001#").page == BLOCKED
    after = talk.book.snapshot()
    assert {name for name in before if before[name] != after[name]} == {"charge_rows"}
    assert all(row.amount == 0 for row in talk.book.charge_rows)


def test_what_only_views_is_read_only() -> None:
    views = {name for name, row in COMMANDS.items() if row.level == "view"}
    # a link by SMS, a question to a person, a language, a request of a company
    acts = {"app.link", "question.ask", "language.set", "company.register"}
    assert all(COMMANDS[name].read_only for name in views - acts)


def test_a_second_number_changes_itself_and_not_the_account(talk: Talk) -> None:
    assert "включена" in talk.dial(7, "**21*9220000002#").page
    for code in ("*105*1*4#", "*105*1*5#", "*105*1*6#"):
        assert talk.dial(7, code).page.startswith(LEVEL), code
    assert talk.dial(7, "*106#", "1").page.startswith(LEVEL)
    assert talk.dial(7, "*133*50*9220000002#").page.startswith(LEVEL)
    assert talk.balance(7) == 25_000


def test_the_owner_changes_the_account(talk: Talk) -> None:
    assert talk.dial(1, "*106#", "1", "1").page.startswith("Зачислено 50 р. Верните 60 р. до ")
    assert talk.balance(1) == 30_000


def test_balance_and_points_are_shown_together(talk: Talk) -> None:
    page = talk.dial(1, "*105*1*1#").page
    assert page.startswith("Баланс: 250,00 р.\nБонусы: 500\n")
    assert talk.dial(2, "*100#").page == "Balance: RUB 1000.00\nBonus points: 0"
    assert talk.write(1, "000100", "").texts[0].startswith("Баланс 250,00 р. Бонусы 500.")


def test_a_promised_payment(talk: Talk) -> None:
    heard = talk.dial(1, "*105*1*5*2#", "1")
    assert heard.pages[0].startswith("Взять 150 р. на 3 дня? Плата 20 р., вернуть до 28.11")
    assert heard.page == "Зачислено 150 р. Верните 170 р. до 28.11 23:59"
    assert talk.balance(1) == 40_000
    again = talk.dial(1, "*105*1*5*1#").page
    assert again == "Обещанный платёж сейчас недоступен: есть непогашенный долг"


def test_money_goes_to_a_third_party_after_a_code(talk: Talk) -> None:
    heard = talk.dial(2, "*105*1*6#", "9220000003", "100", "1", "700001")
    assert heard.texts[0].startswith("Code 700001: send RUB 100 to 9220000003, fee RUB 6.")
    assert heard.page == "RUB 100 sent to 9220000003. Balance RUB 894.00"
    assert (talk.balance(2), talk.balance(3)) == (89_400, 10_000)


def test_spending_of_the_current_period(talk: Talk) -> None:
    talk.dial(2, "*105*4*1#", "1")
    talk.write(4, "000100", "Б")
    assert talk.dial(2, "*105*1*2*2#").page.startswith("Since 01.11: RUB 45.00\nFees 0.00\n")
    assert "SMS 19\n" in talk.dial(4, "*105*1*2*2#").page
    assert talk.dial(4, "*105*1*2*3#").page.startswith("25.11 SMS 19")
    talk.now += 6 * 86_400
    assert talk.dial(2, "*105*1*2*2#").page.startswith("Since 01.12: RUB 0.00")


def test_package_balances_by_short_codes(talk: Talk) -> None:
    left = "Left: 700 min, 0 SMS, 30720 MB, until 25.12"
    assert talk.dial(2, "*558#").page.startswith(left)
    assert talk.dial(2, "*105*4#").page.startswith(left)
    assert talk.write(2, "000105", "LEFT").texts == [left]


@pytest.mark.parametrize(
    ("key", "done"),
    [("1", "30 min"), ("2", "100 SMS"), ("3", "1024 MB")],
)
def test_more_is_added_from_the_balance_screen(talk: Talk, key: str, done: str) -> None:
    heard = talk.dial(2, "*105*4#", key, "1")
    assert heard.page.startswith(f"Done: {done} until 25.12. Balance RUB ")


def test_forwarding_is_a_number_and_a_yes(talk: Talk) -> None:
    heard = talk.dial(1, "*105*3*5*4#", "9220000002", "1")
    assert heard.page == "Готово. Переадресация «Занято» на +79220000002 включена"
    assert talk.book.forwarding(number(1)) == {"busy": number(2)}


def test_support_is_a_group_of_the_main_menu(talk: Talk) -> None:
    phones = talk.dial(1, "*105*8*1#").page
    for written in ("0500 дома", "88005500500 по РФ 0 р", "+79261110500 в мире 0 р"):
        assert written in phones
    assert talk.dial(1, "*105*8*6#").page.startswith("Ближайший: ")


def test_a_question_reaches_an_operator(talk: Talk) -> None:
    heard = talk.dial(8, "*105*8*2#", "Где мои деньги?")
    assert heard.page == "Вопрос принят. Ответ придёт в SMS"
    assert [(who, text) for who, text, _ in talk.book.questions] == [(number(8), "Где мои деньги?")]


def test_frequent_questions_stand_by_theme(talk: Talk) -> None:
    themes = talk.dial(1, "*105*8*3#").page.split("\n")
    assert themes[:4] == ["1 Пароль и вход", "2 Вход закрыт", "3 Роуминг: цены", "4 Нет денег"]
    for theme in "1234":
        assert talk.dial(1, f"*105*8*3*{theme}#").waits


def test_a_barring_is_shown_whole(talk: Talk) -> None:
    talk.dial(1, "*331*0000#")
    page = talk.dial(1, "*105*3*6*6#").page
    assert page.startswith("Исходящие: нет\nЗа границу: да\n")
