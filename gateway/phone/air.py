"""The bind of a full-screen phone: a `Radio` on an asyncio connection, its answers awaited.

Rule: octets are moved here and nothing else; what comes for handsets is told at once, in order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

from gateway.phone.line import NoConnection, Refused, reason_of
from gateway.phone.radio import Down, Heard, Holds, Radio, Up
from gateway.phone.tape import Tape
from gateway.wire.smpp.ussd import Step

CONNECT_SECONDS_MAX = 5.0
ANSWER_SECONDS_MAX = 30.0


class Air(asyncio.Protocol):
    """One bind. Its verbs raise Refused, and NoConnection where the gateway went away."""

    def __init__(
        self,
        where: str,
        login: tuple[str, str],
        tape: Tape,
        heard: Callable[[Heard], None],
        holds: Holds,
    ) -> None:
        self._where = where
        self._tape = tape
        self._heard = heard
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._radio = Radio(*login, self._began, holds)
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._answers: set[asyncio.Future[str]] = set()
        self.bound: asyncio.Future[None] = self._loop.create_future()
        self.down = asyncio.Event()
        """Set when the bind is over."""

    # --- verbs ------------------------------------------------------------------------------------

    async def ussd(self, step: Step, msisdn: str, code: str, text: str) -> None:
        """Dial, answer or release; returns when the gateway took it."""
        await self._taken(
            lambda answer, now: self._radio.ussd(step, msisdn, code, text, answer, now)
        )

    async def text(self, msisdn: str, number: str, text: str) -> None:
        """Write an SMS; returns when the gateway took it."""
        await self._taken(lambda answer, now: self._radio.text(msisdn, number, text, answer, now))

    def close(self) -> None:
        """Unbind; the connection goes when that is answered."""
        if not self.down.is_set():
            self._radio.unbind(self._loop.time())
            self._flush()

    async def _taken(self, send: Callable[[Callable[[str], None], float], None]) -> None:
        if self.down.is_set():
            raise NoConnection(f"smpp {self._where}: not bound")
        answer: asyncio.Future[str] = self._loop.create_future()
        self._answers.add(answer)
        try:
            send(lambda name: _settle(answer, name), self._loop.time())
            self._flush()
            status = await asyncio.wait_for(answer, ANSWER_SECONDS_MAX)
        except TimeoutError:
            raise NoConnection(f"smpp {self._where}: no answer") from None
        finally:
            self._answers.discard(answer)
        if status:
            raise Refused(f"refused with {status}")

    # --- the connection (asyncio.Protocol) -------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._flush()

    def data_received(self, data: bytes) -> None:
        """asyncio: octets came."""
        self._tape.add("<", data, self._loop.time() - self._began)
        self._tell(self._radio.receive(data, self._loop.time()))

    def connection_lost(self, exc: Exception | None) -> None:
        self._tell(self._radio.lost(self._loop.time()))
        self._over(Down("the connection was lost"))

    # --- within -------------------------------------------------------------------------------

    def _tell(self, heard: list[Heard]) -> None:
        for each in heard:
            if isinstance(each, Up):
                _settle(self.bound, None)
            elif isinstance(each, Down):
                self._over(each)
            else:
                self._heard(each)
        self._flush()

    def _flush(self) -> None:
        data = self._radio.to_send()
        if data and self._transport is not None:
            self._tape.add(">", data, self._loop.time() - self._began)
            self._transport.write(data)
        if self._timer is not None:
            self._timer.cancel()
        due = None if self.down.is_set() else self._radio.next_timer()
        self._timer = None if due is None else self._loop.call_at(due, self._due)

    def _due(self) -> None:
        self._tell(self._radio.timer_fired(self._loop.time()))

    def _over(self, why: Down) -> None:
        if self.down.is_set():
            return
        self.down.set()
        fault = Refused if why.refused else NoConnection
        if not self.bound.done():
            self.bound.set_exception(fault(f"smpp {self._where}: {why.reason}"))
        for answer in self._answers:
            _settle(answer, why.reason)
        if self._transport is not None:
            self._transport.close()
        self._heard(why)


def _settle(future: asyncio.Future[Any], value: object) -> None:
    if not future.done():
        future.set_result(value)


async def bind(
    where: tuple[str, int],
    login: tuple[str, str],
    tape: Tape,
    heard: Callable[[Heard], None],
    holds: Holds,
) -> Air:
    """A bind that is up; `where` is host and port, `login` system_id and password. Raises
    NoConnection and Refused."""
    host, port = where
    air = Air(f"{host}:{port}", login, tape, heard, holds)
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(CONNECT_SECONDS_MAX):
            await loop.create_connection(lambda: air, host, port)
            await air.bound
    except TimeoutError:
        raise NoConnection(f"smpp {host}:{port}: no answer; is the gateway up?") from None
    except OSError as fault:
        raise NoConnection(f"smpp {host}:{port}: {reason_of(fault)}; is the gateway up?") from None
    return air
