"""A promised payment is paid back: out of what comes in, at its term, and after it (R27, R28)."""

from __future__ import annotations

import pytest

from gateway.accounts.book import FEES, PROMISED, REVENUE
from gateway.accounts.ledger import move
from gateway.accounts.posting import post
from tests.accounts.fakes import NOW, Desk
from tests.accounts.test_cards import link
from tests.accounts.test_money_services import THIRD_DAY_2359

YEAR = 365 * 86_400


def take(desk: Desk, number: int = 3, amount: int = 15_000) -> None:
    assert desk.outcome(number, "promised.take", amount=amount) == "ok"


def spend_all(desk: Desk, number: int) -> None:
    account, amount = desk.subscriber(number).account, desk.balance(number)
    post(desk.book, move(f"spend:{number}", "sms", NOW, account, REVENUE, amount))


def gone_to(desk: Desk, account: int) -> int:
    return sum(
        leg.amount
        for transfer in desk.book.journal.values()
        for leg in transfer.legs
        if leg.account == account
    )


def test_a_top_up_pays_it_back_with_its_fee(desk: Desk) -> None:
    link(desk, 3)
    take(desk)
    answered = desk.answer(3, "account.topup_card", amount=20_000, recipient="")
    assert answered.values["balance"] == 15_000 + 20_000 - 17_000
    assert desk.outcome(3, "promised.debt") == "promised_no_debt"
    assert (gone_to(desk, PROMISED), gone_to(desk, FEES)) == (0, 2_000)
    [row] = desk.book.charges("79220000003", 9, only_paid=True)
    assert (row.amount, row.category, row.rule) == (2_000, "fees", "CH15")
    assert desk.run_due(THIRD_DAY_2359) == []


def test_less_than_the_debt_pays_a_part_of_it(desk: Desk) -> None:
    take(desk)
    for code, left in (("105000000100", 7_000), ("105000000300", None)):
        assert desk.outcome(3, "account.topup_voucher", code=code, recipient="") == "ok"
        debt = desk.answer(3, "promised.debt")
        assert debt.values.get("debt") == left
    assert desk.balance(3) == 15_000 + 10_000 + 30_000 - 17_000


def test_money_sent_by_another_pays_it_back_too(desk: Desk) -> None:
    take(desk, amount=5_000)
    arguments = {"recipient": "79220000003", "amount": 10_000}
    assert desk.outcome(2, "transfer.send_code", **arguments) == "ok"
    code = desk.sent[0].values["code"]
    assert desk.outcome(2, "transfer.confirm", code=code) == "ok"
    assert desk.balance(3) == 5_000 + 10_000 - 6_000


def test_at_its_term_the_balance_pays(desk: Desk) -> None:
    take(desk, number=1)
    assert desk.run_due(THIRD_DAY_2359 - 1) == []
    [message] = desk.run_due(THIRD_DAY_2359)
    assert (message.text_id, message.values) == ("sms.promised.paid", {"amount": 17_000})
    assert desk.balance(1) == 25_000 + 15_000 - 17_000
    assert desk.subscriber(1).sim == "active"


def test_unpaid_at_its_term_the_numbers_are_blocked_until_it_is_paid(desk: Desk) -> None:
    link(desk, 1)
    take(desk, number=1, amount=30_000)
    spend_all(desk, 1)
    [message] = desk.run_due(THIRD_DAY_2359)
    assert (message.text_id, message.values) == ("sms.promised.blocked", {"debt": 32_000})
    assert [desk.subscriber(n).sim for n in (1, 7, 2)] == ["debt", "debt", "active"]
    assert desk.outcome(1, "transfer.quote", recipient="79220000002", amount=1_000) == (
        "number_blocked"
    )
    assert desk.accounts.facts(desk.subscriber(1), "ussd").flags >= {"blocked", "debt"}
    assert desk.answer(1, "promised.debt").values["debt"] == 32_000
    assert desk.outcome(1, "account.topup_card", amount=20_000, recipient="") == "ok"
    assert desk.subscriber(1).sim == "debt"
    assert desk.outcome(1, "account.topup_card", amount=20_000, recipient="") == "ok"
    assert [desk.subscriber(n).sim for n in (1, 7)] == ["active", "active"]
    assert desk.balance(1) == 8_000


def test_what_the_balance_has_goes_at_the_term(desk: Desk) -> None:
    take(desk)  # 150 lent and 170 owed: the fee is not there
    [message] = desk.run_due(THIRD_DAY_2359)
    assert message.values == {"debt": 2_000}
    assert (desk.balance(3), desk.subscriber(3).sim) == (0, "debt")


def test_a_sim_blocked_as_lost_stays_so(desk: Desk) -> None:
    take(desk, number=1)
    spend_all(desk, 1)
    desk.book.update_subscriber("79220000007", {"sim": "lost"})
    desk.run_due(THIRD_DAY_2359)
    assert desk.outcome(1, "account.topup_voucher", code="105000001000", recipient="") == "ok"
    assert [desk.subscriber(n).sim for n in (1, 7)] == ["active", "lost"]


@pytest.mark.parametrize(("days", "outcome"), [(29, "promised_too_young"), (30, "ok")])
def test_a_new_number_is_lent_nothing(desk: Desk, days: int, outcome: str) -> None:
    row = desk.book.numbers["79220000003"]
    desk.book.numbers["79220000003"] = row._replace(activated_at=NOW - days * 86_400)
    assert desk.outcome(3, "promised.quote", amount=5_000) == outcome
    assert desk.outcome(3, "promised.take", amount=5_000) == outcome
