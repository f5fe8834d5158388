"""The menu steps and the accounts answer, until there is something to show: the only loop.

A turn is bounded: so many questions to the accounts, and no more.
"""

from __future__ import annotations

from gateway.accounts.access.prove import PENDING
from gateway.accounts.answers import Context
from gateway.domain.catalogue import COMMANDS
from gateway.domain.port import Answered, Event, Output, Prompt, Query, Release
from gateway.domain.values import Values
from gateway.menu.engine import step
from gateway.turn.session import Session
from gateway.turn.short_codes import Route
from gateway.turn.stage import Stage


class Dialogue(Stage):
    """Steps the menu."""

    __slots__ = ("pending",)

    pending: Values
    """What a command that is answered in a later turn has said so far."""

    def begin(self, route: Route, address: str) -> None:
        """A new dialogue on the menus in force, before its first step."""
        arrival = self.arrival
        self.cursor = self.menus.start(route.state, route.variables)
        self.path = (("", "", self.cursor.state),)
        self.session = Session(
            trace=arrival.trace,
            channel=arrival.channel,
            link=arrival.link,
            msisdn=arrival.msisdn,
            address=address,
            opened_at=self.now,
            menu=self.menus.version,
            cursor=None,
            rules=self.world.codes.version,
        )

    def step(self, event: Event, direct: bool = False) -> Prompt | Release:
        """Step the menu until it shows something."""
        output = self.run(event, direct)
        assert not isinstance(output, Query), "only a call waits for an answer of a later turn"
        return output

    def run(self, event: Event, direct: bool = False) -> Output:
        """The same, answering its questions in between; a `Query` is one that is answered in a
        later turn."""
        facts = self.world.accounts.facts(self.subscriber, self.arrival.channel, self.proof)
        self.cursor, output, notes, self.valid = step(
            self.menus, self.cursor, event, facts, direct=direct
        )
        self.notes += notes
        self.path += self.cursor.path
        while isinstance(output, Query):
            answered = self._ask(output)
            if answered.outcome == PENDING:
                self.pending = answered.values
                return output
            if not COMMANDS[output.command].read_only:
                self.reload()
                facts = self.world.accounts.facts(self.subscriber, self.arrival.channel, self.proof)
            self.cursor, output, notes, _ = step(
                self.menus, self.cursor, answered, facts, direct=direct
            )
            self.notes += notes
            self.path += self.cursor.path
        return output

    def _ask(self, query: Query) -> Answered:
        """One question; they are numbered through the turn, because their keys must differ."""
        session, asked = self.session, self.asked
        assert asked < self.world.limits.queries_max, f"too many questions at {self.cursor!r}"
        self.asked = asked + 1
        context = Context(
            now=self.now,
            key=f"{session.channel}:{session.trace}:{session.sequence}:{asked}",
            channel=self.arrival.channel,
            dialogue=session.trace,
            address=session.address,
        )
        answered, messages = self.world.accounts.answer(
            query, self.subscriber, self.book, context, self.proof
        )
        for message in messages:
            self.send(message)
        if self.told is not None and answered.outcome != PENDING:
            self.told.asked(query, answered, len(self.path))
        return answered
