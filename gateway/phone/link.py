"""A handset on the real SMPP port: binds as the network does and holds dialogues and SMS.

Blocking, on a plain socket: the line-mode phone is its own process and has nothing else to do. It
plays the network's side with the same sans-IO session that serves it.
"""

from __future__ import annotations

import socket
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from gateway.phone.line import NoConnection, Refused, Shown
from gateway.phone.radio import Down, Heard, Paged, Radio, Texted, Up
from gateway.wire.smpp.ussd import Step, code_of

CONNECT_SECONDS_MAX = 5.0
ANSWER_SECONDS_MAX = 30.0
READ_OCTETS = 65_536


@dataclass(frozen=True, slots=True)
class Inbox:
    """An SMS that reached the handset."""

    sender: str
    text: str


class Handset:
    """One bind, one MSISDN. Raises NoConnection and Refused, each of one line."""

    def __init__(self, host: str, port: int, system_id: str, password: str, msisdn: str) -> None:
        self._where = f"{host}:{port}"
        self._msisdn = msisdn
        self._shown: deque[Shown] = deque()
        self._inbox: deque[Inbox] = deque()
        self._code = ""
        self._waits = False
        self._bound = False
        self._down: Down | None = None
        try:
            self._socket = socket.create_connection((host, port), CONNECT_SECONDS_MAX)
        except OSError as fault:
            reason = fault.strerror or str(fault)
            raise NoConnection(f"smpp {self._where}: {reason}; is the gateway up?") from None
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._radio = Radio(system_id, password, time.monotonic(), msisdn.__eq__)
        self._flush()
        self._until(lambda: self._bound, ANSWER_SECONDS_MAX)

    # --- a `Link` of the line-mode phone --------------------------------------------------------

    def dial(self, code: str) -> Shown:
        """Open a dialogue with the whole string dialled; the first page."""
        self._code = code_of(code)
        return self._say(Step.BEGIN, code)

    def answer(self, text: str) -> Shown:
        """Answer the page on show; the next one."""
        return self._say(Step.CONTINUE, text)

    def release(self) -> None:
        """End a dialogue that waits, as the subscriber does; the bind stays."""
        if self._waits:
            self._waits = False
            self._ussd(Step.ABORT, "")

    def hang_up(self) -> None:
        """Release, unbind, close. Never raises."""
        try:
            self.release()
            self._radio.unbind(time.monotonic())
            self._flush()
            self._until(lambda: self._down is not None, CONNECT_SECONDS_MAX)
        except (NoConnection, Refused, OSError):
            pass
        finally:
            self._socket.close()

    # --- SMS --------------------------------------------------------------------------------------

    def send_sms(self, number: str, text: str) -> None:
        """Write to a short number. Raises Refused where the gateway does not take it."""
        answers: list[str] = []
        self._radio.text(self._msisdn, number, text, answers.append, time.monotonic())
        self._taken(answers)

    def read_sms(self, seconds_max: float = ANSWER_SECONDS_MAX) -> Inbox:
        """The next SMS, waited for. Raises NoConnection where none comes."""
        self._until(lambda: bool(self._inbox), seconds_max)
        return self._inbox.popleft()

    def inbox(self) -> list[Inbox]:
        """What has come already, and is not waited for."""
        received, self._inbox = list(self._inbox), deque()
        return received

    # --- within -----------------------------------------------------------------------------------

    def _say(self, step: Step, text: str) -> Shown:
        self._ussd(step, text)
        self._until(lambda: bool(self._shown), ANSWER_SECONDS_MAX)
        shown = self._shown.popleft()
        self._waits = shown.more
        return shown

    def _ussd(self, step: Step, text: str) -> None:
        answers: list[str] = []
        self._radio.ussd(step, self._msisdn, self._code, text, answers.append, time.monotonic())
        self._taken(answers)

    def _taken(self, answers: list[str]) -> None:
        """Wait until the gateway answered. Raises Refused."""
        self._flush()
        self._until(lambda: bool(answers), ANSWER_SECONDS_MAX)
        if answers[0]:
            raise Refused(f"smpp {self._where}: refused with {answers[0]}")

    def _flush(self) -> None:
        data = self._radio.to_send()
        if data:
            self._socket.sendall(data)

    def _until(self, happened: Callable[[], bool], seconds_max: float) -> None:
        deadline = time.monotonic() + seconds_max
        while not happened():
            if self._down is not None:
                fault = Refused if self._down.refused else NoConnection
                raise fault(f"smpp {self._where}: {self._down.reason}")
            now = time.monotonic()
            if now >= deadline:
                raise NoConnection(f"smpp {self._where}: no answer in {seconds_max:.0f} s")
            timer = self._radio.next_timer()
            wake = min(deadline, timer) if timer is not None else deadline
            for heard in self._next(max(0.001, wake - now)):
                self._take(heard)
            self._flush()

    def _next(self, seconds: float) -> list[Heard]:
        self._socket.settimeout(seconds)
        try:
            data = self._socket.recv(READ_OCTETS)
        except TimeoutError:
            return self._radio.timer_fired(time.monotonic())
        except OSError as fault:
            raise NoConnection(f"smpp {self._where}: {fault.strerror or fault}") from None
        now = time.monotonic()
        return self._radio.receive(data, now) if data else self._radio.lost(now)

    def _take(self, heard: Heard) -> None:
        match heard:
            case Up():
                self._bound = True
            case Down():
                self._down = self._down or heard
            case Paged(self._msisdn, text, more):
                self._shown.append(Shown(text, more))
            case Texted(self._msisdn, sender, text):
                self._inbox.append(Inbox(sender, text))


def dial_smpp(host: str, port: int, system_id: str, password: str, msisdn: str) -> Handset:
    """A handset bound to the gateway, ready to dial."""
    return Handset(host, port, system_id, password, msisdn)
