"""Whatever subscribers do with their money and points, in any order and while time passes: every
balance is its journal's sum, points lie in lots, a debt is never paid twice, a refusal moves
nothing."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.accounts.ledger import assert_balanced
from gateway.accounts.memory import MemoryBook
from tests.accounts.fakes import Desk

NUMBERS = (1, 2, 3, 7, 8, 11, 12)
CARDS = ("4242424242424242", "4000000000000002", "4242424242424241")

numbers = st.sampled_from(NUMBERS)
recipients = st.sampled_from(("", "79220000001", "79220000003", "79220000012", "79229999999"))
others = recipients.filter(bool)
amounts = st.sampled_from((500, 1_000, 5_000, 10_000, 15_000, 40_000, 2_000_000))
points = st.integers(0, 600).map(str)


def command(name: str, **arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.tuples(numbers, st.just(name), st.fixed_dictionaries(arguments))


steps = st.one_of(
    command("card.link", digits=st.sampled_from(CARDS)),
    command("account.topup_card", recipient=recipients, amount=amounts),
    command(
        "account.topup_voucher",
        recipient=recipients,
        code=st.sampled_from(("105000000100", "105000000300", "1")),
    ),
    command("autopay.period", period=st.sampled_from(("month", "week", "days20")), amount=amounts),
    command("autopay.threshold", threshold=amounts, amount=amounts),
    command("autopay.off", kind=st.sampled_from(("period", "threshold"))),
    command("promised.take", amount=amounts),
    command("transfer.send_code", recipient=others, amount=amounts),
    command("transfer.confirm", code=st.sampled_from(("700001", "700002", "000000"))),
    command("ask.send", recipient=others, amount=amounts),
    command("bonus.spend", reward=st.sampled_from(("555", "720", "910")), recipient=recipients),
    command("bonus.gift", recipient=others, points=points),
    command("packages.buy", kind=st.sampled_from(("minutes", "sms"))),
    st.integers(1, 40).map(lambda days: ("wait", days * 86_400)),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(steps, max_size=25))
def test_money_and_points_always_add_up(history: list[Any]) -> None:
    desk = Desk(MemoryBook())
    for step in history:
        journal = dict(desk.book.journal)
        if step[0] == "wait":
            desk.run_due(desk.now + step[1])
        else:
            number, name, arguments = step
            if desk.outcome(number, name, **arguments) != "ok":
                assert desk.book.journal == journal, "a refusal moved something"
        _adds_up(desk.book)


def _adds_up(book: MemoryBook) -> None:
    sums: Counter[tuple[int, str]] = Counter()
    for transfer in book.journal.values():
        assert_balanced(transfer)
        for leg in transfer.legs:
            sums[leg.account, leg.unit] += leg.amount
    for number, account in book.accounts.items():
        assert account.balance == sums[number, "RUB"]
        assert account.points == sums[number, "PTS"]
        assert account.points == sum(lot.points for lot in book.lots(number))
        assert account.available >= 0
        assert account.points >= 0
    for promise in book.promises.values():
        assert 0 <= promise.paid < promise.amount + promise.fee
    assert all(amount >= 0 for amount in book.discounts.values())
    owing = {row.account for row in book.numbers.values() if row.sim == "debt"}
    assert owing <= set(book.promises), "nobody is blocked who owes nothing"
