"""A dialogue over the HTTP API: `POST /v1/ussd`, its id carried from answer to answer."""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPException

from gateway.phone.line import NoConnection, Refused, Shown

ANSWER_SECONDS_MAX = 35.0
"""More than the gateway takes to say that it is busy."""


class HttpLink:
    """One dialogue of one MSISDN. Implements `line.Link`."""

    def __init__(self, host: str, port: int, token: str, msisdn: str) -> None:
        self._place = f"{host}:{port}"
        self._client = HTTPConnection(host, port, timeout=ANSWER_SECONDS_MAX)
        self._token = token
        self._msisdn = msisdn
        self._dialogue = ""

    def dial(self, code: str) -> Shown:
        return self._ask({"msisdn": self._msisdn, "text": code})

    def answer(self, text: str) -> Shown:
        return self._ask({"msisdn": self._msisdn, "text": text, "dialogue": self._dialogue})

    def hang_up(self) -> None:
        # the API has no call for it: a dialogue left alone times out
        self._client.close()

    def _ask(self, body: dict[str, str]) -> Shown:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        try:
            self._client.request("POST", "/v1/ussd", json.dumps(body).encode(), headers)
            answer = self._client.getresponse()
            document = json.loads(answer.read())
        except (OSError, HTTPException, ValueError) as fault:
            reason = getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
            raise NoConnection(f"no connection to http {self._place}: {reason}") from None
        if answer.status != 200:
            raise Refused(f"{document.get('title', answer.reason)}: {document.get('detail', '')}")
        self._dialogue = document["dialogue"]
        return Shown(document["text"], document["more"])
