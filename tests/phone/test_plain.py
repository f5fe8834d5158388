"""Line mode on a real gateway: pipes, screen readers, and text that would move a cursor."""

from __future__ import annotations

import asyncio
import io
import os
import subprocess
import sys

import pytest

from gateway.phone.handset import Phone, paged
from gateway.phone.line import NoConnection, Shown
from gateway.phone.plain import news
from gateway.phone.start import Gateway, run_plain
from gateway.service.rehearsal import Rehearsal
from tests.channels.serving import TOKEN
from tests.replay.house import config, played

LOGIN = ("harness", "harness1")


def talked(gateway, msisdn: str, lines: str, code: str = "", token: str = TOKEN) -> list[str]:
    """What goes out for these lines: pages, SMS, prompts and notices."""
    out = io.StringIO()
    ports = (gateway.smpp, gateway.ports["sip"], gateway.ports["http"])
    address = Gateway("127.0.0.1", *ports, token, LOGIN)
    run_plain(address, msisdn, code, io.StringIO(lines), out)
    assert out.getvalue().endswith("\n\n")
    return out.getvalue().removesuffix("\n\n").split("\n\n")


def test_answers_are_lines(gateway, msisdn):
    told = talked(gateway, msisdn, "1\n1\n", "105")
    assert [screen.split("\n")[0] for screen in told] == [
        "1 Мой счёт",
        "1 Баланс",
        "Баланс: 100,00 р.",
    ]


def test_a_dialogue_does_not_swallow_codes_sms_and_calls(gateway, msisdn):
    told = talked(gateway, msisdn, "sms 000110 00\n*105*1*1#\ncall 0505\n2\n", "105")
    assert told[0].startswith("1 Мой счёт")
    assert told[1].startswith("> sms from 000110: Пароль: ")
    assert told[2].startswith("Баланс: 100,00")
    call = told[3:]
    assert "0505: talking" in call
    assert sum(line.startswith("~ ") for line in call) >= 2, "the menu, and what follows the key"
    assert call[-1] == "0505: hung up", "the end of the lines puts the phone down"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("late", "Время истекло"),
        ("drop", "by SMPP that is told as a hang-up is"),
        ("end\nend", "nothing to hang up"),
        ("end\n1", "no page waits for an answer"),
        ("zone europe\nredial", "1 Мой счёт"),
        ("zone moon", "a zone is one of HOME"),
        ("answer end", "Нет такого пункта"),
        ("sms 1", "an SMS is: sms NUMBER TEXT"),
        ("press 1", "no call takes keys"),
        ("\udcff", "no handset types"),
        ("call 0505\nlate", "press nothing"),
        ("call 0505\ncall 0505", "a call is under way"),
        ("call 0505\ndrop", "0505: dropped"),
    ],
)
def test_words_stand_for_the_keys_of_the_full_screen(gateway, msisdn, lines, told):
    said = talked(gateway, msisdn, f"{lines}\n", "105")
    assert any(told in each for each in said), said


def test_an_empty_line_puts_the_phone_down(gateway, msisdn):
    assert len(talked(gateway, msisdn, "\n105\n", "100")) == 1


def test_the_language_is_turned_and_a_flow_saved_that_replays(gateway, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = talked(gateway, "79220000002", "lang\n105\nend\nsave first\nsave\n")
    assert said[0] == "language ru-Latn, from the next page on"
    assert said[1].startswith("1 M")
    assert said[1].isascii(), "Russian in Latin letters"
    assert said[2:] == [
        "saved 3 steps; gateway replay flows/first.flow.yaml",
        "nothing was done yet that could be saved",
    ]
    talked(gateway, "79220000002", "lang\nlang\n")
    with Rehearsal(config()) as rehearsal:
        [result] = played(rehearsal, tmp_path / "flows" / "first.flow.yaml")
    assert (result.plays, result.passed) == (1, True), result.groups


def test_without_a_token_it_works_and_says_what_it_cannot(gateway, msisdn):
    said = talked(gateway, msisdn, "105\nlang\nlate\n1\n", token="")
    assert said[0].startswith("1 Мой счёт")
    assert said[1].startswith("no API token: --api-token, or --data of the gateway")
    assert said[-1].startswith("1 Баланс")


def test_a_gateway_that_is_not_there_is_one_line_before_any_is_read():
    address = Gateway("127.0.0.1", 9, 9, 9, TOKEN, LOGIN)
    told = r"^smpp 127\.0\.0\.1:9: Connection refused; is the gateway up\?$"
    with pytest.raises(NoConnection, match=told):
        run_plain(address, "79220000001", "", io.StringIO(), io.StringIO())


def test_octets_that_are_no_text_are_a_notice(gateway, msisdn, tmp_path):
    ports = [f"--{name}-port={gateway.ports[name]}" for name in ("smpp", "sip", "http")]
    command = [sys.executable, "-m", "gateway", "phone", "--plain", "--as", msisdn, *ports]
    done = subprocess.run(
        [*command, "--data", str(tmp_path)],
        input=b"\xff\xfe\n10\x005\n100\n",
        capture_output=True,
        check=False,
        timeout=30,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    said = done.stdout.decode().split("\n\n")
    assert said[0] == said[1] == "no handset types such characters"
    assert "100,00" in said[2]


def test_the_same_page_again_is_shown_again():
    before = paged(Phone("79220000001"), Shown("menu", True))
    assert list(news(before, before)) == []
    assert list(news(before, paged(before, Shown("menu", True)))) == ["menu"]


def test_no_text_moves_the_cursor(gateway, msisdn):
    from gateway.phone.plain import PlainPhone

    async def written() -> str:
        out = io.StringIO()
        PlainPhone(None, None, None, msisdn, io.StringIO(), out)._write("a\x1b[2Jb\r")
        return out.getvalue()

    assert asyncio.run(written()) == "a\\x1b[2Jb\\r\n\n"
