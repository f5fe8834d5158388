"""The line-mode phone, for pipes and screen readers: what is typed are lines, what comes are too.

Rule: a second view of `Control`, which decides everything; a line is read when what the one before
it brought has come. An empty line, or the end of the lines, puts the phone down.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import TextIO

from gateway.phone.async_api import AsyncApi
from gateway.phone.calls import Calls
from gateway.phone.control import Control
from gateway.phone.feeds import Bind, keep_bound, listen
from gateway.phone.handset import Phone, Played
from gateway.phone.line import NoConnection
from gateway.replay.handset import Verb
from gateway.replay.recording import Done
from gateway.replay.visible import visible

BIND_SECONDS_MAX = 5.0
FOLLOW_SECONDS_MAX = 2.0
HANG_UP_SECONDS_MAX = 5.0
PAGE_SECONDS_MAX = 30.0
LINGER_SECONDS = 0.3
"""How long the end of a pipe waits for an SMS behind the last page."""
LINE_SIGNS_MAX = 10_000


class PlainPhone:
    """A subscriber's phone of one gateway, on lines."""

    def __init__(
        self, bind: Bind, api: AsyncApi, calls: Calls, msisdn: str, lines: TextIO, out: TextIO
    ) -> None:
        self._bind = bind
        self._api = api
        self._lines = lines
        self._out = out
        self._news = asyncio.Event()
        self._seen = Phone(msisdn)
        self._noticed = ""
        self._is_put_down = False
        self.control = Control(api, calls, msisdn, self._changed)

    async def talk(self, line: str) -> None:
        """Until the lines end; `line` is the first where it is not empty. Raises NoConnection
        where the gateway is away at the end."""
        control = self.control
        feeds = [
            asyncio.create_task(feed)
            for feed in (keep_bound(control, self._bind, ""), listen(control, self._api))
        ]
        try:
            await self._until(lambda: control.air is not None, BIND_SECONDS_MAX)
            await asyncio.wait(
                {feeds[1], asyncio.create_task(self._api.follows.wait())},
                timeout=FOLLOW_SECONDS_MAX,
                return_when=asyncio.FIRST_COMPLETED,
            )
            await control.look()
            while line := line or await self._line():
                await self._do(line)
                line = ""
            if not self._lines.isatty():
                await asyncio.sleep(LINGER_SECONDS)
            await self._put_down()
        finally:
            for feed in feeds:
                feed.cancel()

    async def _do(self, line: str) -> None:
        before, self._noticed = self._last(), ""
        await self.control.enter(line)
        now = self._last()
        if now is None or (before is not None and now.action is before.action):
            return  # nothing was done
        if now.action.verb in _WAITS:
            seconds_max, has_come = _WAITS[now.action.verb]
            await self._until(
                lambda: has_come(self.control.phone, self._last() or now), seconds_max
            )

    def _last(self) -> Done | None:
        done = self.control.phone.done
        return done[-1] if done else None

    async def _put_down(self) -> None:
        control, air = self.control, self.control.air
        if air is None:
            raise NoConnection(control.notice or "not bound to the gateway")
        if control.phone.in_call:  # what it cost is told
            await control.release()
            await self._until(lambda: not control.phone.in_call, HANG_UP_SECONDS_MAX)
        self._is_put_down = True
        await control.put_down()
        await asyncio.wait_for(air.down.wait(), HANG_UP_SECONDS_MAX)

    # --- lines ----------------------------------------------------------------------------------

    async def _line(self) -> str:
        """The next line; empty at their end. It is read in a thread that ends with the process,
        so that nothing waits for a key nobody presses."""
        if self._lines.isatty():
            busy = self.control.phone.waits or self.control.phone.in_call
            self._write("> " if busy else "dial> ", end="")
        loop = asyncio.get_running_loop()
        found: asyncio.Future[str] = loop.create_future()

        def read() -> None:
            line = self._lines.readline(LINE_SIGNS_MAX)
            with suppress(RuntimeError):  # the phone was put down meanwhile
                loop.call_soon_threadsafe(found.set_result, line)

        threading.Thread(target=read, daemon=True).start()
        return (await found).strip()

    def _changed(self) -> None:
        if self._is_put_down:
            return
        phone, notice = self.control.phone, self.control.notice
        for line in news(self._seen, phone):
            self._write(line)
        self._seen = phone
        if notice and notice != self._noticed:
            self._write(notice)
        self._noticed = notice
        self._news.set()

    def _write(self, text: str, end: str = "\n\n") -> None:
        self._out.write(visible(text) + end)
        self._out.flush()

    async def _until(self, happened: Callable[[], bool], seconds_max: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds_max):
                while not happened():
                    self._news.clear()
                    await self._news.wait()


def news(before: Phone, now: Phone) -> Iterator[str]:
    """What one phone shows that the other did not, in words."""
    if now.shown is not None and now.shown is not before.shown:
        yield now.shown.text
    for text in now.texts[_common(before.texts, now.texts) :]:
        if not text.own:
            yield f"> sms from {text.number}: {text.text}"
    if now.call is None:
        return
    heard = before.call.heard if before.call else ()
    for each in now.call.heard[_common(heard, now.call.heard) :]:
        if isinstance(each, Played):
            yield f"~ {each.text}"
    if before.call is None or before.call.state != now.call.state:
        yield f"{now.call.number}: {now.call.state}"


def _common(before: tuple[object, ...], now: tuple[object, ...]) -> int:
    """How many of the first were there before; older ones may have been forgotten since."""
    for at in range(len(now), 0, -1):
        if any(now[at - 1] is each for each in before):
            return at
    return 0


def _said(phone: Phone, last: Done) -> bool:
    return bool(last.seen.prompts) or not phone.in_call


def _paged(_phone: Phone, last: Done) -> bool:
    return last.seen.text is not None


_WAITS: Mapping[Verb, tuple[float, Callable[[Phone, Done], bool]]] = {
    "dial": (PAGE_SECONDS_MAX, _paged),
    "answer": (PAGE_SECONDS_MAX, _paged),
    "timeout": (PAGE_SECONDS_MAX, _paged),
    "call": (10.0, _said),
    "press": (3.0, _said),
    "sms": (5.0, lambda _phone, last: bool(last.seen.sms)),
    "hang_up": (HANG_UP_SECONDS_MAX, lambda phone, _last: not phone.in_call),
}
"""How long, and for what, a verb is waited for; the others are done at once."""
