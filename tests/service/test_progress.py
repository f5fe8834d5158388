"""A bar on a terminal, lines elsewhere, and quiet where there is one play alone."""

from __future__ import annotations

from io import StringIO

import pytest

from gateway.replay.player import Played
from gateway.replay.script import Flow
from gateway.service.progress import Progress

PASSED = Played(Flow("a", "a.flow.yaml", 1, "79220000001", ()), "79220000001", ())


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "total", "told"),
    [
        (StringIO(), 100, "40/100, 15 s left\n80/100, 5 s left\n"),
        (Terminal(), 4, "\r\x1b[K[######                  ] 1/4, 1 s left"),
        (StringIO(), 1, ""),
    ],
)
def test_it_is_told(stream: StringIO, total: int, told: str) -> None:
    clock = iter([each / 4 for each in range(200)])
    progress = Progress(total, stream, lambda: next(clock))
    for _ in range(total):
        progress(PASSED)
    assert stream.getvalue().startswith(told)
    if not stream.isatty():
        assert stream.getvalue() == told
    progress.end()
    assert stream.isatty() == stream.getvalue().endswith("\r\x1b[K")


def test_while_nothing_ends_the_time_is_told() -> None:
    clock, stream = iter([0.0, 4.0, 12.0, 13.0]), StringIO()
    progress = Progress(1, stream, lambda: next(clock))
    for _ in range(3):
        progress.tick()
    assert stream.getvalue() == "0/1, 12 s\n"
