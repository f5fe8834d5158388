"""Starting and stopping as a process: a busy port, SIGTERM in traffic, and nothing lost by it."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateway.service.compose import Service
from gateway.service.config import load_config
from gateway.service.errors import Fault
from gateway.wire.smpp import codec
from gateway.wire.smpp.pdu import SubmitSm, SubmitSmResp, Unbind
from gateway.wire.smpp.status import Status as S
from tests.channels.conftest import EXIT_SECONDS_MAX, listen, start_process
from tests.channels.fake_smsc import FakeNetwork
from tests.channels.serving import Served, serving
from tests.channels.test_smpp_sms import submit

BURST = 400
NUMBERS = [f"7923000{n:04}" for n in range(BURST)]


def burst() -> bytes:
    """A balance asked by every number, in one write."""
    return b"".join(
        codec.build(submit(number, "000100", b"1", sequence=n))
        for n, number in enumerate(NUMBERS, 1)
    )


def start(folder: Path) -> tuple[subprocess.Popen[str], Served]:
    """A gateway with those numbers, on the data of that folder."""
    process = start_process(folder / "data", folder / "log", "--subscribers", str(BURST))
    return process, Served(listen(process, folder / "log"))


def test_sigterm_in_traffic_drains_and_loses_nothing(tmp_path):
    """What was answered with OK is answered by SMS, in this run or in the next; the rest was told
    to come again. Each number gets one SMS at most."""
    process, served = start(tmp_path)
    network = FakeNetwork(served.smpp)
    page = network.dial("79220000001")
    network.send_raw(burst())
    process.send_signal(signal.SIGTERM)
    unbind = network.expect(lambda pdu: isinstance(pdu, Unbind))
    assert network.ends()
    assert process.wait(EXIT_SECONDS_MAX) == 0
    assert "Traceback" not in (tmp_path / "log").read_text()
    answers = [pdu for pdu in network.kept if isinstance(pdu, SubmitSmResp)]
    statuses = {pdu.status for pdu in answers}
    assert (len(answers), unbind.sequence > 0, page.more) == (BURST, True, True)
    assert statuses <= {0, S.ESME_RSYSERR}
    taken = {NUMBERS[pdu.sequence - 1] for pdu in answers if pdu.status == 0}
    got = [pdu.destination_addr for pdu in network.kept if pdu.command == 5]

    process, served = start(tmp_path)
    network = FakeNetwork(served.smpp)
    while len(got) < len(taken):
        got.append(network.expect(lambda pdu: pdu.command == 5).destination_addr)
    network.read_for(0.1)
    assert [pdu for pdu in network.kept if pdu.command == 5] == []
    assert sorted(got) == sorted(taken)
    assert "Баланс" in network.answer("79220000001", "1").text, "the dialogue is still there"
    process.send_signal(signal.SIGTERM)
    assert network.expect(lambda pdu: isinstance(pdu, Unbind))
    assert process.wait(EXIT_SECONDS_MAX) == 0


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_waits_for_nobody(tmp_path, second):
    """A peer that does not answer our unbind is waited for by the first alone."""
    process = start_process(tmp_path / "data", tmp_path / "log", "--drain-seconds-max", "600")
    served = Served(listen(process, tmp_path / "log"))
    network = FakeNetwork(served.smpp)
    process.send_signal(signal.SIGTERM)
    while served.api("GET", "/readyz")[0] == 200:
        pass
    process.send_signal(second)
    assert process.wait(EXIT_SECONDS_MAX) == 0
    assert "Traceback" not in (tmp_path / "log").read_text()
    network.close()


def test_while_draining_new_messages_are_told_to_come_again(run, house, connect):
    """One peer drained, as all are at the end: what is new is refused, what waits is finished."""
    network = connect("two", kind="transmitter")
    peers = house.service.smpp.server.peers
    (peer,) = [each for each in peers if each.session.state.value == "bound_tx"]
    peer.session._unanswered += 1  # something is under way
    run(peer.drain)
    refused = network.ask(SubmitSm(source_addr="79220000001", destination_addr="000100"))
    assert refused.status == S.ESME_RSYSERR
    peer.session._unanswered -= 1
    assert isinstance(network.expect(lambda pdu: isinstance(pdu, Unbind)), Unbind)
    assert network.ends()


def test_who_asks_is_told_that_it_stops_until_it_has(run, reactor_thread, tmp_path):
    """A balancer sees 503 while calls end; then the port is closed."""
    with serving(run, reactor_thread, tmp_path) as served:
        service, under_way = served.service, [True]
        service._is_busy = lambda: under_way[0]
        assert served.get("/readyz") == {"status": "ready"}
        with ThreadPoolExecutor(1) as pool:
            stopped = pool.submit(run, service.stop, timeout=10)
            while served.api("GET", "/readyz")[0] == 200:
                pass
            status, problem = served.api("GET", "/readyz")
            assert (status, problem["detail"]) == (503, "stopping")
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", served.smpp), 1)
            under_way[0] = False
            stopped.result()
        run(lambda: None)  # a turn of the reactor, in which the port closes
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", served.ports["http"]), 1)


# --- ports -------------------------------------------------------------------------------------


@pytest.fixture
def busy() -> Iterator[int]:
    """A port somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


def test_a_busy_port_is_one_line_and_a_status(tmp_path, busy):
    log = tmp_path / "log"
    process = start_process(tmp_path / "data", log, "--smpp-port", str(busy))
    assert process.wait(EXIT_SECONDS_MAX) != 0
    (line,) = log.read_text().splitlines()
    assert f"smpp 127.0.0.1:{busy}" in line
    assert "--smpp-port" in line
    assert process.stdout is not None
    assert process.stdout.read() == ""


def test_a_busy_second_port_leaves_nothing_listening(run, reactor_thread, tmp_path, busy):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free = probe.getsockname()[1]
    options = {
        "data": str(tmp_path / "data"),
        "smpp_port": str(free),
        "http_port": str(busy),
        "sip_port": "0",
        "demo": "true",
    }

    def start_it() -> str:
        service = Service(load_config(options, {}, None), reactor_thread, lambda line: None)
        with pytest.raises(Fault) as fault:
            service.start()
        return str(fault.value)

    assert f"http 127.0.0.1:{busy}" in run(start_it, timeout=10)
    run(lambda: None)  # a turn of the reactor, in which it closes
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", free), 1)
