"""A dialogue over the HTTP API: `POST /v1/ussd`, its id carried from answer to answer."""

from __future__ import annotations

from gateway.phone.http_api import HttpApi
from gateway.phone.line import Shown


class HttpLink:
    """One dialogue of one MSISDN. Implements `line.Link`."""

    def __init__(self, host: str, port: int, token: str, msisdn: str) -> None:
        self._api = HttpApi(host, port, token)
        self._msisdn = msisdn
        self._dialogue = ""

    def dial(self, code: str) -> Shown:
        return self._ask({"msisdn": self._msisdn, "text": code})

    def answer(self, text: str) -> Shown:
        return self._ask({"msisdn": self._msisdn, "text": text, "dialogue": self._dialogue})

    def hang_up(self) -> None:
        # the API has no call for it: a dialogue left alone times out
        self._api.close()

    def _ask(self, body: dict[str, str]) -> Shown:
        document = self._api.ask("POST", "/v1/ussd", body)
        self._dialogue = document["dialogue"]
        return Shown(document["text"], document["more"])
