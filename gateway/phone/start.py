"""A full-screen phone from its first bind to its last key.

Rule: the first bind is made before the terminal is taken, so that a gateway that is not there is
one line and an exit status.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from gateway.phone.air import Air, bind
from gateway.phone.async_api import AsyncApi
from gateway.phone.radio import Heard
from gateway.phone.soft_phone import SoftPhone
from gateway.phone.tape import Tape
from gateway.wire.sip.login import Login


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where a gateway listens, and who we are to it."""

    host: str
    smpp_port: int
    sip_port: int
    http_port: int
    token: str
    login: tuple[str, str]
    """system_id and password."""
    sip_login: Login | None = None
    """For a gateway that asks who calls."""


def run(gateway: Gateway, msisdn: str, dial: str) -> None:
    """Until the phone is put down. Raises NoConnection and Refused where it cannot begin."""
    asyncio.run(_run(gateway, msisdn, dial))


async def _run(gateway: Gateway, msisdn: str, dial: str) -> None:
    tape = Tape()

    async def again(heard: Callable[[Heard], None]) -> Air:
        return await bind(gateway.host, gateway.smpp_port, gateway.login, tape, heard)

    (await again(_nobody)).close()
    from gateway.phone.app import PhoneApp

    api = AsyncApi(gateway.host, gateway.http_port, gateway.token)
    calls = SoftPhone(gateway.host, gateway.sip_port, gateway.sip_login)
    await PhoneApp(again, api, calls, tape, msisdn, dial).run_async()


def _nobody(_heard: Heard) -> None:
    """The trial bind hears for nobody."""
