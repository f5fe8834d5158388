"""The line-mode phone: a code, an answer or an SMS a line, for pipes and screen readers.

Rule: screens and SMS go out as they come, each ended by an empty line; a prompt is shown only on a
terminal. An empty line, or the end of the lines, puts the phone down.
"""

from __future__ import annotations

from typing import TextIO

from gateway.phone.handset import Mistyped, Phone, meant
from gateway.phone.line import NoConnection, Refused, converse
from gateway.phone.link import Handset
from gateway.replay.handset import Action
from gateway.replay.visible import visible

SMS_SECONDS_MAX = 5.0
"""How long the answer to an SMS is waited for."""


class _Cleaned:
    """A screen that shows unprintable characters as escapes."""

    def __init__(self, screen: TextIO) -> None:
        self._screen = screen

    def write(self, text: str) -> None:
        """Text, made safe."""
        self._screen.write(visible(text))

    def flush(self) -> None:
        self._screen.flush()


class PlainPhone:
    """A subscriber's phone of one gateway, on lines."""

    def __init__(
        self, host: str, port: int, login: tuple[str, str], msisdn: str, lines: TextIO, out: TextIO
    ) -> None:
        self._gateway = (host, port, *login, msisdn)
        self._phone = Phone(msisdn)
        self._lines = lines
        self._screen = _Cleaned(out)

    def talk(self, code: str) -> None:
        """Until the lines end; `code` is dialled first. Raises NoConnection and Refused."""
        line = code or self._typed()
        while line:
            try:
                self._do(meant(self._phone, line))
            except Mistyped as fault:
                self._screen.write(f"{fault}\n\n")
            line = self._typed()

    def _do(self, action: Action) -> None:
        handset = Handset(*self._gateway)
        if action.verb == "dial":
            converse(handset, action.text, (), self._lines, self._screen)
        elif action.verb == "sms":
            self._write(handset, action)
        else:
            raise Mistyped("line mode makes no calls")
        for received in handset.inbox():
            self._screen.write(f"> sms from {received.sender}: {received.text}\n\n")

    def _write(self, handset: Handset, action: Action) -> None:
        try:
            handset.send_sms(action.to, action.text)
            received = handset.read_sms(SMS_SECONDS_MAX)
            self._screen.write(f"> sms from {received.sender}: {received.text}\n\n")
        except (NoConnection, Refused) as fault:
            self._screen.write(f"{fault}\n\n")
        finally:
            handset.hang_up()

    def _typed(self) -> str:
        if self._lines.isatty():
            self._screen.write("dial> ")
            self._screen.flush()
        return self._lines.readline().strip()
