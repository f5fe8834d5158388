"""Line mode on a real gateway: pipes, screen readers, and text that would move a cursor."""

from __future__ import annotations

import io

import pytest

from gateway.phone.line import NoConnection
from gateway.phone.plain import PlainPhone

LOGIN = ("harness", "harness1")


def talked(gateway, msisdn: str, code: str, lines: str) -> str:
    """What goes out for these lines."""
    out = io.StringIO()
    PlainPhone("127.0.0.1", gateway.smpp, LOGIN, msisdn, io.StringIO(lines), out).talk(code)
    return out.getvalue()


def test_codes_answers_and_sms_are_lines(gateway, msisdn):
    told = talked(gateway, msisdn, "105", "1\n1\n")
    assert [screen.split("\n")[0] for screen in told.split("\n\n")[:3]] == [
        "1 Мой счёт",
        "1 Баланс",
        "Баланс: 100,00 р.",
    ]
    told = talked(gateway, msisdn, "", "100\nsms 000110 00\nsms 1\ncall 0505\n\n105\n")
    assert "Баланс: 100,00" in told
    assert "> sms from 000110: Пароль: " in told
    assert "an SMS is: sms NUMBER TEXT" in told
    assert "line mode makes no calls" in told
    assert "1 Мой счёт" not in told, "an empty line put it down"


def test_a_gateway_that_is_not_there_is_one_line():
    phone = PlainPhone("127.0.0.1", 9, LOGIN, "79220000001", io.StringIO(), io.StringIO())
    with pytest.raises(NoConnection, match=r"^smpp 127\.0\.0\.1:9: .*is the gateway up\?$"):
        phone.talk("105")


def test_no_text_moves_the_cursor(gateway, msisdn):
    out = io.StringIO()
    phone = PlainPhone("127.0.0.1", gateway.smpp, LOGIN, msisdn, io.StringIO(), out)
    phone._screen.write("a\x1b[2Jb\r\n")
    assert out.getvalue() == "a\\x1b[2Jb\\r\n"
