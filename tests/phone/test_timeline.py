"""The timeline as it is read: every field of a `turn` event is a line of its own kind, in order."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Any

from gateway.phone.timeline import prompts_of, turn_lines

TURN: dict[str, Any] = {
    "at": "2026-11-25T10:30:01.125Z",
    "channel": "ussd",
    "event": "replied",
    "answer": "1",
    "path": [["option pay", "pay"], ["case 1", "pay.card"], ["ok", "pay.done"]],
    "guards": ["", "zone: [HOME], not_flag: blocked", ""],
    "commands": [
        {
            "command": "payment.order",
            "arguments": {"amount": "50.00", "card": "•••"},
            "result": "ok",
            "values": {"left": "150.00"},
            "step": 2,
        }
    ],
    "effects": [
        {"effect": "sms", "to": "79220000001", "secret": False},
        {"effect": "subscriber", "changes": {"language": "en"}},
        {"effect": "letter"},
    ],
    "state": "pay.done",
    "notes": ["answer_invalid"],
    "refused": "err.funds",
    "charge": {"rule": "CH01", "amount": "0.00", "explanation": "CH01: free"},
    "prompts": [{"id": "number/1", "text": "один"}],
    "cut": "menu/voice.root/2",
    "before": "replaced",
    "ended": "refused",
    "milliseconds": 1.25,
}
NASTY = "a\x1b[31mred\x1b]0;title\x07\x9b2J\u202e\r\nb"


def test_a_turn() -> None:
    assert turn_lines(TURN, timezone(timedelta(hours=5))) == [
        "-- the dialogue before: replaced",
        "15:30:01 ussd replied 1.2 ms",
        "  > 1",
        "  option pay -> pay",
        "  case 1 (zone: [HOME], not_flag: blocked) -> pay.card",
        "  : payment.order amount=50.00 card=••• -> ok left=150.00",
        "  ok -> pay.done",
        "  refused: err.funds",
        "  ! answer_invalid",
        "  + sms to=79220000001",
        "  + subscriber language=en",
        "  + letter",
        "  ! a key cut menu/voice.root/2",
        "  ~ number/1  один",
        "  $ 0.00 CH01: free",
        "  ended: refused",
    ]


def test_a_turn_that_moved_nowhere_says_where_it_is() -> None:
    stayed = {**TURN, "path": [], "guards": []}
    lines = turn_lines(stayed)
    assert "  at pay.done" in lines
    assert "  : payment.order amount=50.00 card=••• -> ok left=150.00" in lines


def test_what_a_gateway_leaves_out_is_not_drawn() -> None:
    assert turn_lines({}) == ["   0.0 ms"]
    assert prompts_of({}) == ()
    older = {name: TURN[name] for name in ("at", "channel", "event", "path", "milliseconds")}
    assert turn_lines(older)[1] == "  option pay -> pay"


def test_no_text_moves_the_cursor() -> None:
    told = turn_lines(
        TURN
        | dict.fromkeys(("answer", "before", "ended", "refused", "state", "channel"), NASTY)
        | {"notes": [NASTY], "guards": [NASTY], "effects": [{"effect": NASTY, NASTY: NASTY}]}
        | {"prompts": [{"id": NASTY, "text": NASTY}]}
    )
    assert "red" in "".join(told)
    assert all(each.isprintable() for line in told for each in line)
