"""The link of USSD dialogues held over HTTP: a page answers the request that waits for it."""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.defer import Deferred

from gateway.channels.core import UssdAnswer
from gateway.channels.desk import Desk, nothing, opened_or_replied
from gateway.channels.refusals import Answer, Refusal
from gateway.domain.port import Arrival, Page, Sms
from gateway.turn.unit import Busy

NAME = "http"


class HttpLink:
    """Dialogue keys are `http|MSISDN|trace`; the trace is the `dialogue` of the API."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting: dict[str, Deferred[UssdAnswer | Refusal]] = {}

    def ussd(self, msisdn: str, text: str, dialogue: str) -> Answer[UssdAnswer]:
        """Open a dialogue (`dialogue` empty), or answer one. Refusals: `busy`,
        `dialogue_busy` (an answer to it is under way)."""
        trace = dialogue or self._desk.ids.next()
        key = f"{NAME}|{msisdn}|{trace}"
        answer: Deferred[UssdAnswer | Refusal] = Deferred()
        if key in self._waiting:
            answer.callback(Refusal("dialogue_busy", field="dialogue"))
            return answer
        event = opened_or_replied(not dialogue, text)
        arrival = Arrival("ussd", NAME, msisdn, "", key, event, trace=trace)
        self._waiting[key] = answer
        try:
            self._desk.submit(arrival, nothing)  # the page answers
        except Busy:
            del self._waiting[key]
            answer.callback(Refusal("busy"))
        return answer

    # --- the desk's link ----------------------------------------------------------------------

    is_up = False
    """No SMS leaves by it."""

    def serves(self, msisdn: str) -> bool:
        """HTTP carries no SMS to a handset; it waits for a network, and `messages` shows it."""
        return False

    def show(self, page: Page) -> bool:
        """Answer the waiting request. A page nobody waits for (a time-out) is dropped."""
        answer = self._waiting.pop(page.dialogue, None)
        if answer is not None:
            trace = page.dialogue.rpartition("|")[2]
            answer.callback(UssdAnswer(trace, page.text, page.more))
        return True

    def send(self, sms: Sms, done: Callable[[str], None]) -> bool:
        """Never: it serves no number."""
        return False

    def flush(self) -> None:
        """Nothing is gathered here."""
