"""Flows replayed: in this process and its children, or over the network.

The composition of `gateway replay` and of the pytest plug-in; what is played and how it is judged
is `gateway.replay`'s.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from gateway.replay.cast import FIRST_MSISDN, SUBSCRIBERS_MAX, Play, side_by_side
from gateway.replay.coverage import Overheard, Visited
from gateway.replay.handset import Lost
from gateway.replay.player import Played, play
from gateway.service.config import Config
from gateway.service.errors import NO_CONNECTION, Fault
from gateway.service.rehearsal import Rehearsal, at_once

if TYPE_CHECKING:
    from gateway.replay.api import Api
    from gateway.replay.caller import Caller
    from gateway.replay.live import LiveHandset
    from gateway.replay.network import Network
    from gateway.wire.sip.login import Login

T = TypeVar("T")
Told = Callable[[Played], None]
CHUNK_PLAYS = 200
"""Plays handed to a child process at once."""
LATE_SECONDS = 0.3
"""How long the last events of a gateway are waited for."""


def numbers_needed(msisdns: Iterable[str]) -> int:
    """How many of the demo's numbers for load must be there, so that these are among them."""
    indexes = (int(each) - FIRST_MSISDN + 1 for each in msisdns)
    return max((index for index in indexes if 0 < index <= SUBSCRIBERS_MAX), default=0)


def rehearse(
    config: Config, plays: Sequence[Play], jobs: int, done: Told, visited: Visited | None = None
) -> list[Played]:
    """Play in process, in `jobs` processes; `visited` learns of all that was gone through.

    Raises Fault for menus that cannot be served.
    """
    needed = numbers_needed(each.subscriber.msisdn for each in plays)
    if jobs == 1 or len(plays) <= 1:
        with Rehearsal(config, needed, visited) as rehearsal:
            lean = _Lean()
            return [lean(_tell(rehearsed(rehearsal, each), done)) for each in plays]
    chunks = [plays[at : at + CHUNK_PLAYS] for at in range(0, len(plays), CHUNK_PLAYS)]
    found: list[Played] = []
    arguments = (config, needed, visited is not None)
    with ProcessPoolExecutor(jobs, initializer=_begin, initargs=arguments) as pool:
        for played, gone in pool.map(_in_a_child, chunks):
            found += [_tell(each, done) for each in played]
            if visited is not None and gone is not None:
                visited.add(gone)
    return found


def _tell(played: Played, done: Told) -> Played:
    done(played)
    return played


class _Lean:
    """Keeps the steps of the first play of a flow that passed, and of those that did not: a
    million of plays that saw the same fit into memory."""

    def __init__(self) -> None:
        self._kept: set[tuple[str, str]] = set()

    def __call__(self, played: Played) -> Played:
        flow = played.flow.path, played.flow.name
        if played.passed and flow in self._kept:
            return replace(played, done=())
        if played.passed:
            self._kept.add(flow)
        return played


def rehearsed(rehearsal: Rehearsal, one: Play) -> Played:
    """One play on data as new."""
    began = time.perf_counter()
    handset = rehearsal.handset(one.subscriber.msisdn)
    played = at_once(play(one.flow, handset, one.subscriber.parameters))
    return replace(played, seconds=time.perf_counter() - began)


_child: dict[str, Any] = {}
"""A child process's own rehearsal."""


def _begin(config: Config, subscribers: int, watched: bool) -> None:
    visited = Visited() if watched else None
    rehearsal = Rehearsal(config, subscribers, visited)
    _child.update(visited=visited, rehearsal=rehearsal, lean=_Lean())


def _in_a_child(plays: Sequence[Play]) -> tuple[list[Played], Visited | None]:
    lean, rehearsal = _child["lean"], _child["rehearsal"]
    return [lean(rehearsed(rehearsal, each)) for each in plays], _child["visited"]


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


@asynccontextmanager
async def handsets(
    target: Target, binds: int, caller: Caller | None, api: Api | None, reactor: Any
) -> AsyncIterator[Callable[[str], LiveHandset]]:
    """MSISDN -> its handset, behind so many binds; the caller and the API are closed with them.
    Raises Lost."""
    from gateway.replay.live import LiveHandset

    network = network_of(target, reactor)
    try:
        await network.open(binds)
        yield lambda msisdn: network.attach(LiveHandset(msisdn, network, api, caller))
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
    call; `visited` learns of what the gateway tells of it. Raises Lost."""
    from twisted.internet.task import deferLater

    from gateway.replay.api import TURNS

    api = api_of(target, reactor)
    caller = caller_of(target, plays, api, reactor)
    async with handsets(target, binds, caller, api, reactor) as handset_of:
        lean = _Lean()

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
        played = await side_by_side(plays, one, done)
        if visited is not None:
            await deferLater(reactor, LATE_SECONDS)
        return played


def _ignore(_lost: Lost) -> None:
    """Whoever plays hears of it too."""


def perform_here(
    target: Target,
    plays: Sequence[Play],
    binds: int,
    done: Told,
    visited: Visited | None = None,
) -> list[Played]:
    """The same on this process's reactor. Raises Fault."""
    return on_own_reactor(lambda reactor: perform(target, plays, binds, done, reactor, visited))


def on_own_reactor(work: Callable[[Any], Coroutine[Any, Any, T]]) -> T:
    """The result of `work(reactor)` on this process's reactor, which runs for it and never again.
    Raises Fault where the gateway is lost."""
    from twisted.internet import reactor as installed
    from twisted.internet.defer import Deferred
    from twisted.python.failure import Failure

    reactor: Any = installed
    reactor.seconds = time.monotonic
    outcome: list[Any] = []

    def begin() -> None:
        working = Deferred.fromCoroutine(work(reactor))
        working.addBoth(outcome.append).addBoth(lambda _: reactor.stop())

    reactor.callWhenRunning(begin)
    reactor.run()
    if not outcome:
        raise KeyboardInterrupt  # the reactor was stopped by a signal
    [result] = outcome
    if isinstance(result, Failure):
        if isinstance(result.value, Lost):
            raise Fault(str(result.value), NO_CONNECTION)
        result.raiseException()
    return cast("T", result)
