"""The shapes of the events of `/v1/events`, by kind: what the OpenAPI document says of the stream.

Rule: whatever is told fits its row (a test validates every event against it), and a row names every
field, so that a client can be generated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.channels.http_views import MONEY_SCHEMA, TIME_SCHEMA

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer"}
_NUMBER: Schema = {"type": "number"}
_FLAG: Schema = {"type": "boolean"}
_ANY: Schema = {"type": "object"}
HIDDEN = "`•••` stands for what is, or may be, a secret"


def _object(fields: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    return {
        "type": "object",
        "properties": {**fields, **(optional or {})},
        "required": list(fields),
        "additionalProperties": False,
    }


def _list(of: Schema, description: str = "") -> Schema:
    return {"type": "array", "items": of} | ({"description": description} if description else {})


def _said(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description}


def _word(*words: str) -> Schema:
    return {"type": "string", "enum": list(words)}


_HEAD: Mapping[str, Schema] = {
    "at": _said(TIME_SCHEMA, "by the gateway's clock"),
}
_OF_NUMBER: Mapping[str, Schema] = {"msisdn": _TEXT}
_DIALOGUE: Mapping[str, Schema] = {"dialogue": _said(_TEXT, "as in logs, CDRs and charges")}
_CHARGE: Mapping[str, Schema] = {"rule": _TEXT, "amount": MONEY_SCHEMA, "explanation": _TEXT}
_PROBLEM = _object(
    {
        "path": _TEXT,
        "line": _COUNT,
        "column": _COUNT,
        "code": _TEXT,
        "severity": _word("error", "warning"),
        "message": _TEXT,
        "help": _TEXT,
        "width": _said(_COUNT, "characters that the carets underline"),
        "source_line": _TEXT,
        "frame": _said(_TEXT, "all of it, in caret form"),
    }
)
_COMMAND = _object(
    {
        "command": _TEXT,
        "arguments": _ANY,
        "result": _said(_TEXT, "`ok`, or the exact name of a refusal"),
        "values": _ANY,
        "step": _said(_COUNT, "index in `path` of the move the result led to"),
    }
)
_CHANNELS = ("ussd", "sms", "voice")
_TURN: Mapping[str, Schema] = {
    "channel": _word(*_CHANNELS),
    "event": _word("opened", "replied", "timed_out", "released", "quota_spent", "verified"),
    "answer": _said(_TEXT, f"what was dialled or answered; {HIDDEN}"),
    "before": _said(_TEXT, "how the dialogue ended whose place this one took"),
    "path": _list(_list(_TEXT), "trigger and state of each move, oldest first"),
    "guards": _list(_TEXT, "of each move, the guard as the menu writes it"),
    "menus": _said(_TEXT, "the version of the menus it was held on"),
    "commands": _list(_COMMAND, f"asked of the account core; {HIDDEN}"),
    "effects": _list(
        {"type": "object", "properties": {"effect": _TEXT}, "required": ["effect"]},
        "what was changed, with fields by kind",
    ),
    "state": _TEXT,
    "notes": _list(_TEXT),
    "refused": _TEXT,
    "charge": {"oneOf": [{"type": "null"}, _object(_CHARGE)]},
    "prompts": _list(_object({"id": _TEXT, "text": _TEXT}), "what a call hears"),
    "cut": _said(_TEXT, "the prompt that the answer's key stopped (barge-in), or empty"),
    "waits": _said(_FLAG, "an answer is waited for"),
    "secret": _said(_FLAG, "it is to be written nowhere"),
    "ended": _said(_TEXT, "how this dialogue ended, or empty"),
    "deadline": {"oneOf": [{"type": "null"}, TIME_SCHEMA]},
    "milliseconds": _NUMBER,
}
_END: Mapping[str, Schema] = {"result": _TEXT, "turns": _COUNT}

_ROWS: Mapping[str, Schema] = {
    "turn": _object({**_HEAD, **_OF_NUMBER, **_DIALOGUE, **_TURN}),
    "dialogue": _object(
        {**_HEAD, **_OF_NUMBER, "event": _word("page", "ended", "failed")},
        {**_DIALOGUE, "state": _TEXT, "text": _TEXT, "more": _FLAG}
        | {**_END, "milliseconds": _NUMBER},
    ),
    "message": _object(
        {**_HEAD, **_OF_NUMBER, **_DIALOGUE, "from": _TEXT, "to": _TEXT, "text": _TEXT}
    ),
    "call": _object(
        {**_HEAD, **_OF_NUMBER, **_DIALOGUE, "event": _word("announcement", "refused", "ended")},
        {"state": _TEXT, "language": _TEXT, "early": _TEXT, "text": _TEXT, "waits": _FLAG}
        | {"transfer": _FLAG, "reason": _TEXT, **_END, "seconds": _NUMBER},
    ),
    "charge": _object({**_HEAD, **_OF_NUMBER, **_DIALOGUE, **_CHARGE}),
    "menus": _object(
        {**_HEAD, "event": _word("reloaded", "refused"), "problems": _list(_PROBLEM)},
        {"version": _TEXT, "codes": _TEXT},
    ),
    "prompts": _object(
        {**_HEAD, "event": _word("reloaded", "refused"), "problems": _list(_PROBLEM)},
        {"recordings": _COUNT},
    ),
    "gap": _object(
        {
            "missed": _said(
                {"type": ["integer", "null"]},
                "events since `Last-Event-ID` that are not kept; null: nobody knows how many",
            ),
        }
    ),
}


def _named(kind: str, row: Schema) -> Schema:
    return {
        **row,
        "properties": {"kind": {"const": kind}, **row["properties"]},
        "required": ["kind", *row["required"]],
    }


EVENT_SCHEMAS: Mapping[str, Schema] = {kind: _named(kind, row) for kind, row in _ROWS.items()}
"""Kind -> what the data of its events holds."""
FILTERS: Mapping[str, tuple[str, ...]] = {"kind": tuple(EVENT_SCHEMAS), "channel": _CHANNELS}
"""What a listener may ask for by its query, each more than once, and the values there are."""
