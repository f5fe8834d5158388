"""The command line as a user meets it: help at once, one line for a mistake, exit statuses."""

from __future__ import annotations

import importlib
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from prometheus_client import CollectorRegistry

from gateway.__main__ import COMMANDS, GROUP, cli
from gateway.channels.http import HttpSite
from tests.channels.fake_core import FakeCore

TOKEN = "a-token-for-tests"
HELP_SECONDS_MAX = 0.15


def gateway(
    *words: str, lines: str = "", cwd: Path | None = None, **environ: str
) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GATEWAY_")}
    root = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, "-m", "gateway", *words],
        input=lines,
        cwd=cwd,
        env={**kept, "PYTHONPATH": str(root), **environ},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_help_comes_at_once_and_names_every_command() -> None:
    took, answer = _seconds(lambda: gateway("--help"))
    assert answer.returncode == 0
    for name, meaning in COMMANDS.items():
        assert f"  {name}" in answer.stdout
        assert meaning in answer.stdout
    bare, _ = _seconds(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True))
    assert took - bare < HELP_SECONDS_MAX


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_a_full_disk_is_one_line() -> None:
    with Path("/dev/full").open("w") as full:
        answer = subprocess.run(
            [sys.executable, "-m", "gateway", "config"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=30,
            check=False,
        )
    assert (answer.returncode, answer.stderr) == (2, "gateway: No space left on device\n")


def _seconds(run: Callable[[], Any]) -> tuple[float, Any]:
    """The processor's time that a command takes, whatever else the machine does; the least of
    three. And what it gave last."""
    took = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        answer = run()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return min(took), answer


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_says_what_the_command_says(name: str) -> None:
    command = importlib.import_module(f"{GROUP}.{name}").command
    assert command.help.split("\n")[0] == COMMANDS[name]


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["serv"], 2, "did you mean 'serve'?"),
        (["zzz"], 2, "gateway --help lists them"),
        (["config", "--smpp-prt", "1"], 2, "--smpp-port"),
        (["config", "--smpp-port", "x"], 2, "gateway: --smpp-port: must be a whole number"),
        (["config", "--config", "none.yaml"], 3, "none.yaml"),
        (["dial"], 2, "Missing argument 'CODE'"),
        (["dial", "*105#", "--as", "12"], 2, "gateway: --as: '12' is no MSISDN"),
        (["dial", "*105#", "--via", "http"], 2, "gateway: var/api_token: no API token there; give"),
        (["dial", "*105#", "--system-id", "x"], 2, "there is no account 'x'"),
        (["explain", "12"], 2, "gateway: MSISDN: '12' is no MSISDN"),
        (["subscribers", "show", "12"], 2, "gateway: MSISDN: '12' is no MSISDN"),
        (["subscribers", "list", "--after", "x"], 2, "gateway: --after: 'x' is no MSISDN"),
        (["subscribers", "list", "--data", "."], 1, "no such file; `gateway serve` makes it"),
        (["subscribers", "add", "79225550001"], 2, "no API token there"),
        (["explain", "79220000001"], 1, "the directory var does not exist"),
        (["explain", "79220000001", "--data", "."], 1, "no such file; `gateway serve` makes it"),
        (["explain", "79220000001", "--last", "0"], 2, "--last"),
        (["verify", "--data", "."], 1, "no such file; `gateway serve` makes it"),
        (["check", "nowhere"], 2, "gateway: nowhere: there is no such file or directory"),
    ],
)
def test_a_mistake_is_said_in_a_line(
    tmp_path: Path, words: list[str], status: int, said: str
) -> None:
    answer = gateway(*words, cwd=tmp_path)
    assert (answer.returncode, answer.stdout) == (status, "")
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "words", "others"),
    [
        ("serve", "address every port binds to", "address the gateway listens on"),
        ("dial", "address the gateway listens on", "address every port binds to"),
        ("phone", "its SMPP port", "takes a free one"),
        ("companies list", "its API token", "made at start"),
        ("explain", "directory of everything that is kept", "API token"),
    ],
)
def test_a_client_is_helped_in_a_clients_words(command: str, words: str, others: str) -> None:
    said = " ".join(CliRunner().invoke(cli, [*command.split(), "--help"]).output.split())
    assert words in said
    assert others not in said


@pytest.mark.parametrize(("encoding", "line"), [("ascii", "\\u0431"), ("utf-8", "б")])
def test_what_an_output_cannot_show_is_escaped(tmp_path: Path, encoding: str, line: str) -> None:
    (tmp_path / "a.flow.yaml").write_text("б: 1\n", "utf-8")
    found = gateway("check", "a.flow.yaml", cwd=tmp_path, PYTHONIOENCODING=encoding)
    assert found.returncode == 1
    assert f"1 | {line}: 1\n" in found.stdout


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"TERM": "dumb"}, "this terminal (TERM=dumb) has no full screen; use --plain"),
        ({"TERM": ""}, "has no full screen"),
        ({"TERM": "xterm", "PYTHONIOENCODING": "ascii"}, "is not UTF-8: set LANG=C.UTF-8"),
    ],
)
def test_a_terminal_that_is_no_screen_is_said_so(environ: dict[str, str], said: str) -> None:
    ours, theirs = os.openpty()
    try:
        found = subprocess.run(
            [sys.executable, "-m", "gateway", "phone"],
            stdin=theirs, stdout=theirs, stderr=subprocess.PIPE,
            env={**os.environ, **environ}, text=True, timeout=30, check=False,
        )  # fmt: skip
    finally:
        os.close(ours)
        os.close(theirs)
    assert found.returncode == 2
    assert said in found.stderr
    assert len(found.stderr.splitlines()) == 1


def test_config_shows_values_sources_and_no_secret(tmp_path: Path) -> None:
    answer = gateway("config", "--demo", cwd=tmp_path, GATEWAY_HTTP_PORT="0")
    assert answer.returncode == 0
    rows = {line.split()[0]: line for line in answer.stdout.splitlines()}
    assert rows["http_port"].split(None, 2)[1:] == ["0", "environment GATEWAY_HTTP_PORT"]
    assert rows["demo"].endswith("command line --demo")
    assert rows["smpp_accounts.harness"].endswith("demo")
    assert "harness1" not in answer.stdout


# --- dial ---------------------------------------------------------------------------------------


@pytest.fixture
def port(reactor_thread: Any, run: Callable[..., Any]) -> Iterator[int]:
    site = HttpSite(FakeCore(), TOKEN, CollectorRegistry(), reactor_thread, "1.2.3")
    listening = run(lambda: reactor_thread.listenTCP(0, site, interface="127.0.0.1"))
    yield listening.getHost().port
    run(listening.stopListening)


def _dial(port: int, *words: str, lines: str = "", token: str = TOKEN) -> Any:
    environ = {"GATEWAY_API_TOKEN": token, "GATEWAY_HTTP_PORT": str(port)}
    return CliRunner().invoke(cli, ["dial", *words, "--via", "http"], input=lines, env=environ)


def test_a_dialogue_over_http_is_screens_on_standard_output(port: int) -> None:
    result = _dial(port, "105", "2", lines="1\nnever read\n")
    assert result.exit_code == 0
    assert result.stdout == "Баланс *105#\n\nБаланс 2\n\nБаланс 1\n\n"


def test_hanging_up_is_no_failure_but_unused_answers_are(port: int) -> None:
    assert _dial(port, "*105#").exit_code == 0
    short = gateway(
        "dial", "*105#", "1", "2", "--via", "http",
        GATEWAY_API_TOKEN=TOKEN, GATEWAY_HTTP_PORT=str(port),
    )  # fmt: skip
    assert (short.returncode, short.stdout) == (1, "Баланс *105#\n\nБаланс 1\n\n")
    assert short.stderr == "gateway: the dialogue was over before every answer was used\n"


def test_the_token_is_found_in_the_data_directory(port: int, tmp_path: Path) -> None:
    (tmp_path / "api_token").write_text(f"{TOKEN}\n")
    (tmp_path / "api_token").chmod(0o600)
    answer = gateway(
        "dial", "*105#", "1", "--via", "http", "--data", str(tmp_path), "--http-port", str(port)
    )
    assert (answer.returncode, answer.stderr) == (0, "")


def test_a_refusal_is_1_and_no_connection_is_4(port: int, unused_port: int) -> None:
    refused = gateway(
        "dial", "*105#", "--via", "http", GATEWAY_API_TOKEN="wrong", GATEWAY_HTTP_PORT=str(port)
    )
    assert refused.returncode == 1
    assert refused.stderr == f"gateway: http 127.0.0.1:{port}: this is not its API token\n"
    nobody = gateway(
        "dial", "*105#", "--via", "http",
        GATEWAY_API_TOKEN=TOKEN, GATEWAY_HTTP_PORT=str(unused_port),
    )  # fmt: skip
    assert nobody.returncode == 4
    assert nobody.stderr.startswith("gateway: http 127.0.0.1:")


@pytest.fixture
def unused_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
