"""Hot reload: a good file serves new dialogues within a second; a bad one changes nothing.

Files are looked at some times a second (size, time of change, name); an editor that writes in
two steps is waited for until two looks agree. They are read in a thread, and a turn sees either
all of the old ones or all of the new.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from twisted.internet.threads import deferToThreadPool
from twisted.logger import Logger
from twisted.python.failure import Failure

from gateway.channels.desk import Desk
from gateway.charging.rating import Rater
from gateway.menu.problems import Problem, render
from gateway.service.content import Content, load_content
from gateway.service.live import LiveEvents
from gateway.service.metrics import Metrics

log = Logger()

LOOK_SECONDS = 0.1

Look = tuple[tuple[str, int, int], ...]


class Reloader:
    """Looks at the files of the menus and the short codes, and puts what is good in force."""

    def __init__(
        self,
        menus: Path,
        codes: Path,
        desk: Desk,
        metrics: Metrics,
        live: LiveEvents,
        reactor: Any,
    ) -> None:
        self._menus = menus
        self._codes = codes
        self._desk = desk
        self._metrics = metrics
        self._live = live
        self._reactor = reactor
        self._loading = False
        self._taken = self._seen = self._look()

    def tick(self) -> None:
        """Look; load when the files changed and have come to rest."""
        seen = self._look()
        at_rest, self._seen = seen == self._seen, seen
        if at_rest and seen != self._taken and not self._loading:
            self._taken = seen
            self._load()

    def _load(self) -> None:
        self._loading = True
        pool = self._reactor.getThreadPool()
        read = partial(load_content, self._menus, self._codes, advice=False)
        reading = deferToThreadPool(self._reactor, pool, read)
        reading.addCallback(self._loaded)
        reading.addErrback(self._failed)

    def _loaded(self, read: tuple[Content | None, list[Problem]]) -> None:
        self._loading = False
        content, problems = read
        if content is None:
            self._metrics.menu_reload("refused")
            self._live.menus_refused(problems)
            log.error("the changed menus are refused; the old ones stay", problems=render(problems))
            return
        world = self._desk.world
        self._desk.world = replace(
            world,
            menus=world.menus.followed_by(content.menus),
            codes=content.codes,
            rater=Rater(content.codes.charge_table, world.accounts.core.terms.zones),
        )
        self._metrics.menu_reload("ok")
        self._live.menus_reloaded(content.menus.version, content.codes.version)
        log.info("menus reloaded", version=content.menus.version, codes=content.codes.version)

    def _failed(self, fault: Failure) -> None:
        self._loading = False
        log.failure("menus could not be read", fault)

    def _look(self) -> Look:
        found = []
        for path in (*sorted(self._menus.glob("*.yaml")), self._codes):
            try:
                state = path.stat()
            except OSError:
                continue
            found.append((path.name, state.st_mtime_ns, state.st_size))
        return tuple(found)


def every(reactor: object, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
    """Call it every so often on the reactor; a failure is logged and does not end it. The result
    stops it."""
    from twisted.internet.task import LoopingCall

    def safely() -> None:
        try:
            call()
        except Exception:
            log.failure("a regular task failed")

    loop = LoopingCall(safely)
    loop.clock = reactor  # type: ignore[assignment]
    loop.start(seconds, now=False)
    return loop.stop
