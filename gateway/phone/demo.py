"""`scripts/demo`: the gateway with the demo data, and a phone already dialled to `*105#`.

On a terminal it is a phone to play with; without one it plays a USSD dialogue and an SMS exchange
over the real SMPP port, prints the transcript and exits 0. The gateway is a process of its own,
stopped when the phone is put down; its log is a file.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway.phone.line import NoConnection, Refused, Shown
from gateway.phone.link import Handset

HOST = "127.0.0.1"
MSISDN = "79220000001"
SYSTEM_ID, PASSWORD = "harness", "harness1"
CODE = "*105#"
DIALOGUE = ("1", "1", "0")
SHORT_NUMBER, COMMAND = "000110", "00"
START_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 15.0
TOKEN_FILE = "api_token"
"""In the data directory."""
USUAL_PORTS = {"smpp": 2775, "sip": 5060, "http": 8105}


@dataclass(frozen=True, slots=True)
class Running:
    """The gateway's ports, by name."""

    ports: dict[str, int]


class CannotStart(Exception):
    """The gateway did not come up; what it said is the text."""


@contextmanager
def running(data: Path, log: Path) -> Iterator[Running]:
    """A gateway with the demo data, from `ready` on. Raises CannotStart."""
    command = [sys.executable, "-m", "gateway", "serve", "--demo", "--data", str(data)]
    command += ["--clock", "movable"]  # so that a phone can let its dialogue time out
    for name, usual in USUAL_PORTS.items():
        command += [f"--{name}-port", str(_free_or_any(name, usual))]
    with log.open("a", encoding="utf-8") as sink:  # it may be that of a gateway that runs
        begin = sink.tell()
        # a group of its own: Ctrl-C is for the phone, which then stops the gateway in order
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=sink, text=True, process_group=0
        )
        try:
            ports = _ports(process)
            if not ports:
                raise CannotStart(_why(log, begin))
            yield Running(ports)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                process.kill()


def _free_or_any(name: str, usual: int) -> int:
    """The usual port where it is free, else 0 (any free one), said aloud."""
    import socket

    given = os.environ.get(f"GATEWAY_{name.upper()}_PORT")
    if given and given.isdigit():
        return int(given)
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(type=kind) as probe:
            if kind is socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, usual))
            except OSError:
                print(f"port {usual} is taken; {name} takes a free one")
                return 0
    return usual


def _ports(process: subprocess.Popen[str]) -> dict[str, int]:
    """The ports of a gateway that is ready; none where it ended or took too long."""
    assert process.stdout is not None, "its standard output is piped"
    ports: dict[str, int] = {}
    deadline = time.monotonic() + START_SECONDS_MAX
    for line in process.stdout:
        words = line.split()
        if words[:1] == ["listening"]:
            ports[words[1]] = int(words[2].rpartition(":")[2])
            print(line.rstrip())
        elif words == ["ready"]:
            return ports
        if time.monotonic() > deadline:
            break
    return {}


def _why(log: Path, begin: int) -> str:
    """What a gateway said last of why it does not start: a line, or mistakes of files."""
    said = log.read_bytes()[begin:].decode("utf-8", "replace").strip()
    lines = [line for line in said.splitlines() if line.startswith("gateway: ")]
    return lines[-1] if lines else said or "the gateway said nothing"


def introduce(data: Path) -> None:
    """Print who can be phoned with: the subscribers of the demo data."""
    print(flush=True)
    command = [sys.executable, "-m", "gateway", "subscribers", "list", "--data", str(data)]
    subprocess.run(command, check=True)


def play(port: int) -> None:
    """One scripted USSD dialogue and one SMS exchange, printed as a transcript."""
    phone = Handset(HOST, port, SYSTEM_ID, PASSWORD, MSISDN)
    print(f"\n{MSISDN} dials {CODE}")
    _page(phone.dial(CODE))
    for answer in DIALOGUE:
        print(f"{MSISDN} answers {answer}")
        _page(phone.answer(answer))
    phone.release()
    print(f"{MSISDN} hangs up\n")
    print(f"{MSISDN} writes {COMMAND!r} to {SHORT_NUMBER}")
    phone.send_sms(SHORT_NUMBER, COMMAND)
    received = phone.read_sms()
    print(f"  > sms from {received.sender}: {received.text}\n")
    phone.hang_up()


def _page(shown: Shown) -> None:
    for line in shown.text.splitlines():
        print(f"  | {line}")
    if not shown.more:
        print("  : released")


def hold(gateway: Running, data: Path) -> None:
    """A phone in the terminal, already dialled to `*105#`, until it is put down."""
    from gateway.phone.start import Gateway, run

    token = os.environ.get("GATEWAY_API_TOKEN") or (data / TOKEN_FILE).read_text().strip()
    login = (SYSTEM_ID, PASSWORD)
    smpp, sip, http = (gateway.ports[name] for name in USUAL_PORTS)
    run(Gateway(HOST, smpp, sip, http, token, login), MSISDN, CODE)


def main() -> int:
    """Exit status: 0 played, or put down; 1 the gateway did not start or did not answer."""
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    with tempfile.TemporaryDirectory(prefix="gateway-demo-") as folder:
        data = Path(os.environ.get("GATEWAY_DATA") or (Path("var") if interactive else folder))
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        log = data / "demo.log"
        try:
            with running(data, log) as gateway:
                if interactive:
                    hold(gateway, data)
                else:
                    introduce(data)
                    play(gateway.ports["smpp"])
        except (CannotStart, NoConnection, Refused) as fault:
            print(fault, file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print()
        if interactive:
            print(
                f"the gateway's log is {log}; its data stay in {data}: without it all begins anew\n"
                f"for the gateway command: source {os.path.relpath(sys.prefix)}/bin/activate"
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
