"""What the HTTP API asks about logins.

A front end holds the API token and speaks for whoever fills in its forms; what it may tell them is
in the answers, refusals among them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from gateway.channels.refusals import Answer


@dataclass(frozen=True, slots=True)
class LoginAccepted:
    """Whose password it was, and what it opens."""

    msisdn: str
    level: str
    token: str = ""
    """Where the form asked to be remembered: logs in again without a password."""


@dataclass(frozen=True, slots=True)
class LoginTry:
    """A form that was filled in."""

    login: str
    password: str = field(repr=False)
    region: str = ""
    captcha: str = ""
    captcha_answer: str = field(default="", repr=False)
    remember: bool = False


class AccessCore(Protocol):
    """Logins. Each method is called on the reactor's thread."""

    def login(self, form: LoginTry) -> Answer[LoginAccepted]:
        """Refusals: `login_wrong` (with `attempts_left`), `login_locked`, `captcha_required` (with
        `captcha` and its `question`)."""
        ...

    def login_by_token(self, token: str) -> Answer[LoginAccepted]:
        """Refusals: `token_unknown`."""
        ...

    def login_by_bearer(self, msisdn: str, bearer: str) -> Answer[LoginAccepted]:
        """The network vouches for the number. Refusals: `bearer_foreign`."""
        ...

    def logout(self, token: str) -> Answer[bool]:
        """Whether there was such a login."""
        ...

    def send_code(self, login: str) -> Answer[bool]:
        """A one-time password by SMS, where the login names a number. Refusals:
        `password_too_often`."""
        ...

    def change_password(self, form: LoginTry, new: str) -> Answer[bool]:
        """Refusals: those of `login`, `password_too_weak`."""
        ...

    def reset(self, login: str, word: str) -> Answer[tuple[str, ...]]:
        """A new password to the contact data: the ways it went. Refusals: `secret_wrong`,
        `secret_unset`, `secret_paused`."""
        ...

    def access_code(self, msisdn: str) -> Answer[str]:
        """The code an invoice shows, made anew."""
        ...

    def register(self, access_code: str, email: str, password: str) -> Answer[bool]:
        """Refusals: `access_code_unknown`, `password_too_weak`."""
        ...

    def ask_address(self, msisdn: str, email: str) -> Answer[bool]: ...
    def confirm(self, token: str) -> Answer[str]:
        """The number whose address it was. Refusals: `token_unknown`."""
        ...
