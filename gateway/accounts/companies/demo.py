"""The demo companies: «Ромашка», whose contract is active, and «Лютик», not yet registered.

«Ромашка» has two branches, an employee in each, and a SIM card in the stock; one employee pays
above his limit from an account of his own, the other is refused.
"""

from __future__ import annotations

from gateway.accounts.book import OPENING, BookAdmin, Leg, Transfer
from gateway.accounts.books.companies import Company, MemberChanges
from gateway.charging.terms_companies import CompanyTerms

CREDIT = 3_000_000
"""Kopecks that «Ромашка» may owe (CH20)."""
_OWN_ACCOUNT, _OWN_BALANCE = 1013, 10_000
_LIMIT, _OWN_LIMIT = 150_000, 50_000


def load_companies(book: BookAdmin, terms: CompanyTerms, now: float) -> None:
    """Add the companies of numbers that are in the book already."""
    book.save_company(
        Company(
            "Ромашка",
            "legal",
            1011,
            inn="6600000011",
            branches=("ural", "volga"),
            documents=terms.documents["legal"],
            contract_active=True,
            keeper="79220000012",
        )
    )
    book.save_company(
        Company(
            "Лютик",
            "sole_trader",
            1021,
            inn="660000000021",
            branches=("ural",),
            documents=terms.documents["sole_trader"],
        )
    )
    book.add_account(_OWN_ACCOUNT, 0, now)
    legs = (Leg(OPENING, -_OWN_BALANCE), Leg(_OWN_ACCOUNT, _OWN_BALANCE))
    outcome = book.transfer(Transfer(f"demo:{_OWN_ACCOUNT}:0", "opening", now, legs))
    assert outcome == "ok", f"an opening balance was {outcome}"
    for msisdn, changes in _MEMBERS.items():
        book.update_member(msisdn, changes)


_MEMBERS: dict[str, MemberChanges] = {
    "79220000011": {"name": "Администратор", "position": "администратор", "branch": "ural"},
    "79220000012": {
        "name": "Сотрудник 12",
        "position": "водитель",
        "label": "Склад",
        "branch": "ural",
        "month_limit": _LIMIT,
    },
    "79220000013": {
        "name": "Сотрудник 13",
        "position": "менеджер",
        "label": "Офис",
        "branch": "volga",
        "month_limit": _OWN_LIMIT,
        "own_account": _OWN_ACCOUNT,
    },
    "79220000021": {"name": "Администратор", "position": "администратор", "branch": "ural"},
    "79220000022": {"name": "Сотрудник 22", "position": "продавец", "label": "Склад"},
}
