"""Servers in processes of their own, pinned to a core; they end when the measure does."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

SERVER_CORE = 0
LOAD_CORE = 1
READY_SECONDS_MAX = 60
STOP_SECONDS_MAX = 30
ROOT = Path(__file__).parent.parent.parent


def pin(core: int) -> None:
    """Keep this thread, and what it starts, on one core, where the system has it."""
    if hasattr(os, "sched_setaffinity") and core < (os.cpu_count() or 1):
        os.sched_setaffinity(0, {core})


@dataclass(frozen=True, slots=True)
class Server:
    """A server that is ready: its process and its ports by name."""

    pid: int
    ports: Mapping[str, int]
    data: Path | None = None

    @property
    def database(self) -> Path:
        """The embedded database of a gateway."""
        assert self.data is not None
        return self.data / "gateway.db"

    def cpu_seconds(self) -> float:
        """User and system time of the process so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_octets(self) -> int:
        """Memory of the process in RAM."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


@contextlib.contextmanager
def started(arguments: list[str], environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """`python ARGUMENTS` on the server's core, from its `ready` line to the end of the block."""
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=os.environ | (environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            preexec_fn=lambda: pin(SERVER_CORE),
        )
        try:
            data = (environment or {}).get("GATEWAY_DATA")
            yield Server(process.pid, _ports(process), Path(data) if data else None)
        except EOFError:
            errors.seek(0)
            raise SystemExit(
                f"{' '.join(arguments)} did not start:\n{errors.read()[-2000:]}"
            ) from None
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _ports(process: subprocess.Popen[str]) -> dict[str, int]:
    assert process.stdout is not None
    ports: dict[str, int] = {}
    for line in process.stdout:
        words = line.split()
        if words == ["ready"]:
            return ports
        if words[:1] == ["listening"]:
            ports[words[1]] = int(words[2].rpartition(":")[2])
    raise EOFError
