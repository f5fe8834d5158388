"""Statements and reports by e-mail (facts F14, F15, B24, B25, K21)."""

from __future__ import annotations

import pytest

from gateway.documents import FILES
from tests.facts.talk import Talk

MINUTE = 60.0


def test_a_statement_tells_what_was_charged(talk: Talk) -> None:
    talk.write(4, "000100", "Б")  # in Europe: an SMS of 19 roubles, as are the two that order
    talk.write(4, "5037", "buh@firma.ru", "ДА #")
    talk.wait(30 * MINUTE)
    (mail,) = talk.unit.mail.values()
    assert mail.document is not None
    sms, *_ = [[cell.text for cell in line] for line in mail.document.rows]
    assert sms[1:] == ["SMS", "000100", "Европа", "1", "19,00"]
    assert "SMS: 57,00 р." in mail.body
    assert "Звонки: 0,00 р." in mail.body
    assert "Интернет: 0,00 р." in mail.body


@pytest.mark.parametrize("key", ["1", "2", "3"])
def test_a_statement_is_in_the_menu_for_a_day_a_week_and_a_month(talk: Talk, key: str) -> None:
    said = talk.dial(1, f"*105*1*8*{key}#", "1", "1")
    assert said.page == "Заказ 1 принят, отчёт отправлен в SMS"
    assert said.texts[0].startswith("Расходы за ")


def test_a_report_is_mailed_20_to_30_minutes_after_its_order(talk: Talk) -> None:
    talk.dial(1, "*105*1*8*4#", "1", "buh@firma.ru")
    assert "в течение 30 минут" in talk.dial(1, "*105*1*8*1#", "2", "1", "1").page
    talk.wait(20 * MINUTE - 1)
    assert not talk.unit.mail
    talk.wait(10 * MINUTE + 1)
    (mail,) = talk.unit.mail.values()
    assert (mail.to, mail.format) == ("buh@firma.ru", "word")
    assert mail.then is not None
    assert mail.then.text == "Отчёт 1 (Word) отправлен на b***@firma.ru"


@pytest.mark.parametrize(
    ("key", "format", "begins"),
    [("1", "word", b"PK"), ("2", "excel", b"PK"), ("3", "pdf", b"%PDF")],
)
def test_a_report_is_a_file_of_three_formats(
    talk: Talk, key: str, format: str, begins: bytes
) -> None:
    talk.dial(1, "*105*1*8*4#", "1", "buh@firma.ru")
    talk.dial(1, "*105*1*8*1#", "2", key, "1")
    talk.wait(30 * MINUTE)
    (mail,) = talk.unit.mail.values()
    assert mail.format == format
    assert mail.document is not None
    assert FILES[mail.format].write(mail.document).startswith(begins)


def test_whose_fax_it_is_no_document_says_so_an_operator_takes_the_order(talk: Talk) -> None:
    before = talk.balance(1)
    said = talk.dial(1, "*105*1*8*1#", "3").page
    assert said == "По факсу отчёт присылает оператор: 0500"
    assert talk.balance(1) == before
