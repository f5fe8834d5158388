"""Calls of flows over real SIP and RTP; long ones with a gateway and caller in a hurry."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.channels.media_ports import Port
from gateway.channels.sip_port import SipPort
from gateway.replay.caller import Caller
from gateway.replay.cast import Play, cast, numbered
from gateway.replay.groups import Result, grouped
from gateway.replay.handset import Action, Lost, NotPlayed, Wants
from gateway.replay.live import LiveHandset
from gateway.replay.script import Flow
from gateway.service import voice_set
from gateway.service.replaying import Target, network_of, perform
from gateway.service.secrets import chance, token
from gateway.testing.pcap import Capture
from gateway.wire.sip.login import Login
from tests.channels.serving import TOKEN, Served, serving
from tests.channels.voice_service import VoiceService, voice_service
from tests.replay.house import QA, flows_of, played, written
from tests.replay.hurried import Hurried
from tests.source import ROOT

TIMES = 20
SECONDS_MAX = 30
SCENARIO = ROOT / "tests" / "channels" / "sipp" / "uas.xml"
ACCOUNT = 'sip_accounts: [{user: "desk", password: "a secret"}]\n'

HEAD = 'flows:\n  - name: "a"\n    as: "{}"\n    steps:\n'

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def service(
    run: Run, reactor_thread: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[VoiceService]:
    folder = tmp_path_factory.mktemp("calls")
    with voice_service(run, reactor_thread, folder, sip_t1_seconds="0.5") as one:
        yield one


@pytest.fixture(scope="module")
def hurried(
    run: Run, reactor_thread: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[VoiceService]:
    """A gateway whose calls are in a hurry, with an operator to transfer to."""
    options = {"sip_t1_seconds": "0.5", "voice_operator": "sip:operator@pbx.example"}
    reactor = Hurried(reactor_thread, TIMES)
    folder = tmp_path_factory.mktemp("hurried")
    with voice_service(run, reactor_thread, folder, calls_reactor=reactor, **options) as one:
        yield one


def target(served: Served, **changes: Any) -> Target:
    host, ports = "127.0.0.1", served.ports
    login, sip = ("harness", "harness1"), (host, ports["sip"])
    whom = Target(host, ports["smpp"], *login, ports["http"], TOKEN, sip)
    return replace(whom, **changes)


class Live:
    """Plays on a gateway."""

    def __init__(self, run: Run, reactor: Any, served: Served) -> None:
        self._run = run
        self._reactor = reactor
        self._served = served

    def play(self, plays: list[Play], **changes: Any) -> list[Result]:
        """The results; `changes` are of the target."""
        whom = target(self._served, **changes)
        return grouped(self._run(perform, whom, plays, 1, str, self._reactor, timeout=SECONDS_MAX))


@pytest.fixture
def live(run: Run, reactor_thread: Any, service: VoiceService) -> Live:
    return Live(run, reactor_thread, service.served)


@pytest.fixture
def fast(run: Run, reactor_thread: Any, hurried: VoiceService) -> Live:
    return Live(run, Hurried(reactor_thread, TIMES), hurried.served)


def flow(folder: Path, steps: str, msisdn: str = "79220000001") -> tuple[Flow, ...]:
    """A flow of these steps."""
    return flows_of(written(folder, HEAD.format(msisdn) + steps))


VOICE = flows_of(QA / "voice.flow.yaml")


@pytest.mark.parametrize("number", range(len(VOICE)), ids=[each.name for each in VOICE])
def test_the_flows_of_qa_pass_over_sip_and_rtp(fast: Live, number: int) -> None:
    [result] = fast.play(cast([VOICE[number]], []))
    group = result.groups[0]
    assert result.passed, (group.error, group.difference)


def test_they_pass_in_process_too(rehearsal: Any) -> None:
    results = played(rehearsal, QA / "voice.flow.yaml")
    assert [(one.flow.name, one.groups) for one in results if not one.passed] == []


MENU = '{call: "0505", expect: {prompts: ["menu/voice.root/1"]}}'


def test_many_call_side_by_side_and_write_meanwhile(
    live: Live, service: VoiceService, tmp_path: Path
) -> None:
    steps = f"""\
      - {MENU}
      - sms: {{to: "000110", text: "00"}}
        expect: {{sms: {{text: {{contains: "<own_number>"}}}}}}
      - {{press: "1", expect: {{prompts: ["menu/voice.acct/1"]}}}}
      - {{dial: "*105#", expect: {{text: {{contains: "1 Мой счёт"}}}}}}
      - {{press: "*", expect: {{ended: false}}}}
      - {{hang_up: true}}
"""
    [result] = live.play(cast(flow(tmp_path, steps), numbered(40)))
    assert result.passed, result.groups
    assert (result.plays, result.steps) == (40, 240)
    assert service.metric("calls") == 0


def test_a_difference_is_found_and_the_call_does_not_stay_up(
    live: Live, service: VoiceService, tmp_path: Path
) -> None:
    steps = f'      - {MENU}\n      - {{press: "1", expect: {{prompts: ["menu/voice.bon/1"]}}}}\n'
    [result] = live.play(cast(flow(tmp_path, steps), []))
    assert result.groups[0].headline == "step 2 (presses 1): prompts"
    assert result.groups[0].difference.got == "menu/voice.acct/1"
    assert service.metric("calls") == 0


def test_a_transfer_to_the_operator_ends_the_call(
    fast: Live, hurried: VoiceService, tmp_path: Path
) -> None:
    steps = f'      - {MENU}\n      - {{press: "0", expect: {{ended: true}}}}\n'
    steps += '      - press: "1"\n'
    [result] = fast.play(cast(flow(tmp_path, steps, "79230000050"), []))
    assert result.groups[0].headline.startswith("step 3 (presses 1): no call is under way")
    [cdr] = hurried.cdrs("79230000050")
    assert (cdr["transferred"], cdr["hung_up_by"], cdr["sip_status"]) == (True, "gateway", 200)


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ('      - press: "1"\n', "no call is under way"),
        (f"      - {MENU}\n" * 2, "a call is under way"),
        (f"      - {MENU}\n      - advance: 60\n", "the clock of a call cannot be moved"),
        (
            f'      - {MENU}\n      - press: "<key>"\n    parameters: {{key: "x"}}\n',
            "the key 'x' cannot be pressed: key_unknown",
        ),
    ],
)
def test_what_a_call_cannot_do_is_told(live: Live, tmp_path: Path, steps: str, says: str) -> None:
    [result] = live.play(cast(flow(tmp_path, steps), []))
    assert says in result.groups[0].error, result.groups[0]


def test_a_call_without_sound_fails(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is answered, and told in words what is said; only the packets do not come."""
    monkeypatch.setattr(Port, "send", lambda port, data, to: True)
    steps = '      - {call: "0505", expect: {within: 2}}\n'
    [result] = live.play(cast(flow(tmp_path, steps), []))
    assert result.groups[0].headline.startswith("step 1 (calls 0505): no sound came")


def test_without_the_api_sound_is_heard_and_words_are_not(live: Live, tmp_path: Path) -> None:
    steps = (
        '      - call: "0505"\n      - press: "1"\n      - {press: "1", expect: {ended: false}}\n'
    )
    [result] = live.play(cast(flow(tmp_path, steps), []), token="")
    wanted = "step 3 (presses 1): what a call says needs the HTTP API and its token"
    assert result.groups[0].headline.startswith(wanted)


def test_without_sip_a_call_says_what_it_needs(live: Live) -> None:
    [result] = live.play(cast(VOICE[:1], []), sip=None)
    assert "a call needs the gateway's SIP (--sip HOST:PORT)" in result.groups[0].error


def test_nobody_at_the_port_is_one_line_with_the_address(live: Live) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(Lost) as lost:
        live.play(cast(VOICE[:1], []), sip=("127.0.0.1", port))
    assert str(lost.value) == f"sip 127.0.0.1:{port}: Connection refused; is the gateway up?"


def test_a_port_that_does_not_answer_is_one_line_too(fast: Live) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        port = deaf.getsockname()[1]
        with pytest.raises(Lost, match=f"sip 127.0.0.1:{port}: no answer in time"):
            fast.play(cast(VOICE[:1], []), sip=("127.0.0.1", port))


@pytest.mark.parametrize(
    ("login", "says"),
    [
        (Login("desk", "a secret"), ""),
        (Login("desk", "wrong"), "401 Unauthorized"),
        (None, "401 Unauthorized"),
    ],
)
def test_an_account_is_asked_for_its_password(
    run: Run,
    reactor_thread: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    login: Login | None,
    says: str,
) -> None:
    monkeypatch.setattr(voice_set, "LOOPBACK", ("192.0.2.0/24",))
    with serving(run, reactor_thread, tmp_path, ACCOUNT) as one:
        live = Live(run, reactor_thread, one)
        [result] = live.play(cast(VOICE[:1], []), sip_login=login)
    assert result.passed is (not says)
    assert says in result.groups[0].error if says else True


def test_the_command_plays_calls(service: VoiceService, tmp_path: Path) -> None:
    """SIP is looked for at the host of SMPP and the configured port."""
    ports = service.served.ports
    file = written(
        tmp_path, HEAD.format("79230000090") + f"      - {MENU}\n      - hang_up: true\n"
    )
    command = [sys.executable, "-m", "gateway", "replay", str(file)]
    command += ["--smpp", f"127.0.0.1:{ports['smpp']}", "--api-token", TOKEN]
    command += ["--http-port", str(ports["http"])]
    environ = os.environ | {"GATEWAY_SIP_PORT": str(ports["sip"])}
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False, env=environ
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "1 play passed; 2 steps" in done.stdout


# --- as others read it --------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not here")
def test_what_leaves_is_sip_and_rtp_to_tshark(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture = Capture(tmp_path / "call.pcap", time.time)
    us, rtp, sip = ("127.0.0.2", 5062), ("127.0.0.2", 30000), ("127.0.0.1", 5060)
    receive, came = Port.receive, SipPort.datagramReceived

    def listened(port: Port) -> Any:
        datagram = receive(port)
        if datagram is not None:
            capture.datagram(rtp, ("127.0.0.1", 20000), datagram[0])
        return datagram

    def taken(port: SipPort, datagram: bytes, address: Any) -> None:
        capture.datagram(us, sip, datagram)
        came(port, datagram, address)

    monkeypatch.setattr(Port, "receive", listened)
    monkeypatch.setattr(SipPort, "datagramReceived", taken)
    steps = f'      - {MENU}\n      - press: "1"\n      - press: "*"\n      - wait: 1\n'
    [result] = live.play(cast(flow(tmp_path, steps), []))
    capture.close()
    assert result.passed, result.groups
    decode = ["-d", "udp.port==30000,rtp"]
    told = tshark(tmp_path, "sip", "sip.Method", "sip.CSeq.seq", "_ws.malformed")
    assert told == ["OPTIONS\t1\t", "INVITE\t1\t", "ACK\t1\t", "BYE\t2\t"]
    kinds = tshark(tmp_path, "rtp", "rtp.p_type", "_ws.malformed", more=decode)
    assert set(kinds) == {"8\t", "101\t"}
    ends = tshark(
        tmp_path, "rtpevent.end_of_event == 1", "rtpevent.event_id", "rtpevent.duration",
        more=[*decode, "-o", "rtpevent.event_payload_type_value:101"],
    )  # fmt: skip
    assert ends == ["1\t800"] * 3 + ["10\t800"] * 3


def tshark(folder: Path, wanted: str, *fields: str, more: list[str] | None = None) -> list[str]:
    """Those fields of the packets that are wanted, a line each."""
    command = ["tshark", "-r", str(folder / "call.pcap"), "-Y", wanted, "-T", "fields"]
    command += [part for name in fields for part in ("-e", name)] + (more or [])
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    return done.stdout.splitlines()


@pytest.mark.skipif(shutil.which("sipp") is None, reason="sipp is not installed")
def test_sipp_takes_a_call_and_its_end(run: Run, reactor_thread: Any, tmp_path: Path) -> None:
    """A far end that nobody of us wrote."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["sipp", "-sf", str(SCENARIO), "-i", "127.0.0.1", "-p", str(port), "-m", "1"]
    command += ["-mi", "127.0.0.1", "-nostdin", "-timeout", "20", "-timeout_error"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as far:
        listening(port)
        found = run(_call_silence, reactor_thread, port, timeout=SECONDS_MAX)
        _, errors = far.communicate(timeout=20)
        assert far.returncode == 0, errors
    assert found == ("no sound came", True, "hung up")


def listening(port: int) -> None:
    """Wait until somebody has the port."""
    deadline = time.monotonic() + SECONDS_MAX
    while time.monotonic() < deadline:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return
        time.sleep(0.02)
    raise AssertionError(f"nobody listens at {port}")


async def _call_silence(reactor: Any, port: int) -> tuple[str, bool, str]:
    """What a call without sound says, whether it was answered, and how it ended."""
    whom = Target("127.0.0.1", 1, "harness", "", 1, "")
    caller = Caller(reactor, ("127.0.0.1", port), token, chance())
    await caller.bind()
    handset = LiveHandset("79220000001", network_of(whom, reactor), None, caller)
    error = ""
    try:
        await handset.act(Action("call", "0505"), Wants(within_seconds=0.5))
    except NotPlayed as fault:
        error = str(fault)
    line = handset._telephone._line
    assert line is not None
    answered = line.answered
    await handset.put_down()
    await caller.close()
    return error, answered, line.why
