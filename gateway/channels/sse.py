"""Server-sent events: what happens, to everyone who listens; a slow listener is let go.

WHATWG HTML §9.2. A listener that stops reading misses at most `MISSED_EVENTS_MAX` events before
its stream is closed, so that nothing is kept for it without end. One that comes back says by
`Last-Event-ID` what it heard last, and is told what it missed, or that it cannot be told.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from twisted.internet.interfaces import IPushProducer
from twisted.internet.task import LoopingCall
from zope.interface import implementer

from gateway.channels.core import Core
from gateway.channels.http_events import FILTERS
from gateway.channels.problems import Problem

MISSED_EVENTS_MAX = 100
BEAT_SECONDS = 15.0
"""A comment this often, by which both ends notice a dead connection."""
EVENTS_KEPT_MAX = 1000
LINGER_SECONDS = 30.0
"""How long after the last listener left events are still kept for one that comes back."""


def _wanted(request: Any) -> dict[str, frozenset[str]]:
    wanted = {}
    for name, known in FILTERS.items():
        values = {each.decode("utf-8", "replace") for each in request.args.get(name.encode(), ())}
        if not values <= set(known):
            what = f"{name} must be one of: {', '.join(known)}"
            raise Problem(422, what, name="field_wrong", field=name)
        if values:
            wanted[name] = frozenset(values)
    return wanted


@implementer(IPushProducer)
class _Stream:
    """One listener's request; `kind` and `channel` of its query say what of all it hears."""

    def __init__(self, request: Any) -> None:
        self._request = request
        self._wanted = _wanted(request)
        self._paused = False
        self._missed = 0

    def wants(self, event: Mapping[str, object]) -> bool:
        """Whether an event is of the kinds and channels it asked for."""
        return all(event.get(name) in values for name, values in self._wanted.items())

    @property
    def heard_last(self) -> str:
        """The id of the last event it heard on an earlier connection, or empty."""
        return (self._request.getHeader(b"last-event-id") or b"").decode("utf-8", "replace")

    def send(self, octets: bytes) -> bool:
        """False where the listener has fallen too far behind."""
        if not self._paused:
            self._request.write(octets)
            return True
        self._missed += 1
        return self._missed <= MISSED_EVENTS_MAX

    def pauseProducing(self) -> None:
        self._paused = True

    def resumeProducing(self) -> None:
        self._paused, self._missed = False, 0

    def stopProducing(self) -> None:
        self._paused = True

    def close(self) -> None:
        """End it when what was written has left."""
        self._request.unregisterProducer()
        self._request.channel.loseConnection()

    def abort(self) -> None:
        """End it now: what was written may never leave."""
        self._request.channel.forceAbortClient()


class EventStreams:
    """All listeners of one core. Subscribes to it while there is at least one."""

    def __init__(self, core: Core, streams_max: int, clock: Any) -> None:
        self._core = core
        self._streams_max = streams_max
        self._streams: set[_Stream] = set()
        self._unsubscribe: Callable[[], None] | None = None
        self._run = f"{int(core.now()):x}"
        self._count = self._untold = 0
        self._kept: deque[tuple[int, Mapping[str, object]]] = deque(maxlen=EVENTS_KEPT_MAX)
        self._leaving: Any = None
        self._clock = clock
        self._beat = LoopingCall(self._alive)
        self._beat.clock = clock

    def full(self) -> bool:
        """Whether one more listener must be refused."""
        return len(self._streams) >= self._streams_max

    def open(self, request: Any) -> None:
        """Begin a stream on a request, until the listener goes away. Raises Problem where it asks
        for what no event is."""
        stream = _Stream(request)
        request.setHeader(b"content-type", b"text/event-stream")
        request.setHeader(b"cache-control", b"no-store")
        request.registerProducer(stream, True)
        request.notifyFinish().addBoth(lambda _: self._gone(stream))
        request.write(b": hi\n\n")
        self._streams.add(stream)
        if stream.heard_last:
            stream.send(self._missed(stream))
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None
        if self._unsubscribe is None:
            self._unsubscribe = self._core.subscribe(self._publish)
            self._beat.start(BEAT_SECONDS, now=False)

    def close(self) -> None:
        """End every stream, at shutdown."""
        for stream in tuple(self._streams):
            stream.close()
        if self._leaving is not None:
            self._leaving.cancel()
            self._forget()

    def _gone(self, stream: _Stream) -> None:
        self._streams.discard(stream)
        if not self._streams and self._leaving is None and self._unsubscribe is not None:
            self._leaving = self._clock.callLater(LINGER_SECONDS, self._forget)

    def _forget(self) -> None:
        assert self._unsubscribe is not None, "kept only while subscribed"
        self._unsubscribe()
        self._unsubscribe = self._leaving = None
        self._beat.stop()
        self._kept.clear()
        self._count = self._untold = self._count + 1

    def _publish(self, kind: str, fields: Mapping[str, object]) -> None:
        self._count += 1
        event = {"kind": kind, **fields}
        self._kept.append((self._count, event))
        wanting = [stream for stream in self._streams if stream.wants(event)]
        if wanting:
            self._send(self._written(self._count, event), wanting)

    def _written(self, number: int, event: Mapping[str, object]) -> bytes:
        data = json.dumps(event, ensure_ascii=False)
        return f"id: {self._run}-{number}\nevent: {event['kind']}\ndata: {data}\n\n".encode()

    def _missed(self, stream: _Stream) -> bytes:
        """What has happened since it went away, as far as it is kept; `gap` tells of the rest."""
        run, _, last = stream.heard_last.rpartition("-")
        known = run == self._run and last.isdecimal() and self._untold <= int(last) <= self._count
        heard = int(last) if known else 0
        first = self._kept[0][0] if self._kept else self._count + 1
        lost = max(0, first - 1 - heard) if known else None
        told = [_gap(lost)] if lost != 0 else []
        for number, event in self._kept:
            if number > heard and stream.wants(event):
                told.append(self._written(number, event))
        return b"".join(told)

    def _send(self, octets: bytes, streams: Iterable[_Stream]) -> None:
        for stream in tuple(streams):
            if not stream.send(octets):
                stream.abort()

    def _alive(self) -> None:
        self._send(b": beat\n\n", self._streams)


def _gap(missed: int | None) -> bytes:
    """So many events were missed for good, of whatever kind; None: nobody knows how many."""
    return f"event: gap\ndata: {json.dumps({'kind': 'gap', 'missed': missed})}\n\n".encode()
