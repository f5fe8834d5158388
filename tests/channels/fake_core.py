"""A core that remembers what it was asked: two subscribers, no store, no menus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from twisted.internet.defer import Deferred, succeed

from gateway.channels.core import (
    ChargeView,
    Listener,
    MessageView,
    PackageView,
    SubscriberView,
    UssdAnswer,
)
from gateway.channels.core_access import LoginAccepted, LoginTry
from gateway.channels.refusals import Refusal
from tests.channels.fake_companies import FakeCompanies

ANNA = "79220000001"
START = 1_764_064_800.0  # 2025-11-25T10:00:00Z
PASSWORD = "482913"

VIEW = SubscriberView(
    msisdn=ANNA,
    account=1001,
    owner=True,
    balance=25000,
    held=0,
    points=500,
    language="ru",
    tariff="prosto",
    zone="HOME",
    plmn="25002",
    region="ural",
    sim="active",
    handset="",
    level="account",
    packages=(PackageView("minutes", 100, 700, START),),
    services=("roaming",),
    forwarding={"busy": "79220000002"},
)


class FakeCore:
    """The `Core` protocol; `asked` is every call with its arguments."""

    utc_offset_seconds = 5 * 3600

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.reason = ""
        self.manual = True
        self.time = START
        self.failures = 0
        self.listeners: list[Listener] = []
        self.never: Deferred[Any] | None = None

    def _known(self, msisdn: str, value: Any) -> Deferred[Any]:
        return succeed(value if msisdn == ANNA else Refusal("subscriber_unknown", field="msisdn"))

    def ready(self) -> str:
        return self.reason

    def subscriber(self, msisdn: str) -> Deferred[Any]:
        self.asked.append(("subscriber", msisdn))
        if msisdn == "79220000099":
            raise RuntimeError("a bug that knows 482913")
        return self._known(msisdn, VIEW)

    def add_subscriber(self, msisdn: str, values: Mapping[str, Any]) -> Deferred[Any]:
        self.asked.append(("add_subscriber", msisdn, dict(values)))
        if msisdn == ANNA:
            return succeed(Refusal("number_taken"))
        return succeed(replace(VIEW, msisdn=msisdn, **values))

    def patch(self, msisdn: str, changes: Mapping[str, str | bool]) -> Deferred[Any]:
        self.asked.append(("patch", msisdn, dict(changes)))
        known: dict[str, Any] = {n: v for n, v in changes.items() if hasattr(VIEW, n)}
        return self._known(msisdn, replace(VIEW, **known))

    def locate(self, msisdn: str, plmn: str, region: str) -> Deferred[Any]:
        self.asked.append(("locate", msisdn, plmn, region))
        if plmn == "99999":
            return succeed(Refusal("plmn_unknown", field="plmn"))
        return self._known(msisdn, replace(VIEW, zone="EUROPE", plmn=plmn, region=region))

    def device(self, msisdn: str, amount: int, receipt: str) -> Deferred[Any]:
        self.asked.append(("device", msisdn, amount, receipt))
        return self._known(msisdn, replace(VIEW, points=amount // 10_000))

    def messages(self, msisdn: str) -> Deferred[Any]:
        return self._known(msisdn, (MessageView("000105", "Пароль: 1", START, "delivered"),))

    def charges(self, msisdn: str) -> Deferred[Any]:
        row = ChargeView(START, "sms", "000110", "EUROPE", 1, 1900, 1900, "CH04", "…", "D1")
        return self._known(msisdn, (row,))

    def ussd(self, msisdn: str, text: str, dialogue: str) -> Deferred[Any]:
        self.asked.append(("ussd", msisdn, text, dialogue))
        if text == "busy":
            return succeed(Refusal("busy"))
        if dialogue == "gone":
            return succeed(Refusal("dialogue_over", field="dialogue"))
        return succeed(UssdAnswer(dialogue or "D1", f"Баланс {text}", text != "1"))

    def sms(self, sender: str, to: str, text: str) -> Deferred[Any]:
        self.asked.append(("sms", sender, to, text))
        return succeed("00A00001")

    @property
    def access(self) -> FakeAccess:
        return FakeAccess(self)

    @property
    def companies(self) -> FakeCompanies:
        return FakeCompanies(self.asked)

    def now(self) -> float:
        return self.time

    def advance(self, seconds: float) -> Deferred[Any]:
        if not self.manual:
            return succeed(Refusal("clock_is_system"))
        self.time += seconds
        return succeed(self.time)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)


class FakeAccess:
    """Answers as the contract says of five wrong passwords, and tells what it was asked."""

    def __init__(self, core: FakeCore) -> None:
        self._core = core

    def login(self, form: LoginTry) -> Deferred[Any]:
        core = self._core
        if core.failures >= 5:
            return succeed(Refusal("login_locked"))
        if form.password != PASSWORD:
            core.failures += 1
            return succeed(Refusal("login_wrong", {"attempts_left": 5 - core.failures}))
        return succeed(LoginAccepted(ANNA, "account", "T1" if form.remember else ""))

    def __getattr__(self, name: str) -> Any:
        def asked(*values: Any) -> Deferred[Any]:
            self._core.asked.append((name, *values))
            answers: dict[str, Any] = {
                "login_by_token": Refusal("token_unknown"),
                "login_by_bearer": LoginAccepted(ANNA, "view"),
                "reset": Refusal("secret_unset"),
                "confirm": ANNA,
                "access_code": "123456789012",
            }
            return succeed(answers.get(name, True))

        return asked
