"""Live events for `/v1/events`: what an observer of the desk makes of each turn, and reloads.

Rule: nothing is made while nobody listens, and nothing secret is told: neither an answer nor a text
that holds, or may hold, a password or code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from gateway.accounts.book import Charge
from gateway.channels.core import Listener
from gateway.channels.desk import Failed
from gateway.domain.calls import Announcement, Refused
from gateway.domain.moments import rfc3339
from gateway.domain.money import roubles
from gateway.domain.port import (
    Arrival,
    Delivery,
    Event,
    Opened,
    Page,
    QuotaSpent,
    Released,
    Replied,
    Sms,
    TimedOut,
    Verified,
)
from gateway.menu.problems import Problem, render
from gateway.render.speech.phrases import PAUSE
from gateway.turn.outcome import Outcome
from gateway.turn.told import Told

EVENTS: Mapping[type[Event], str] = {
    Opened: "opened",
    Replied: "replied",
    TimedOut: "timed_out",
    Released: "released",
    QuotaSpent: "quota_spent",
    Verified: "verified",
}
"""What happened, by the names of the timeline."""

NOTHING_TOLD = Told()
"""Of a turn that was taken before anybody listened."""
Said = tuple[str, dict[str, object]]
"""Kind and fields of an event."""
PromptIds = Callable[[Sequence[str], Literal["ru", "en"]], Sequence[str]]
"""Phrases and their language -> the ids of their recordings."""


class LiveEvents:
    """Tells every listener; costs nothing while there is none."""

    def __init__(
        self, now: Callable[[], float], prompt_ids: PromptIds, cut: Callable[[str], str]
    ) -> None:
        """`cut` names the recording that the last key of a call (by its trace) stopped."""
        self._now = now
        self._listeners: list[Listener] = []
        self._prompt_ids = prompt_ids
        self._cut = cut

    def is_heard(self) -> bool:
        """Whether anybody listens; asked by the store's thread too."""
        return bool(self._listeners)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the result to hear no more."""
        self._listeners.append(listener)

        def forget() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return forget

    def observe(self, arrival: Arrival, outcome: Outcome | Failed, seconds: float) -> None:
        """An observer of the desk."""
        if not self._listeners:
            return
        head: dict[str, object] = {"at": rfc3339(self._now()), "msisdn": arrival.msisdn}
        if isinstance(outcome, Failed):
            self._tell("dialogue", head | {"event": "failed"})
            return
        head["dialogue"] = outcome.trace
        for kind, fields in self._said(arrival, outcome, round(seconds * 1000, 3)):
            self._tell(kind, head | fields)

    def menus_reloaded(self, version: str, codes: str, warnings: Iterable[Problem]) -> None:
        """Menus and short codes that were saved serve new dialogues."""
        self._saved("menus", "reloaded", warnings, version=version, codes=codes)

    def prompts_reloaded(self, recordings: int, warnings: Iterable[Problem]) -> None:
        """Recordings that were saved are heard."""
        self._saved("prompts", "reloaded", warnings, recordings=recordings)

    def refused(self, kind: Literal["menus", "prompts"], problems: Iterable[Problem]) -> None:
        """What was saved has mistakes; the old ones stay."""
        if self._listeners:
            self._saved(kind, "refused", (each for each in problems if each.severity == "error"))

    def _saved(self, kind: str, event: str, problems: Iterable[Problem], **fields: object) -> None:
        if self._listeners:
            told = [_problem(each) for each in problems]
            head = {"at": rfc3339(self._now()), "event": event}
            self._tell(kind, {**head, **fields, "problems": told})

    def _said(self, arrival: Arrival, outcome: Outcome, milliseconds: float) -> Iterator[Said]:
        if outcome.charge is not None:
            yield "charge", _charge(outcome.charge)
        for delivery in outcome.deliveries:
            if isinstance(delivery, Page):
                yield "dialogue", {"event": "page", "state": outcome.state} | _text(delivery)
            elif isinstance(delivery, Sms):
                parties = {"from": delivery.sender, "to": delivery.msisdn}
                yield "message", parties | _text(delivery)
            elif isinstance(delivery, Announcement):
                yield "call", {"state": outcome.state} | _announced(delivery)
            elif isinstance(delivery, Refused):
                yield "call", {"event": "refused", "reason": delivery.reason}
        yield "turn", self._turn(arrival, outcome, milliseconds)
        for ended in outcome.ended:
            end = {"event": "ended", "result": ended.result, "turns": ended.turns}
            end["dialogue"] = ended.trace
            yield "dialogue", end | {"milliseconds": milliseconds}
            if ended.channel == "voice":
                yield "call", end | {"seconds": round(ended.seconds, 3)}

    def _turn(self, arrival: Arrival, outcome: Outcome, milliseconds: float) -> dict[str, object]:
        """The whole turn as one row of a timeline."""
        charge, deadline, told = outcome.charge, outcome.deadline, outcome.told or NOTHING_TOLD
        own, before = _ends(outcome)
        return {
            "channel": arrival.channel,
            "event": EVENTS[type(arrival.event)],
            "answer": told.answer,
            "before": before,
            "path": [(trigger, state) for _, trigger, state in outcome.path],
            "guards": told.guards,
            "menus": told.menus,
            "commands": told.commands,
            "effects": told.effects,
            "state": outcome.state,
            "notes": outcome.notes,
            "refused": outcome.refused,
            "charge": None if charge is None else _charge(charge),
            "prompts": [each for one in outcome.deliveries for each in self._prompts(one)],
            "cut": self._cut(outcome.trace) if isinstance(arrival.event, Replied) else "",
            "waits": any(map(_waits, outcome.deliveries)),
            "secret": any(map(_asks_secret, outcome.deliveries)),
            "ended": own,
            "deadline": None if deadline is None else rfc3339(deadline),
            "milliseconds": milliseconds,
        }

    def _prompts(self, delivery: Delivery) -> Iterator[dict[str, str]]:
        if isinstance(delivery, Announcement):
            phrases = (*delivery.early, *delivery.phrases)
            ids = self._prompt_ids(phrases, delivery.language)
            rows = zip(ids, phrases, strict=True)
            yield from ({"id": one, "text": text} for one, text in rows if text != PAUSE)

    def _tell(self, kind: str, fields: Mapping[str, object]) -> None:
        for listener in tuple(self._listeners):
            listener(kind, fields)


def _ends(outcome: Outcome) -> tuple[str, str]:
    """How the turn's own dialogue ended, and how one did whose place it took."""
    own = (ended.result for ended in outcome.ended if ended.trace == outcome.trace)
    other = (ended.result for ended in outcome.ended if ended.trace != outcome.trace)
    return " ".join(own), " ".join(other)


def _waits(delivery: Delivery) -> bool:
    """Whether an answer to it is waited for."""
    if isinstance(delivery, Announcement):
        return delivery.gather is not None
    return isinstance(delivery, Page) and delivery.more


def _asks_secret(delivery: Delivery) -> bool:
    """Whether that answer must be written nowhere."""
    if isinstance(delivery, Announcement):
        return delivery.gather is not None and delivery.gather.secret
    return isinstance(delivery, Page) and delivery.more and delivery.secret


def _charge(charge: Charge) -> dict[str, object]:
    return {
        "rule": charge.rule,
        "amount": roubles(charge.amount),
        "explanation": charge.explanation,
    }


def _announced(said: Announcement) -> dict[str, object]:
    """What a call hears; what is pressed then is told by nobody."""
    return {
        "event": "announcement",
        "language": said.language,
        "early": " ".join(said.early),
        "text": " ".join(said.phrases),
        "waits": said.gather is not None,
        "transfer": said.transfer,
    }


def _text(delivery: Page | Sms) -> dict[str, object]:
    if isinstance(delivery, Page):  # `secret` is of the answer to a page, not of its text
        return {"text": delivery.text, "more": delivery.more}
    return {"text": "***" if delivery.secret else delivery.text}


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "help": problem.help,
        "width": problem.width,
        "source_line": problem.source_line,
        "frame": render([problem]).rstrip("\n"),
    }
