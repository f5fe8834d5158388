"""What `/v1/events` tells of turns and of menus that were saved, and that it tells no secret."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, get_args

import jsonschema
import pytest

from gateway.accounts.book import Charge
from gateway.channels.desk import Failed
from gateway.channels.http_events import EVENT_SCHEMAS
from gateway.domain.calls import Announcement
from gateway.domain.port import Answered, Arrival, Event, Opened, Page, Replied, Sms
from gateway.menu.problems import Problem
from gateway.service.live import EVENTS, LiveEvents
from gateway.turn.outcome import Ended, Outcome
from gateway.turn.told import Told
from tests.turn.test_told import Handset

WHO = "79220000001"
ARRIVAL = Arrival("ussd", "harness", WHO, "105", f"harness|{WHO}|", Opened("*105#"))


TOLD = Told(
    "*105#",
    effects=[{"effect": "sms", "to": WHO, "secret": False}],
    guards=("", "flag: corporate"),
    menus="4f6b1c",
)


class Listener:
    """Remembers what it is told."""

    def __init__(self, live: LiveEvents) -> None:
        self.told: list[tuple[str, Mapping[str, Any]]] = []
        self.forget = live.subscribe(self.hear)

    def hear(self, kind: str, fields: Mapping[str, Any]) -> None:
        """Whatever is told is as the OpenAPI document says."""
        event = json.loads(json.dumps({"kind": kind, **fields}))
        jsonschema.validate(event, EVENT_SCHEMAS[kind])
        self.told.append((kind, fields))

    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.told]

    def of(self, kind: str) -> Mapping[str, Any]:
        return next(fields for each, fields in self.told if each == kind)


@pytest.fixture
def live() -> LiveEvents:
    """Under a clock that stands."""
    return LiveEvents(
        lambda: 0.0,
        lambda phrases, language: [f"{language}/{p}" for p in phrases],
        lambda trace: f"cut by {trace}",
    )


def outcome(**changes: Any) -> Outcome:
    """Of a turn that shows a page."""
    page = Page("harness", ARRIVAL.dialogue, WHO, "105", "menu", True)
    values: dict[str, Any] = {
        "trace": "t1",
        "deliveries": (page,),
        "deadline": 60.0,
        "state": "main_private",
        "path": (("", "", "main"), ("main", "case:0", "main_private")),
        "told": TOLD,
        "notes": ("answer_invalid",),
    }
    return Outcome(**(values | changes))


def test_a_turn_is_one_row_with_all_a_timeline_shows(live):
    heard = Listener(live)
    live.observe(ARRIVAL, outcome(), 0.0012)
    assert heard.kinds() == ["dialogue", "turn"]
    assert heard.of("turn") == {
        "at": "1970-01-01T00:00:00.000Z",
        "msisdn": WHO,
        "dialogue": "t1",
        "channel": "ussd",
        "event": "opened",
        "answer": "*105#",
        "before": "",
        "path": [("", "main"), ("case:0", "main_private")],
        "guards": ("", "flag: corporate"),
        "menus": "4f6b1c",
        "commands": [],
        "effects": [{"effect": "sms", "to": WHO, "secret": False}],
        "state": "main_private",
        "notes": ("answer_invalid",),
        "refused": "",
        "charge": None,
        "prompts": [],
        "cut": "",
        "waits": True,
        "secret": False,
        "ended": "",
        "deadline": "1970-01-01T00:01:00.000Z",
        "milliseconds": 1.2,
    }


def test_what_real_turns_tell_fits_the_document(live):
    heard, handset = Listener(live), Handset()
    answers = ("9220000001", "100", "1", "700001")
    for event in (Opened("*105*1*6#"), *map(Replied, answers), Opened("*105#"), Opened("*105#")):
        arrival, result = handset.turn(event)
        live.observe(arrival, result, 0.001)
    turns = [fields for kind, fields in heard.told if kind == "turn"]
    assert [turn["answer"] for turn in turns] == [
        "*105*1*6#",
        "9220000001",
        "100",
        "1",
        "•••",
        "*105#",
        "*105#",
    ]
    assert turns[-1]["before"] == "replaced"
    assert heard.kinds().count("message") == 2


def test_charges_messages_and_ends_are_told_beside_it(live):
    heard = Listener(live)
    charge = Charge(
        at=0.0,
        msisdn=WHO,
        account=1001,
        channel="sms",
        address="000110",
        zone="EUROPE",
        units=1,
        price=1900,
        amount=1900,
        rule="CH04",
        explanation="CH04: SMS from EUROPE",
        dialogue="t1",
        category="sms",
    )
    sms = Sms("1", "harness", WHO, "000110", "code 123456", 0.0, secret=True)
    ended = Ended("t1", "sms", "harness", WHO, "000110", 0.0, 0.0, 1, "completed")
    live.observe(ARRIVAL, outcome(deliveries=(sms,), charge=charge, ended=(ended,)), 0.001)
    assert heard.kinds() == ["charge", "message", "turn", "dialogue"]
    told = {"rule": "CH04", "amount": "19.00", "explanation": "CH04: SMS from EUROPE"}
    assert heard.of("turn")["charge"] == told
    assert heard.of("charge").items() >= told.items()
    assert heard.of("turn")["ended"] == "completed"
    message = heard.of("message")
    assert (message["from"], message["to"], message["text"]) == ("000110", WHO, "***")


def test_what_was_typed_is_told_only_as_the_turn_tells_it(live):
    heard = Listener(live)
    reply = Arrival("ussd", "harness", WHO, "105", ARRIVAL.dialogue, Replied("secret99"))
    live.observe(reply, outcome(told=None), 0.001)
    assert "secret99" not in repr(heard.told)


def test_what_ended_before_is_told_apart_from_the_turns_own_end(live):
    heard = Listener(live)
    old = Ended("t0", "ussd", "harness", WHO, "105", 0.0, 0.0, 1, "replaced")
    live.observe(ARRIVAL, outcome(ended=(old,)), 0.001)
    turn = heard.of("turn")
    assert (turn["before"], turn["ended"]) == ("replaced", "")
    own = Ended("t1", "ussd", "harness", WHO, "105", 0.0, 0.0, 1, "completed")
    live.observe(ARRIVAL, outcome(ended=(own,)), 0.001)
    assert [f["ended"] for kind, f in heard.told if kind == "turn"] == ["", "completed"]


def test_a_call_tells_its_prompts_by_id_and_text_without_pauses(live):
    heard = Listener(live)
    said = Announcement("sip", "d", WHO, "ru", ("один", ",", "рубль"), None, early=("цена",))
    live.observe(ARRIVAL, outcome(deliveries=(said,)), 0.001)
    assert heard.of("turn")["waits"] is False
    assert heard.of("turn")["prompts"] == [
        {"id": "ru/цена", "text": "цена"},
        {"id": "ru/один", "text": "один"},
        {"id": "ru/рубль", "text": "рубль"},
    ]


def test_a_failed_turn_is_told(live):
    heard = Listener(live)
    live.observe(ARRIVAL, Failed(ValueError()), 0.001)
    assert heard.of("dialogue")["event"] == "failed"


def test_menus_saved_good_and_bad(live):
    heard = Listener(live)
    advice = Problem("main.yaml", 1, 1, "M304", "long", severity="warning")
    live.menus_reloaded("v7", "c1", [advice])
    wrong = Problem("main.yaml", 3, 5, "M201", "there is no state 'x'", "…", source_line="go: x")
    live.refused("menus", [wrong, advice])
    (_, good), (_, bad) = heard.told
    assert (good["event"], good["version"], good["codes"]) == ("reloaded", "v7", "c1")
    assert [(each["code"], each["severity"]) for each in good["problems"]] == [("M304", "warning")]
    [problem] = bad["problems"]
    place = (problem["path"], problem["line"], problem["column"])
    assert (bad["event"], *place) == ("refused", "main.yaml", 3, 5)
    assert problem["frame"].splitlines()[0] == "main.yaml:3:5: M201 there is no state 'x'"
    assert "^" in problem["frame"]


def test_nothing_is_made_while_nobody_listens(live):
    heard = Listener(live)
    heard.forget()
    live.observe(ARRIVAL, None, 0.0)  # nothing of it is looked at
    live.refused("menus", None)
    assert heard.told == []


def test_every_event_of_a_channel_has_its_name():
    assert {*EVENTS} == {*get_args(Event)} - {Answered}
