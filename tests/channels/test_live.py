"""A service while it runs: menus and recordings saved good and bad, time that is moved, states of
restarts."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.service.content import load_content
from gateway.service.watch import LOOK_SECONDS
from gateway.store.errors import StoreUnavailable
from tests.channels.fake_smsc import FakeNetwork
from tests.channels.serving import Served, serving
from tests.service.test_prompts import record
from tests.source import ROOT

RELOAD_SECONDS_MAX = 1.0
WAIT_SECONDS_MAX = 15.0
"""On a machine that is shared; what a reload takes by itself is a test of its own."""


class Files:
    """Menus and short codes of a service's own, to be edited."""

    def __init__(self, folder: Path) -> None:
        self.menus = folder / "menus"
        self.codes = folder / "short_codes.yaml"
        self.prompts = record(folder / "ivr_prompts", {"ru": {"word/one": "один"}})
        shutil.copytree(ROOT / "menus", self.menus)
        shutil.copy(ROOT / "short_codes.yaml", self.codes)

    def edit(self, name: str, old: str, new: str) -> None:
        """Save a file with a text replaced."""
        path = self.codes if name == "short_codes" else self.menus / f"{name}.yaml"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The service's files."""
    return Files(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def live(run, reactor_thread, files, tmp_path_factory) -> Iterator[Served]:
    """A service on those files, its clock manual."""
    with serving(
        run,
        reactor_thread,
        tmp_path_factory.mktemp("live"),
        clock="manual",
        menus=str(files.menus),
        short_codes=str(files.codes),
        prompts=str(files.prompts),
        subscribers="1000",
    ) as served:
        yield served


@pytest.fixture
def network(live) -> Iterator[FakeNetwork]:
    """Bound to it."""
    network = FakeNetwork(live.smpp)
    yield network
    network.unbind()


def eventually(what: Any) -> None:
    """It becomes true."""
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while not what():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.02)


def test_a_reload_takes_less_than_a_second(files):
    """Two looks, and what the reading takes of a processor."""
    began = time.thread_time()
    content, _ = load_content(files.menus, files.codes, advice=False)
    assert content is not None
    assert 2 * LOOK_SECONDS + time.thread_time() - began < RELOAD_SECONDS_MAX


def test_a_good_file_serves_new_dialogues_and_old_ones_end_as_they_began(
    live, files, network, msisdn
):
    other = "79220000001"
    assert "Мой счёт" in network.dial(msisdn).text
    files.edit("main", "Мой счёт", "Кошелёк")
    eventually(lambda: "Кошелёк" in network.dial(other).text)
    assert "Баланс" in network.answer(msisdn, "1").text
    assert "Мой счёт" in network.answer(msisdn, "0").text, "on the version it began with"
    assert "Кошелёк" in network.dial(msisdn).text
    files.edit("main", "Кошелёк", "Мой счёт")
    eventually(lambda: "Мой счёт" in network.dial(other).text)
    assert live.logged("menus reloaded")["version"]


def test_a_bad_file_changes_nothing_and_says_why(live, files, network, msisdn):
    before = network.dial(msisdn).text
    seen = len(live.log)
    files.edit("main", 'start: "main"', 'start: "nowhere"')
    refused = live.logged("the changed menus are refused; the old ones stay", 10)
    assert "main.yaml:" in refused["problems"]
    assert "nowhere" in refused["problems"]
    assert "^" in refused["problems"]
    assert network.dial(msisdn).text == before
    files.edit("main", 'start: "nowhere"', 'start: "main"')
    eventually(lambda: any(r["event"] == "menus reloaded" for r in live.log[seen:]))
    live.until("/metrics", lambda text: 'menu_reloads_total{result="refused"} 1.0' in text)


def test_a_warning_is_told_with_the_menus_that_are_live(run, live, files):
    told: list[dict[str, Any]] = []
    forget = run(lambda: live.service.live.subscribe(lambda _, fields: told.append(dict(fields))))
    long = "Мой счёт " * 60
    files.edit("main", '{ru: "Мой счёт", en: "My account"}', f'{{ru: "{long}", en: "My account"}}')
    live.logged("the menus that were reloaded have warnings", 5)
    seen = len(live.log)
    files.edit("main", long, "Мой счёт")
    eventually(lambda: any(r["event"] == "menus reloaded" for r in live.log[seen:]))
    run(forget)
    quick, warned, *_ = told
    assert (quick["event"], quick["problems"]) == ("reloaded", []), "served before it is weighed"
    assert (warned["event"], warned["version"]) == ("reloaded", quick["version"])
    assert {problem["severity"] for problem in warned["problems"]} == {"warning"}
    assert "main.yaml" in warned["problems"][0]["path"]


def test_broken_yaml_and_a_vanished_file_change_nothing(live, files, network, msisdn):
    before, seen = network.dial(msisdn).text, len(live.log)
    text = files.codes.read_text()
    files.codes.write_text("routes: [")
    eventually(lambda: any("refused" in r["event"] for r in live.log[seen:]))
    seen = len(live.log)
    files.codes.unlink()
    eventually(lambda: any("refused" in r["event"] for r in live.log[seen:]))
    assert network.dial(msisdn).text == before
    seen = len(live.log)
    files.codes.write_text(text)
    eventually(lambda: any(r["event"] == "menus reloaded" for r in live.log[seen:]))


def test_a_file_of_menus_that_is_gone_is_told_before_what_follows_from_it(live, files):
    path, seen = files.menus / "statement.yaml", len(live.log)
    text = path.read_text()
    path.unlink()
    eventually(lambda: any("refused" in r["event"] for r in live.log[seen:]))
    [refused] = [r for r in live.log[seen:] if "refused" in r["event"]]
    first, *rest = refused["problems"].splitlines()
    assert first == f"{files.menus}:1:1: M100 statement.yaml is gone"
    assert "M201" in " ".join(rest)
    seen = len(live.log)
    path.write_text(text)
    eventually(lambda: any(r["event"] == "menus reloaded" for r in live.log[seen:]))


def test_short_codes_are_read_anew_too(live, files, network, msisdn):
    assert "100,00" in network.dial(msisdn, "*100#").text
    files.edit("short_codes", 'code: "*100#"', 'code: "*777#"')
    eventually(lambda: "100,00" in network.dial(msisdn, "*777#").text)
    assert "100,00" not in network.dial(msisdn, "*100#").text
    files.edit("short_codes", 'code: "*777#"', 'code: "*100#"')
    eventually(lambda: "100,00" in network.dial(msisdn, "*100#").text)


# --- recordings --------------------------------------------------------------------------------


def clip_of(live: Served, words: str) -> str:
    """The recording that a call plays for the words."""
    return live.service.voice.prompt_ids((words,), "ru")[0]


def test_a_saved_recording_is_heard_and_a_bad_manifest_changes_nothing(live, files):
    assert [clip_of(live, words) for words in ("один", "два")] == ["word/one", "missing"]
    record(files.prompts, {"ru": {"word/one": "один", "word/two": "два"}})
    eventually(lambda: clip_of(live, "два") == "word/two")
    assert live.logged("prompts reloaded")["recordings"] == 2
    manifest = files.prompts / "prompts.yaml"
    text = manifest.read_text()
    manifest.write_text(text.replace("sha256", "md5"))
    refused = live.logged("the changed prompts are refused; the old ones stay", 10)
    assert "prompts.yaml:" in refused["problems"]
    assert "^" in refused["problems"]
    assert clip_of(live, "два") == "word/two"
    live.until("/metrics", lambda text: 'prompt_reloads_total{result="refused"} 1.0' in text)
    manifest.write_text(text)


def test_a_file_that_comes_after_its_row_is_heard_too(live, files):
    late = files.prompts / "ru/word/late.wav"
    record(files.prompts, {"ru": {"word/one": "один", "word/late": "поздно"}})
    sound = late.read_bytes()
    eventually(lambda: clip_of(live, "поздно") == "word/late")
    late.unlink()
    record_row = files.prompts / "prompts.yaml"
    record_row.write_text(record_row.read_text() + "\n")
    eventually(lambda: clip_of(live, "поздно") == "missing")
    late.write_bytes(sound)
    eventually(lambda: clip_of(live, "поздно") == "word/late")


# --- the clock ---------------------------------------------------------------------------------


def test_time_passes_only_when_it_is_moved_and_then_a_dialogue_times_out(live, network, msisdn):
    network.dial(msisdn, session=5)
    before = live.get("/v1/clock")["now"]
    live.advance(59)
    assert network.hears_nothing(msisdn)
    live.advance(2)
    page = network.page(msisdn)
    assert (page.op, page.more, page.session_info) == (17, False, b"\x05\x01")
    assert page.text == "Время истекло. Наберите *105# снова"
    assert live.get("/v1/clock")["now"] > before
    assert not network.answer(msisdn, "1", session=5).more
    live.until(
        "/metrics", lambda text: 'dialogues_total{channel="ussd",result="timed_out"}' in text
    )


def test_an_answer_begins_the_wait_anew_up_to_the_dialogues_limit(live, network, msisdn):
    network.dial(msisdn)
    for _ in range(3):
        live.advance(50)
        assert network.answer(msisdn, "1").more
        network.answer(msisdn, "00")
    live.advance(31)
    assert network.page(msisdn).op == 17, "180 seconds in all"


def test_what_is_due_is_done_when_the_clock_has_answered(live, network, msisdn):
    network.dial(msisdn)
    live.advance(61)
    events = live.get("/metrics")
    assert 'dialogues_open{channel="ussd"} 0.0' in events


def test_a_service_and_a_plan_are_there_when_the_answer_to_the_clock_comes(live, network):
    """Connected over SMPP, shown by the API; what is due is done before POST /v1/clock answers."""
    two = "79220000002"
    network.dial(two, "*105*3382#")
    network.answer(two, "1")
    network.dial(two, "*105*2*2*1#")
    network.answer(two, "1")
    before = live.get(f"/v1/subscribers/{two}")
    assert before["services"] == ["roaming", "horoscope", "missed_calls", "weather"]
    live.advance(86_400)
    after = live.get(f"/v1/subscribers/{two}")
    assert (before["tariff"], after["tariff"]) == ("talk_m", "zero")


def test_every_line_of_a_turn_carries_its_dialogue(live, network, msisdn):
    network.answering = lambda pdu: 0x64 if pdu.command == 5 else 0
    network.dial(msisdn)
    network.read_for(0.05)
    network.answering = lambda pdu: 0
    masked = f"{msisdn[:4]}***{msisdn[-4:]}"
    assert live.logged("a page could not be shown", msisdn=masked)


def test_a_store_that_cannot_be_read_is_said_so(live, monkeypatch, msisdn):
    def gone(query: Any) -> Any:
        raise StoreUnavailable("connection refused")

    monkeypatch.setattr(live.service.reader, "read", gone)
    status, problem = live.api("GET", f"/v1/subscribers/{msisdn}")
    assert (status, problem["detail"]) == (503, "connection refused")


# --- restarts ----------------------------------------------------------------------------------


def test_a_dialogue_outlives_an_orderly_restart_and_still_times_out(run, reactor_thread, tmp_path):
    with serving(run, reactor_thread, tmp_path) as served:
        network = FakeNetwork(served.smpp)
        network.dial("79220000001", session=9)
        network.close()
    with serving(run, reactor_thread, tmp_path) as served:
        served.until("/metrics", lambda text: 'dialogues_open{channel="ussd"} 1.0' in text)
        network = FakeNetwork(served.smpp)
        assert "Баланс" in network.answer("79220000001", "1", session=9).text
        network.unbind()
