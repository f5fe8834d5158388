"""The ledger as a specification that can be run: a table of lines over any `BookAdmin`.

    account A1 100.00 credit 0.00          a new account with an opening balance
    transfer T1 A1 A2 50.00 -> ok          legs are `from to amount`, more of them after a comma
    reserve H1 A1 60.00 until 100 -> ok    a hold, placed at 0
    extend H1 59.00 -> ok                  more is set aside under the same hold
    post H1 40.00 REVENUE at 10 -> ok      what was used goes to an account, the rest comes back
    void H1 at 10 -> ok
    expire at 100 -> 1                     how many holds expired
    A1 has 50.00 held 0.00 -> ok           what a subscriber of the account then reads

`run(lines, book)` runs one case on an empty book; the same cases run over memory, SQLite and
PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable

from gateway.accounts import book as ids
from gateway.accounts.book import BookAdmin, Hold, Leg, Subscriber, Transfer
from gateway.domain.money import kopecks

CASES: dict[str, str] = {
    "money moves from one account to the other": """
        account A1 100.00
        account A2 0.00
        transfer T1 A1 A2 50.00 -> ok
        A1 has 50.00 -> ok
        A2 has 50.00 -> ok
    """,
    "the whole balance may be spent, and not a kopeck more": """
        account A1 19.00
        transfer T1 A1 ROAMING_REVENUE 19.01 -> insufficient_balance
        A1 has 19.00 -> ok
        transfer T2 A1 ROAMING_REVENUE 19.00 -> ok
        A1 has 0.00 -> ok
        transfer T3 A1 ROAMING_REVENUE 0.01 -> insufficient_balance
    """,
    "one kopeck short of the price is refused": """
        account A1 18.99
        transfer T1 A1 ROAMING_REVENUE 19.00 -> insufficient_balance
        A1 has 18.99 -> ok
    """,
    "a hold grows as far as the money goes": """
        account A1 100.00
        extend H1 1.00 -> hold_unknown
        reserve H1 A1 60.00 until 100 -> ok
        extend H1 40.01 -> insufficient_balance
        A1 has 100.00 held 60.00 -> ok
        extend H1 40.00 -> ok
        A1 has 100.00 held 100.00 -> ok
        post H1 99.00 REVENUE at 10 -> ok
        A1 has 1.00 held 0.00 -> ok
        extend H1 1.00 -> hold_already_posted
    """,
    "a key is used once for ever": """
        account A1 100.00
        account A2 0.00
        transfer T1 A1 A2 50.00 -> ok
        transfer T1 A1 A2 50.00 -> exists
        transfer T1 A1 REVENUE 1.00 -> exists
        A1 has 50.00 -> ok
        A2 has 50.00 -> ok
    """,
    "a key that was used is known even when the money is gone": """
        account A1 50.00
        transfer T1 A1 REVENUE 50.00 -> ok
        transfer T1 A1 REVENUE 50.00 -> exists
        A1 has 0.00 -> ok
    """,
    "a refused key may be used again": """
        account A1 0.00
        transfer T1 A1 REVENUE 5.00 -> insufficient_balance
        transfer T2 TOPUPS A1 5.00 -> ok
        transfer T1 A1 REVENUE 5.00 -> ok
        A1 has 0.00 -> ok
    """,
    "all legs or none: the second refuses, the first is undone": """
        account A1 52.99
        account A2 0.00
        transfer T1 A1 A2 50.00, A1 FEES 3.00 -> insufficient_balance
        A1 has 52.99 -> ok
        A2 has 0.00 -> ok
        transfer T2 A1 A2 49.99, A1 FEES 3.00 -> ok
        A1 has 0.00 -> ok
        A2 has 49.99 -> ok
    """,
    "an unknown account refuses, and undoes the legs before it": """
        account A1 100.00
        transfer T1 A1 A9 50.00 -> account_unknown
        A1 has 100.00 -> ok
        transfer T2 A9 A1 50.00 -> account_unknown
        A1 has 100.00 -> ok
    """,
    "system accounts have no balance: they give without limit": """
        account A1 0.00
        transfer T1 VOUCHERS A1 1000000.00 -> ok
        A1 has 1000000.00 -> ok
    """,
    "credit may be spent too, down to the limit": """
        account A1 10.00 credit 30.00
        transfer T1 A1 REVENUE 40.01 -> insufficient_balance
        transfer T2 A1 REVENUE 40.00 -> ok
        A1 has -30.00 -> ok
        transfer T3 TOPUPS A1 5.00 -> ok
        A1 has -25.00 -> ok
    """,
    "points are another unit and know no credit": """
        account A1 10.00 credit 30.00
        transfer T1 BONUS A1 500 PTS -> ok
        transfer T2 A1 BONUS 501 PTS -> insufficient_balance
        transfer T3 A1 BONUS 500 PTS -> ok
        transfer T4 A1 BONUS 1 PTS -> insufficient_balance
        A1 has 10.00 -> ok
    """,
    "a hold sets money aside": """
        account A1 100.00
        reserve H1 A1 60.00 until 100 -> ok
        A1 has 100.00 held 60.00 -> ok
        transfer T1 A1 REVENUE 40.01 -> insufficient_balance
        reserve H2 A1 40.01 until 100 -> insufficient_balance
        reserve H3 A1 40.00 until 100 -> ok
        A1 has 100.00 held 100.00 -> ok
    """,
    "what was used is posted, the rest comes back": """
        account A1 100.00
        reserve H1 A1 60.00 until 100 -> ok
        post H1 40.00 REVENUE at 10 -> ok
        A1 has 60.00 held 0.00 -> ok
        transfer H1:post A1 REVENUE 1.00 -> exists
    """,
    "a hold is posted to another subscriber": """
        account A1 100.00
        account A2 0.00
        reserve H1 A1 60.00 until 100 -> ok
        post H1 60.00 A2 at 10 -> ok
        A1 has 40.00 held 0.00 -> ok
        A2 has 60.00 -> ok
    """,
    "nothing used is posted as nothing": """
        account A1 100.00
        reserve H1 A1 60.00 until 100 -> ok
        post H1 0.00 REVENUE at 10 -> ok
        A1 has 100.00 held 0.00 -> ok
        post H1 0.00 REVENUE at 10 -> hold_already_posted
    """,
    "a hold pays no more than it holds": """
        account A1 100.00
        reserve H1 A1 60.00 until 100 -> ok
        post H1 60.01 REVENUE at 10 -> exceeds_hold
        A1 has 100.00 held 60.00 -> ok
        post H1 60.00 REVENUE at 10 -> ok
        A1 has 40.00 held 0.00 -> ok
    """,
    "a hold is resolved once, and says how": """
        account A1 100.00
        reserve H1 A1 10.00 until 100 -> ok
        reserve H1 A1 20.00 until 200 -> exists
        post H1 10.00 REVENUE at 10 -> ok
        post H1 10.00 REVENUE at 10 -> hold_already_posted
        void H1 at 10 -> hold_already_posted
        reserve H1 A1 10.00 until 100 -> exists
        reserve H2 A1 10.00 until 100 -> ok
        void H2 at 10 -> ok
        void H2 at 10 -> hold_already_voided
        post H2 10.00 REVENUE at 10 -> hold_already_voided
        A1 has 90.00 held 0.00 -> ok
    """,
    "a hold expires at its moment, whether or not the sweep has been": """
        account A1 100.00
        reserve H1 A1 60.00 until 100 -> ok
        reserve H2 A1 10.00 until 101 -> ok
        post H1 1.00 REVENUE at 100 -> hold_expired
        void H1 at 100 -> hold_expired
        A1 has 100.00 held 70.00 -> ok
        expire at 99 -> 0
        expire at 100 -> 1
        expire at 100 -> 0
        A1 has 100.00 held 10.00 -> ok
        post H1 1.00 REVENUE at 10 -> hold_expired
        void H1 at 10 -> hold_expired
        post H2 10.00 REVENUE at 100 -> ok
        expire at 1000 -> 0
        A1 has 90.00 held 0.00 -> ok
    """,
    "an unknown hold, an unknown account": """
        account A1 100.00
        post H1 1.00 REVENUE at 10 -> hold_unknown
        void H1 at 10 -> hold_unknown
        reserve H1 A9 1.00 until 100 -> account_unknown
        post H1 1.00 REVENUE at 10 -> hold_unknown
    """,
    "a hold counts credit and earlier holds": """
        account A1 10.00 credit 20.00
        reserve H1 A1 30.00 until 100 -> ok
        reserve H2 A1 0.01 until 100 -> insufficient_balance
        post H1 25.00 REVENUE at 1 -> ok
        A1 has -15.00 held 0.00 -> ok
        reserve H2 A1 5.00 until 100 -> ok
    """,
}


def run(lines: str, book: BookAdmin) -> None:
    """Run one case on an empty book. Raises AssertionError naming the line that differs."""
    for line in filter(None, map(str.strip, lines.splitlines())):
        action, _, expected = line.partition(" -> ")
        words = action.replace(",", " , ").split()
        verb = words[1] if words[1] == "has" else words[0]
        found = _VERBS[verb](book, words)
        assert found == (expected or "ok"), f"{line}\n    answered {found}"


def account_id(name: str) -> int:
    """`A1` -> 1001; `REVENUE` -> its system account."""
    return int(getattr(ids, name)) if name.isupper() and not name[1:].isdigit() else _own(name)


def _own(name: str) -> int:
    return 1000 + int(name[1:])


def _msisdn(name: str) -> str:
    return f"7922000{_own(name)}"


def _account(book: BookAdmin, words: list[str]) -> str:
    name, opening = words[1], kopecks(words[2])
    account = _own(name)
    book.add_account(account, kopecks(words[4]) if "credit" in words else 0, 0.0)
    book.add_subscriber(
        Subscriber(
            _msisdn(name), f"25002922000{account}", account, True, "en", "other", "active",
            "HOME", "25002", "ural", "simple",
        )
    )  # fmt: skip
    if opening:
        legs = (Leg(ids.OPENING, -opening), Leg(account, opening))
        return book.transfer(Transfer(f"opening:{account}", "opening", 0.0, legs))
    return "ok"


def _transfer(book: BookAdmin, words: list[str]) -> str:
    legs: list[Leg] = []
    for part in " ".join(words[2:]).split(" , "):
        source, target, amount, *unit = part.split()
        if unit:
            legs += [Leg(account_id(source), -int(amount), "PTS")]
            legs += [Leg(account_id(target), int(amount), "PTS")]
        else:
            legs += [Leg(account_id(source), -kopecks(amount))]
            legs += [Leg(account_id(target), kopecks(amount))]
    return book.transfer(Transfer(words[1], "test", 0.0, tuple(legs)))


def _reserve(book: BookAdmin, words: list[str]) -> str:
    _, key, account, amount, _, until = words
    hold = Hold(key, account_id(account), kopecks(amount), "call", 0.0, float(until))
    return book.reserve(hold)


def _extend(book: BookAdmin, words: list[str]) -> str:
    return book.extend_hold(words[1], kopecks(words[2]))


def _post(book: BookAdmin, words: list[str]) -> str:
    _, key, amount, to, _, at = words
    return book.post_hold(key, kopecks(amount), account_id(to), float(at))


def _void(book: BookAdmin, words: list[str]) -> str:
    return book.void_hold(words[1], float(words[3]))


def _expire(book: BookAdmin, words: list[str]) -> str:
    return str(book.expire_holds(float(words[2])))


def _has(book: BookAdmin, words: list[str]) -> str:
    subscriber = book.subscriber(_msisdn(words[0]))
    assert subscriber is not None
    held = kopecks(words[4]) if "held" in words else subscriber.held
    wanted = (kopecks(words[2]), held)
    found = (subscriber.balance, subscriber.held)
    return "ok" if found == wanted else f"balance {found[0]} held {found[1]} kopecks"


_VERBS: dict[str, Callable[[BookAdmin, list[str]], str]] = {
    "account": _account,
    "transfer": _transfer,
    "reserve": _reserve,
    "extend": _extend,
    "post": _post,
    "void": _void,
    "expire": _expire,
    "has": _has,
}
