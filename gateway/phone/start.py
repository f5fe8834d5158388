"""A phone from its first bind to its last key or line.

Rule: the first bind is made before the terminal is taken, so that a gateway that is not there is
one line and an exit status.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

from gateway.phone.air import Air, bind
from gateway.phone.async_api import AsyncApi
from gateway.phone.feeds import Bind
from gateway.phone.plain import PlainPhone
from gateway.phone.radio import Heard, Holds
from gateway.phone.soft_phone import SoftPhone
from gateway.phone.tape import Tape
from gateway.wire.sip.login import Login

FRAMES_PER_SECOND = "120"
"""A page waits for the next frame of the terminal: at the usual 60 a third of a key's 50 ms."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where a gateway listens, and who we are to it."""

    host: str
    smpp_port: int
    sip_port: int
    http_port: int
    token: str
    """Of the API; empty where it is not known: then nothing is told beside SMPP and SIP."""
    login: tuple[str, str]
    """system_id and password."""
    sip_login: Login | None = None
    """For a gateway that asks who calls."""


def run(gateway: Gateway, msisdn: str, dial: str) -> None:
    """Full screen, until the phone is put down. Raises NoConnection and Refused where it cannot
    begin."""
    asyncio.run(_full_screen(gateway, msisdn, dial))


def run_plain(gateway: Gateway, msisdn: str, dial: str, lines: TextIO, out: TextIO) -> None:
    """Line mode, until the lines end. Raises NoConnection and Refused where it cannot begin, or
    where the gateway is away at the end."""
    asyncio.run(_line_mode(gateway, msisdn, dial, lines, out))


async def _full_screen(gateway: Gateway, msisdn: str, dial: str) -> None:
    tape = Tape()
    again = await _tried(gateway, tape)
    os.environ.setdefault("TEXTUAL_FPS", FRAMES_PER_SECOND)
    from gateway.phone.app import PhoneApp

    app = PhoneApp(again, _api(gateway), _calls(gateway), tape, msisdn, dial)
    for number in (signal.SIGTERM, signal.SIGHUP):  # the terminal is given back as it was
        asyncio.get_running_loop().add_signal_handler(number, app.exit)
    await app.run_async()


async def _line_mode(gateway: Gateway, msisdn: str, dial: str, lines: TextIO, out: TextIO) -> None:
    again = await _tried(gateway, Tape())
    await PlainPhone(again, _api(gateway), _calls(gateway), msisdn, lines, out).talk(dial)


async def _tried(gateway: Gateway, tape: Tape) -> Bind:
    """What binds, once it has bound."""

    async def again(heard: Callable[[Heard], None], holds: Holds) -> Air:
        where = gateway.host, gateway.smpp_port
        return await bind(where, gateway.login, tape, heard, holds)

    (await again(_nobody, frozenset[str]().__contains__)).close()
    return again


def _api(gateway: Gateway) -> AsyncApi:
    return AsyncApi(gateway.host, gateway.http_port, gateway.token)


def _calls(gateway: Gateway) -> SoftPhone:
    return SoftPhone(gateway.host, gateway.sip_port, gateway.sip_login)


def _nobody(_heard: Heard) -> None:
    """The trial bind hears for nobody."""
