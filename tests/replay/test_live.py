"""Flows over the real SMPP port: the same files, many subscribers behind few binds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.replay.cast import cast, numbered
from gateway.replay.coverage import Visited
from gateway.replay.groups import grouped
from gateway.replay.handset import Action, Lost, Seen, Wants
from gateway.replay.live import LiveHandset
from gateway.replay.recording import Done, Recording, write_flow
from gateway.service.recorder import Recorded, compared, record_there
from gateway.service.rehearsing import rehearse
from gateway.service.replaying import Target, perform
from tests.channels.serving import TOKEN, Served, serving
from tests.replay.house import QA, config, flows_of, written

SECONDS_MAX = 30

TEN_STEPS = """\
flows:
  - name: ten
    as: "79220000001"
    steps:
      - {dial: "*105#", expect: {text: {contains: "1 Мой счёт"}}}
      - {answer: "1", expect: {text: {contains: "1 Баланс"}}}
      - {answer: "1", expect: {text: {contains: "Баланс: <money>"}}}
      - {answer: "0", expect: {text: {contains: "1 Баланс"}}}
      - {answer: "0", expect: {text: {contains: "1 Мой счёт"}}}
      - {answer: "1", expect: {text: {contains: "1 Баланс"}}}
      - {answer: "0", expect: {text: {contains: "1 Мой счёт"}}}
      - {sms: {to: "000110", text: "00"}, expect: {sms: {text: {contains: "<own_number>"}}}}
      - {answer: "1", expect: {text: {contains: "1 Баланс"}}}
      - {hang_up: true}
"""


@pytest.fixture(scope="module")
def served(
    run: Any, reactor_thread: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A service with a standing clock and a hundred numbers for load."""
    folder = tmp_path_factory.mktemp("live")
    with serving(run, reactor_thread, folder, clock="manual", subscribers="100") as one:
        yield one


def target(served: Served, token: str = TOKEN) -> Target:
    host, ports = "127.0.0.1", served.ports
    return Target(host, ports["smpp"], "harness", "harness1", ports["http"], token)


def play(
    run: Callable[..., Any], reactor: Any, whom: Target, plays: Any, binds: int = 1
) -> list[Any]:
    """The results over the network."""
    return grouped(run(perform, whom, plays, binds, str, reactor, timeout=SECONDS_MAX))


def test_the_flows_of_qa_pass_over_the_network(
    run: Any, reactor_thread: Any, served: Served
) -> None:
    files = (QA / "account.flow.yaml", QA / "sms.flow.yaml")
    plays = [play for file in files for play in cast(flows_of(file), [])]
    results = play(run, reactor_thread, target(served), plays)
    assert [(one.flow.name, one.groups) for one in results if not one.passed] == []


def test_a_gateway_that_runs_tells_what_was_reached(
    run: Any, reactor_thread: Any, served: Served
) -> None:
    plays = cast(flows_of(QA / "account.flow.yaml")[:2], [])
    here, there = Visited(), Visited()
    rehearse(config(), plays, 1, str, here)
    run(perform, target(served), plays, 1, str, reactor_thread, there, timeout=SECONDS_MAX)
    assert there.nodes == here.nodes
    assert there.edges == here.edges


def test_many_subscribers_share_a_bind_or_two(
    run: Any, reactor_thread: Any, served: Served, tmp_path: Path
) -> None:
    plays = cast(flows_of(written(tmp_path, TEN_STEPS)), numbered(100))
    [result] = play(run, reactor_thread, target(served), plays, binds=2)
    assert result.passed, result.groups
    assert (result.plays, result.steps) == (100, 1_000)


def test_a_difference_is_found_there_too(
    run: Any, reactor_thread: Any, served: Served, tmp_path: Path
) -> None:
    text = TEN_STEPS.replace('contains: "Баланс: <money>"', 'contains: "Сальдо"')
    [result] = play(
        run, reactor_thread, target(served), cast(flows_of(written(tmp_path, text)), numbered(3))
    )
    assert [len(group.played) for group in result.groups] == [3]
    assert result.groups[0].headline == "step 3 (answers 1): text"


def test_without_the_api_what_needs_it_is_told(
    run: Any, reactor_thread: Any, served: Served, tmp_path: Path
) -> None:
    text = TEN_STEPS.replace("{hang_up: true}", "{advance: 60}")
    plays = cast(flows_of(written(tmp_path, text)), numbered(1))
    [result] = play(run, reactor_thread, target(served, ""), plays)
    said = "step 10 (60 s pass): the clock needs the HTTP API and its token"
    assert result.groups[0].headline == said


@pytest.mark.parametrize(
    ("port", "password", "says"),
    [(1, "harness1", "Connection refused"), (0, "wrong", "bind refused")],
)
def test_no_gateway_is_one_line_with_the_address(
    run: Any, reactor_thread: Any, served: Served, port: int, password: str, says: str
) -> None:
    port = port or served.smpp
    whom = Target("127.0.0.1", port, "harness", password, 1, "")
    with pytest.raises(Lost) as lost:
        run(perform, whom, cast(flows_of(QA / "sms.flow.yaml"), []), 1, str, reactor_thread)
    assert str(lost.value) == f"smpp 127.0.0.1:{port}: {says}; is the gateway up?"


LINES = ("105", "1", "1", "0", "end", "sms 000110 00", "lang en", "*100#", "*105*3*6*1#", "1234")


def test_a_recording_made_there_replays_there_and_here(
    run: Any, reactor_thread: Any, served: Served, tmp_path: Path
) -> None:
    lines, shown = iter(LINES), list[str]()

    def read(_waits: bool) -> str:
        return next(lines, "")

    arguments = (target(served), "79230000007", read, shown.append, reactor_thread)
    recorded = compared(config(), "79230000007", run(record_there, *arguments, timeout=SECONDS_MAX))
    steps = recorded.steps
    assert (recorded.refused, recorded.unknown, recorded.lost) == ((), (), "")
    assert [str(each.action) for each in steps][-2:] == ["dials *105*3*6*1#", "answers •••"]
    assert any(text.startswith("> sms from 000110: Пароль") for text in shown)
    again = Action("language", "ru"), Seen()
    recording = Recording("live", "79230000007", (Done(*again), *steps))
    file = written(tmp_path, write_flow(recording))
    text = file.read_text("utf-8")
    assert text.count("1234") == 1
    assert "Баланс: <money>" in text
    assert "Бонусы: <number>" in text
    plays = cast(flows_of(file), [])
    [result] = play(run, reactor_thread, target(served), plays)
    assert (result.passed, result.steps) == (True, len(LINES) + 1), result.groups
    assert rehearse(config(), plays, 1, str)[0].passed


class Breaking(LiveHandset):
    """Its gateway goes away after the first action."""

    async def act(self, action: Action, wants: Wants) -> Seen:
        if action.text != "*100#":
            raise Lost("smpp 127.0.0.1:2775: connection lost")
        return await super().act(action, wants)


def test_what_was_done_before_the_link_broke_is_kept(
    run: Any, reactor_thread: Any, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.replay.live.LiveHandset", Breaking)

    def recorded(*lines: str) -> Recorded:
        typed = iter(lines)
        arguments = (target(served), "79230000008", lambda _: next(typed, ""), str, reactor_thread)
        done: Recorded = run(record_there, *arguments, timeout=SECONDS_MAX)
        return done

    broken = recorded("*100#", "*558#", "*100#")
    assert [str(done.action) for done in broken.steps] == ["dials *100#"]
    assert broken.lost == "smpp 127.0.0.1:2775: connection lost"
    with pytest.raises(Lost):
        recorded("*558#")


def test_a_time_out_where_nothing_waits_is_refused_as_in_process(
    run: Any, reactor_thread: Any, served: Served, tmp_path: Path
) -> None:
    head = 'flows:\n  - name: a\n    as: "79220000001"\n    steps:\n'
    steps = '      - dial: "*105#"\n      - timeout: true\n      - timeout: true\n'
    plays = cast(flows_of(written(tmp_path, head + steps)), numbered(1))
    here = grouped(rehearse(config(), plays, 1, str))
    there = play(run, reactor_thread, target(served), plays)
    said = "step 3 (answers nothing in time): nothing waits for an answer"
    assert [one.groups[0].headline for [one] in (here, there)] == [said, said]


def test_a_host_that_is_none_is_one_line(run: Any, reactor_thread: Any, served: Served) -> None:
    there = replace(target(served), host="nohost.invalid")
    with pytest.raises(Lost, match=r"smpp nohost\.invalid:[0-9]+: no such host$"):
        run(perform, there, [], 1, str, reactor_thread, timeout=SECONDS_MAX)
