"""Transactions of both sides, run by the table of `states` (RFC 3261 §17, RFC 6026)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from gateway.wire.sip.answers import body_fields
from gateway.wire.sip.core import UDP, Core
from gateway.wire.sip.errors import ProtocolError
from gateway.wire.sip.events import Address
from gateway.wire.sip.headers import parse_cseq, parse_via
from gateway.wire.sip.incoming import Incoming, Key
from gateway.wire.sip.message import Headers, Request, Response
from gateway.wire.sip.states import DURATIONS, FIRST, TABLE, Action, Input, Machine, Row, State
from gateway.wire.sip.timers import Timer

OnResponse = Callable[[Response, float], None]
OnTimeout = Callable[[float], None]

_CLASSES: Final = {1: Input.PROVISIONAL, 2: Input.SUCCESS}
# of the INVITE, in the ACK to its failure (§17.1.1.3)
_ACK_FIELDS: Final = ("via", "max-forwards", "from", "call-id", "route")


def input_of(status: int) -> Input:
    """The input a response is to a transaction."""
    return _CLASSES.get(status // 100, Input.FAILURE)


class Transaction:
    """One request and what answers it. `over` is called once it has ended."""

    __slots__ = (
        "_core",
        "_destination",
        "_intervals",
        "_last",
        "_over",
        "_table",
        "_timers",
        "_transport",
        "request",
        "state",
    )

    def __init__(
        self,
        core: Core,
        machine: Machine,
        request: Request,
        path: tuple[Address, str],
        over: Callable[[], None],
    ) -> None:
        """`path` is where its messages go: destination and transport."""
        self._core = core
        self._table = TABLE[machine]
        self._destination, self._transport = path
        self._over = over
        self._timers: dict[str, Timer] = {}
        self._intervals: dict[str, float] = {}
        self._last: Request | Response | None = None
        self.request = request
        self.state = FIRST[machine].state

    def _take(self, came: Input, message: Request | Response | None, now: float) -> None:
        """One step of the table; what has no row is absorbed."""
        row = self._table.get((self.state, came))
        if row is not None:
            self._enter(row, message, now)

    def _enter(self, row: Row, message: Request | Response | None, now: float) -> None:
        self.state = row.state
        for letter in row.stop:
            self._core.timers.stop(self._timers.pop(letter, None))
        for action in row.actions:
            self._act(action, message, now)
        if self.state is State.TERMINATED:
            self.abandon()
            return
        for letter in row.start:
            self._start(letter, now)

    def _act(self, action: Action, message: Request | Response | None, now: float) -> None:
        if action is Action.SEND:
            self._last = message
        if self._last is not None:
            self._core.send(self._last, self._destination, self._transport)

    def _start(self, letter: str, now: float) -> None:
        """Start or restart a timer (RFC 3261, Table 4)."""
        duration = DURATIONS[letter]
        seconds: float = getattr(self._core.settings, duration.field)
        if self._transport != UDP and duration.over_stream != "same":
            if duration.over_stream == "never":
                return
            seconds = 0.0
        if duration.doubles_to is not None:
            seconds = self._next_interval(letter, seconds, duration.doubles_to)
        came = Input[letter]
        self._timers[letter] = self._core.timers.start(
            now + seconds, lambda at: self._take(came, None, at)
        )

    def _next_interval(self, letter: str, first: float, bound: str) -> float:
        """The pause before the next retransmission: doubled, and bounded where a bound is named."""
        seconds = self._intervals.get(letter, first / 2) * 2
        if bound:
            longest: float = getattr(self._core.settings, bound)
            # a provisional answer slows a request down at once (§17.1.2.2)
            seconds = longest if self.state is State.PROCEEDING else min(seconds, longest)
        self._intervals[letter] = seconds
        return seconds

    def abandon(self) -> None:
        """End it here and now; nothing more is sent or told."""
        self.state = State.TERMINATED
        for timer in self._timers.values():
            self._core.timers.stop(timer)
        self._timers.clear()
        self._over()


class ServerTransaction(Transaction):
    """A request of the peer's; its final answer is repeated as long as the request may be."""

    __slots__ = ("owner",)

    owner: Any
    """What the user of the layer keeps with it, None to begin with."""

    @property
    def unanswered(self) -> bool:
        """Whether no final response was given yet."""
        return self.state in (State.TRYING, State.PROCEEDING)

    def respond(self, response: Response, now: float) -> None:
        """Send a response; after a final one only the 2xx of an INVITE may come again."""
        self._take(input_of(response.status), response, now)

    def repeated(self, incoming: Incoming, now: float) -> None:
        """The request came again, or its ACK."""
        self._take(Input.ACK if incoming.method == "ACK" else Input.REQUEST, None, now)


class ClientTransaction(Transaction):
    """A request of ours, repeated until it is answered or given up."""

    __slots__ = ("_on_response", "_on_timeout")

    _on_response: OnResponse
    _on_timeout: OnTimeout

    def begin(
        self, machine: Machine, on_response: OnResponse, on_timeout: OnTimeout, now: float
    ) -> None:
        """Send it; `on_response` gets every response that counts, `on_timeout` none of them."""
        self._on_response, self._on_timeout = on_response, on_timeout
        self._enter(FIRST[machine], self.request, now)

    def answered(self, response: Response, now: float) -> None:
        """A response came."""
        self._take(input_of(response.status), response, now)

    def _act(self, action: Action, message: Request | Response | None, now: float) -> None:
        if action is Action.TIME_OUT:
            self._on_timeout(now)
        elif action is Action.PASS and isinstance(message, Response):
            self._on_response(message, now)
        elif action is Action.ACK and isinstance(message, Response):
            self._core.send(self._ack(message), self._destination, self._transport)
        else:
            super()._act(action, message, now)

    def _ack(self, response: Response) -> Request:
        """The ACK to a failure: of the same transaction, to the tag that failed (§17.1.1.3)."""
        headers = self.request.headers
        fields = [(name, value) for name in _ACK_FIELDS for value in headers.all(name)]
        number = parse_cseq(headers.all("cseq")[0]).number
        fields += [("to", response.headers.get("to") or ""), ("cseq", f"{number} ACK")]
        titled = ((_title(name), value) for name, value in fields)
        return Request("ACK", self.request.uri, Headers((*titled, *body_fields(b""))))


def _title(name: str) -> str:
    return {"call-id": "Call-ID", "cseq": "CSeq"}.get(name, name.title())


class Transactions:
    """Every transaction of a machine, found by what its messages have in common."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._server: dict[Key, ServerTransaction] = {}
        self._client: dict[tuple[str, str], ClientTransaction] = {}
        self._merged: dict[Key, Key] = {}

    def __len__(self) -> int:
        return len(self._server) + len(self._client)

    @property
    def full(self) -> bool:
        """Whether one more may not be kept."""
        return len(self) >= self._core.settings.transactions_max

    def find(self, incoming: Incoming) -> ServerTransaction | None:
        """The transaction a request repeats, or the INVITE that an ACK or CANCEL is about."""
        method = "INVITE" if incoming.method in ("ACK", "CANCEL") else incoming.method
        return self._server.get(incoming.key(method))

    def is_merged(self, incoming: Incoming) -> bool:
        """Whether the same request came by another path (RFC 3261 §8.2.2.2)."""
        return not incoming.to.tag and _merge_key(incoming) in self._merged

    def serve(self, incoming: Incoming) -> ServerTransaction:
        """Begin a transaction of the peer's."""
        key, merged = incoming.key(incoming.method), _merge_key(incoming)

        def over() -> None:
            self._server.pop(key, None)
            self._merged.pop(merged, None)

        machine = Machine.INVITE_SERVER if incoming.method == "INVITE" else Machine.SERVER
        path = (incoming.answer_to, incoming.transport)
        transaction = ServerTransaction(self._core, machine, incoming.request, path, over)
        transaction.owner = None
        self._server[key] = transaction
        if not incoming.to.tag:
            self._merged[merged] = key
        return transaction

    def ask(
        self,
        request: Request,
        path: tuple[Address, str],
        on_response: OnResponse,
        on_timeout: OnTimeout,
        now: float,
    ) -> ClientTransaction:
        """Send a request of ours."""
        key = (parse_via(request.headers.all("via")[0]).branch, request.method)

        def over() -> None:
            self._client.pop(key, None)

        machine = Machine.INVITE_CLIENT if request.method == "INVITE" else Machine.CLIENT
        transaction = ClientTransaction(self._core, machine, request, path, over)
        self._client[key] = transaction
        transaction.begin(machine, on_response, on_timeout, now)
        return transaction

    def answered(self, response: Response, now: float) -> bool:
        """Give a response to the transaction it answers (§17.1.3); False where there is none."""
        if response.fault is not None:
            return False
        try:
            via = parse_via(response.headers.get("via") or "")
            method = parse_cseq(response.headers.get("cseq") or "").method
        except ProtocolError:
            return False
        transaction = self._client.get((via.branch, method))
        if transaction is None:
            return False
        transaction.answered(response, now)
        return True


def _merge_key(incoming: Incoming) -> Key:
    return (incoming.origin.tag, incoming.call_id, str(incoming.cseq.number), incoming.method)
