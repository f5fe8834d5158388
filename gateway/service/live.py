"""Live events for `/v1/events`: what an observer of the desk makes of each turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gateway.channels.core import Listener
from gateway.channels.desk import Failed
from gateway.domain.moments import rfc3339
from gateway.domain.money import roubles
from gateway.domain.port import Arrival, Page, Sms
from gateway.turn.outcome import Outcome


class LiveEvents:
    """Tells every listener; costs nothing while there is none."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the result to hear no more."""
        self._listeners.append(listener)

        def forget() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return forget

    def observe(self, arrival: Arrival, outcome: Outcome | Failed, seconds: float) -> None:
        """An observer of the desk. Secret texts are not told."""
        if not self._listeners:
            return
        at = rfc3339(self._now())
        if isinstance(outcome, Failed):
            self._tell("dialogue", {"at": at, "msisdn": arrival.msisdn, "event": "failed"})
            return
        head: dict[str, object] = {"at": at, "msisdn": arrival.msisdn, "dialogue": outcome.trace}
        if outcome.charge is not None:
            charge = outcome.charge
            self._tell(
                "charge",
                head
                | {
                    "rule": charge.rule,
                    "amount": roubles(charge.amount),
                    "explanation": charge.explanation,
                },
            )
        for delivery in outcome.deliveries:
            if not isinstance(delivery, Page | Sms):
                continue
            text = "***" if delivery.secret and type(delivery) is Sms else delivery.text
            if type(delivery) is Page:
                more = {"event": "page", "text": text, "more": delivery.more}
                self._tell("dialogue", head | more | {"state": outcome.state})
            else:
                self._tell("message", head | {"to": delivery.msisdn, "text": text})
        for ended in outcome.ended:
            self._tell(
                "dialogue",
                head
                | {
                    "event": "ended",
                    "result": ended.result,
                    "turns": ended.turns,
                    "milliseconds": round(seconds * 1000, 3),
                },
            )

    def _tell(self, kind: str, fields: Mapping[str, object]) -> None:
        for listener in tuple(self._listeners):
            listener(kind, fields)
