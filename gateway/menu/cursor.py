"""The cursor: where a dialogue stands in a menu. A value: stored as JSON, copied, never shared.

Rule: `stack` and `variables` are replaced, never changed in place, so a copy is a few references
and a turn that is run again starts from what it was given.
"""

from __future__ import annotations

from typing import Any

from gateway.domain.values import Value, Values

Move = tuple[str, str, str]
"""Source, trigger, target: an edge that was taken."""
_NOTHING: Values = {}


class Cursor:
    """`state` is moved by the machine; the rest by the engine."""

    __slots__ = ("path", "silences", "stack", "state", "steps", "tries", "variables", "wanted")

    def __init__(
        self,
        state: str,
        stack: tuple[str, ...] = (),
        variables: Values = _NOTHING,
        tries: int = 0,
        steps: int = 0,
        silences: int = 0,
        wanted: str = "",
    ) -> None:
        self.state = state
        self.stack = stack
        """The waiting states behind this one, oldest first, each once."""
        self.variables = variables
        self.tries = tries
        """Invalid answers in a row."""
        self.steps = steps
        """States entered since the last input, carried over a `Query`."""
        self.silences = silences
        """How often in a row a call pressed nothing."""
        self.path: tuple[Move, ...] = ()
        """The moves of this step, for a timeline. Neither stored nor copied."""
        self.wanted = wanted
        """The state that goes on once the caller has proved who he is."""

    def copy(self) -> Cursor:
        """A cursor that can be moved while this one stays."""
        return Cursor(
            self.state,
            self.stack,
            self.variables,
            self.tries,
            self.steps,
            self.silences,
            self.wanted,
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values for `json.dumps`; what is empty is left out."""
        data: dict[str, Any] = {"s": self.state}
        if self.stack:
            data["h"] = list(self.stack)
        if self.variables:
            data["v"] = {name: _plain(value) for name, value in self.variables.items()}
        if self.tries:
            data["t"] = self.tries
        if self.steps:
            data["n"] = self.steps
        if self.silences:
            data["q"] = self.silences
        if self.wanted:
            data["w"] = self.wanted
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Cursor:
        """The cursor `to_json` told of. Raises KeyError where it is none."""
        variables = {name: _value(value) for name, value in data.get("v", {}).items()}
        return cls(
            data["s"],
            tuple(data.get("h", ())),
            variables,
            data.get("t", 0),
            data.get("n", 0),
            data.get("q", 0),
            data.get("w", ""),
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cursor) and self.to_json() == other.to_json()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        # Variables may hold a secret: a log that shows a cursor shows only where it stands.
        return f"Cursor({self.state!r}, stack={self.stack!r}, tries={self.tries})"


def _plain(value: Value) -> Any:
    return [dict(row) for row in value] if isinstance(value, tuple) else value


def _value(value: Any) -> Value:
    return tuple(value) if isinstance(value, list) else value
