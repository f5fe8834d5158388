"""Ways into the cabinet: captcha, tokens, the secret word, the web's password (A10, A28-A40)."""

from __future__ import annotations

import pytest

from gateway.accounts.access.captcha import Captcha
from gateway.accounts.access.login import (
    LoginForm,
    LoginResult,
    login_begin,
    login_finish,
    whose_login,
)
from gateway.accounts.access.secret_word import answer_secret
from gateway.accounts.access.tokens import find_token, mint_token, spend_token
from gateway.accounts.access.web import (
    ask_address,
    confirm_address,
    finish_change,
    fits_web,
    register,
)
from gateway.accounts.book import Credential
from tests.accounts.fakes import NOW, Desk

BOSS = "79220000011"
BOSS_LOGIN = "CP_9220000011"
PASSWORD = "Ключ-2026"


def give_password(desk: Desk, msisdn: str = BOSS, password: str = PASSWORD) -> None:
    digest = desk.hasher.digest(password, msisdn)
    desk.book.save_credential(Credential(msisdn, "permanent", digest, NOW, own=True))


def log_in(desk: Desk, form: LoginForm, password: str) -> LoginResult:
    core = desk.accounts.core
    attempt = login_begin(desk.book, form, desk.now, core)
    if isinstance(attempt, LoginResult):
        return attempt
    verify = desk.hasher.verify
    right = (c for c in attempt.candidates if verify(c.digest, password, c.msisdn))
    return login_finish(desk.book, attempt, next(right, None), desk.now, core, "web")


# --- who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("login", "msisdn", "corporate"),
    [
        ("9220000001", "79220000001", False),
        ("+7 922 000-00-01", "79220000001", False),
        (BOSS_LOGIN, BOSS, True),
        ("Boss@example.ru", BOSS, True),
        ("nobody@example.ru", "", True),
        ("CP_12", "", True),
        ("", "", True),
    ],
)
def test_whom_a_login_names(desk: Desk, login: str, msisdn: str, corporate: bool) -> None:
    desk.book.update_subscriber(BOSS, {"email": "boss@Example.ru"})
    desk.book.update_subscriber("79220000012", {"email": "boss@example.ru"})  # no administrator
    who = whose_login(desk.book, login)
    assert (who.msisdn, who.corporate) == (msisdn, corporate)


def test_a_company_logs_in_with_a_permanent_password_alone(desk: Desk) -> None:
    give_password(desk)
    desk.answer(11, "password.one_time")
    [message] = desk.sent
    one_time = str(message.values["password"])
    assert log_in(desk, LoginForm(BOSS_LOGIN), one_time).outcome == "wrong"
    assert log_in(desk, LoginForm(BOSS_LOGIN), PASSWORD).outcome == "ok"
    assert log_in(desk, LoginForm("9220000011"), one_time).outcome == "ok"


@pytest.mark.parametrize(
    ("region", "outcome"), [("", "ok"), ("ural", "ok"), ("volga", "wrong"), ("Ural", "wrong")]
)
def test_a_companys_form_asks_the_region(desk: Desk, region: str, outcome: str) -> None:
    give_password(desk)
    assert log_in(desk, LoginForm(BOSS_LOGIN, region), PASSWORD).outcome == outcome


def test_an_employee_is_no_administrator(desk: Desk) -> None:
    give_password(desk, "79220000012")
    assert log_in(desk, LoginForm("CP_9220000012"), PASSWORD).outcome == "wrong"
    assert log_in(desk, LoginForm("9220000012"), PASSWORD).outcome == "ok"


# --- captcha ------------------------------------------------------------------------------------


def solved(captcha: Captcha | None) -> LoginForm:
    assert captcha is not None
    first, _, second, *_ = captcha.question.split()
    return LoginForm(BOSS_LOGIN, "", captcha.id, str(int(first) + int(second)))


def test_a_captcha_after_two_wrong_passwords(desk: Desk) -> None:
    give_password(desk)
    plain = LoginForm(BOSS_LOGIN)
    assert [log_in(desk, plain, "x").outcome for _ in range(2)] == ["wrong", "wrong"]
    asked = log_in(desk, plain, PASSWORD)
    assert asked.outcome == "captcha"
    assert desk.book.failures(BOSS) == 2, "a demand is no failure"
    assert log_in(desk, solved(asked.captcha), PASSWORD).outcome == "ok"
    assert log_in(desk, plain, PASSWORD).outcome == "ok", "a right login is asked nothing"


def test_a_captcha_is_answered_once_and_rightly(desk: Desk) -> None:
    plain = LoginForm(BOSS_LOGIN)
    for _ in range(2):
        log_in(desk, plain, "x")
    first = log_in(desk, plain, "x").captcha
    form = solved(first)
    wrong = LoginForm(BOSS_LOGIN, "", form.captcha, "0")
    assert log_in(desk, wrong, "x").outcome == "captcha"
    assert log_in(desk, form, "x").outcome == "captcha", "it was asked anew"
    again = solved(log_in(desk, plain, "x").captcha)
    assert log_in(desk, again, "x").outcome == "wrong"
    assert log_in(desk, again, "x").outcome == "captcha", "an answer is good for one attempt"


def test_a_captcha_answered_late_is_asked_again(desk: Desk) -> None:
    for _ in range(2):
        log_in(desk, LoginForm(BOSS_LOGIN), "x")
    form = solved(log_in(desk, LoginForm(BOSS_LOGIN), "x").captcha)
    for _ in range(3):  # the window of wrong logins began with the first of them
        desk.now += 150
        log_in(desk, LoginForm(BOSS_LOGIN), "x")
    assert log_in(desk, form, "x").outcome == "captcha"


def test_a_login_that_names_nobody_is_asked_alike(desk: Desk) -> None:
    outcomes = [log_in(desk, LoginForm("no@example.ru"), "x").outcome for _ in range(3)]
    assert outcomes == ["wrong", "wrong", "captcha"]


def test_a_private_login_meets_no_captcha(desk: Desk) -> None:
    give_password(desk, "79220000001")
    outcomes = [log_in(desk, LoginForm("9220000001"), "x").outcome for _ in range(6)]
    assert outcomes == ["wrong"] * 5 + ["locked"]


# --- tokens -------------------------------------------------------------------------------------


def test_a_token_is_found_until_it_ends(desk: Desk) -> None:
    book, core = desk.book, desk.accounts.core
    plain = mint_token(book, "session", BOSS, NOW, core)
    seconds = core.terms.password.session_seconds_max
    assert plain not in repr(book.tokens)
    assert find_token(book, "session", f" {plain} ", NOW, core) is not None
    assert find_token(book, "email", plain, NOW, core) is None, "of another kind"
    assert find_token(book, "session", plain, NOW + seconds, core) is None
    assert book.drop_expired_tokens(NOW + seconds) == 1


def test_a_token_is_spent_once(desk: Desk) -> None:
    book, core = desk.book, desk.accounts.core
    plain = mint_token(book, "access_code", BOSS, NOW, core)
    newer = mint_token(book, "access_code", BOSS, NOW, core)
    assert spend_token(book, "access_code", plain, NOW, core) is None, "replaced"
    assert spend_token(book, "access_code", newer, NOW, core) is not None
    assert spend_token(book, "access_code", newer, NOW, core) is None


# --- the web's password -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "fits"),
    [
        ("abcdef", True),
        ("Пароль", True),
        ("a b c!", True),
        ("abcde", False),
        ("aaaaaa", False),
        ("abc\ndef", False),
        ("9220000011", False),
        ("a" * 63 + "b", True),
        ("a" * 64 + "b", False),
    ],
)
def test_what_may_be_chosen_on_the_web(desk: Desk, password: str, fits: bool) -> None:
    assert fits_web(password, BOSS, desk.accounts.core) is fits


def test_changing_it_takes_the_old_one_and_ends_remembered_logins(desk: Desk) -> None:
    give_password(desk)
    book, core = desk.book, desk.accounts.core
    token = mint_token(book, "session", BOSS, NOW, core)
    new = desk.hasher.digest("Другой-2026", BOSS)
    for old, outcome in (("x", "login_wrong"), (PASSWORD, "ok"), (PASSWORD, "login_wrong")):
        attempt = login_begin(book, LoginForm("9220000011"), NOW, core)
        assert not isinstance(attempt, LoginResult)
        verify = desk.hasher.verify
        right = (c for c in attempt.candidates if verify(c.digest, old, c.msisdn))
        assert finish_change(book, attempt, next(right, None), new, NOW, core) == outcome
    assert find_token(book, "session", token, NOW, core) is None
    assert log_in(desk, LoginForm("9220000011"), "Другой-2026").outcome == "ok"


# --- addresses ----------------------------------------------------------------------------------


def link_token(desk: Desk, link: object) -> str:
    return str(link).removeprefix(desk.accounts.core.terms.confirm_link)


def test_an_address_stands_when_its_link_is_followed(desk: Desk) -> None:
    book, core = desk.book, desk.accounts.core
    letter = ask_address(book, BOSS, "boss@example.ru", NOW, core)
    assert letter is not None
    assert (letter.to, letter.text_id, letter.secret) == ("boss@example.ru", "mail.confirm", True)
    assert desk.subscriber(11).email == ""
    token = link_token(desk, letter.values["link"])
    assert confirm_address(book, token, NOW, core) == BOSS
    assert desk.subscriber(11).email == "boss@example.ru"
    assert confirm_address(book, token, NOW, core) is None
    assert ask_address(book, "79229999999", "x@example.ru", NOW, core) is None


def test_the_code_of_an_invoice_makes_the_address_a_login(desk: Desk) -> None:
    book, core = desk.book, desk.accounts.core
    code = mint_token(book, "access_code", BOSS, NOW, core)
    digest = desk.hasher.digest(PASSWORD, BOSS)
    assert register(book, "000", "boss@example.ru", digest, NOW, core) is None
    letter = register(book, code, "boss@example.ru", digest, NOW, core)
    assert letter is not None
    assert log_in(desk, LoginForm("boss@example.ru"), PASSWORD).outcome == "wrong"
    confirm_address(book, link_token(desk, letter.values["link"]), NOW, core)
    assert log_in(desk, LoginForm("boss@example.ru"), PASSWORD).outcome == "ok"


# --- the secret word ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("Берёза", "ok"),
        ("abc", "secret_length"),
        ("  abc  ", "secret_length"),
        ("a" * 41, "secret_length"),
        ("9220000001", "secret_is_number"),
    ],
)
def test_which_words_may_be_set(desk: Desk, word: str, outcome: str) -> None:
    assert desk.outcome(1, "secret.set", word=word) == outcome
    assert desk.answer(1, "secret.state").values == {"on": outcome == "ok"}


def test_only_the_owner_sets_it(desk: Desk) -> None:
    assert desk.outcome(7, "secret.set", word="берёза") == "level_too_low"


def test_the_word_is_answered_as_people_remember_it(desk: Desk) -> None:
    desk.answer(1, "secret.set", word="Белая  берёза")
    assert "берёза" not in repr(desk.book.credentials)

    def answer(word: str, who: str = "79220000001") -> str:
        return answer_secret(desk.book, who, word, desk.now, desk.accounts.core).outcome

    assert answer("белая береза ") == "ok"
    assert answer("белая осина") == "secret_wrong"
    assert answer("белая берёза") == "ok", "a right one clears the count"
    assert [answer("x"), answer("x"), answer("x")] == ["secret_wrong"] * 3
    assert answer("белая берёза") == "secret_paused"
    desk.now += desk.accounts.core.terms.password.secret_pause_seconds
    assert answer("белая берёза") == "ok"
    assert answer("берёза", "79220000002") == "secret_unset"
    assert answer("берёза", "79229999999") == "secret_unset"
