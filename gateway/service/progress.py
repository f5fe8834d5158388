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
    """Told of each play; quiet where there is one alone."""

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
        now = self._monotonic()
        pause = REDRAW_SECONDS if self._is_bar else LINE_SECONDS
        if self._total > 1 and now - self._told >= pause:
            self._told = now
            self._tell(now - self._began)

    def _tell(self, seconds: float) -> None:
        left = (self._total - self._done) * seconds / self._done
        differ = f", {self._failed} differ" if self._failed else ""
        words = f"{self._done}/{self._total}{differ}, {left:.0f} s left"
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
