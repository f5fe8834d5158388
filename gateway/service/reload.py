"""Hot reload: a good file serves new dialogues within a second; a bad one changes nothing.

Files are looked at four times a second (size, time of change, name); an editor that writes in
two steps is waited for until two looks agree.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from twisted.logger import Logger

from gateway.charging.rating import Rater
from gateway.menu.problems import render
from gateway.service.content import load_content
from gateway.service.metrics import Metrics
from gateway.turn.world import World

log = Logger()

LOOK_SECONDS = 0.25

Look = tuple[tuple[str, int, int], ...]


class Reloader:
    """Looks at the files of the menus and the short codes, and puts what is good in force."""

    def __init__(self, menus: Path, codes: Path, world: World, metrics: Metrics) -> None:
        self._menus = menus
        self._codes = codes
        self._world = world
        self._metrics = metrics
        self._taken = self._seen = self._look()

    def tick(self) -> None:
        """Look; load when the files changed and have come to rest."""
        seen = self._look()
        at_rest, self._seen = seen == self._seen, seen
        if at_rest and seen != self._taken:
            self._taken = seen
            self.load()

    def load(self) -> bool:
        """Read everything anew; False, with every mistake in the log, where it is refused."""
        content, problems = load_content(self._menus, self._codes)
        world = self._world
        if content is None:
            self._metrics.menu_reload("refused")
            log.error("the changed menus are refused; the old ones stay", problems=render(problems))
            return False
        world.menus.put(content.menus)
        world.codes = content.codes
        world.rater = Rater(content.codes.charge_table, world.accounts.core.terms.zones)
        self._metrics.menu_reload("ok")
        log.info("menus reloaded", version=content.menus.version, codes=content.codes.version)
        return True

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
