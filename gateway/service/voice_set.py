"""The voice channel as configured: SIP, media, recordings, who may call, and what is measured."""

from __future__ import annotations

import resource
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from twisted.logger import Logger

from gateway.channels.desk import Desk
from gateway.channels.media import Media
from gateway.channels.media_settings import MediaSettings
from gateway.channels.sip_port import SipPort
from gateway.channels.voice import Voice
from gateway.channels.voice_settings import Shared, VoiceSettings
from gateway.channels.voice_trust import Account, Peer, Trust
from gateway.menu.problems import Problem
from gateway.render.ivr import speak
from gateway.render.speech.phrases import VoiceLanguage
from gateway.service.addresses import OwnAddress, numeric
from gateway.service.config import Config
from gateway.service.metrics import Metrics
from gateway.service.prompts import MANIFEST, Prompts, name_of, need_prompts, read_prompts
from gateway.service.secrets import Argon2Hasher, chance, token
from gateway.service.verifying import Verifier
from gateway.service.voice_metrics import VoiceMetrics
from gateway.wire.sip.events import Address
from gateway.wire.sip.settings import Settings
from gateway.wire.sip.uas import SipUas

log = Logger()

NAME: Final = "channel-gateway"
APOLOGY: Final = "voice.failed"
LOOPBACK: Final = ("127.0.0.0/8", "::1/128")
FILES_PER_CALL: Final = 2
FILES_BESIDE: Final = 4_000
"""Connections, the database, recordings, logs."""


class VoiceSet:
    """Everything of the channel. `clock` (IReactorTime, monotonic) is that of calls and media."""

    def __init__(
        self, config: Config, desk: Desk, reactor: Any, hasher: Argon2Hasher, metrics: Metrics
    ) -> None:
        """Raises Fault where the recordings cannot be read."""
        self._desk = desk
        self._metrics = metrics
        host = numeric(config.host)
        self._own = OwnAddress(host, config.sip_address)
        self._recorded = config.prompts
        self._prompts = need_prompts(config.prompts, self._missing)
        limits = config.limits
        uas = SipUas(_sip_settings(config), token, self._local)
        self.sip = SipPort(uas, reactor, self._handle, limits.connections_max)
        measured = VoiceMetrics(metrics.registry)
        low, high = config.rtp_ports
        media = MediaSettings(
            addresses=_addresses(host),
            ports=range(low, high + 1),
            legs_max=limits.calls_max,
            silent_seconds_max=config.rtp_silent_seconds_max,
        )
        self.media = Media(
            reactor, chance(), media, NAME, late=measured.late, jitter=measured.jitter
        )
        shared = Shared(
            desk=desk,
            sip=self.sip,
            media=self.media,
            clock=reactor,
            settings=VoiceSettings(
                calls_max=limits.calls_max,
                calls_per_second_max=limits.calls_per_second_max,
                number_calls_per_minute_max=limits.number_calls_per_minute_max,
                operator=config.voice_operator,
            ),
            clips=lambda phrases, language: self._prompts.clips(phrases, language),
            apology=self._apology,
            verify=Verifier(hasher, reactor).right,
            setup_seconds=measured.setup,
            response_seconds=measured.response,
            host=self._own.seen_from,
        )
        self.voice = Voice(
            shared, Trust(_peers(config), _accounts(config), token().encode(), token)
        )
        measured.watch(self.voice, shared.counts, self.media, uas)

    @property
    def busy(self) -> bool:
        """Whether there are calls, or a BYE of ours that is not answered yet."""
        return bool(self.voice.calls or self.sip.uas.calls)

    def prompt_ids(self, phrases: Sequence[str], language: VoiceLanguage) -> Sequence[str]:
        """Names of the recordings that a call plays for phrases."""
        return self._prompts.ids(phrases, language)

    def cut(self, trace: str) -> str:
        """Name of the recording that the last key of a call stopped, or empty."""
        record = self.voice.record(trace)
        return name_of(record.cut) if record else ""

    def prompt_files(self) -> Iterator[Path]:
        """What is looked at for new recordings: the manifest, which names each with the hash of
        its file, and the files it names that could not be played."""
        yield self._recorded / MANIFEST
        yield from self._prompts.unreadable

    def read_prompts(self) -> tuple[Prompts | None, list[Problem]]:
        """The recordings as they now are; in any thread."""
        return read_prompts(self._recorded, self._missing)

    def play(self, prompts: Prompts) -> None:
        """From now on these are heard; tell of those that cannot be."""
        self._prompts = prompts
        for file, reason in prompts.unreadable.items():
            log.warn("a recording cannot be played: {file}: {reason}", file=file, reason=reason)

    def start(self) -> None:
        """Tell of recordings that cannot be played."""
        self.play(self._prompts)

    def close(self) -> None:
        """End the media, and send nothing more."""
        self.media.close()
        self.sip.close()

    def _handle(self, events: Sequence[Any]) -> None:
        self.voice.handle(events)

    def _local(self, transport: str, peer: Address) -> Address:
        return self._own.seen_from(peer[0]), self.sip.numbers[transport]

    def _apology(self, language: VoiceLanguage) -> Sequence[str]:
        speech = self._desk.world.menus.current.speech(APOLOGY, language, {})
        return speak(speech, language, 0)

    def _missing(self, language: VoiceLanguage, words: str) -> None:
        self._metrics.prompt_missing(language)
        log.warn("a phrase is not recorded", language=language, words=words)


def raise_file_limit(calls_max: int) -> None:
    """Room for two sockets a call (RTP and RTCP), as far as the system lets us go."""
    wanted = calls_max * FILES_PER_CALL + FILES_BESIDE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    if soft == unlimited or soft >= wanted:
        return
    most = wanted if hard == unlimited else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    if most < wanted:
        log.warn("the limit of open files is too low for so many calls", files=most, wanted=wanted)


def _sip_settings(config: Config) -> Settings:
    calls_max, connections_max = config.limits.calls_max, config.limits.connections_max
    return Settings(
        user_agent=NAME,
        calls_max=2 * calls_max,  # those refused wait for their ACK
        connections_max=connections_max,
        t1_seconds=config.sip_t1_seconds,
    )


def _addresses(host: str) -> tuple[str, ...]:
    """An address of each family where any is bound to."""
    return ("::", "0.0.0.0") if host == "::" else (host,)


def _peers(config: Config) -> tuple[Peer, ...]:
    given = tuple(Peer(each.name, each.networks, each.numbers_allowed) for each in config.sip_peers)
    return (*given, Peer("demo", LOOPBACK)) if config.demo else given


def _accounts(config: Config) -> tuple[Account, ...]:
    return tuple(
        Account(each.user, each.password.reveal(), each.numbers_allowed, each.peers_allowed)
        for each in config.sip_accounts
    )
