"""A client of the HTTP API: one connection, JSON in and out, refusals as exceptions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any

from gateway.phone.line import NoConnection, Refused

ANSWER_SECONDS_MAX = 35.0
"""More than the gateway takes to say that it is busy."""


class HttpApi:
    """The API of a gateway that runs. `ask` raises NoConnection, and Refused for a problem."""

    def __init__(self, host: str, port: int, token: str) -> None:
        self._place = f"{host}:{port}"
        self._client = HTTPConnection(host, port, timeout=ANSWER_SECONDS_MAX)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The JSON of a success; `path` is percent-encoded."""
        octets = None if body is None else json.dumps(body).encode()
        try:
            self._client.request(method, path, octets, self._headers)
            answer = self._client.getresponse()
            document = json.loads(answer.read())
        except (OSError, HTTPException, ValueError) as fault:
            reason = getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
            raise NoConnection(f"http {self._place}: {reason}; is the gateway up?") from None
        if answer.status == HTTPStatus.UNAUTHORIZED:
            raise Refused(f"http {self._place}: this is not its API token")
        if answer.status >= 400:
            raise Refused(document.get("detail") or answer.reason)
        return document

    def close(self) -> None:
        """Close the connection."""
        self._client.close()
