"""Logins against the running service: real hashes, real turns, the SMS that were sent."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.channels.serving import Served

BOSS = "79220000021"
BOSS_LOGIN = "CP_9220000021"
ONE = "79230000700"


def texts(house: Served, msisdn: str) -> list[str]:
    return [message["text"] for message in house.get(f"/v1/subscribers/{msisdn}/messages")]


def code_by_sms(house: Served, msisdn: str) -> str:
    found = re.search(r"\d{6}", texts(house, msisdn)[-1])
    assert found is not None
    return found[0]


def post(house: Served, path: str, **body: Any) -> tuple[int, Any]:
    return house.api("POST", path, body)


def test_the_app_logs_in_by_a_code_and_is_remembered(house: Served) -> None:
    login = ONE[1:]
    assert post(house, "/v1/login/code", login=login)[0] == 202
    code = code_by_sms(house, ONE)
    status, accepted = post(house, "/v1/login", login=login, password=code, remember=True)
    assert (status, accepted["msisdn"], accepted["level"]) == (200, ONE, "account")
    assert post(house, "/v1/login", login=login, password=code)[0] == 401, "good once"
    token = accepted["token"]
    again = {"msisdn": ONE, "level": "account"}
    assert post(house, "/v1/login/token", token=token) == (200, again)
    assert post(house, "/v1/logout", token=token) == (200, {"ended": True})
    assert post(house, "/v1/login/token", token=token)[0] == 401


def test_a_code_for_nobody_is_answered_alike(house: Served) -> None:
    assert post(house, "/v1/login/code", login="9229999999") == (202, {"status": "sent"})


def test_changing_a_password_takes_the_old_one(house: Served) -> None:
    msisdn, login = "79230000701", "9230000701"
    post(house, "/v1/login/code", login=login)
    old = code_by_sms(house, msisdn)
    change = {"login": login, "new": "Тихий океан"}
    assert post(house, "/v1/password", old="000000", **change)[0] == 401
    assert post(house, "/v1/password", login=login, old=old, new="123")[0] == 422
    assert post(house, "/v1/password", old=old, **change) == (200, {"status": "changed"})
    assert post(house, "/v1/login", login=login, password="Тихий океан")[0] == 200


def test_a_company_is_asked_a_captcha_after_two_wrong_passwords(house: Served) -> None:
    form = {"login": BOSS_LOGIN, "password": "wrong"}
    left = [post(house, "/v1/login", **form)[1]["attempts_left"] for _ in range(2)]
    assert left == [4, 3]
    status, asked = post(house, "/v1/login", **form)
    assert (status, asked["refusal"]) == (401, "captcha_required")
    first, _, second, *_ = asked["question"].split()
    answer = {"captcha": asked["captcha"], "captcha_answer": str(int(first) + int(second))}
    assert post(house, "/v1/login", **form, **answer)[1]["attempts_left"] == 2


@pytest.mark.parametrize(
    ("bearer", "status", "level"),
    [("own", 200, "subscriber"), ("shared", 200, "view"), ("foreign", 403, None)],
)
def test_a_bearer_logs_in_at_its_level(
    house: Served, bearer: str, status: int, level: str | None
) -> None:
    answered, body = post(house, "/v1/login/bearer", msisdn=ONE, bearer=bearer)
    assert (answered, body.get("level")) == (status, level)


def test_a_forgotten_password_comes_for_the_secret_word(house: Served) -> None:
    msisdn = "79230000702"
    reset = {"login": msisdn[1:], "word": "Берёза"}
    assert post(house, "/v1/login/reset", **reset)[0] == 409
    opened = post(house, "/v1/ussd", msisdn=msisdn, text="*105*7*7#")[1]
    done = post(house, "/v1/ussd", msisdn=msisdn, text="Берёза", dialogue=opened["dialogue"])[1]
    assert done["more"] is False
    assert post(house, "/v1/login/reset", login=msisdn[1:], word="Осина")[0] == 401
    assert post(house, "/v1/login/reset", **reset) == (202, {"sent": ["sms"]})
    password = code_by_sms(house, msisdn)
    assert post(house, "/v1/login", login=msisdn[1:], password=password)[0] == 200


def test_each_login_is_told_where_it_is_wanted(house: Served) -> None:
    house.api("PATCH", f"/v1/subscribers/{ONE}", {"login_alert": True})
    post(house, "/v1/login/bearer", msisdn=ONE, bearer="own")
    assert texts(house, ONE)[-1].startswith("Вход в кабинет ")
