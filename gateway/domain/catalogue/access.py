"""Access and settings: passwords, logins, the language, the app, help."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.domain.catalogue.command import LEVELS, Command

PASSWORD_KINDS = ("permanent", "one_time")

COMMANDS: Mapping[str, Command] = {
    # `kind` is what was issued; a one-time one is good for `minutes`, a permanent one for ever (0)
    "password.new": Command(
        "subscriber",
        values={"kind": PASSWORD_KINDS, "minutes": "count"},
        refusals=("password_too_often",),
    ),
    "password.one_time": Command(
        "subscriber", values={"minutes": "count"}, refusals=("password_too_often",)
    ),
    # one's own password is given twice, each time straight to the core: no session ever holds it
    "password.propose": Command(
        "subscriber",
        {"password": "secret"},
        {"minutes": "count"},
        ("password_too_weak",),
        sets_password=True,
    ),
    "password.set": Command(
        "subscriber",
        {"password": "secret"},
        refusals=("password_differs", "password_expired", "password_too_weak"),
        sets_password=True,
    ),
    "password.unlock": Command("subscriber", refusals=("password_too_often",)),
    "alert.state": Command("view", values={"on": "flag"}, when_blocked=True, read_only=True),
    "alert.switch": Command("subscriber", {"on": "flag"}, {"on": "flag"}),
    "logins.show": Command("view", values={"logins": "rows"}, when_blocked=True, read_only=True),
    # answered on the web where the password is forgotten; it never leaves the core
    "secret.set": Command(
        "account", {"word": "secret"}, refusals=("secret_length", "secret_is_number")
    ),
    "secret.state": Command("view", values={"on": "flag"}, when_blocked=True, read_only=True),
    "language.set": Command("view", {"language": ("ru", "en", "ru-Latn")}, when_blocked=True),
    "app.link": Command("view", when_blocked=True, read_only=True),
    # in a call: the password is compared outside of the turn, and the answer comes in a later one
    "access.prove": Command(
        "subscriber", {"password": "secret"}, refusals=("password_wrong", "password_locked")
    ),
    "access.level": Command("view", values={"level": LEVELS}, when_blocked=True, read_only=True),
    "number.own": Command("none", values={"msisdn": "msisdn"}, when_blocked=True, read_only=True),
    "question.ask": Command("view", {"text": "text"}, when_blocked=True, read_only=True),
}
