"""Composition: the parts of the service joined, started in order, and stopped in order.

Everything that can be wrong is found before the first port opens; a fault then leaves nothing
half-started. Stopping drains: peers are unbound, calls end, turns are committed and answered.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from twisted.internet.defer import inlineCallbacks

from gateway.accounts.answers import Accounts, Options
from gateway.channels.desk import Desk
from gateway.channels.http import HttpSite
from gateway.channels.http_link import NAME as HTTP
from gateway.channels.http_link import HttpLink
from gateway.channels.ids import Ids
from gateway.channels.smpp_sms import SmsReader
from gateway.charging.rating import Rater
from gateway.service.api import Api
from gateway.service.background import Background
from gateway.service.cdr import CdrFiles
from gateway.service.clock import Clock, ManualClock, make_clock
from gateway.service.config import Config
from gateway.service.content import Content, need_content
from gateway.service.directory import DataDirectory
from gateway.service.draining import HANG_UP_SECONDS_MAX, Draining, behind, idle
from gateway.service.errors import Fault
from gateway.service.live import LiveEvents
from gateway.service.metrics import Metrics
from gateway.service.observers import counting, recording
from gateway.service.opening import Opened, open_store
from gateway.service.ports import Ports
from gateway.service.reload import Reloader
from gateway.service.rules import need_policy, need_terms
from gateway.service.secrets import (
    Argon2Hasher,
    SystemRandomness,
    chance,
    keep_pepper,
    keep_token,
    text_digest,
)
from gateway.service.smpp_set import SmppSet, ussd_octets_max_by_link
from gateway.service.telling import telling
from gateway.service.tuning import tune
from gateway.service.voice_set import VoiceSet, raise_file_limit
from gateway.service.watch import LOOK_SECONDS, every
from gateway.store.reader import Reader
from gateway.store.unit_of_work import Writer
from gateway.turn.world import Limits, MenuVersions, World
from gateway.wire.gsm.segments import Reassembly

TICK_SECONDS = 0.1


class Service:
    """The composed gateway. `start` opens the ports; `stop` drains and closes."""

    def __init__(
        self,
        config: Config,
        reactor: Any,
        say: Callable[[str], None],
        calls_reactor: Any = None,
    ) -> None:
        """Raises Fault for whatever cannot work, having opened no port. `calls_reactor`: where
        calls, which take seconds, are to have another time."""
        self.config = config
        self._reactor = reactor
        self._say = say
        content = need_content(config.menus, config.short_codes)
        self._directory = DataDirectory(config.data)
        self.token, self._token_is_new = keep_token(config.data, config.api_token.reveal())
        self.clock: Clock = make_clock(config.clock)
        pepper = keep_pepper(config.data)
        self.hasher = Argon2Hasher(pepper)
        parts = Reassembly(messages_max=config.limits.parts_max)
        self.sms_reader = SmsReader(self.clock.now, parts, text_digest(pepper))
        opened = open_store(config, self.hasher, self.clock.now(), say)
        self.database = opened.database
        self.metrics = Metrics(version("channel-gateway"))
        self._make_desk(content, opened, calls_reactor or reactor)
        self._make_http(content)
        smpp, sip = self.smpp.server, self.voice.sip
        self.ports = Ports(config, reactor, smpp, self.site, sip, say)
        self._stops: list[Callable[[], None]] = []
        self.draining = Draining(reactor)
        self._ticked = time.monotonic()

    def _make_desk(self, content: Content, opened: Opened, calls_reactor: Any) -> None:
        config, reactor, metrics = self.config, self._reactor, self.metrics
        world = self._world(content)

        def deliver(results: list[tuple[Callable[[Any], None], Any]]) -> None:
            reactor.callFromThread(self._batch, results)

        self.writer = Writer(
            self.database,
            deliver,
            time.monotonic,
            metrics.store_committed,
            queue_turns_max=config.limits.queue_max,
            batch_turns_max=config.limits.batch_max,
        )
        metrics.watch_queue(lambda: self.writer.waiting, config.limits.queue_max)
        self.desk = Desk(
            world,
            self.writer,
            self.clock.now,
            time.monotonic,
            Ids(opened.epoch),
            config.limits.dialogues_max,
        )
        self.cdrs = CdrFiles(config.data / "cdr", config.limits.cdr_octets_max, self.clock.now)
        self.voice = VoiceSet(config, self.desk, calls_reactor, self.hasher, metrics)
        self.live = LiveEvents(self.clock.now, self.voice.prompt_ids, self.voice.cut)
        voice = self.voice.voice
        self.desk.observers += [
            counting(metrics),
            recording(self.cdrs, voice.record),
            self.live.observe,
            voice.forget,
        ]
        self.background = Background(config, self.desk, metrics, reactor)
        self.smpp = SmppSet(config, self.desk, reactor, self.sms_reader, chance())
        for channel, count in self.desk.restore(opened.sessions).items():
            metrics.dialogues_open(channel, count)

    def _world(self, content: Content) -> World:
        config = self.config
        terms, policy = need_terms(config.tariffs), need_policy(config.policy)
        accounts = Accounts(
            self.hasher, SystemRandomness(), terms, config.utc_offset, _options(config), policy
        )
        return World(
            MenuVersions(content.menus),
            content.codes,
            Rater(content.codes.charge_table, terms.zones),
            accounts,
            Limits(
                replay_seconds_max=config.smpp_replay_seconds,
                ussd_octets_max_by_link=ussd_octets_max_by_link(config),
            ),
            watched=lambda: self.live.is_heard(),
        )

    def _batch(self, results: list[tuple[Callable[[Any], None], Any]]) -> None:
        """A committed batch: its answers leave, then its CDRs are written at once."""
        self.desk.batch(results)
        self.cdrs.flush()

    def _make_http(self, content: Content) -> None:
        config = self.config
        http = HttpLink(self.desk)
        self.desk.links[HTTP] = http
        self.reader = Reader(self.database)
        self.api = Api(
            self.desk,
            http,
            self.reader,
            self.clock,
            self.hasher,
            self.live,
            self._reactor,
            self.ready,
            self.background.settled,
        )
        self.site = HttpSite(
            self.api,
            self.token,
            self.metrics.registry,
            self._reactor,
            version("channel-gateway"),
            body_octets_max=config.limits.body_octets_max,
            connections_max=config.limits.connections_max,
            event_streams_max=config.limits.event_streams_max,
        )
        self.reloader = Reloader(
            config, self.desk, self.voice, self.metrics, self.live, self._reactor
        )

    # --- life ---------------------------------------------------------------------------------

    def start(self) -> None:
        """Open every port, then say `ready`. Raises Fault; then nothing stays open."""
        try:
            self.ports.open()
        except Fault:
            self.close()
            raise
        self.hasher.start()
        self.writer.start()
        self._stops += [
            every(self._reactor, TICK_SECONDS, self._tick),
            every(self._reactor, LOOK_SECONDS, self.reloader.tick),
            *self.background.start(),
        ]
        if isinstance(self.clock, ManualClock):
            self.clock.observe(lambda _seconds: self.background.keep_house())
            self.clock.observe(lambda _seconds: self.smpp.schedule.tick())
        self.smpp.start_clients()
        self.voice.start()
        if self._token_is_new:
            self._say(f"api token {self.token}")
        self._say("ready")

    def ready(self) -> str:
        """Empty where every port accepts and the store takes turns, else why not."""
        if self.draining.begun:
            return "stopping"
        if not self.ports.are_open:
            return "not every port is open"
        if self.writer.waiting >= self.config.limits.queue_max:
            return "the queue of turns is full"
        return ""

    def _tick(self) -> None:
        now = time.monotonic()
        self.metrics.reactor_lag(max(0.0, now - self._ticked - TICK_SECONDS))
        self._ticked = now
        self.desk.tick()
        self.smpp.schedule.tick()
        self.sms_reader.tick()
        self.desk.flush()
        self.metrics.outbox(len(self.desk.outbox), self.desk.outbox.oldest_seconds)
        for counted in self.smpp.counts.take():
            self.metrics.pdu(*counted)
        for name, link in self.smpp.links.items():
            role = link.role.value
            self.metrics.binds(role, name, link.binds)
            self.metrics.window_used(role, name, link.window_pdus)

    @inlineCallbacks
    def stop(self) -> Any:
        """Drain and close; the Deferred fires when all is done. Calls go on until they end, or for
        `drain_seconds_max`; meanwhile `/readyz` answers 503."""
        self.ports.stop_listening()
        self.smpp.drain()
        voice = self.voice.voice
        voice.drain()
        yield self.draining.begin(self._is_busy, self.config.drain_seconds_max)
        voice.hang_up()
        yield idle(self._reactor, self._is_busy, HANG_UP_SECONDS_MAX)
        self.writer.close()
        yield behind(self._reactor)  # what the writer handed over last
        self.close()

    def _is_busy(self) -> bool:
        return bool(self.smpp.open_connections or self.voice.busy or self.desk.in_flight)

    def close(self) -> None:
        """Close everything at once; what is queued is committed first."""
        for stop in self._stops:
            stop()
        self._stops.clear()
        self.voice.close()
        self.site.streams.close()
        self.ports.close()
        self.writer.close()
        self.hasher.stop()
        self.reader.close()
        self.cdrs.close()
        self.database.close()
        self._directory.release()


def _options(config: Config) -> Options:
    return Options(
        company_auto_approve=config.company_auto_approve,
        company_tariff_change=config.company_tariff_change,
    )


def serve(config: Config) -> None:
    """Serve until SIGTERM or Ctrl-C, which a second one hurries. Raises Fault before any port."""
    from twisted.internet import reactor as installed

    from gateway.service.logs import start_logs

    reactor: Any = installed
    reactor.seconds = time.monotonic  # Twisted's timers follow the wall clock otherwise
    raise_file_limit(config.limits.calls_max)
    start_logs(sys.stderr, config.log)
    service = Service(config, reactor, _say)
    service.desk.observers += telling(sys.stderr, config.log, service.clock)
    service.start()
    reactor.addSystemEventTrigger("before", "shutdown", service.draining.hurry_at_signals)
    reactor.addSystemEventTrigger("before", "shutdown", service.stop)
    tune()
    reactor.run()


def _say(line: str) -> None:
    print(line, flush=True)
