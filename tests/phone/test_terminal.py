"""The phone in a terminal of its own (tmux): opened as people do, without colour, and put down."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.serving import TOKEN

SECONDS_MAX = 20.0
TMUX = shutil.which("tmux")
if TMUX is None and os.environ.get("CI") != "true":
    pytest.skip("tmux is missing: apt-get install tmux", allow_module_level=True)


class Terminal:
    """One tmux server with one window of 80x24."""

    def __init__(self, folder: Path, command: list[str]) -> None:
        assert TMUX is not None, "tmux is missing: apt-get install tmux"
        self._tmux = [TMUX, "-u", "-f", "/dev/null", "-S", str(folder / "tmux")]
        # the window stays when the program ends, and says how
        line = f"{shlex.join(command)}; echo status $?; read _"
        self._run("new-session", "-d", "-x", "80", "-y", "24", line)

    def _run(self, *words: str) -> str:
        done = subprocess.run(
            [*self._tmux, *words], capture_output=True, text=True, check=True, timeout=10
        )
        return done.stdout

    def keys(self, *keys: str) -> None:
        """Press them."""
        self._run("send-keys", *keys)

    def sees(self, *words: str) -> str:
        """The screen, once all the words are on it."""
        deadline = time.monotonic() + SECONDS_MAX
        while True:
            screen = self._run("capture-pane", "-p", "-e")
            if all(word in screen for word in words):
                return screen
            assert time.monotonic() < deadline, f"{words} is not on\n{screen}"
            time.sleep(0.05)

    def close(self) -> None:
        self._run("kill-server")


@pytest.fixture
def terminal(gateway, tmp_path) -> Iterator[Terminal]:
    """The phone opens in it, dialled to *105#."""
    ports = [f"--{name}-port={gateway.ports[name]}" for name in ("smpp", "sip", "http")]
    command = [sys.executable, "-m", "gateway", "phone", "105", "--as", "79220000001"]
    command += [*ports, "--api-token", TOKEN, "--data", str(tmp_path)]
    terminal = Terminal(tmp_path, ["env", "NO_COLOR=1", "LANG=C.UTF-8", *command])
    yield terminal
    terminal.close()


def test_a_phone_is_opened_used_and_put_down(terminal):
    screen = terminal.sees("1 Мой счёт", "UCS-2", "Release", "route -> main")
    assert "\x1b[31m" not in screen, "no colour where none is wanted"
    terminal.keys("1", "Enter")
    terminal.sees("5 Обещанный платёж", "-> acct")
    terminal.keys("F10")
    terminal.sees("no dialogue")
    terminal.keys("C-q")
    screen = terminal.sees("status 0")
    assert "╭" not in screen, "the terminal is as it was"


def test_a_phone_that_is_terminated_gives_the_terminal_back(terminal):
    terminal.sees("1 Мой счёт")
    shell = int(terminal._run("display-message", "-p", "#{pane_pid}"))
    [phone] = Path(f"/proc/{shell}/task/{shell}/children").read_text().split()
    os.kill(int(phone), signal.SIGTERM)
    assert "╭" not in terminal.sees("status 0")


def test_nobody_there_is_one_line_and_its_status(tmp_path):
    command = [sys.executable, "-m", "gateway", "phone", "--smpp-port", "9", "--api-token", TOKEN]
    terminal = Terminal(tmp_path, command)
    try:
        screen = terminal.sees("status 4")
        assert "gateway: smpp 127.0.0.1:9: " in screen
        assert "Traceback" not in screen
    finally:
        terminal.close()


def test_without_a_terminal_it_says_how_to_go_on():
    done = subprocess.run(
        [sys.executable, "-m", "gateway", "phone"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=30,
    )
    assert done.returncode == 2
    assert done.stderr == "gateway: a full-screen phone needs a terminal; --plain is for pipes\n"
