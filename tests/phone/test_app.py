"""The full-screen phone under real keys, on a real gateway: every key and what it brings."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Button

from gateway.phone import soft_phone
from gateway.phone.app import Line
from gateway.phone.handset import Played, Pressed
from gateway.phone.line import Refused
from gateway.phone.soft_phone import SoftPhone
from gateway.service.rehearsal import Rehearsal
from tests.phone.held import NAMES, holding, on_a_loop
from tests.replay.house import config, played

SCREENS = Path(__file__).parent / "screens"
_VOLATILE = (
    (re.compile(r"\d\d:\d\d:\d\d (?=ussd)"), "HH:MM:SS "),
    (re.compile(r"\b\d+\.\d ms +│"), "N.N ms   │"),
)


def same(name: str, text: str) -> None:
    """The screen is as it was kept; a new one is kept and fails once, to be looked at."""
    for pattern, word in _VOLATILE:
        text = pattern.sub(word, text)
    kept = SCREENS / f"{name}.txt"
    if not kept.exists():
        SCREENS.mkdir(exist_ok=True)
        kept.write_text(text + "\n", encoding="utf-8")
        pytest.fail(f"{kept} is new: look at it")
    assert text + "\n" == kept.read_text(encoding="utf-8")


@on_a_loop
async def test_a_dialogue(gateway):
    async with holding(gateway, "79220000001", dial="105") as phone:
        await phone.sees("1 Мой счёт", "60 s left", "CH01")
        await phone.type("1")
        await phone.sees("5 Обещанный платёж", "-> acct")
        await phone.type("1")
        same("dialogue", await phone.sees("Баланс: 250,00", "acct.balance.show"))


@on_a_loop
async def test_a_small_terminal_without_colour(gateway, msisdn, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with holding(gateway, msisdn, dial="105") as phone:
        assert phone.app.no_color
        await phone.sees("8 Помощь", "Release", "10 hang up", "CH01")


@on_a_loop
async def test_a_narrow_terminal(gateway):
    async with holding(gateway, "79220000001", dial="105", size=(60, 18)) as phone:
        await phone.sees("1 Мой счёт", "8 Помощь", "CH01")
        same("narrow", await phone.sees("60 s left"))


@on_a_loop
async def test_buttons_type_and_send(gateway, msisdn):
    async with holding(gateway, msisdn) as phone:
        for key in "*105#":
            button = next(b for b in phone.app.query(Button) if b.name == key)
            await phone.pilot.click(button)
        await phone.pilot.click("#send")
        await phone.sees("1 Мой счёт")
        await phone.pilot.click("#release")
        await phone.sees("no dialogue", "ended: user_released")


@on_a_loop
async def test_sms_are_threads(gateway, msisdn):
    async with holding(gateway, msisdn) as phone:
        await phone.type("sms 000110 00")
        await phone.sees("1 SMS")
        await phone.keys("f4")
        text = await phone.sees("SMS", "-- 000110 --", "> 00")
        assert "1 SMS" not in text.splitlines()[0], "it was seen"
        texts = phone.app.control.phone.texts
        assert [text.own for text in texts] == [True, False]


@on_a_loop
async def test_a_page_times_out_by_a_key(gateway, msisdn):
    async with holding(gateway, msisdn, dial="105") as phone:
        await phone.sees("60 s left")
        await phone.keys("f7")
        await phone.sees("Время истекло", "timed_out", "over")


@on_a_loop
async def test_a_dialogue_is_dropped_and_released_and_redialled(gateway, msisdn):
    async with holding(gateway, msisdn, dial="100") as phone:
        await phone.sees("100,00")
        await phone.type("105")
        await phone.sees("1 Мой счёт")
        await phone.keys("f8")
        await phone.sees("no dialogue", "ended: user_released")
        await phone.keys("f5")
        await phone.sees("1 Мой счёт")
        await phone.keys("f10")
        await phone.sees("no dialogue")
        verbs = [done.action.verb for done in phone.app.control.phone.done]
        assert verbs == ["dial", "dial", "drop", "dial", "hang_up"]
        await phone.type("100")
        await phone.sees("100,00")
        for key, told in {"f10": "nothing to hang up", "f8": "nothing to drop"}.items():
            await phone.keys(key)
            await phone.sees(told, "100,00")


@on_a_loop
async def test_language_zone_and_subscriber_change_while_it_runs(gateway, msisdn):
    async with holding(gateway, msisdn) as phone:
        await phone.keys("f6")
        await phone.sees(f"{msisdn}  en  HOME")
        await phone.keys("f3")
        await phone.sees("EUROPE    26201")
        await phone.keys("down", "down", "down", "down", "enter")
        await phone.sees(f"{msisdn}  en  EUROPE")
        await phone.type("105")
        await phone.sees("1 My account", "GSM-7", "USSD from EUROPE")
        await phone.keys("f2")
        await phone.sees("password locked")
        await phone.keys(*"79220000002", "enter")
        await phone.sees("79220000002  en  HOME", "no dialogue")
        await phone.keys("f2", *"12", "enter")
        await phone.sees("'12' is no MSISDN")
        await phone.keys("f2", "down", "down", "enter")
        await phone.sees("79220000002  en  HOME")
        await phone.keys("f2", "escape")
        await phone.sees("79220000002")


@on_a_loop
async def test_a_mistyped_line_and_a_bug_are_notices(gateway, msisdn, monkeypatch):
    async with holding(gateway, msisdn, dial="105") as phone:
        await phone.sees("1 Мой счёт")
        for line, told in {
            "sms абв 1": "an SMS is",
            "answer \ud800": "no handset types",
            "*" + "1" * 300 + "#": "at most 182 signs",
        }.items():
            phone.app.deed(phone.app.control.enter(line))
            await phone.sees(told, "1 Мой счёт")
        await phone.type(f"*{'1' * 60}#")
        await phone.sees("Неизвестная команда")
        await phone.type("letters")
        await phone.sees("a code is digits")
        monkeypatch.setattr(phone.app.control, "redial", broken)
        await phone.keys("f5")
        await phone.sees("a bug of the phone: KeyError('x')")
        await phone.type("100")
        await phone.sees("100,00")


async def broken():
    raise KeyError("x")


@on_a_loop
async def test_earlier_inputs_come_back(gateway, msisdn):
    async with holding(gateway, msisdn) as phone:
        await phone.type("*100#")
        await phone.sees("100,00")
        await phone.type("sms 1")
        await phone.sees("an SMS is: sms NUMBER TEXT")
        await phone.keys("up", "up")
        await phone.sees("*100#")
        await phone.keys("down", "down")
        await phone.sees("code, answer, or ? for help")


@on_a_loop
async def test_help(gateway, msisdn):
    async with holding(gateway, msisdn) as phone:
        await phone.keys("question_mark")
        same("help", (await phone.sees("Help", "F9  saves")).replace(msisdn, "79230000000"))
        await phone.keys("enter")
        await phone.keys("1", "question_mark")
        await phone.sees("1?")


@on_a_loop
async def test_what_was_done_is_saved_and_never_written_over(gateway, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with holding(gateway, "79220000002") as phone:
        await phone.keys("f9")
        await phone.sees("nothing was done yet")
        await phone.type("*105*1*1#")
        await phone.sees("RUB 1000.00")
        await phone.type("0")
        await phone.sees("1 Balance")
        await phone.keys("f9")
        await phone.sees("saved 2 steps; gateway replay flows/105.flow.yaml")
        await phone.keys("f9")
        await phone.sees("nothing was done")
        await phone.type("2")
        await phone.keys("f9")
        await phone.sees("saved 3 steps; gateway replay flows/105-2.flow.yaml")
        await phone.keys("f10")
        await phone.sees("no dialogue")
        await phone.keys("f9")
        await phone.sees("saved 4 steps")
        await phone.type("*100#")
        await phone.sees("1000.00")
        await phone.keys("f9")
        await phone.sees("saved 1 steps; gateway replay flows/100.flow.yaml")
    folder = tmp_path / "flows"
    assert (folder / "flow.schema.json").is_file()
    first, *_ = lines = (folder / "105.flow.yaml").read_text().splitlines()
    assert first == "# yaml-language-server: $schema=flow.schema.json"
    assert any("Balance: <money>" in line for line in lines)
    for file in sorted(folder.glob("*.flow.yaml")):
        with Rehearsal(config()) as rehearsal:
            [result] = played(rehearsal, file)
        assert (result.plays, result.passed) == (1, True), f"{file} replays green"


@on_a_loop
async def test_a_flow_begins_as_the_number_was_and_holds_what_timed_out(
    gateway, tmp_path, monkeypatch
):
    """Another day: the number speaks English and is abroad; its dialogue times out by itself."""
    monkeypatch.chdir(tmp_path)
    async with holding(gateway, "79220000001") as phone:
        control = phone.app.control
        await control.enter("lang")
        await control.enter("zone europe")
        await control.enter("save")
        await phone.sees("saved 2 steps")
        await control.enter("105")
        await phone.sees("1 My account")
        await control.enter("1")
        await phone.sees("1 Balance")
        await control.api.advance(61.0)
        await phone.sees("Session timed out")
        await control.enter("end")
        await phone.sees("nothing to hang up")
        await phone.keys("f9")
        await phone.sees("saved 5 steps; gateway replay flows/105.flow.yaml")
        for _ in "en", "ru-Latn":
            await control.enter("lang")
        await control.enter("zone home")
    saved = tmp_path / "flows" / "105.flow.yaml"
    steps = [line.strip() for line in saved.read_text().splitlines() if "- " in line]
    assert steps[1:] == [
        '- language: "en"',
        '- move: {plmn: "26201"}',
        '- dial: "*105#"',
        '- answer: "1"',
        "- timeout: true",
    ]
    with Rehearsal(config()) as rehearsal:
        [result] = played(rehearsal, saved)
    assert (result.plays, result.passed) == (1, True), result.groups


@on_a_loop
async def test_a_call_is_saved_with_its_prompts_and_its_entries(gateway, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    keys = {"2": "voice.tar", "5": "voice.pwd", "1": "voice.pwd.new", "1234#": "invalid"}
    async with holding(gateway, "79220000001") as phone:
        await phone.type("call 0505")
        await phone.sees("voice.root")
        for pressed, heard in keys.items():
            await phone.keys(*(NAMES.get(key, key) for key in pressed))
            await phone.sees(f"/{heard}")
        await phone.keys("f10")
        await phone.sees("0505: hung up")
        await phone.keys("f9")
        await phone.sees("saved 6 steps")
    [saved] = tmp_path.rglob("*.flow.yaml")
    lines = [line.strip() for line in saved.read_text().splitlines()]
    said = [*(key for key in keys if len(key) == 1), "<secret>"]
    assert [line for line in lines if "press" in line] == [f'- press: "{key}"' for key in said]
    assert [line for line in lines if "1234" in line] == ['parameters: {secret: "1234#"}']
    with Rehearsal(config()) as rehearsal:
        [result] = played(rehearsal, saved)
    assert (result.plays, result.passed) == (1, True), result.groups


@on_a_loop
async def test_pdus_are_shown_on_demand(gateway, msisdn):
    async with holding(gateway, msisdn, dial="100") as phone:
        await phone.sees("100,00")
        await phone.keys("f4", "f4", "f4")
        await phone.sees("PDUs", "ussd_service_op 17")
        await phone.keys("pageup", "pageup", "pageup", "pageup")
        text = await phone.sees("password is not shown")
        assert "harness1" not in text


@on_a_loop
async def test_mistakes_of_menus_are_shown_with_their_line_and_go_when_mended(
    gateway, msisdn, menus
):
    file = menus / "main.yaml"
    good = file.read_text(encoding="utf-8")
    async with holding(gateway, msisdn, dial="105") as phone:
        await phone.sees("1 Мой счёт", "CH01")
        file.write_text(good.replace('start: "main"', 'start: "mein"'), encoding="utf-8")
        screen = await phone.sees("1 mistake; the old menus stay", "main.yaml:", "= did you mean")
        notice = " ".join(screen.split("\n")[-3:-1]).split()
        assert " ".join(notice).endswith("M201 there is no state 'mein', did you mean 'main'?")
        pane = [line[44:] for line in screen.split("\n")]
        carets = next(at for at, line in enumerate(pane) if "^^^^^^" in line)
        assert pane[carets - 1].index('"mein"') == pane[carets].index("^")
        await phone.keys("f4")
        await phone.sees("Timeline")
        file.write_text(good.replace("Мой счёт", "Кошелёк"), encoding="utf-8")
        await phone.sees("are live; this dialogue stays on its own, F5 redials")
        await phone.keys("f5")
        await phone.sees("1 Кошелёк")
        file.write_text(good, encoding="utf-8")
        await phone.sees("are live; this dialogue stays on its own")
        await phone.keys("f5")
        await phone.sees("1 Мой счёт")
        phone.app.control.say("and again")
        await phone.sees("and again")
        file.write_text(good.replace("Мой счёт", "Кошелёк"), encoding="utf-8")
        await phone.sees("this dialogue stays on its own")
        phone.app.control.say("and back")
        await phone.sees("and back")
        file.write_text(good, encoding="utf-8")
        assert "stays on its own" not in await phone.sees("are live"), "it is held on these"


@on_a_loop
async def test_lines_that_come_in_one_burst_are_lines_of_their_own(gateway, msisdn):
    async with holding(gateway, msisdn) as phone:
        for key in ("1", "0", "5", "enter", "5", "enter"):
            phone.app.query_one(Line).post_message(events.Key(key, key if key.isdigit() else None))
        await phone.sees("1 Мой счёт")
        assert phone.app.control.typed.lines == ("105", "5")


@on_a_loop
async def test_without_voice_the_call_screen_says_so(gateway, msisdn):
    async with holding(gateway, msisdn, sip=9) as phone:
        await phone.type("call 0505")
        await phone.sees("Call", "0505: voice is not served")
        await phone.type("100")
        await phone.sees("100,00")


@on_a_loop
async def test_a_call_over_sip_is_heard_pressed_and_charged(gateway, msisdn):
    async with holding(gateway, msisdn) as phone:
        await phone.type("call 0505")
        await phone.sees("0505: talking", "~ ")
        await phone.keys("1")
        while not isinstance(phone.app.control.phone.call.heard[-1], Played):
            await phone.pilot.pause(0.05)
        await phone.keys("f10")
        await phone.sees("0505: hung up", "charged 0.00 in 1 uses")
        heard = phone.app.control.phone.call.heard
        assert heard[0].id == "menu/voice.root/1", "as the manifest and flows name it"
        key = heard.index(Pressed("1"))
        assert heard[key - 1].cut, "barge-in: the prompt before the key was stopped by it"
        assert [each.cut for each in heard[key + 1 :]] == [False] * len(heard[key + 1 :])
        assert all(each.text for each in heard if isinstance(each, Played))


@on_a_loop
async def test_a_call_whose_gateway_is_gone_is_over(gateway, msisdn, monkeypatch):
    gone, sounded = asyncio.Event(), SoftPhone._sounded
    monkeypatch.setattr(soft_phone, "SILENT_SECONDS_MAX", 0.4)
    monkeypatch.setattr(
        SoftPhone, "_sounded", lambda phone, data: gone.is_set() or sounded(phone, data)
    )
    async with holding(gateway, msisdn) as phone:
        await phone.type("call 0505")
        await phone.sees("0505: talking", "~ ")
        await phone.pilot.pause(0.6)
        await phone.sees("0505: talking")
        gone.set()
        await phone.sees("0505: nothing came for")


class Answered:
    """Calls that are answered at once."""

    def __init__(self):
        self.heard = []

    async def call(self, msisdn, number, told):
        self.told = told
        told("talking", "")

    async def press(self, key):
        if key == "9":
            raise Refused("the line is bad")
        self.heard.append(key)

    async def hang_up(self):
        self.told("over", "")


@on_a_loop
async def test_another_call_of_the_number_is_not_the_one_in_hand(gateway, msisdn):
    async with holding(gateway, msisdn, calls=Answered()) as phone:
        await phone.type("call 0505")
        await phone.sees("0505: talking")
        await phone.keys("enter")
        await phone.sees("keys go into the call, each as it is pressed")
        control, turn = phone.app.control, {"kind": "turn", "channel": "voice", "msisdn": msisdn}
        for dialogue, event, cut in (
            ("ours", "opened", ""),
            ("another's", "opened", ""),
            ("another's", "replied", "ours"),
            ("another's", "timed_out", ""),
        ):
            told = {"event": event, "dialogue": dialogue, "cut": cut}
            await control.happened(turn | told | {"prompts": [{"id": dialogue, "text": "Hello"}]})
        assert control.phone.call.heard == (Played("ours", "Hello"),)
        assert [done.action.verb for done in control.phone.done] == ["call"]


@on_a_loop
async def test_keys_and_buttons_go_into_a_call(gateway, msisdn):
    calls = Answered()
    async with holding(gateway, msisdn, calls=calls) as phone:
        await phone.type("call 0505")
        await phone.sees("0505: talking  00:0", "F10 hangs")
        await phone.keys("1", "asterisk", "9")
        await phone.sees("> 1*", "the line is bad")
        await phone.pilot.click(next(b for b in phone.app.query(Button) if b.name == "#"))
        await phone.sees("> 1*#")
        await phone.keys("f10")
        await phone.sees("0505: over")
        assert calls.heard == ["1", "*", "#"]
        verbs = [done.action.verb for done in phone.app.control.phone.done]
        assert verbs == ["call", "press", "press", "press", "hang_up"]


@on_a_loop
async def test_control_c_leaves_at_once_or_where_something_is_open_at_the_second_time(
    gateway, msisdn
):
    async with holding(gateway, msisdn, dial="105") as phone:
        await phone.sees("1 Мой счёт")
        await phone.keys("ctrl+c")
        await phone.sees("Ctrl+C again hangs up and puts the phone down", "1 Мой счёт")
        await phone.keys("ctrl+c")
        await phone.pilot.pause()
        assert not phone.app.is_running
    assert any("ussd_service_op 129" in line for line in phone.app.tape.lines()), "it is hung up"
    async with holding(gateway, msisdn) as phone:
        await phone.keys("ctrl+c")
        await phone.pilot.pause()
        assert not phone.app.is_running


@on_a_loop
async def test_a_timeline_is_of_its_phone(gateway, msisdn):
    async with holding(gateway, msisdn, dial="105") as phone:
        await phone.sees("1 Мой счёт", "CH01")
        await phone.app.control.take("79220000007")
        assert "CH01" not in await phone.sees("79220000007", "no dialogue")
        await phone.app.control.take(msisdn)
        await phone.sees("1 Мой счёт", "CH01")


@on_a_loop
async def test_without_a_token_the_phone_works_and_its_timeline_says_why_it_is_empty(
    gateway, msisdn
):
    async with holding(gateway, msisdn, dial="105", token="", size=(120, 24)) as phone:
        await phone.sees("1 Мой счёт", "no timeline: no API token: --api-token, or --data of the")
        await phone.keys("f6")
        await phone.sees("1 Мой счёт", " no API token: --api-token, or --data of the gateway")
