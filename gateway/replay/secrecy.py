"""What was played, as it may be shown: whatever is secret in it stands as `•••`.

Rule: a player hands out nothing else, so no report, log or terminal can show a password. Secret is
what a step says that is marked `secret`, what answers a question that asks for a secret, and the
codes of an SMS that holds one; where it is long enough to be told from other text, it is hidden
in all that is shown of the play.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace

from gateway.replay.handset import MASK, Action, Received, Seen
from gateway.replay.patterns import holes
from gateway.replay.recording import Done, codes_in
from gateway.turn.told import SECRET_CHARACTERS_MIN


class Secrets:
    """The secrets of one play, gathered while it goes on."""

    def __init__(self, actions: Iterable[Action], own: Container[str] = ()) -> None:
        """`actions` are all that the flow has, as they are written; `own` numbers are no codes."""
        self._own = own
        self._found: set[str] = set()
        self._names = {name for each in actions if each.secret for name in _names(each)}
        self._asked = False

    def said(self, written: Action, action: Action, values: Mapping[str, str]) -> Action:
        """The action as it is to be kept: `written` in the flow, with the values of its holes in
        `action`."""
        if not action.secret and not (self._asked and action.verb in ("answer", "press")):
            return action
        names = _names(written)
        self._names.update(names)
        self._found.update([action.text, *(values[name] for name in names)])
        return replace(action, secret=True)

    def open(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """The values of names that may be shown."""
        return {name: value for name, value in values.items() if name not in self._names}

    def seen(self, seen: Seen) -> None:
        """What the action brought."""
        if seen.text is not None:
            self._asked = seen.asks_secret
        for sms in seen.sms:
            if sms.secret:
                self._found.update(each for each in codes_in(sms.text) if each not in self._own)

    def hidden(self, text: str) -> str:
        """A text without them."""
        for secret in sorted(self._found, key=len, reverse=True):
            if len(secret) >= SECRET_CHARACTERS_MIN:  # shorter, it stands in any text by chance
                text = text.replace(secret, MASK)
        return text

    def steps(self, done: Iterable[Done]) -> tuple[Done, ...]:
        """Steps without them."""
        return tuple(map(self._step, done) if self._found else done)

    def _step(self, done: Done) -> Done:
        action, seen = done.action, done.seen
        action = replace(action, text=MASK if action.secret else self.hidden(action.text))
        text = None if seen.text is None else self.hidden(seen.text)
        sms = tuple(Received(one.sender, self.hidden(one.text), one.secret) for one in seen.sms)
        charges = tuple(
            replace(one, explanation=self.hidden(one.explanation)) for one in seen.charges
        )
        return Done(action, replace(seen, text=text, sms=sms, charges=charges))


def _names(action: Action) -> list[str]:
    return [hole.name for hole in holes(action.text)]
