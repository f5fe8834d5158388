"""The ground of a turn: what arrived, the subscriber and the session it concerns, and what ends.

Everything here reads the unit or closes something in it; what is shown and sent is the stage's.
"""

from __future__ import annotations

from gateway.accounts.book import Subscriber
from gateway.accounts.policy import Proof
from gateway.charging.roaming import zone_of
from gateway.domain.port import Arrival, Delivery
from gateway.domain.values import Values
from gateway.menu.engine import Cursor, MenuSet, Move
from gateway.turn.changes import watched
from gateway.turn.outcome import Ended
from gateway.turn.session import Session
from gateway.turn.told import Told, answer_told
from gateway.turn.unit import Unit
from gateway.turn.world import World


class Ground:
    """The state of one turn while it is being taken."""

    __slots__ = (
        "arrival",
        "asked",
        "book",
        "cursor",
        "deliveries",
        "ended",
        "menus",
        "messages",
        "notes",
        "now",
        "path",
        "plmn",
        "proof",
        "queued",
        "refusal_values",
        "session",
        "subscriber",
        "told",
        "unit",
        "valid",
        "world",
    )

    cursor: Cursor
    session: Session
    subscriber: Subscriber

    def __init__(self, arrival: Arrival, now: float, unit: Unit, world: World) -> None:
        self.arrival = arrival
        self.now = now
        self.unit = unit
        self.told = Told() if world.watched() else None
        self.book = unit.book if self.told is None else watched(unit.book, self.told)
        self.world = world
        self.menus: MenuSet = world.menus.current
        self.deliveries: list[Delivery] = []
        self.messages = 0
        self.queued = 0
        self.asked = 0
        self.ended: list[Ended] = []
        self.notes: tuple[str, ...] = ()
        self.path: tuple[Move, ...] = ()
        self.plmn = arrival.plmn
        self.valid = True
        self.proof: Proof | None = None
        """More than the channel proves: the code of a question was given."""
        self.refusal_values: Values = {}

    def tell_answer(self, text: str, session: Session | None, secret: bool = False) -> None:
        """Tell what was answered to the session's last screen."""
        if self.told is not None:
            typed = session is not None and session.typed
            secret = secret or (session is not None and session.secret)
            self.told.answer = answer_told(text, typed, secret)

    def find(self, msisdn: str) -> Subscriber | None:
        """The subscriber, in the network that the channel tells, or else where the core has him:
        rated there, and shown so by the menu."""
        subscriber, plmn = self.book.subscriber(msisdn), self.arrival.plmn
        if subscriber is None:
            return None
        self.plmn = plmn = plmn or subscriber.plmn
        if plmn == subscriber.plmn:
            return subscriber
        zone = zone_of(plmn, "", self.world.accounts.core.terms)
        return subscriber._replace(plmn=plmn, region="", zone=zone)

    def reload(self) -> None:
        """Read the subscriber again after something of it was changed."""
        subscriber = self.find(self.subscriber.msisdn)
        assert subscriber is not None, "a subscriber vanished inside a turn"
        self.subscriber = subscriber

    def load(self) -> Session | None:
        """The dialogue's stored session, if it has one."""
        body = self.unit.load_session(self.arrival.dialogue)
        return None if body is None else Session.from_json(body)

    def alive(self, session: Session) -> bool:
        """Resume a session that is still waited for. Its timer may come later than its deadline."""
        return session.deadline > self.now and self.resume(session)

    def resume(self, session: Session) -> bool:
        """Put the session's menu and cursor in place; False where its menus are forgotten."""
        menus = self.world.menus.find(session.menu)
        if menus is None:
            return False
        self.cursor = Cursor.from_json(session.cursor)
        self.menus = menus
        self.session = session
        session.sequence += 1
        return True

    def replace(self, earlier: Session | None) -> None:
        """End the dialogue whose place a new one takes, if there is one."""
        if earlier is not None:
            self.end(earlier, "replaced" if earlier.deadline > self.now else "timed_out")

    # --- ends ---------------------------------------------------------------------------------

    def over(self, result: str) -> None:
        """What arrived is over at once, and there was no session of it."""
        at, arrival = self.now, self.arrival
        parties = (arrival.channel, arrival.link, arrival.msisdn, arrival.address)
        self.ended.append(Ended(arrival.trace, *parties, at, at, 1, result))

    def end(self, session: Session, result: str, seconds: float = 0.0) -> None:
        """Drop the stored session and remember how the dialogue ended; `seconds` of a call."""
        self.unit.drop_session(self.arrival.dialogue)
        parties = (session.channel, session.link, session.msisdn, session.address)
        lasted = (session.opened_at, self.now, session.sequence + 1)
        versions = (session.menu, session.rules)
        self.ended.append(
            Ended(session.trace, *parties, *lasted, result, *versions, seconds, self._at(session))
        )

    def _at(self, session: Session) -> str:
        """The state a session stands in: the one of this turn has moved since it was stored."""
        if getattr(self, "session", None) is session and hasattr(self, "cursor"):
            return self.cursor.state
        return Cursor.from_json(session.cursor).state
