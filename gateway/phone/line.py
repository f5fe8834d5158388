"""The line-mode phone: a code is dialled, screens go to standard output, answers come from lines.

Answers given beforehand are used first, then lines are read until the dialogue or they end.
Whoever has no more answers hangs up, as a subscriber does; that is no failure.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from errno import errorcode
from typing import Protocol, TextIO

CODE_SIGNS_MAX = 182
"""What a USSD string of 160 octets holds (3GPP TS 23.038 §5)."""
_CODE = re.compile(r"[*#]+[0-9][0-9*#]*")
_NUMBER = re.compile(r"[0+][0-9]*")


class Mistyped(Exception):
    """A line that means nothing; `str()` says what to type."""


class NoConnection(Exception):
    """The gateway cannot be reached, or went away. `str()` is one line."""


class Refused(Exception):
    """The gateway answered, and refused. `str()` is one line."""


def reason_of(fault: OSError) -> str:
    """Why the system cannot, in its words; what asyncio says names the address once more."""
    number = fault.errno or 0
    return os.strerror(number) if number in errorcode else fault.strerror or str(fault)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the handset shows; `more` waits for an answer."""

    text: str
    more: bool


class Screen(Protocol):
    """Where screens are written."""

    def write(self, text: str, /) -> object: ...
    def flush(self) -> object: ...


class Link(Protocol):
    """One dialogue with the gateway. Blocking. Each may raise NoConnection or Refused."""

    def dial(self, code: str) -> Shown:
        """Open the dialogue with the whole string dialled."""
        ...

    def answer(self, text: str) -> Shown:
        """Answer the last screen."""
        ...

    def hang_up(self) -> None:
        """End a dialogue that still waits, and close. Never raises."""
        ...


def converse(link: Link, code: str, answers: Iterable[str], lines: TextIO, screen: Screen) -> bool:
    """Hold one dialogue. False where it was over before the given answers were used up.

    A prompt is shown only where `lines` is a terminal; elsewhere the output is screens alone,
    each ended by an empty line.
    """
    given = list(answers)
    used = 0
    try:
        shown = link.dial(code)
        _show(shown, screen)
        texts = _texts(iter(given), lines, screen)
        while shown.more:
            text = next(texts, None)
            if text is None:
                break
            shown = link.answer(text)
            used += 1
            _show(shown, screen)
        return used >= len(given)
    finally:
        link.hang_up()


def _texts(given: Iterator[str], lines: TextIO, screen: Screen) -> Iterator[str]:
    yield from given
    while True:
        if lines.isatty():
            screen.write("> ")
            screen.flush()
        line = lines.readline()
        if not line:
            return
        if line.strip():
            yield line.rstrip("\r\n")


def _show(shown: Shown, screen: Screen) -> None:
    screen.write(f"{shown.text}\n\n")
    screen.flush()


def dialled(code: str) -> str:
    """`105` -> `*105#`: a shell would glob the signs, so they may be left out. Raises Mistyped for
    what no handset dials (3GPP TS 22.030 §6.5.2)."""
    if _NUMBER.fullmatch(code):
        raise Mistyped(f"{code} is a number: call {code}, sms {code} TEXT; as a code *{code}#")
    whole = code if code[:1] in ("*", "#") else f"*{code}#"
    if not _CODE.fullmatch(whole):
        raise Mistyped("a code is digits, * and #, as *105#")
    if len(whole) > CODE_SIGNS_MAX:
        raise Mistyped(f"a code has at most {CODE_SIGNS_MAX} signs")
    return whole
