"""Plain lines for a terminal: budgets, threads, calls, notices; no text moves the cursor."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.phone import picture
from gateway.phone.handset import Call, Meter, Phone, Played, Pressed, Text
from gateway.phone.line import Shown

PHONE = Phone("79220000001", {"language": "ru", "zone": "HOME", "balance": "250.00"})
NASTY = "a\x1b[31mred\x1b]0;title\x07\x9b2J\u202e\rb"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "GSM-7 0/182"),
        ("Balance", "GSM-7 7/182"),
        ("[1]", "GSM-7 5/182"),  # brackets are two septets each
        ("Баланс: 1", "UCS-2 9/80"),
        ("😀", "UCS-2 2/80"),
    ],
)
def test_the_budget_of_a_page(text: str, told: str) -> None:
    assert picture.budget(text) == told


@pytest.mark.parametrize(
    ("shown", "deadline", "now", "told"),
    [
        (None, None, None, "no dialogue"),
        (Shown("Меню", True), 130.0, 103.4, "ru  UCS-2 4/80  step 3  27 s left"),
        (Shown("Меню", True), 130.0, 140.0, "ru  UCS-2 4/80  step 3  0 s left"),
        (Shown("Menu", True), 130.0, None, "ru  GSM-7 4/182  step 3"),
        (Shown("Menu", True), None, 103.0, "ru  GSM-7 4/182  step 3"),
        (Shown("Пока", False), 130.0, 103.0, "ru  UCS-2 4/80  step 3  over"),
    ],
)
def test_the_line_under_a_page(
    shown: Shown | None, deadline: float | None, now: float | None, told: str
) -> None:
    phone = replace(PHONE, shown=shown, step=3, deadline=deadline)
    assert picture.status(phone, now) == told


def test_who_holds_the_phone() -> None:
    assert picture.title(PHONE) == "79220000001  ru  HOME  250.00 RUB"
    assert picture.title(replace(PHONE, unread=2)).endswith("  2 SMS")
    spent = replace(PHONE, meter=Meter(1900, 2))
    assert picture.title(spent).endswith("  250.00 RUB  spent 19.00"), "seen while dialling"
    assert picture.title(Phone("79220000001")) == "79220000001", "without the API"


def test_threads_are_told_by_number_the_latest_last() -> None:
    texts = [
        Text("000110", "B", own=True),
        Text("000105", "one\ntwo"),
        Text("000110", "Баланс"),
    ]
    assert picture.thread_lines(texts) == [
        *("-- 000105 --", "< one", "  two"),
        *("-- 000110 --", "> B", "< Баланс"),
    ]
    assert picture.thread_lines([]) == ["no SMS yet; sms NUMBER TEXT writes one"]


def test_a_call_is_told_with_prompts_and_keys_in_order_its_time_and_meter() -> None:
    heard = (
        Played("menu/voice.root/1", "Здравствуйте"),
        Played("number/1", "один", cut=True),
        Pressed("12"),
        Played("number/2", "два"),
    )
    phone = replace(PHONE, call=Call("0505", "talking", began=100.0, heard=heard))
    assert picture.call_lines(phone, 165.9) == [
        "~ menu/voice.root/1  Здравствуйте",
        "~ number/1  один … cut by a key",
        "> 12",
        "~ number/2  два",
        "0505: talking  01:05",
        "charged 0.00 in 0 uses",
        "keys go into the call; F10 hangs up",
    ]
    over = Call("0505", "over", began=100.0, ended=130.0)
    assert picture.call_lines(replace(PHONE, call=over), 999.0)[0] == "0505: over  00:30"
    assert picture.call_lines(PHONE, 0.0) == ["no call; call NUMBER makes one"]


def test_the_meter() -> None:
    phone = replace(PHONE, meter=Meter(380, 2, "CH04: SMS"))
    assert picture.meter(phone) == "charged 3.80 in 2 uses  CH04: SMS"


MISTAKE = {"path": "a.yaml", "line": 1, "column": 2, "code": "M201", "message": "no state"}


def test_menus_that_were_saved_are_told_in_one_line() -> None:
    good = {"event": "reloaded", "version": "abc"}
    assert picture.menus_notice(good, stays=False) == "menus abc are live"
    assert "stays on its own, F5 redials" in picture.menus_notice(good, stays=True)
    warned = {**good, "problems": [MISTAKE]}
    assert picture.menus_notice(warned, stays=False).endswith("; a.yaml:1:2 M201 no state")
    bad = {"event": "refused", "problems": [MISTAKE]}
    assert picture.menus_notice(bad, stays=True) == "a.yaml:1:2 M201 no state"


@pytest.mark.parametrize(
    "lines",
    [
        [picture.page(replace(PHONE, shown=Shown(NASTY, True)))],
        [picture.title(replace(PHONE, profile={"zone": NASTY}))],
        picture.thread_lines([Text(NASTY, NASTY)]),
        picture.call_lines(
            replace(PHONE, call=Call(NASTY, NASTY, heard=(Played(NASTY, NASTY),))), 0.0
        ),
        [picture.menus_notice({"event": "reloaded", "version": NASTY}, stays=False)],
        [picture.meter(replace(PHONE, meter=Meter(0, 1, NASTY)))],
    ],
)
def test_no_text_moves_the_cursor(lines: list[str]) -> None:
    assert "red" in "".join(lines)
    assert all(each.isprintable() for line in lines for each in line.split("\n"))
