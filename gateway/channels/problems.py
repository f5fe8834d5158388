"""Problem documents (RFC 9457): what a client did wrong, as JSON that names the field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from gateway.channels.refusals import Refusal

CONTENT_TYPE = "application/problem+json"

STATUS_OF_REFUSAL: Mapping[str, int] = {
    "subscriber_unknown": 404,
    "dialogue_unknown": 404,
    "dialogue_over": 409,
    "dialogue_busy": 409,
    "clock_is_system": 409,
    "login_wrong": 401,
    "login_locked": 423,
    "captcha_required": 401,
    "token_unknown": 401,
    "access_code_unknown": 401,
    "secret_wrong": 401,
    "secret_unset": 409,
    "bearer_foreign": 403,
    "secret_paused": 429,
    "password_too_often": 429,
    "company_unknown": 404,
    "member_unknown": 404,
    "order_unknown": 404,
    "registration_unknown": 404,
    "company_exists": 409,
    "number_taken": 409,
    "account_exists": 409,
    "login_taken": 409,
    "registration_decided": 409,
    "busy": 503,
    "store_unavailable": 503,
    "events_too_many": 503,
}
"""Any other refusal is 422: understood, and refused for what it says."""

RETRY_SECONDS = 1
"""`Retry-After` of a 503."""


class Problem(Exception):
    """An answer that is no success. `extra` are members beside the standard ones."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        name: str = "",
        field: str = "",
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.name = name
        self.field = field
        self.headers = dict(headers or {})
        self.extra = extra or {}

    def body(self) -> bytes:
        """The document. `type` is a relative URI of the refusal's name, else `about:blank`."""
        document: dict[str, object] = {
            "type": f"/problems/{self.name}" if self.name else "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
        }
        if self.detail:
            document["detail"] = self.detail
        if self.name:
            document["refusal"] = self.name
        if self.field:
            document["field"] = self.field
        return json.dumps({**document, **self.extra}, ensure_ascii=False).encode()


def problem_of(refusal: Refusal) -> Problem:
    """The problem document of a refusal of the core."""
    status = STATUS_OF_REFUSAL.get(refusal.name, 422)
    return Problem(
        status,
        refusal.detail or refusal.name.replace("_", " "),
        name=refusal.name,
        field=refusal.field,
        headers={"Retry-After": str(RETRY_SECONDS)} if status == 503 else None,
        extra=dict(refusal.values),
    )
