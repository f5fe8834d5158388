"""`gateway ARGUMENTS` with a sampler beside it, which tells CPU seconds by ring at the end.

Every millisecond each thread's CPU clock is read, and what it gained is put down to the ring of
the innermost frame of ours, or of Twisted's, that the thread is in. SIGUSR1 begins anew, once what
was started is warm. Run as `python -m scripts.benchmarks.sampled FILE serve --demo ...`.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from types import FrameType

from gateway.__main__ import main

INTERVAL_SECONDS = 0.001
SWITCH_SECONDS = 0.0005
OUTSIDE = "twisted"


def ring_of(frame: FrameType | None) -> str:
    """`gateway.store.unit` -> `store`; what is in no ring is the reactor with its writes."""
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        if name.startswith("gateway."):
            return name.split(".")[1]
        if name.startswith("twisted.internet."):
            return OUTSIDE
        frame = frame.f_back
    return OUTSIDE


def sample(seconds: dict[str, float], stop: threading.Event) -> None:
    """Until told to stop."""
    before: dict[int, float] = {}
    own = threading.get_ident()
    while not stop.wait(INTERVAL_SECONDS):
        for ident, frame in sys._current_frames().items():
            if ident == own:
                continue
            try:
                now = time.clock_gettime(time.pthread_getcpuclockid(ident))
            except OSError:  # it has just ended
                continue
            seconds[ring_of(frame)] += now - before.get(ident, now)
            before[ident] = now


def run(path: Path, arguments: list[str]) -> None:
    """The gateway until it ends; the figures into a file."""
    seconds: dict[str, float] = defaultdict(float)
    stop = threading.Event()
    sys.setswitchinterval(SWITCH_SECONDS)
    thread = threading.Thread(target=sample, args=(seconds, stop), daemon=True)
    thread.start()
    signal.signal(signal.SIGUSR1, lambda *_: seconds.clear())
    sys.argv = ["gateway", *arguments]
    try:
        main()
    finally:
        stop.set()
        thread.join()
        path.write_text(json.dumps(dict(seconds)))


if __name__ == "__main__":
    run(Path(sys.argv[1]), sys.argv[2:])
