"""What keeps a phone fed: its bind, made again whenever the gateway went away, and live events.

Rule: both run as long as the phone does; what fails is said and tried again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing

from gateway.phone.air import Air
from gateway.phone.async_api import AsyncApi
from gateway.phone.control import Control
from gateway.phone.line import NoConnection, Refused
from gateway.phone.radio import Heard, Holds

AGAIN_SECONDS = 1.0

Bind = Callable[[Callable[[Heard], None], Holds], Awaitable[Air]]
"""Binds to the gateway; what is heard for those it holds goes to the first argument. Raises
NoConnection and Refused."""


async def keep_bound(control: Control, bind: Bind, dial: str) -> None:
    """Bind, dial what is to be dialled, and bind again after every loss."""
    while True:
        try:
            control.air = air = await bind(control.heard, control.phones.__contains__)
        except (NoConnection, Refused) as fault:
            control.say(str(fault))
        else:
            control.say("")
            await control.look()
            if dial:
                first, dial = dial, ""
                await control.enter(first)
            await air.down.wait()
        await asyncio.sleep(AGAIN_SECONDS)


async def listen(control: Control, api: AsyncApi) -> None:
    """Follow the live events; where there are none the phone works without a timeline."""
    while True:
        try:
            async with aclosing(api.events()) as told:
                async for event in told:
                    await control.happened(event)
        except (NoConnection, Refused) as fault:
            control.miss_events(str(fault))
        await asyncio.sleep(AGAIN_SECONDS)
