"""Flows replayed over the network, on a gateway that runs: SMPP, SIP and RTP, and the HTTP API.

The composition of `gateway replay --smpp` and of what else works as a network's handsets; what is
played and how it is judged is `gateway.replay`'s.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from gateway.replay.cast import Play, side_by_side
from gateway.replay.coverage import Overheard, Visited
from gateway.replay.handset import Lost
from gateway.replay.player import Played, play
from gateway.service.errors import NO_CONNECTION, Fault
from gateway.service.keyboard import first_interrupt
from gateway.service.progress import Progress
from gateway.service.rehearsing import Interrupted, Lean, Told

if TYPE_CHECKING:
    from gateway.replay.api import Api
    from gateway.replay.caller import Caller
    from gateway.replay.live import LiveHandset
    from gateway.replay.network import Network
    from gateway.wire.sip.login import Login

T = TypeVar("T")
LATE_SECONDS = 0.3
"""How long the last events of a gateway are waited for."""
TICK_SECONDS = 1.0
"""How often progress is told of while nothing ends."""


@dataclass(frozen=True, slots=True)
class Target:
    """A gateway that runs: where it listens and who we are to it."""

    host: str
    smpp_port: int
    system_id: str
    password: str
    http_port: int
    token: str
    """Empty: no HTTP API; flows that look at charges, places, the clock or the words of a call
    cannot be played."""
    sip: tuple[str, int] | None = None
    """Where calls go; None: flows that call cannot be played."""
    sip_login: Login | None = None
    """For a gateway that asks who calls."""


def network_of(target: Target, reactor: Any) -> Network:
    """A network that will bind to it."""
    from twisted.internet.endpoints import HostnameEndpoint

    from gateway.replay.network import Network

    endpoint = HostnameEndpoint(reactor, target.host, target.smpp_port)
    login = (target.system_id, target.password)
    return Network(endpoint, f"{target.host}:{target.smpp_port}", login, reactor)


def api_of(target: Target, reactor: Any) -> Api | None:
    """Its HTTP API, where there is a token for it."""
    from gateway.replay.api import Api

    address = f"{target.host}:{target.http_port}"
    return Api(reactor, address, target.token) if target.token else None


def caller_of(
    target: Target, plays: Iterable[Play], api: Api | None, reactor: Any
) -> Caller | None:
    """What will make its calls; None where no flow calls, or it was not said where to."""
    calls = any(step.action.verb == "call" for each in plays for step in each.flow.steps)
    return calling(target, api, reactor) if calls else None


def calling(target: Target, api: Api | None, reactor: Any) -> Caller | None:
    """The same for whoever may call."""
    from gateway.replay.caller import Caller
    from gateway.service.secrets import chance, token

    if target.sip is None:
        return None
    return Caller(reactor, target.sip, token, chance(), target.sip_login, api)


@dataclass(frozen=True, slots=True)
class Handsets:
    """MSISDN -> its handset on a network."""

    network: Network
    caller: Caller | None
    api: Api | None

    def __call__(self, msisdn: str) -> LiveHandset:
        """A new one, in place of the one it had."""
        from gateway.replay.live import LiveHandset

        return self.network.attach(LiveHandset(msisdn, self.network, self.api, self.caller))


@asynccontextmanager
async def handsets(
    target: Target, binds: int, caller: Caller | None, api: Api | None, reactor: Any
) -> AsyncIterator[Handsets]:
    """Handsets behind so many binds; the caller and the API are closed with them. Raises Lost."""
    network = network_of(target, reactor)
    try:
        await network.open(binds)
        yield Handsets(network, caller, api)
    finally:
        if caller is not None:
            await caller.close()
        network.close()
        if api is not None:
            await api.close()


async def perform(
    target: Target,
    plays: Sequence[Play],
    binds: int,
    done: Told,
    reactor: Any,
    visited: Visited | None = None,
) -> list[Played]:
    """Play over SMPP, all numbers side by side over `binds` binds, and over SIP and RTP what they
    call; `visited` learns of what the gateway tells of it. Where the gateway goes away, and when
    this is cancelled, it is those plays that had ended. Raises Lost where it is not there."""
    from twisted.internet.task import deferLater

    from gateway.replay.api import TURNS

    api = api_of(target, reactor)
    caller = caller_of(target, plays, api, reactor)
    async with handsets(target, binds, caller, api, reactor) as handset_of:
        lean = Lean()

        async def one(each: Play) -> Played:
            began = reactor.seconds()
            handset = handset_of(each.subscriber.msisdn)
            played = await play(each.flow, handset, each.subscriber.parameters)
            return lean(replace(played, seconds=reactor.seconds() - began))

        if caller is not None:
            await caller.open()
        if visited is not None:
            assert api is not None, "a command asks for its token first"
            numbers = frozenset(each.subscriber.msisdn for each in plays)
            await api.follow(Overheard(visited, numbers).happened, _ignore, TURNS)
        played = await side_by_side(plays, one, done, lambda: handset_of.network.is_up)
        if visited is not None:
            await deferLater(reactor, LATE_SECONDS)
        return played


def _ignore(_lost: Lost) -> None:
    """Whoever plays hears of it too."""


def perform_here(
    target: Target,
    plays: Sequence[Play],
    binds: int,
    progress: Progress,
    visited: Visited | None = None,
) -> list[Played]:
    """The same on this process's reactor. Raises Fault, and Interrupted."""
    from twisted.internet.defer import CancelledError, Deferred
    from twisted.internet.task import LoopingCall

    interrupted: list[bool] = []

    async def work(reactor: Any) -> list[Played]:
        doing = perform(target, plays, binds, progress, reactor, visited)
        playing = Deferred.fromCoroutine(doing)

        def end() -> None:
            interrupted.append(True)
            playing.cancel()

        ticking = LoopingCall(progress.tick)
        ticking.clock = reactor
        ticking.start(TICK_SECONDS, now=False)
        try:
            with first_interrupt(reactor, end):
                return await playing
        except CancelledError:
            return []
        finally:
            ticking.stop()

    played = on_own_reactor(work)
    if interrupted:
        raise Interrupted(played)
    return played


def on_own_reactor(work: Callable[[Any], Coroutine[Any, Any, T]]) -> T:
    """The result of `work(reactor)` on this process's reactor, which runs for it and never again.
    Raises Fault where the gateway is lost."""
    from twisted.internet import reactor as installed
    from twisted.internet.defer import Deferred
    from twisted.python.failure import Failure

    reactor: Any = installed
    reactor.seconds = time.monotonic
    outcome: list[Any] = []
    stopping: list[bool] = []

    def ended(result: Any) -> None:
        if not stopping:  # else a signal stopped it, and this is what that broke
            outcome.append(result)
            reactor.stop()

    def begin() -> None:
        Deferred.fromCoroutine(work(reactor)).addBoth(ended)

    reactor.addSystemEventTrigger("before", "shutdown", stopping.append, True)
    reactor.callWhenRunning(begin)
    reactor.run()
    if not outcome:
        raise KeyboardInterrupt
    [result] = outcome
    if isinstance(result, Failure):
        if isinstance(result.value, Lost):
            raise Fault(str(result.value), NO_CONNECTION)
        result.raiseException()
    return cast("T", result)
