"""SIPp calls a service: a caller that nobody of us wrote."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.channels.voice_service import VoiceService, voice_service

SCENARIOS = Path(__file__).parent / "sipp"
SECONDS_MAX = 25
ROAMER = "79220000004"

pytestmark = pytest.mark.skipif(shutil.which("sipp") is None, reason="sipp is not installed")


@pytest.fixture(scope="module")
def service(
    run: Callable[..., Any], reactor_thread: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[VoiceService]:
    """A service whose T1 is 50 ms."""
    with voice_service(run, reactor_thread, tmp_path_factory.mktemp("sipp")) as one:
        yield one


def sipp(
    service: VoiceService,
    folder: Path,
    scenario: str,
    number: str,
    *more: str,
    dialled: str = "0505",
) -> None:
    """Play a scenario; what SIPp finds wrong fails the test."""
    numbers = folder / "numbers.csv"
    numbers.write_text(f"SEQUENTIAL\n{number};\n")
    command = ["sipp", "-sf", str(SCENARIOS / f"{scenario}.xml"), f"127.0.0.1:{service.sip}"]
    command += ["-i", "127.0.0.1", "-mi", "127.0.0.1", "-s", dialled, "-inf", str(numbers)]
    command += ["-m", "1", "-nostdin", "-trace_err", "-timeout", "20", "-timeout_error", *more]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, timeout=SECONDS_MAX, check=False
    )
    errors = "".join(path.read_text(errors="replace") for path in folder.glob("*_errors.log"))
    assert done.returncode == 0, errors + done.stdout.decode(errors="replace")[-1500:]


@pytest.mark.parametrize("transport", ["u1", "t1"])
@pytest.mark.parametrize("scenario", ["press", "info"])
def test_it_walks_the_menu(
    service: VoiceService, tmp_path: Path, scenario: str, transport: str
) -> None:
    """What was pressed shows in what was heard: SIPp cannot send events without privileges, and
    says so nowhere else."""
    number = service.phone().number
    sipp(service, tmp_path, scenario, number, "-t", transport)
    (cdr,) = service.cdrs(number)
    menus = [name.split("/")[2] for name in cdr["prompts"] if "/menu/" in name]
    assert menus[:3] == ["voice.root", "voice.acct", "voice.balance"]
    assert (cdr["hung_up_by"], cdr["sip_status"]) == ("caller", 200)


@pytest.mark.parametrize("scenario", ["require", "hold", "no_ack"])
def test_it_is_answered_as_the_standard_says(
    service: VoiceService, tmp_path: Path, scenario: str
) -> None:
    sipp(service, tmp_path, scenario, service.phone().number)


def test_a_network_that_loses_every_tenth_message(
    run: Callable[..., Any], reactor_thread: Any, tmp_path: Path
) -> None:
    """Requests come again and are answered again; each is one call, and no key counts twice."""
    with voice_service(run, reactor_thread, tmp_path, sip_t1_seconds="0.5") as service:
        lose(service, tmp_path)


def lose(service: VoiceService, tmp_path: Path) -> None:
    """Twenty calls over such a network."""
    numbers = [service.phone().number for _ in range(20)]
    seen = service.metric("sip_retransmissions_total")
    sipp(service, tmp_path, "info", ";\n".join(numbers), "-m", "20", "-lost", "10")
    found = [service.cdrs(number, 20) for number in numbers]  # a BYE may come for the fifth time
    assert {len(cdrs) for cdrs in found} == {1}
    # SIPp takes a 200 to its INVITE that comes again for that to an INFO that was lost: not all
    # keys arrive, but none twice
    steps = [cdrs[0]["steps"] for cdrs in found]
    assert max(steps) == 3
    assert sum(steps) > 2 * len(steps)
    assert service.metric("sip_retransmissions_total") > seen


@pytest.mark.parametrize("scenario", ["cancel", "early"])
def test_early_media(service: VoiceService, tmp_path: Path, scenario: str) -> None:
    sipp(service, tmp_path, scenario, ROAMER, dialled="+79221110505")


def test_many_calls_at_once(service: VoiceService, tmp_path: Path) -> None:
    """Forty calls of forty numbers, twenty a second: each is heard, none is left."""
    numbers = [service.phone().number for _ in range(40)]
    sipp(service, tmp_path, "info", ";\n".join(numbers), "-m", "40", "-r", "20")
    cdrs = [service.cdrs(number)[0] for number in numbers]
    assert {cdr["hung_up_by"] for cdr in cdrs} == {"caller"}
    assert service.metric("calls") == 0
    assert service.metric("rtp_legs") == 0


def test_a_full_house(run: Callable[..., Any], reactor_thread: Any, tmp_path: Path) -> None:
    with (
        voice_service(run, reactor_thread, tmp_path, "limits: {calls_max: 1}\n") as service,
        service.phone() as first,
    ):
        assert first.call().status == 200
        other = service.phone()
        sipp(service, tmp_path, "busy", other.number)
        assert service.metric("calls_refused_total", reason="busy") == 1
        assert first.bye().status == 200
