"""The fields a request may carry: a table per body, read for checking and for the OpenAPI page."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.channels.http_views import MONEY_SCHEMA
from gateway.channels.problems import Problem
from gateway.domain.emails import normalise_email
from gateway.domain.money import kopecks
from gateway.domain.numbers import PLMN_PATTERN, is_plmn, normalise_msisdn, normalise_short_number

TEXT_CHARACTERS_MAX = 1600
ADVANCE_SECONDS_MAX = 10 * 366 * 86_400
WORDS_MAX = 32
_WORD_PATTERN = "^[a-z0-9_]{1,32}$"
_WORD = {"type": "string", "pattern": _WORD_PATTERN}
_WORD_IS = re.compile(_WORD_PATTERN[1:-1]).fullmatch


@dataclass(frozen=True, slots=True)
class Field:
    """One member of a JSON object. `kind`: text, words (a list of texts), msisdn, short_number,
    email, plmn, money, secret, flag or seconds."""

    name: str
    kind: str = "text"
    required: bool = True
    one_of: tuple[str, ...] = ()
    digits: tuple[int, ...] = ()
    """Digits only, as many as one of these counts."""
    characters_max: int = 64
    meaning: str = ""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema (2020-12)."""
        return {**self._shape(), **({"description": self.meaning} if self.meaning else {})}

    def _shape(self) -> dict[str, Any]:
        if self.kind == "flag":
            return {"type": "boolean"}
        if self.kind == "seconds":
            return {"type": "number", "minimum": 0, "maximum": ADVANCE_SECONDS_MAX}
        if self.kind == "words":
            return {"type": "array", "maxItems": WORDS_MAX, "items": _WORD}
        if self.kind == "money":
            return MONEY_SCHEMA
        if self.one_of:
            return {"type": "string", "enum": list(self.one_of)}
        if self.kind == "plmn":
            return {"type": "string", "pattern": f"^{PLMN_PATTERN}$"}
        if self.digits:
            counts = "|".join(f"[0-9]{{{count}}}" for count in self.digits)
            return {"type": "string", "pattern": f"^({counts})$"}
        return {"type": "string", "maxLength": self.characters_max}


def read_object(octets: bytes) -> dict[str, Any]:
    """The JSON object of a body. Raises Problem 400."""
    try:
        value = json.loads(octets)
    except (ValueError, RecursionError):
        raise Problem(400, "the body is not JSON in UTF-8", name="body_malformed") from None
    if not isinstance(value, dict):
        raise Problem(400, "the body must be a JSON object", name="body_malformed")
    return value


def read_fields(body: Mapping[str, Any], fields: Sequence[Field]) -> dict[str, Any]:
    """The values by name, numbers normalised; absent optional ones left out. Raises Problem 422."""
    known = {field.name: field for field in fields}
    for name in body:
        if name not in known:
            listed = ", ".join(known)
            raise Problem(
                422, f"there is no field {name[:40]!r}; fields are: {listed}",
                name="field_unknown", field=name[:40],
            )  # fmt: skip
    values = {}
    for field in fields:
        if field.name in body:
            values[field.name] = _read(field, body[field.name])
        elif field.required:
            raise _wrong(field, "is missing", "field_missing")
    return values


def _wrong(field: Field, what: str, name: str = "field_wrong") -> Problem:
    return Problem(422, f"{field.name} {what}", name=name, field=field.name)


def _read(field: Field, value: Any) -> Any:
    if field.kind == "flag":
        if not isinstance(value, bool):
            raise _wrong(field, "must be true or false")
        return value
    if field.kind == "seconds":
        return _read_seconds(field, value)
    if field.kind == "words":
        return _read_words(field, value)
    if not isinstance(value, str):
        raise _wrong(field, "must be a string")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise _wrong(field, "must be whole characters, not half of a surrogate pair")
    if len(value) > field.characters_max:
        raise _wrong(field, f"must have at most {field.characters_max} characters")
    if field.one_of and value not in field.one_of:
        raise _wrong(field, f"must be one of: {', '.join(field.one_of)}")
    if field.digits and not (value.isascii() and value.isdigit() and len(value) in field.digits):
        raise _wrong(field, f"must be {' or '.join(map(str, field.digits))} digits")
    return _read_money(field, value) if field.kind == "money" else _read_text(field, value)


def _read_seconds(field: Field, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _wrong(field, "must be a number")
    if not 0 <= value <= ADVANCE_SECONDS_MAX:
        raise _wrong(field, f"must be from 0 to {ADVANCE_SECONDS_MAX}")
    return float(value)


def _read_words(field: Field, value: Any) -> tuple[str, ...]:
    words = value if isinstance(value, list) else None
    right = words is not None and len(words) <= WORDS_MAX
    if not right or not all(isinstance(word, str) and _WORD_IS(word) for word in value):
        raise _wrong(field, f"must be a list of at most {WORDS_MAX} words like tax_certificate")
    return tuple(value)


def _read_money(field: Field, value: str) -> int:
    try:
        amount = kopecks(value)
    except ValueError:
        amount = -1
    if amount < 0:
        raise _wrong(field, "must be roubles as 1500.00")
    return amount


def _read_text(field: Field, value: str) -> str:
    if "\x00" in value or any("\ud800" <= each <= "\udfff" for each in value):
        raise _wrong(field, "holds a character that no text has")
    if field.kind == "msisdn":
        msisdn = normalise_msisdn(value)
        if msisdn is None:
            raise _wrong(field, "must be a number as 79220000001 or +79220000001")
        return msisdn
    if field.kind == "email":
        address = normalise_email(value)
        if address is None:
            raise _wrong(field, "must be an e-mail address as name@example.ru")
        return address
    if field.kind == "plmn":
        if not is_plmn(value):
            raise _wrong(field, "must be a network's MCC and MNC, as 25002")
        return value
    if field.kind == "short_number":
        number = normalise_short_number(value)
        if not number.lstrip("+*#").rstrip("#").replace("*", "").isdigit():
            raise _wrong(field, "must be a number as 000110")
        return number
    return value
