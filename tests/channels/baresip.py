"""Debian's baresip as a soft phone: a process driven by netstrings of JSON, its audio in a file."""

from __future__ import annotations

import json
import socket
import subprocess
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CONFIG = """
sip_listen 127.0.0.1:{sip}
net_interface 127.0.0.1
rtp_ports {rtp}-{rtp_last}
audio_source aufile,{folder}/silence.wav
audio_player aufile,{folder}/heard.wav
audio_alert aufile,{folder}/alert.wav
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
module_path /usr/lib/baresip/modules
module g711.so
module aufile.so
module sndfile.so
module uuid.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
snd_path {folder}
"""
ACCOUNT = "<sip:{number}@127.0.0.1:{sip}>;regint=0;audio_codecs=pcma;dtmfmode=rtpevent\n"
SECONDS_MAX = 10.0


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Baresip:
    """A running soft phone."""

    def __init__(self, folder: Path, control: int) -> None:
        self.folder = folder
        self._control = _connect(control)
        self._buffer = b""

    def command(self, name: str, params: str = "") -> None:
        """`dial`, `sndcode`, `hangup`, `quit`."""
        text = json.dumps({"command": name, "params": params, "token": "t"}).encode()
        self._control.sendall(b"%d:%s," % (len(text), text))

    def event(self, kind: str) -> dict[str, object]:
        """The next event of a kind, as `CALL_ESTABLISHED`."""
        deadline = time.monotonic() + SECONDS_MAX
        while True:
            length, colon, rest = self._buffer.partition(b":")
            if colon and len(rest) > int(length):
                message = json.loads(rest[: int(length)])
                self._buffer = rest[int(length) + 1 :]
                if message.get("type") == kind:
                    return dict(message)
                continue
            assert time.monotonic() < deadline, f"no {kind}"
            self._control.settimeout(max(0.01, deadline - time.monotonic()))
            self._buffer += self._control.recv(65_536)

    def heard(self) -> bytes:
        """What it received, 16-bit samples at 8000 Hz, once the call is over."""
        (path,) = self.folder.glob("dump-*-dec.wav")
        with wave.open(str(path)) as file:
            assert (file.getframerate(), file.getsampwidth()) == (8000, 2)
            return file.readframes(file.getnframes())

    def close(self) -> None:
        """Let go of it."""
        self._control.close()


@contextmanager
def baresip(folder: Path, number: str) -> Iterator[Baresip]:
    """A soft phone of that number."""
    sip, control, rtp = free_port(), free_port(), free_port() // 2 * 2
    config = CONFIG.format(sip=sip, rtp=rtp, rtp_last=rtp + 20, control=control, folder=folder)
    (folder / "config").write_text(config)
    (folder / "accounts").write_text(ACCOUNT.format(number=number, sip=sip))
    with wave.open(str(folder / "silence.wav"), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 8000 * 30))
    command = ["baresip", "-4", "-f", str(folder)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder
        )
    try:
        phone = Baresip(folder, control)
        yield phone
        phone.command("quit")
        process.wait(5)
        phone.close()
    finally:
        process.kill()
        process.wait()


def _connect(port: int) -> socket.socket:
    deadline = time.monotonic() + SECONDS_MAX
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=SECONDS_MAX)
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, "baresip did not start"
            time.sleep(0.05)
