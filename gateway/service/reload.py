"""Hot reload: good files serve what begins within a second; bad ones change nothing.

Menus and short codes are read together, recordings by themselves. A turn sees either all of the
old ones or all of the new; a dialogue ends on the menus it began with, and a call goes on with
the recordings it is playing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from twisted.internet.threads import deferToThreadPool
from twisted.logger import Logger

from gateway.channels.desk import Desk
from gateway.charging.rating import Rater
from gateway.menu.loader import menu_files
from gateway.menu.problems import Problem, render
from gateway.service.config import Config
from gateway.service.content import Content, load_content
from gateway.service.live import LiveEvents
from gateway.service.metrics import Metrics
from gateway.service.prompts import Prompts
from gateway.service.voice_set import VoiceSet
from gateway.service.watch import Watch

log = Logger()


class Reloader:
    """Looks at the files of menus, short codes and recordings, and puts what is good in force."""

    def __init__(
        self,
        config: Config,
        desk: Desk,
        voice: VoiceSet,
        metrics: Metrics,
        live: LiveEvents,
        reactor: Any,
    ) -> None:
        self._menus = config.menus
        self._codes = config.short_codes
        self._desk = desk
        self._voice = voice
        self._metrics = metrics
        self._live = live
        self._served = menu_files(config.menus)
        self._reactor = reactor
        read = partial(load_content, config.menus, config.short_codes, advice=False)
        self._watches: tuple[Watch[Any], ...] = (
            Watch(self._menu_files, read, self._menus_read, reactor),
            Watch(voice.prompt_files, voice.read_prompts, self._prompts_read, reactor),
        )

    def tick(self) -> None:
        """Look at all of them."""
        for watch in self._watches:
            watch.tick()

    def _menu_files(self) -> Iterator[Path]:
        yield from menu_files(self._menus)
        yield self._codes

    def _menus_read(self, read: tuple[Content | None, list[Problem]]) -> None:
        content, problems = read
        if content is None:
            problems = [*self._gone(), *problems]
            self._metrics.menu_reload("refused")
            self._live.refused("menus", problems)
            log.error("the changed menus are refused; the old ones stay", problems=render(problems))
            return
        self._served = menu_files(self._menus)
        world = self._desk.world
        self._desk.world = replace(
            world,
            menus=world.menus.followed_by(content.menus),
            codes=content.codes,
            rater=Rater(content.codes.charge_table, world.accounts.core.terms.zones),
        )
        self._metrics.menu_reload("ok")
        versions = {"version": content.menus.version, "codes": content.codes.version}
        self._live.menus_reloaded(**versions, warnings=problems)
        log.info("menus reloaded", **versions)
        self._advise(versions)

    def _advise(self, versions: Mapping[str, str]) -> None:
        """Tell of warnings, which take longer to find than menus take to serve."""

        def found(read: tuple[Content | None, list[Problem]]) -> None:
            content, problems = read
            if problems and content is not None and content.menus.version == versions["version"]:
                self._live.menus_reloaded(**versions, warnings=problems)
                log.warn("the menus that were reloaded have warnings", problems=render(problems))

        pool = self._reactor.getThreadPool()
        looking = deferToThreadPool(self._reactor, pool, load_content, self._menus, self._codes)
        looking.addCallback(found)
        looking.addErrback(lambda fault: log.failure("the menus could not be read again", fault))

    def _gone(self) -> Iterator[Problem]:
        """What is served was read from files that are no more: the cause stands before the many
        mistakes that follow from it, which are of files in this directory."""
        help_ = "put it back, or take out what leads to its states"
        for path in self._served:
            if not path.exists():
                yield Problem(str(self._menus), 1, 1, "M100", f"{path.name} is gone", help_)

    def _prompts_read(self, read: tuple[Prompts | None, list[Problem]]) -> None:
        prompts, problems = read
        if prompts is None:
            self._metrics.prompt_reload("refused")
            self._live.refused("prompts", problems)
            log.error(
                "the changed prompts are refused; the old ones stay", problems=render(problems)
            )
            return
        self._voice.play(prompts)
        self._metrics.prompt_reload("ok")
        self._live.prompts_reloaded(prompts.count, problems)
        log.info("prompts reloaded", recordings=prompts.count)
