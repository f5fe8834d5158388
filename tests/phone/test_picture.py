"""Plain lines for a terminal: budgets, threads, calls, the timeline; no text moves the cursor."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.phone import picture
from gateway.phone.handset import Call, Meter, Phone, Text
from gateway.phone.line import Shown

PHONE = Phone("79220000001", {"language": "ru", "zone": "HOME", "balance": "250.00"})
NASTY = "a\x1b[31mred\x1b]0;title\x07\x9b2J\u202e\rb"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "GSM 7-bit 0/182"),
        ("Balance", "GSM 7-bit 7/182"),
        ("[1]", "GSM 7-bit 5/182"),  # brackets are two septets each
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
        (Shown("Menu", True), 130.0, None, "ru  GSM 7-bit 4/182  step 3"),
        (Shown("Menu", True), None, 103.0, "ru  GSM 7-bit 4/182  step 3"),
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


def test_a_call_is_told_with_its_time_meter_keys_and_prompts() -> None:
    call = Call("0505", "talking", began=100.0, said=(("number/1", "один"),), keys="12")
    assert picture.call_lines(call, "charged 0.00", 165.9) == [
        "~ number/1  один",
        "0505: talking  01:05",
        "charged 0.00",
        "keys 12",
        "keys go into the call; F10 hangs up",
    ]
    over = replace(call, state="over", ended=130.0)
    assert picture.call_lines(over, "", 999.0)[1] == "0505: over  00:30"
    assert picture.call_lines(None, "", 0.0) == ["no call; call NUMBER makes one"]


def test_the_meter() -> None:
    phone = replace(PHONE, meter=Meter(380, 2, "CH04: SMS"))
    assert picture.meter(phone) == "charged 3.80 in 2 uses  CH04: SMS"


TURN: dict[str, Any] = {
    "at": "2026-11-25T10:30:01.125Z",
    "channel": "ussd",
    "event": "opened",
    "path": [["", "main"], ["case:0", "main_private"]],
    "state": "main_private",
    "notes": ["refused insufficient_balance"],
    "refused": "err.funds",
    "charge": {"rule": "CH01", "amount": "0.00", "explanation": "CH01: free"},
    "prompts": [{"id": "number/1", "text": "один"}],
    "ended": "refused",
    "milliseconds": 1.25,
}


def test_a_turn_is_told_with_its_path_remarks_charge_and_time() -> None:
    assert picture.turn_lines(TURN) == [
        "10:30:01.125 ussd opened  1.2 ms",
        "  route -> main",
        "  case:0 -> main_private",
        "  at main_private",
        "  ! refused insufficient_balance",
        "  refused: err.funds",
        "  ~ number/1  один",
        "  $ 0.00 CH01: free",
        "  ended: refused",
    ]
    assert picture.turn_lines({}) == ["    0.0 ms"], "whatever a newer gateway leaves out"


def test_menus_that_were_saved_are_told_in_one_line() -> None:
    good = {"event": "reloaded", "version": "abc"}
    assert picture.menus_notice(good, waits=False) == "menus abc are live"
    assert "stays on its own, F5 redials" in picture.menus_notice(good, waits=True)
    bad = {"event": "refused", "problems": [{"frame": "a.yaml:1:2: M201 x\n |\n1|\ty\n |\t^"}]}
    assert picture.menus_notice(bad, waits=True).startswith("1 mistakes")
    assert picture.problem_lines(bad) == ["a.yaml:1:2: M201 x", " |", "1|  y", " |  ^"]


@pytest.mark.parametrize(
    "lines",
    [
        [picture.page(replace(PHONE, shown=Shown(NASTY, True)))],
        [picture.title(replace(PHONE, profile={"zone": NASTY}))],
        picture.thread_lines([Text(NASTY, NASTY)]),
        picture.call_lines(Call(NASTY, NASTY, said=((NASTY, NASTY),)), "", 0.0),
        picture.turn_lines({**TURN, "state": NASTY, "notes": [NASTY], "ended": NASTY}),
        picture.problem_lines({"problems": [{"frame": NASTY}]}),
        [picture.menus_notice({"event": "reloaded", "version": NASTY}, waits=False)],
        [picture.meter(replace(PHONE, meter=Meter(0, 1, NASTY)))],
    ],
)
def test_no_text_moves_the_cursor(lines: list[str]) -> None:
    assert "red" in "".join(lines)
    assert all(each.isprintable() for line in lines for each in line.split("\n"))


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), max_size=80)), st.integers())
def test_wrapped_lines_fit_and_lose_nothing(lines: list[str], width: int) -> None:
    found = picture.wrapped(lines, width)
    assert all(len(line) <= max(width, 20) for line in found)
    assert "".join("".join(found).split()) == "".join("".join(lines).split())
