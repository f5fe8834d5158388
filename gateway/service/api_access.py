"""Logins behind the HTTP API: counted in one turn, verified outside any, closed in another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from twisted.internet.defer import inlineCallbacks, succeed

from gateway.accounts.access.login import (
    LoginForm,
    LoginResult,
    logged_in,
    login_begin,
    login_finish,
    whose_login,
)
from gateway.accounts.access.secret_word import answer_secret
from gateway.accounts.access.tokens import find_token, mint_token
from gateway.accounts.access.web import (
    ask_address,
    confirm_address,
    finish_change,
    fits_web,
    register,
)
from gateway.accounts.answers import Accounts, Context
from gateway.accounts.policy import Proof
from gateway.channels.core_access import LoginAccepted, LoginTry
from gateway.channels.desk import Desk
from gateway.channels.refusals import Refusal
from gateway.domain.port import Letter, Query, Sent
from gateway.service.api_work import Send, act
from gateway.service.clock import Clock
from gateway.service.secrets import Argon2Hasher
from gateway.service.verifying import Verifier
from gateway.store.unit import SqlUnit

BEARERS: Mapping[str, Proof] = {"own": "bearer", "shared": "bearer_shared"}
"""Whose network carried the request: that of a handset, tablet or modem with the number's own SIM;
that of a router whose other users are not known (A24). Anybody else's proves nothing (A23)."""
WRONG_TOKEN = Refusal("token_unknown", detail="the token is unknown, spent or too old")
WEAK = Refusal("password_too_weak", detail="at least 6 characters, not all alike")


class AccessApi:
    """Implements `channels.core_access.AccessCore`."""

    def __init__(self, desk: Desk, clock: Clock, hasher: Argon2Hasher, reactor: Any) -> None:
        self._desk = desk
        self._clock = clock
        self._verifier = Verifier(hasher, reactor)
        self._accounts: Accounts = desk.world.accounts
        self._core = self._accounts.core

    # --- passwords ----------------------------------------------------------------------------

    @inlineCallbacks
    def login(self, form: LoginTry) -> Any:
        """Count the attempt, verify outside the turn, and tell the book how it ended."""
        attempt, matched = yield self._verified(form)
        if isinstance(attempt, Refusal):
            return attempt

        def finish(unit: SqlUnit, send: Send) -> LoginAccepted | Refusal:
            now = self._clock.now()
            result = login_finish(unit.book, attempt, matched, now, self._core, "web")
            if result.outcome != "ok":
                return _wrong(result.attempts_left)
            send(result.messages)
            token = ""
            if form.remember:
                token = mint_token(unit.book, "session", attempt.msisdn, now, self._core)
            return LoginAccepted(attempt.msisdn, result.level, token)

        answer = yield self._put(finish)
        return answer

    @inlineCallbacks
    def change_password(self, form: LoginTry, new: str) -> Any:
        """The old one proves who changes it (A10)."""
        if not fits_web(new, "", self._core):
            return WEAK
        attempt, matched = yield self._verified(form)
        if isinstance(attempt, Refusal):
            return attempt
        if not fits_web(new, attempt.msisdn, self._core):
            return WEAK
        digest = yield self._verifier.digest(new, attempt.msisdn)

        def finish(unit: SqlUnit, send: Send) -> bool | Refusal:
            now = self._clock.now()
            outcome = finish_change(unit.book, attempt, matched, digest, now, self._core)
            return outcome == "ok" or _wrong(attempt.attempts_left)

        answer = yield self._put(finish)
        return answer

    @inlineCallbacks
    def _verified(self, form: LoginTry) -> Any:
        """The attempt that was counted, and the candidate whose password it was."""
        asked = LoginForm(form.login, form.region, form.captcha, form.captcha_answer)
        now = self._clock.now()
        begun = yield self._put(lambda unit, _: login_begin(unit.book, asked, now, self._core))
        if isinstance(begun, LoginResult):
            begun = _not_begun(begun)
        if isinstance(begun, Refusal):
            return begun, None
        matched = yield self._verifier.matching(begun, form.password)
        return begun, matched

    # --- logins without a password ------------------------------------------------------------

    def login_by_token(self, token: str) -> Any:
        """The app was remembered (A29)."""

        def work(unit: SqlUnit, send: Send) -> LoginAccepted | Refusal:
            now = self._clock.now()
            found = find_token(unit.book, "session", token, now, self._core)
            subscriber = unit.book.subscriber(found.msisdn) if found else None
            if subscriber is None:
                return WRONG_TOKEN
            level = self._core.policy.level_of(subscriber, "password")
            send(logged_in(unit.book, subscriber, level, now, "app").messages)
            return LoginAccepted(subscriber.msisdn, level)

        return self._put(work)

    def login_by_bearer(self, msisdn: str, bearer: str) -> Any:
        """The operator's own network carried it (A22); not where somebody else's did (A23)."""
        if bearer not in BEARERS:
            return succeed(Refusal("bearer_foreign", detail="log in with number and password"))

        def work(unit: SqlUnit, send: Send) -> LoginAccepted | Refusal:
            subscriber = unit.book.subscriber(msisdn)
            if subscriber is None:
                return Refusal("subscriber_unknown")
            level = self._core.policy.level_of(subscriber, BEARERS[bearer])
            logged = logged_in(unit.book, subscriber, level, self._clock.now(), "app")
            send(logged.messages)
            return LoginAccepted(msisdn, level)

        return self._put(work)

    def logout(self, token: str) -> Any:
        """End a remembered login (X11)."""

        def work(unit: SqlUnit, send: Send) -> bool:
            found = find_token(unit.book, "session", token, self._clock.now(), self._core)
            return found is not None and unit.book.drop_token(found.digest)

        return self._put(work)

    # --- what is forgotten --------------------------------------------------------------------

    def send_code(self, login: str) -> Any:
        """A one-time password by SMS (A28). A login that names nobody is answered alike."""

        def work(unit: SqlUnit, send: Send) -> bool | Refusal:
            outcome, sent = self._issue(unit, whose_login(unit.book, login).msisdn, "one_time")
            send(sent)
            return Refusal(outcome) if outcome == "password_too_often" else True

        return self._put(work)

    def reset(self, login: str, word: str) -> Any:
        """A new password to the contact data of whoever knows the secret word (A32)."""

        def work(unit: SqlUnit, send: Send) -> tuple[str, ...] | Refusal:
            msisdn, now = whose_login(unit.book, login).msisdn, self._clock.now()
            answered = answer_secret(unit.book, msisdn, word, now, self._core)
            if answered.subscriber is None:
                return Refusal(answered.outcome)
            outcome, sent = self._issue(unit, msisdn, "unlock")
            if outcome != "ok":
                return Refusal(outcome)
            email = answered.subscriber.email
            if email:
                (message,) = (one for one in sent if not isinstance(one, Letter))
                language = answered.subscriber.language
                sent += (Letter(email, "mail.password", message.values, language, secret=True),)
            send(sent)
            return ("sms", "email") if email else ("sms",)

        return self._put(work)

    def _issue(self, unit: SqlUnit, msisdn: str, how: str) -> tuple[str, tuple[Sent, ...]]:
        """A password by SMS to the number's own SIM, which is the proof."""
        subscriber = unit.book.subscriber(msisdn)
        if subscriber is None:
            return "subscriber_unknown", ()
        context = Context(self._clock.now(), f"web:{self._desk.ids.next()}", "sms")
        query = Query(f"password.{how}")
        answered, sent = self._accounts.answer(query, subscriber, unit.book, context)
        return answered.outcome, sent

    # --- addresses ----------------------------------------------------------------------------

    def access_code(self, msisdn: str) -> Any:
        """Made anew each time; the earlier one is no longer good."""

        def work(unit: SqlUnit, send: Send) -> str | Refusal:
            if unit.book.subscriber(msisdn) is None:
                return Refusal("subscriber_unknown")
            return mint_token(unit.book, "access_code", msisdn, self._clock.now(), self._core)

        return self._put(work)

    @inlineCallbacks
    def register(self, access_code: str, email: str, password: str) -> Any:
        """The address becomes the login once its letter is answered (A35, A36)."""
        if not fits_web(password, "", self._core):
            return WEAK
        now, core = self._clock.now(), self._core
        found = yield self._put(
            lambda unit, _: find_token(unit.book, "access_code", access_code, now, core)
        )
        if isinstance(found, Refusal):
            return found
        digest = yield self._verifier.digest(password, found.msisdn if found else "")

        def work(unit: SqlUnit, send: Send) -> bool | Refusal:
            letter = register(unit.book, access_code, email, digest, self._clock.now(), core)
            return _letter(send, letter, Refusal("access_code_unknown"))

        answer = yield self._put(work)
        return answer

    def ask_address(self, msisdn: str, email: str) -> Any:
        """A letter with a link; the address stands when it is followed."""

        def work(unit: SqlUnit, send: Send) -> bool | Refusal:
            letter = ask_address(unit.book, msisdn, email, self._clock.now(), self._core)
            return _letter(send, letter, Refusal("subscriber_unknown"))

        return self._put(work)

    def confirm(self, token: str) -> Any:
        """The link was followed."""

        def work(unit: SqlUnit, send: Send) -> str | Refusal:
            now = self._clock.now()
            return confirm_address(unit.book, token, now, self._core) or WRONG_TOKEN

        return self._put(work)

    # --- turns --------------------------------------------------------------------------------

    def _put(self, work: Callable[[SqlUnit, Send], Any]) -> Any:
        """One turn; what it sends leaves behind its commit."""
        return act(self._desk, self._clock.now, work)


def _letter(send: Send, letter: Letter | None, refused: Refusal) -> bool | Refusal:
    if letter is None:
        return refused
    send((letter,))
    return True


def _wrong(attempts_left: int) -> Refusal:
    return Refusal("login_wrong", values={"attempts_left": attempts_left})


def _not_begun(result: LoginResult) -> Refusal:
    """Why an attempt was not even made."""
    if result.captcha is None:
        return Refusal("login_locked")
    values = {"captcha": result.captcha.id, "question": result.captcha.question}
    return Refusal("captcha_required", values=values, detail="answer the captcha first")
