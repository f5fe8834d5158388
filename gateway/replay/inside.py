"""A handset in this process: the real desk, menus and account core under a clock that stands.

Rule: nothing of a flow is ever committed. Every flow begins on the same data, so flows cannot
disturb one another; the desk and its dialogues are as new as the data.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Literal, Protocol

from gateway.channels.desk import Desk, Failed, nothing, sms_dialogue
from gateway.channels.ids import Ids
from gateway.domain.numbers import normalise_short_number
from gateway.domain.port import Arrival, Event, Opened, Page, Released, Replied, Sms
from gateway.replay.calls import Heard, Recorded, Telephone, Verifies
from gateway.replay.coverage import Visited
from gateway.replay.handset import Action, Charged, NotPlayed, Received, Seen, Verb, Wants
from gateway.turn.dated import do_due
from gateway.turn.outcome import Outcome
from gateway.turn.unit import Unit
from gateway.turn.world import World

LINK = "replay"
CHARGES_MAX = 10_000
JOBS_MAX = 1_000
Task = Callable[[Any], Any]
Locate = Callable[[Unit, str, str, str], None]
"""Registers an MSISDN in a network (MCC and MNC) and region, inside a transaction."""


class Store(Protocol):
    """Data that flows are played on, and that none of them changes for good."""

    def restart(self) -> None:
        """Undo whatever was done since the data were made."""
        ...

    def run(self, work: Task) -> Any:
        """`work(unit)`; or the exception it raised, with nothing of it left."""
        ...


class InsideHandset:
    """One subscriber on data as new. A `Handset`; to its desk it is the store's writer and the
    one link of the network too."""

    is_up = True

    def __init__(
        self,
        msisdn: str,
        world: World,
        store: Store,
        locate: Locate,
        now: float,
        ids: Ids,
        telephone: tuple[Verifies, Recorded],
        visited: Visited | None = None,
    ) -> None:
        """`now` is where its clock stands, epoch seconds; `telephone` is what its calls need;
        `visited` is told whose turn it is."""
        self.msisdn = msisdn
        self.now = now
        self._visited = visited
        self._store = store
        self._locate = locate
        self._queue: deque[tuple[Task, Callable[[Any], None]]] = deque()
        self._sent: deque[Callable[[str], None]] = deque()
        self._page: Page | None = None
        self._sms: list[Received] = []
        self._failed: BaseException | None = None
        self._waits: dict[str, float] = {}
        self._dialogue = f"{LINK}|{msisdn}|"
        self.desk = Desk(world, self, lambda: self.now, lambda: 0.0, ids)
        self.desk.links[LINK] = self
        self._telephone = self.desk.calls[LINK] = Telephone(self, LINK, *telephone)
        self.desk.observers.append(self._observe)
        store.restart()

    async def act(self, action: Action, wants: Wants) -> Seen:
        self._page, self._sms, self._failed = None, [], None
        heard = self._telephone.heard = Heard()
        charged = self._charges() if wants.charges else []
        balance = self._balance() if wants.balance else 0
        if self._visited is not None:
            self._visited.language = self._subscriber().language
        _ACTS[action.verb](self, action)
        self.settle()
        if self._failed is not None:
            raise NotPlayed(f"the turn failed: {self._failed!r}")
        page = self._page
        said = " ".join(heard.phrases) or None
        if self._visited is not None:
            self._visited.prompts.update(heard.prompts)
        return Seen(
            text=page.text if page else said,
            more=page.more if page else heard.more,
            asks_secret=page.secret if page else heard.asks_secret,
            sms=tuple(self._sms),
            charges=tuple(self._charges()[len(charged) :]) if wants.charges else (),
            balance_change=self._balance() - balance if wants.balance else None,
            prompts=tuple(heard.prompts),
        )

    async def put_down(self) -> None:
        """What is under way is undone with all data when the next flow begins."""

    # --- actions ------------------------------------------------------------------------------

    def _dial(self, action: Action) -> None:
        self._ussd(Opened(action.text), self.desk.ids.next())

    def _answer(self, action: Action) -> None:
        self._ussd(Replied(action.text))

    def _ussd(self, event: Event, trace: str = "") -> None:
        arrival = Arrival("ussd", LINK, self.msisdn, "", self._dialogue, event, trace=trace)
        self.desk.submit(arrival, nothing)

    def _write(self, action: Action) -> None:
        number, id = normalise_short_number(action.to), self.desk.ids.next()
        dialogue = sms_dialogue(LINK, self.msisdn, number)
        event = Opened(action.text)
        arrival = Arrival("sms", LINK, self.msisdn, number, dialogue, event, id, trace=id)
        self.desk.submit(arrival, nothing)

    def _hang_up(self, _action: Action) -> None:
        self._end("user")

    def _drop(self, _action: Action) -> None:
        self._end("network")

    def _end(self, reason: Literal["user", "network"]) -> None:
        if self._telephone.is_busy:
            self._telephone.hang_up(reason)
        else:  # USSD over SMPP has one release for both, read as the subscriber's
            self._ussd(Released("user"))

    def _time_out(self, _action: Action) -> None:
        if self._telephone.is_busy:
            self._telephone.silence()
            return
        if not self._waits:
            raise NotPlayed("nothing waits for an answer")
        self._pass(min(self._waits.values()))

    def _advance(self, action: Action) -> None:
        until = self.now + action.seconds
        while self._waits and (soonest := min(self._waits.values())) <= until:
            self._pass(soonest)
        self._pass(until)
        next_id = self.desk.ids.several()
        while done := self.read(
            lambda unit: do_due(self.now, unit, self.desk.world, next_id, JOBS_MAX)
        ):
            for sms in (sms for job in done for sms in job.deliveries):
                self.desk.deliver(sms)
            self.settle()

    def _pass(self, until: float) -> None:
        self._telephone.talk(until)
        self.desk.tick()
        self.settle()

    def _move(self, action: Action) -> None:
        self.read(lambda unit: self._locate(unit, self.msisdn, action.text, action.to))

    def _speak(self, action: Action) -> None:
        changes = {"language": action.text}
        self.read(lambda unit: unit.book.update_subscriber(self.msisdn, changes))

    def _call(self, action: Action) -> None:
        self._telephone.call(action.text)

    def _press(self, action: Action) -> None:
        self._telephone.press(action.text)

    # --- the desk's writer and link -----------------------------------------------------------

    def submit(self, work: Task, done: Callable[[Any], None]) -> None:
        """Queued, as the store's writer would."""
        self._queue.append((work, done))

    def serves(self, msisdn: str) -> bool:
        """It is the whole network."""
        return True

    def show(self, page: Page) -> bool:
        """A page on the handset."""
        self._page = page
        return True

    def send(self, sms: Sms, done: Callable[[str], None]) -> bool:
        """An SMS on this handset, or on another that nobody looks at; both acknowledge it."""
        if sms.msisdn == self.msisdn:
            self._sms.append(Received(sms.sender, sms.text, sms.secret))
        self._sent.append(done)
        return True

    def flush(self) -> None:
        """Nothing is gathered."""

    def settle(self) -> None:
        """Run what is queued and answer what was sent, until nothing is left to do."""
        while self._queue or self._sent:
            while self._queue:
                work, done = self._queue.popleft()
                self.desk.batch([(done, self._store.run(work))])
            while self._sent:
                self._sent.popleft()("ok")

    def _observe(self, arrival: Arrival, outcome: Outcome | Failed, _seconds: float) -> None:
        if isinstance(outcome, Failed):
            self._failed = outcome.error
        elif outcome.deadline is None:
            self._waits.pop(arrival.dialogue, None)
        else:
            self._waits[arrival.dialogue] = outcome.deadline

    # --- the account core ---------------------------------------------------------------------

    def read(self, work: Task) -> Any:
        result = self._store.run(work)
        if isinstance(result, Exception):
            raise NotPlayed(f"the account core failed: {result!r}") from result
        return result

    def _charges(self) -> list[Charged]:
        """All of them, oldest first."""
        rows = self.read(lambda unit: unit.book.charges(self.msisdn, CHARGES_MAX))
        return [Charged(row.rule, row.amount, row.explanation) for row in reversed(rows)]

    def _balance(self) -> int:
        return int(self._subscriber().balance)

    def _subscriber(self) -> Any:
        found = self.read(lambda unit: unit.book.subscriber(self.msisdn))
        if found is None:
            raise NotPlayed(f"there is no subscriber {self.msisdn}")
        return found


_ACTS: dict[Verb, Callable[[InsideHandset, Action], None]] = {
    "dial": InsideHandset._dial,
    "answer": InsideHandset._answer,
    "sms": InsideHandset._write,
    "hang_up": InsideHandset._hang_up,
    "drop": InsideHandset._drop,
    "timeout": InsideHandset._time_out,
    "wait": InsideHandset._advance,
    "advance": InsideHandset._advance,
    "move": InsideHandset._move,
    "language": InsideHandset._speak,
    "call": InsideHandset._call,
    "press": InsideHandset._press,
}
