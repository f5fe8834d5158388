"""The data directory of a gateway that runs: made where it is missing, and no other gateway's.

Rule: who serves it holds a lock on its file `lock`, which names him; the system lets go of it
whichever way he ends. Two gateways would send the same messages and do the same jobs.
"""

from __future__ import annotations

import fcntl
import os
import weakref
from pathlib import Path

from gateway.service.errors import Fault

LOCK_FILE = "lock"
_PID_OCTETS_MAX = 20


class DataDirectory:
    """Held until `release()`, or until it is forgotten."""

    def __init__(self, path: Path) -> None:
        """Raises Fault where it cannot be made or written, or another gateway serves it."""
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(path / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
            self.release = weakref.finalize(self, os.close, lock)
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(lock, 0)
            os.write(lock, f"{os.getpid()}\n".encode())
        except BlockingIOError:
            other = os.read(lock, _PID_OCTETS_MAX).decode("ascii", "replace").strip()
            raise Fault(
                f"--data {path}: another gateway (pid {other}) serves it;"
                " name another directory (--data, GATEWAY_DATA)"
            ) from None
        except OSError as fault:
            raise Fault(f"--data {path}: {fault.strerror}") from None
