"""Passwords by SMS, chosen ones, the lock and the login (K03-K05, A16)."""

from __future__ import annotations

import pytest

from gateway.accounts.access.login import (
    LoginAttempt,
    LoginForm,
    LoginResult,
    login_begin,
    login_finish,
    whose_login,
)
from gateway.accounts.answers import Options
from gateway.accounts.book import Credential, Login
from gateway.accounts.memory import MemoryBook
from gateway.accounts.request import Secret
from gateway.charging.tariff import default_terms
from tests.accounts.fakes import CANARY, NOW, Desk

TERMS = default_terms().password


def number(n: int) -> str:
    return f"79220000{n:03d}"


def begin(desk: Desk, login: str = "79220000001") -> LoginAttempt | LoginResult:
    return login_begin(desk.book, LoginForm(login), desk.now, desk.accounts.core)


def finish(
    desk: Desk, attempt: LoginAttempt, matched: Credential | None, channel: str = "web"
) -> LoginResult:
    return login_finish(desk.book, attempt, matched, desk.now, desk.accounts.core, channel)


def log_in(desk: Desk, password: str, n: int = 1, channel: str = "web") -> LoginResult:
    """Both halves of a login, as the service runs them."""
    attempt = begin(desk, number(n))
    if isinstance(attempt, LoginResult):
        return attempt
    matched = next(
        (c for c in attempt.candidates if desk.hasher.verify(c.digest, password, c.msisdn)), None
    )
    return finish(desk, attempt, matched, channel)


def own(desk: Desk, password: str, again: str | None = None) -> str:
    """The subscriber chooses a password and gives it twice: how that ended."""
    proposed = desk.outcome(1, "password.propose", password=password)
    if proposed != "ok":
        return proposed
    return desk.outcome(1, "password.set", password=password if again is None else again)


def issued(desk: Desk) -> str:
    """The password of the one SMS just sent."""
    [message] = desk.sent
    return f"{message.values['password']}"


# --- issuing -----------------------------------------------------------------------------------


def test_a_new_password_comes_by_sms_and_never_in_the_answer(desk: Desk) -> None:
    answered = desk.answer(1, "password.new")
    assert answered.values == {"kind": "permanent", "minutes": 0}
    [message] = desk.sent
    assert (message.text_id, message.msisdn, message.secret) == ("sms.pwd", number(1), True)
    assert message.values["login"] == "9220000001"
    assert issued(desk) == CANARY
    assert log_in(desk, CANARY).level == "account"


def test_a_turn_never_hashes_slowly_to_issue(desk: Desk) -> None:
    for command in ("password.new", "password.one_time", "password.unlock"):
        assert desk.outcome(1, command) == "ok"
    assert desk.hasher.slow_calls == 0


def test_no_repr_shows_the_canary(desk: Desk) -> None:
    answered = desk.answer(1, "password.new")
    shown = repr((answered, desk.sent, desk.book.snapshot()))
    assert CANARY not in shown
    assert f"{desk.sent[0].values['password']}" == CANARY
    assert repr(Secret(CANARY)) == "'***'"
    attempt = begin(desk)
    assert isinstance(attempt, LoginAttempt)
    assert "minted:" not in repr(attempt)
    desk.answer(1, "transfer.send_code", recipient=number(2), amount=1_000)
    assert "700001" not in repr(desk.sent)


def test_a_new_password_kills_the_old_one(desk: Desk) -> None:
    desk.answer(1, "password.new")
    old = issued(desk)
    desk.answer(1, "password.new")
    assert log_in(desk, old).outcome == "wrong"
    assert log_in(desk, issued(desk)).outcome == "ok"


def test_with_an_own_password_a_one_time_one_is_issued_beside_it(desk: Desk) -> None:
    assert own(desk, "739512") == "ok"
    assert desk.answer(1, "password.new").values == {"kind": "one_time", "minutes": 10}
    assert desk.sent[0].text_id == "sms.otp"
    assert desk.sent[0].values["minutes"] == 10
    assert log_in(desk, issued(desk)).outcome == "ok"
    assert log_in(desk, "739512").outcome == "ok"


def test_the_kind_issued_is_an_option(book: MemoryBook) -> None:
    desk = Desk(book, Options(issue_kind="one_time"))
    assert desk.outcome(1, "password.new") == "ok"
    assert desk.sent[0].text_id == "sms.otp"
    assert book.credential(number(1), "permanent") is None


def test_a_one_time_password_is_good_once(desk: Desk) -> None:
    assert desk.answer(1, "password.one_time").values == {"minutes": 10}
    code = issued(desk)
    assert log_in(desk, code).outcome == "ok"
    assert log_in(desk, code).outcome == "wrong"


@pytest.mark.parametrize(("seconds", "outcome"), [(599, "ok"), (600, "wrong")])
def test_a_one_time_password_expires(desk: Desk, seconds: int, outcome: str) -> None:
    desk.answer(1, "password.one_time")
    desk.now = NOW + seconds
    assert log_in(desk, issued(desk)).outcome == outcome


def test_the_permanent_one_stands_beside_the_one_time_one(desk: Desk) -> None:
    desk.answer(1, "password.new")
    permanent = issued(desk)
    desk.answer(1, "password.one_time")
    assert log_in(desk, permanent).outcome == "ok"
    assert log_in(desk, issued(desk)).outcome == "ok"


def test_three_passwords_in_ten_minutes(desk: Desk) -> None:
    for command in ("password.new", "password.one_time", "password.unlock"):
        assert desk.outcome(1, command) == "ok"
    for command in ("password.new", "password.one_time", "password.unlock"):
        assert desk.outcome(1, command) == "password_too_often"
        assert desk.sent == []
    desk.now = NOW + 600
    assert desk.outcome(1, "password.new") == "ok"


@pytest.mark.parametrize(
    ("password", "outcome"),
    [
        ("739512", "ok"),
        ("7395128460", "ok"),
        ("73951", "password_too_weak"),
        ("73951284601", "password_too_weak"),
        ("73951x", "password_too_weak"),
        ("٧٣٩٥١٢", "password_too_weak"),
        ("111111", "password_too_weak"),
        ("123456", "password_too_weak"),
        ("876543", "password_too_weak"),
        ("922000", "password_too_weak"),
        ("", "password_too_weak"),
    ],
)
def test_an_own_password(desk: Desk, password: str, outcome: str) -> None:
    desk.answer(1, "password.new")
    old = issued(desk)
    assert own(desk, password) == outcome
    assert log_in(desk, old).outcome == ("wrong" if outcome == "ok" else "ok")
    assert log_in(desk, password).outcome == ("ok" if outcome == "ok" else "wrong")


def test_an_own_password_is_given_twice_alike(desk: Desk) -> None:
    desk.answer(1, "password.new")
    old = issued(desk)
    assert own(desk, "739512", "739513") == "password_differs"
    assert log_in(desk, old).outcome == "ok"
    assert desk.outcome(1, "password.set", password="739512") == "password_expired", "good once"


@pytest.mark.parametrize(("seconds", "outcome"), [(599, "ok"), (600, "password_expired")])
def test_a_proposed_password_waits_for_minutes(desk: Desk, seconds: int, outcome: str) -> None:
    assert desk.answer(1, "password.propose", password="739512").values == {"minutes": 10}
    desk.now = NOW + seconds
    assert desk.outcome(1, "password.set", password="739512") == outcome


def test_what_was_not_proposed_is_not_set(desk: Desk) -> None:
    assert desk.outcome(1, "password.set", password="739512") == "password_expired"
    desk.answer(1, "password.propose", password="739512")
    assert desk.outcome(1, "password.set", password="111111") == "password_too_weak"
    assert desk.book.credential(number(1), "permanent") is None


def test_a_proposed_password_is_kept_as_a_digest_of_its_number(desk: Desk) -> None:
    for n in (1, 2):
        desk.answer(n, "password.propose", password="739512")
    kept = [code.digest for code in desk.book.codes.values()]
    assert len(set(kept)) == 2
    assert "739512" not in repr(desk.book.snapshot())
    assert desk.hasher.slow_calls == 0


# --- the lock ----------------------------------------------------------------------------------


def test_five_failures_lock_and_the_sixth_attempt_is_refused_even_if_right(desk: Desk) -> None:
    desk.answer(1, "password.new")
    for left in (4, 3, 2, 1, 0):
        assert log_in(desk, "000000") == LoginResult("wrong", left)
    slow = desk.hasher.slow_calls
    assert log_in(desk, issued(desk)) == LoginResult("locked")
    assert desk.hasher.slow_calls == slow, "a locked login is refused before hashing"


def test_the_fifth_attempt_may_still_be_right(desk: Desk) -> None:
    desk.answer(1, "password.new")
    for _ in range(4):
        log_in(desk, "000000")
    assert log_in(desk, issued(desk)).outcome == "ok"
    assert log_in(desk, "000000").attempts_left == 4


def test_parallel_guesses_share_no_attempt(desk: Desk) -> None:
    attempts = [begin(desk) for _ in range(8)]
    counted = [a for a in attempts if isinstance(a, LoginAttempt)]
    assert [a.attempts_left for a in counted] == [4, 3, 2, 1, 0]
    assert attempts[5:] == [LoginResult("locked")] * 3


@pytest.mark.parametrize(
    ("command", "text_id"),
    [
        ("password.new", "sms.unlock"),
        ("password.unlock", "sms.unlock"),
        ("password.one_time", "sms.otp"),
    ],
)
def test_a_new_password_unlocks_and_kills_the_old_one(
    desk: Desk, command: str, text_id: str
) -> None:
    own(desk, "739512")
    for _ in range(5):
        log_in(desk, "000000")
    assert log_in(desk, "739512").outcome == "locked"
    assert desk.outcome(1, command) == "ok"
    assert desk.sent[0].text_id == text_id
    assert log_in(desk, "739512").outcome == "wrong"
    assert log_in(desk, issued(desk)).outcome == "ok"


def test_the_demo_number_that_is_locked(desk: Desk) -> None:
    assert log_in(desk, "000000", 9).outcome == "locked"
    assert desk.outcome(9, "password.new") == "ok"
    assert log_in(desk, issued(desk), 9).outcome == "ok"


# --- login -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "blocked", "level"),
    [(1, False, "account"), (7, False, "subscriber"), (1, True, "view")],
)
def test_the_level_of_a_login(desk: Desk, n: int, blocked: bool, level: str) -> None:
    assert desk.outcome(n, "password.new") == "ok"
    password = issued(desk)
    if blocked:
        desk.book.update_subscriber(number(n), {"sim": "lost"})
    assert log_in(desk, password, n) == LoginResult("ok", 0, level)


def test_one_time_password_given_twice_at_once_is_good_once(desk: Desk) -> None:
    desk.answer(1, "password.one_time")
    first, second = (begin(desk) for _ in range(2))
    assert isinstance(first, LoginAttempt)
    assert isinstance(second, LoginAttempt)
    results = [finish(desk, one, one.candidates[0]).outcome for one in (first, second)]
    assert results == ["ok", "wrong"]


def test_a_password_replaced_while_it_was_checked_no_longer_counts(desk: Desk) -> None:
    desk.answer(1, "password.new")
    attempt = begin(desk)
    assert isinstance(attempt, LoginAttempt)
    desk.answer(1, "password.new")
    assert finish(desk, attempt, attempt.candidates[0]).outcome == "wrong"


def test_an_unknown_number_is_answered_like_a_wrong_password(desk: Desk) -> None:
    attempt = begin(desk, "79229999999")
    assert attempt == LoginAttempt("79229999999", (), 4, login="79229999999")
    assert finish(desk, attempt, None) == LoginResult("wrong", 4)
    stray = Credential("79229999999", "permanent", "minted:1", NOW)
    assert finish(desk, attempt, stray).outcome == "wrong"


def test_a_login_alert_goes_out_where_it_is_on(desk: Desk) -> None:
    desk.answer(1, "password.new")
    password = issued(desk)
    assert log_in(desk, password).messages == ()
    assert desk.answer(1, "alert.switch", on=True).values == {"on": True}
    assert desk.answer(1, "alert.state").values == {"on": True}
    [message] = log_in(desk, password, channel="web").messages
    assert (message.text_id, message.values) == ("sms.login", {"at": int(NOW), "channel": "web"})
    assert log_in(desk, "000000").messages == ()


def test_the_history_tells_when_and_by_what_and_never_who(desk: Desk) -> None:
    desk.answer(1, "password.new")
    for second in range(7):
        desk.now = NOW + second
        log_in(desk, issued(desk), channel="voice" if second % 2 else "web")
    rows = desk.answer(1, "logins.show").values["logins"]
    assert isinstance(rows, tuple)
    assert [row["at"] for row in rows] == [int(NOW) + s for s in (6, 5, 4, 3, 2)]
    assert rows[0] == {"at": int(NOW) + 6, "channel": "web"}
    assert desk.book.logins(number(1), 1) == (Login(number(1), NOW + 6, "web"),)


@pytest.mark.parametrize(
    ("login", "msisdn"),
    [
        ("9220000001", number(1)),
        ("+79220000001", number(1)),
        ("CP_9220000011", number(11)),
        ("user@example.org", None),
        ("CP_", None),
        ("", None),
    ],
)
def test_logins(desk: Desk, login: str, msisdn: str | None) -> None:
    assert whose_login(desk.book, login).msisdn == (msisdn or "")
