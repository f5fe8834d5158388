"""What is done by SMS (facts C18, C21, C31, K01, L01): words, codes, a question with its code."""

from __future__ import annotations

import pytest

from tests.facts.talk import Talk, number


def test_a_service_is_switched_on_and_off_by_its_code(talk: Talk) -> None:
    asked = talk.write(1, "000105", "3382").texts[0]
    assert asked.startswith("«Кто звонил»")
    assert (
        talk.write(1, "000105", "вкл 3382", "ДА #")
        .texts[1]
        .startswith("Готово. Включено: «Кто звонил»")
    )
    assert "Кто звонил" in talk.write(1, "1410", "услуги").texts[0]
    assert "Отключено" in talk.write(1, "1410", "3382 0", "да").texts[1]
    assert "Кто звонил" not in talk.write(1, "1410", "УСЛУГИ").texts[0]


def test_the_tariff_is_changed_by_a_message(talk: Talk) -> None:
    assert "Talk M" in talk.write(2, "000105", "TARIFF").texts[0]
    asked, done = talk.write(2, "000105", "tariff 2002", "YES #").texts
    assert asked.startswith('Switch to "Simple"')
    assert "accepted" in done.lower()
    talk.wait(86_400)
    assert "Simple" in talk.write(2, "000500", "").texts[0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ПЕРЕВОД 100 9220000002", "Перевести 100 р. на 9220000002? Комиссия 6 р."),
        ("ОП 50", "Взять 50 р. на 3 дня? Плата 10 р., вернуть"),
        ("ПАКЕТ МИН", "30 мин за 45 р."),
        ("БЛОК УТЕРЯ", "Заблокировать SIM 9220000001?"),
        ("SEND 100 9220000002", "Перевести 100 р."),
    ],
)
def test_what_costs_money_is_asked_with_a_code(talk: Talk, text: str, says: str) -> None:
    before = talk.book.snapshot()
    [asked] = talk.write(1, "000105", text).texts
    assert asked.startswith(says)
    assert asked.splitlines()[-1].startswith("Ответьте: ДА ")
    after = talk.book.snapshot()
    assert {name for name in before if before[name] != after[name]} == {"charge_rows"}


def test_the_owner_manages_the_account_with_a_code_and_nobody_else(talk: Talk) -> None:
    sent = talk.write(2, "000105", "SEND 100 9220000001", "YES #")
    assert "RUB 100 sent to 9220000001" in sent.texts[-1]
    assert talk.balance(1) == 25_000 + 10_000
    refused = talk.write(7, "000105", "ПЕРЕВОД 100 9220000002").texts[0]
    assert refused.startswith("Нужен доступ «управление счётом»")
    assert talk.balance(7) == talk.balance(1)


@pytest.mark.parametrize(
    ("to", "text", "says"),
    [
        ("000110", "баланс", "Команда не понята. Новый пароль: SMS 00 на 000110"),
        ("000105", "баланс", "Баланс 250,00 р."),
        ("000100", "что угодно", "Баланс 250,00 р."),
        ("1100", "105000000100", "Счёт пополнен на 100 р."),
        ("1410", "подписки", "Подписки:\nПлатных подписок нет"),
        ("1410", "привет", "Команды: ПЕРЕАДР, ЗАПРЕТ, РОУМИНГ."),
        ("000500", "2003", "На «Общение M»"),
    ],
)
def test_each_number_understands_its_part_of_the_grammar(
    talk: Talk, to: str, text: str, says: str
) -> None:
    assert talk.write(1, to, text).texts[0].startswith(says)


@pytest.mark.parametrize("to", ["000110", "000105", "000100", "000511", "1100", "1410", "000500"])
def test_help_is_a_word_on_every_number(talk: Talk, to: str) -> None:
    assert "0500" in talk.write(1, to, "помощь").texts[0]
    assert "operator: 0500" in talk.write(2, to, "?").texts[0]


@pytest.mark.parametrize("to", ["000110", "000-105", "000100", "1100", "5037", "1410", "000500"])
def test_00_is_understood_whatever_a_number_is_for(talk: Talk, to: str) -> None:
    assert talk.write(1, to, "00").texts[0].startswith("Пароль: ")
    assert number(1)[-10:] in talk.write(1, to, " 00 ").texts[0]
