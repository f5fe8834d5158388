"""The phone as a value: what a line means, what belongs to which step, how much is kept."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

import pytest

from gateway.phone import handset
from gateway.phone.handset import EVENTS_MAX, TEXTS_MAX, Phone, Played, Pressed
from gateway.phone.line import Mistyped, Shown
from gateway.phone.typed import TYPED_MAX, Typed, meant, refusal
from gateway.replay.handset import Action, Received, Seen
from gateway.replay.recording import Done

IDLE = Phone("79220000001")
ASKED = handset.paged(IDLE, Shown("1 yes", True))
OVER = handset.paged(IDLE, Shown("bye", False))
DIAL = Action("dial", "*105#")
IN_CALL = handset.talking(handset.calling(IDLE, "0505", "calling"), 1.0)


@pytest.mark.parametrize(
    ("phone", "line", "action"),
    [
        (IDLE, "*105#", Action("dial", "*105#")),
        (IDLE, "105", Action("dial", "*105#")),
        (IDLE, " 105*1*2 ", Action("dial", "*105*1*2#")),
        (OVER, "*1#", Action("dial", "*1#")),
        (ASKED, "1", Action("answer", "1")),
        (ASKED, "*", Action("answer", "*")),
        (ASKED, "*100#", Action("dial", "*100#")),
        (ASKED, "sms 000110 B 22", Action("sms", "B 22", "000110")),
        (IDLE, "sms  000110  00", Action("sms", "00", "000110")),
        (IDLE, "call 0505", Action("call", "0505")),
        (ASKED, "smsbank", Action("answer", "smsbank")),
        (ASKED, "answer call 5", Action("answer", "call 5")),
        (ASKED, "привет", Action("answer", "привет")),
        (IN_CALL, "1*#", Action("press", "1*#")),
        (IN_CALL, "press 0", Action("press", "0")),
    ],
)
def test_what_a_line_means(phone: Phone, line: str, action: Action) -> None:
    assert meant(phone, line) == action


@pytest.mark.parametrize("line", ["", "  ", "sms", "sms 000110", "sms 000110  ", "call", "call "])
def test_a_line_that_means_nothing_says_what_to_type(line: str) -> None:
    with pytest.raises(Mistyped, match=r"as |type"):
        meant(ASKED, line)


@pytest.mark.parametrize(
    ("phone", "line", "told"),
    [
        (IDLE, "привет", "a code is digits"),
        (IDLE, "sms привет 00", "an SMS is"),
        (IDLE, f"sms {'1' * 21} 00", "an SMS is"),
        (IDLE, "call привет <sip:x@y>", "a call is"),
        (IDLE, "press x", "keys are"),
        (IDLE, "1" * 300, "at most 182"),
        (IDLE, "10\0005", "no handset types"),
        (ASKED, "\udcff", "no handset types"),
        (IDLE, "0505", "call 0505"),
        (OVER, "1", r"no page waits for an answer; the code is \*1#"),
    ],
)
def test_a_mistyped_line_is_told_and_nothing_is_done(phone: Phone, line: str, told: str) -> None:
    with pytest.raises(Mistyped, match=told):
        meant(phone, line)


DIALLED = handset.acted(IDLE, DIAL)


@pytest.mark.parametrize(
    ("phone", "action", "told"),
    [
        (IDLE, Action("answer", "1"), "no page waits"),
        (OVER, Action("answer", "1"), "no page waits"),
        (ASKED, Action("answer", "1"), ""),
        (IDLE, Action("hang_up"), "nothing to hang up"),
        (OVER, Action("drop"), "nothing to drop"),
        (DIALLED, Action("hang_up"), ""),
        (handset.acted(DIALLED, Action("hang_up")), Action("hang_up"), "nothing to hang up"),
        (IN_CALL, Action("drop"), ""),
        (IDLE, Action("timeout"), "no page waits"),
        (IN_CALL, Action("timeout"), "press nothing"),
        (IDLE, Action("press", "1"), "no call takes keys"),
        (IN_CALL, Action("call", "0505"), "a call is under way"),
    ],
)
def test_what_cannot_be_done_now(phone: Phone, action: Action, told: str) -> None:
    assert told in refusal(phone, action)
    assert bool(told) == bool(refusal(phone, action))


def test_a_dialogue_that_times_out_by_itself_is_a_step_of_its_own() -> None:
    phone = handset.paged(DIALLED, Shown("menu", True))
    phone = handset.texted(phone, Received("000105", "hello"))
    phone = handset.paged(phone, Shown("time is up", False))
    assert phone.done == (
        Done(DIAL, Seen("menu", True, sms=(Received("000105", "hello"),))),
        Done(Action("timeout"), Seen("time is up", False)),
    )


def test_silence_in_a_call_is_no_dialogue() -> None:
    phone = handset.paged(DIALLED, Shown("menu", True))
    phone = handset.acted(phone, Action("call", "0505"))
    phone = handset.talking(handset.calling(phone, "0505", "calling"), 1.0)
    phone = handset.said(handset.acted(phone, Action("timeout")), (("no_input", "?"),))
    phone = handset.paged(handset.hung_up(phone, "over", 2.0), Shown("time is up", False))
    assert not phone.in_dialogue
    assert [each.action.verb for each in phone.done] == ["dial", "call", "timeout", "timeout"]
    assert phone.done[-1].seen == Seen("time is up", False)


def test_a_page_that_comes_behind_an_sms_belongs_to_the_answer() -> None:
    write = Action("sms", "00", "000110")
    phone = handset.paged(handset.acted(DIALLED, write), Shown("menu", True))
    assert phone.done == (Done(DIAL, Seen("menu", True)), Done(write, Seen()))


def test_what_is_saved_begins_anew_but_for_a_dialogue_that_goes_on() -> None:
    phone = replace(IDLE, profile={"language": "en"})
    phone = handset.paged(handset.acted(phone, DIAL), Shown("bye", False))
    phone = replace(phone, profile={"language": "ru"})
    assert phone.before == {"language": "en"}
    again = handset.paged(handset.acted(phone, DIAL), Shown("menu", True))
    kept = handset.saved(again)
    assert (kept.done, kept.kept, kept.before) == (again.done[1:], 1, {"language": "ru"})
    assert handset.saved(phone).done == ()


def test_of_what_is_open_the_beginning_is_kept_whatever_began_since() -> None:
    dialogue = handset.paged(handset.acted(IDLE, DIAL), Shown("menu", True))
    calling = handset.calling(handset.acted(dialogue, Action("call", "0505")), "0505", "calling")
    over = handset.hung_up(calling, "480 Temporarily Unavailable", 1.0)
    for phone in (calling, over):
        assert [each.action.verb for each in handset.saved(phone).done] == ["dial", "call"]
    released = handset.acted(handset.talking(calling, 1.0), Action("hang_up"))
    assert [each.action.verb for each in handset.saved(released).done] == [
        "dial",
        "call",
        "hang_up",
    ]
    alone = handset.calling(handset.acted(IDLE, Action("call", "0505")), "0505", "calling")
    assert [each.action.verb for each in handset.saved(alone).done] == ["call"]


def test_a_call_that_was_refused_is_saved_with_the_sms_that_tells_why() -> None:
    call, why = Action("call", "0505"), Received("000105", "not abroad")
    phone = handset.calling(handset.acted(handset.acted(IDLE, DIAL), call), "0505", "calling")
    phone = handset.texted(handset.hung_up(phone, "480 Temporarily Unavailable", 1.0), why)
    assert phone.done == (Done(DIAL, Seen()), Done(call, Seen(sms=(why,))))


def test_the_timeline_is_of_each_phone_and_bounded() -> None:
    phone = handset.told(IDLE, ("first",))
    phone = handset.told(phone, map(str, range(EVENTS_MAX)))
    assert (len(phone.timeline), phone.told) == (EVENTS_MAX, EVENTS_MAX + 1)
    assert phone.timeline[0] == "0"


def test_what_comes_belongs_to_the_last_action() -> None:
    phone = handset.acted(IDLE, DIAL)
    phone = handset.paged(phone, Shown("menu", True))
    answer = Action("answer", "1")
    phone = handset.acted(phone, answer)
    phone = handset.texted(phone, Received("000105", "code 1"))
    phone = handset.paged(phone, Shown("bye", False))
    phone = handset.texted(phone, Received("000105", "code 2"))
    codes = (Received("000105", "code 1"), Received("000105", "code 2"))
    assert phone.done == (
        Done(DIAL, Seen("menu", True)),
        Done(answer, Seen("bye", False, sms=codes)),
    )
    assert (phone.step, phone.unread, phone.waits) == (2, 2, False)


def test_a_page_before_anything_was_done_is_shown_and_not_saved() -> None:
    assert ASKED.shown == Shown("1 yes", True)
    assert ASKED.done == ()


def test_what_was_refused_is_not_saved() -> None:
    again = Action("dial", "*105#")
    phone = reduce(handset.acted, (DIAL, again), IDLE)
    assert handset.failed(phone, again).done == (Done(DIAL, Seen()),)


@pytest.mark.parametrize("verb", ["hang_up", "drop"])
def test_a_dialogue_that_was_ended_shows_nothing(verb) -> None:
    assert handset.acted(ASKED, Action(verb)).shown is None


def test_threads_hold_both_sides_and_are_bounded() -> None:
    phone = handset.acted(IDLE, Action("sms", "00", "000110"))
    phone = handset.texted(phone, Received("000110", "password"))
    assert [(text.own, text.text) for text in phone.texts] == [(True, "00"), (False, "password")]
    for number in range(TEXTS_MAX):
        phone = handset.texted(phone, Received("000110", str(number)))
    assert len(phone.texts) == TEXTS_MAX
    assert phone.texts[-1].text == str(TEXTS_MAX - 1)


def test_a_call_counts_from_its_answer_and_takes_keys_until_it_is_over() -> None:
    phone = handset.acted(IDLE, Action("call", "0505"))
    phone = handset.calling(phone, "0505", "calling")
    phone = handset.said(phone, (("menu/voice.root", "Hello"),))
    phone = handset.pressed(handset.talking(phone, 100.0), "1")
    assert phone.call is not None
    assert (phone.call.up, phone.call.began) == (True, 100.0)
    heard = (Played("menu/voice.root", "Hello"), Pressed("1"))
    assert phone.call.heard == heard
    assert phone.done[-1].seen.prompts == ("menu/voice.root",)
    phone = handset.pressed(handset.hung_up(phone, "over", 160.0), "2")
    assert phone.call is not None
    assert (phone.call.up, phone.call.ended, phone.call.heard) == (False, 160.0, heard)


def test_keys_and_prompts_without_a_call_change_nothing() -> None:
    assert handset.pressed(IDLE, "1") == IDLE
    assert handset.said(IDLE, (("id", "text"),)) == IDLE
    assert handset.hung_up(IDLE, "over", 1.0) == IDLE


def test_the_meter_adds_up() -> None:
    phone = handset.charged(handset.charged(IDLE, 190, "SMS"), 0, "USSD is free")
    assert (phone.meter.amount, phone.meter.uses, phone.meter.last) == (190, 2, "USSD is free")


def test_lines_typed_earlier_come_back_and_go_forward_again() -> None:
    typed = reduce(Typed.entered, ("*105#", "1", "1", "2"), Typed())
    assert typed.lines == ("*105#", "1", "2"), "the same line twice in a row is kept once"
    back = [typed := typed.moved(1) for _ in range(4)]
    assert [each.line for each in back] == ["2", "1", "*105#", "*105#"]
    forward = [typed := typed.moved(-1) for _ in range(4)]
    assert [each.line for each in forward] == ["1", "2", "", ""]
    written = Typed(("*105#",)).moved(1, "sms 000")
    assert (written.line, written.moved(-1, written.line).line) == ("*105#", "sms 000")
    many = reduce(Typed.entered, map(str, range(2 * TYPED_MAX)), Typed())
    assert len(many.lines) == TYPED_MAX
