"""A phone in a test's hand: the real app on a loop of its own, on a gateway that runs beside it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot

from gateway.phone.air import Air, bind
from gateway.phone.app import PhoneApp
from gateway.phone.async_api import AsyncApi
from gateway.phone.calls import Calls
from gateway.phone.radio import Heard, Holds
from gateway.phone.soft_phone import SoftPhone
from gateway.phone.tape import Tape
from tests.channels.serving import TOKEN, Served

LOGIN = ("harness", "harness1")
WAIT_SECONDS_MAX = 5.0
STEP_SECONDS = 0.01


class Held:
    """The app, its keys, and what stands on the screen."""

    def __init__(self, app: PhoneApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    async def keys(self, *keys: str) -> None:
        """Press them."""
        await self.pilot.press(*keys)

    async def type(self, line: str) -> None:
        """A line, key by key, and Enter."""
        await self.pilot.press(*(NAMES.get(each, each) for each in line), "enter")

    def text(self) -> str:
        """The whole screen, as a terminal without colour has it."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(part.text for part in strip).rstrip() for strip in strips)

    async def sees(self, *words: str) -> str:
        """The screen, once all the words are on it."""
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while not all(word in self.text() for word in words):
            assert time.monotonic() < deadline, f"{words} is not on\n{self.text()}"
            await self.pilot.pause(STEP_SECONDS)
        return self.text()


NAMES = {" ": "space", "*": "asterisk", "#": "number_sign", ".": "full_stop", "?": "question_mark"}


@asynccontextmanager
async def holding(
    served: Served,
    msisdn: str,
    dial: str = "",
    size: tuple[int, int] = (80, 24),
    calls: Calls | None = None,
    sip: int = 0,
    token: str = TOKEN,
) -> AsyncIterator[Held]:
    """A phone that is bound; put down at the end."""
    tape = Tape()

    async def binding(heard: Callable[[Heard], None], holds: Holds) -> Air:
        return await bind(("127.0.0.1", served.smpp), LOGIN, tape, heard, holds)

    api = AsyncApi("127.0.0.1", served.ports["http"], token)
    calls = calls or SoftPhone("127.0.0.1", sip or served.ports["sip"])
    app = PhoneApp(binding, api, calls, tape, msisdn, dial)
    async with app.run_test(size=size) as pilot:
        held = Held(app, pilot)
        await held.sees("RUB" if token else "no timeline")
        yield held


def on_a_loop(test: Callable[..., Awaitable[Any]]) -> Callable[..., Any]:
    """Run an async test on a loop of its own."""
    from functools import wraps

    @wraps(test)
    def run(*args: Any, **kwargs: Any) -> Any:
        async def body() -> Any:
            return await test(*args, **kwargs)

        return asyncio.run(body())

    return run
