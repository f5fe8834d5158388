"""How far many plays have come: a bar on a terminal, elsewhere a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

from gateway.replay.player import Played

BAR_CHARACTERS = 24
REDRAW_SECONDS = 0.1
LINE_SECONDS = 10.0


class Progress:
    """Told of each play, and where plays wait of the time; quiet where one alone is over at
    once."""

    def __init__(
        self,
        total: int,
        stream: TextIO = sys.stderr,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._total = total
        self._stream = stream
        self._monotonic = monotonic
        self._is_bar = stream.isatty()
        self._began = self._told = monotonic()
        self._done = self._failed = 0

    def __call__(self, played: Played) -> None:
        self._done += 1
        self._failed += not played.passed
        if self._total > 1:
            self.tick()

    def tick(self) -> None:
        """Time passes."""
        now = self._monotonic()
        pause = REDRAW_SECONDS if self._is_bar else LINE_SECONDS
        if now - self._told >= pause:
            self._told = now
            self._tell(now - self._began)

    def _tell(self, seconds: float) -> None:
        clock = f"{seconds:.0f} s"
        if self._done:
            clock = f"{(self._total - self._done) * seconds / self._done:.0f} s left"
        differ = f", {self._failed} differ" if self._failed else ""
        words = f"{self._done}/{self._total}{differ}, {clock}"
        if self._is_bar:
            bar = "#" * (BAR_CHARACTERS * self._done // self._total)
            self._stream.write(f"\r\x1b[K[{bar.ljust(BAR_CHARACTERS)}] {words}")
        else:
            self._stream.write(f"{words}\n")
        self._stream.flush()

    def end(self) -> None:
        """Give the line back."""
        if self._is_bar:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
