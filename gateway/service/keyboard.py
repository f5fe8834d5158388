"""Keys of a terminal while the reactor runs, and Ctrl-C: each is told as it is pressed.

Rule: the terminal is as it was when the `with` is left, whatever happened in it; where standard
input is no terminal there are no keys.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from twisted.internet.interfaces import IReadDescriptor
from twisted.internet.main import CONNECTION_DONE
from zope.interface import implementer

ENDING = (signal.SIGINT, signal.SIGTERM)
"""Ask a command to end, and to tell what it has."""
_READ_OCTETS = 64


@implementer(IReadDescriptor)
class _Keys:
    """Standard input as a descriptor of the reactor's."""

    def __init__(self, descriptor: int, keys: Mapping[str, Callable[[], None]]) -> None:
        self._descriptor = descriptor
        self._keys = keys

    def fileno(self) -> int:
        return self._descriptor

    def logPrefix(self) -> str:
        return "keys"

    def doRead(self) -> Any:
        """Twisted: something was pressed."""
        pressed = os.read(self._descriptor, _READ_OCTETS).decode("utf-8", "replace")
        for key in pressed:
            self._keys.get(key, lambda: None)()
        return None if pressed else CONNECTION_DONE

    def connectionLost(self, reason: Any) -> None:
        """Twisted: the terminal is gone."""


@contextmanager
def first_interrupt(reactor: Any, told: Callable[[], None]) -> Iterator[None]:
    """Call `told()` in the reactor's thread at the first Ctrl-C or SIGTERM; the second stops the
    reactor, as the first one does without this."""
    before = {number: signal.getsignal(number) for number in ENDING}

    def as_before() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def interrupted(_number: int, _frame: Any) -> None:
        as_before()
        reactor.callFromThread(told)

    for number in ENDING:
        signal.signal(number, interrupted)
    try:
        yield
    finally:
        as_before()


@contextmanager
def as_interrupt() -> Iterator[None]:
    """SIGTERM is what Ctrl-C is, KeyboardInterrupt, where no reactor runs."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def listening(reactor: Any, keys: Mapping[str, Callable[[], None]]) -> Iterator[bool]:
    """Call `keys[key]()` for each key pressed; gives whether there is a terminal to press on."""
    if not sys.stdin.isatty():
        yield False
        return
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    reader = _Keys(descriptor, keys)
    tty.setcbreak(descriptor)
    reactor.addReader(reader)
    try:
        yield True
    finally:
        reactor.removeReader(reader)
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
