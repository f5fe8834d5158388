"""Companies of a fake core: one of each view, and what was asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred, succeed

from gateway.channels.core_companies import (
    CompanyView,
    LineView,
    MemberView,
    OrderLinesView,
    OrderView,
    RegistrationView,
)
from gateway.channels.refusals import Refusal

NAME, MEMBER = "Ромашка", "79220000012"
COMPANY = CompanyView(
    NAME, "legal", 1011, 5_000_000, 3_000_000, "6600000011", ("ural", "volga"), ("inn",), True,
    True, 0, 4, 1, MEMBER, 0, (),
)  # fmt: skip
ONE = MemberView(
    MEMBER, 1011, "business_l", "active", "employee", "Сотрудник 12", "водитель", "Склад", "ural",
    150_000, 0,
)  # fmt: skip
REGISTRATION = RegistrationView(MEMBER, NAME, 1_764_064_800.0, "review", "", "")
ORDER = OrderView(
    7, "company.tariffs", NAME, MEMBER, "working", 1_764_064_800.0, 1_764_064_801.0, 4, 1, 1
)
LINES = OrderLinesView(ORDER, (LineView(MEMBER, "ok"),))
_ANSWERS: dict[str, Any] = {
    "companies": (COMPANY,),
    "members": (ONE,),
    "member": ONE,
    "add_number": ONE,
    "open_own_account": ONE,
    "orders": (ORDER,),
    "order": LINES,
    "decide_order": LINES,
    "registrations": (REGISTRATION,),
    "decide": REGISTRATION,
}


class FakeCompanies:
    """Knows one company; whatever else is asked of it is answered with one view."""

    def __init__(self, asked: list[tuple[Any, ...]]) -> None:
        self._asked = asked

    def __getattr__(self, name: str) -> Callable[..., Deferred[Any]]:
        def ask(*values: Any) -> Deferred[Any]:
            self._asked.append((name, *values))
            if name == "company" and values[0] != NAME:
                return succeed(Refusal("company_unknown"))
            return succeed(_ANSWERS.get(name, COMPANY))

        return ask
