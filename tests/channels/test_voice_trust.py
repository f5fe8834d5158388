"""Who may call: trusted networks, accounts with a password, and nobody else."""

from __future__ import annotations

import itertools
from hashlib import md5, sha256
from typing import Any

import pytest

from gateway.channels.voice_trust import (
    WRONG_PER_MINUTE_MAX,
    Account,
    Caller,
    Denial,
    Peer,
    Trust,
)
from gateway.wire.sip.events import Invited
from gateway.wire.sip.message import Headers, Request

CORE = Peer("core", ("10.0.0.0/8", "2001:db8::/32"), ("7922", "7923"))
DESK = Account("desk", "a secret", ("79220000001",), ("192.0.2.0/24",))
URI = "sip:0505@gateway.example"
HASHES = {"MD5": md5, "SHA-256": sha256}


def trust(peers: tuple[Peer, ...] = (CORE,), accounts: tuple[Account, ...] = (DESK,)) -> Trust:
    numbers = itertools.count()
    return Trust(peers, accounts, b"key", lambda: f"token{next(numbers)}")


def invited(
    source: str,
    caller: str = "79220000001",
    asserted: str | None = None,
    visited: str | None = None,
    authorization: str = "",
) -> Invited:
    headers = (("Authorization", authorization),) if authorization else ()
    request = Request("INVITE", URI, Headers(headers), b"")
    at = (source, 5060)
    return Invited("call", request, at, "udp", "0505", caller, asserted, visited, None)


def authorization(
    denial: Denial, password: str = "a secret", algorithm: str = "SHA-256", user: str = "desk"
) -> str:
    """The answer to a challenge (RFC 7616 §3.4)."""
    row = next(value for _, value in denial.headers if algorithm in value)
    nonce = row.partition('nonce="')[2].partition('"')[0]

    def digest(text: str) -> str:
        return HASHES[algorithm](text.encode()).hexdigest()

    secret = digest(f"{user}:gateway:{password}")
    response = digest(f"{secret}:{nonce}:00000001:abc:auth:{digest(f'INVITE:{URI}')}")
    return (
        f'Digest username="{user}", realm="gateway", nonce="{nonce}", uri="{URI}", qop=auth, '
        f'nc=00000001, cnonce="abc", algorithm={algorithm}, response="{response}"'
    )


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"caller": "+79220000002"}, ("79220000002", "")),
        ({"caller": "x", "asserted": "89220000003"}, ("79220000003", "")),
        ({"visited": "26201"}, ("79220000001", "26201")),
    ],
)
@pytest.mark.parametrize("source", ["10.1.2.3", "2001:db8::7"])
def test_a_trusted_peer_is_believed(
    given: dict[str, Any], found: tuple[str, str], source: str
) -> None:
    assert trust().admit(invited(source, **given), 0.0) == Caller("sip:core", *found)


@pytest.mark.parametrize("caller", ["anonymous", "79260000001", ""])
def test_a_peer_speaks_for_its_own_numbers_only(caller: str) -> None:
    verdict = trust().admit(invited("10.1.2.3", caller), 0.0)
    assert isinstance(verdict, Denial)
    assert verdict.status == 403


def test_a_hidden_number_is_nobody_where_any_may_be_spoken_for() -> None:
    anybody = trust((Peer("demo", ("127.0.0.0/8",)),))
    assert anybody.admit(invited("127.0.0.1", "anonymous"), 0.0) == Caller("sip:demo", "", "")


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_an_account_answers_a_challenge_and_is_not_believed_more_than_itself(
    algorithm: str,
) -> None:
    house = trust()
    challenge = house.admit(invited("192.0.2.1"), 0.0)
    assert isinstance(challenge, Denial)
    assert challenge.status == 401
    answer = authorization(challenge, algorithm=algorithm)
    call = invited("192.0.2.1", asserted="79220000002", visited="26201", authorization=answer)
    assert house.admit(call, 1.0) == Caller("sip:desk", "79220000001", "")
    replayed = house.admit(call, 2.0)
    assert isinstance(replayed, Denial)
    assert replayed.status == 401


@pytest.mark.parametrize(
    ("source", "caller", "status"),
    [("198.51.100.1", "79220000001", 403), ("192.0.2.1", "79220000002", 403)],
)
def test_an_account_is_held_to_its_addresses_and_numbers(
    source: str, caller: str, status: int
) -> None:
    house = trust()
    challenge = house.admit(invited(source, caller), 0.0)
    assert isinstance(challenge, Denial)
    call = invited(source, caller, authorization=authorization(challenge))
    verdict = house.admit(call, 1.0)
    assert isinstance(verdict, Denial)
    assert verdict.status == status


@pytest.mark.parametrize(("password", "user"), [("wrong", "desk"), ("a secret", "nobody")])
def test_guessing_ends_after_a_few_tries(password: str, user: str) -> None:
    """Then even the right password is not looked at, for a while."""
    house = trust()
    challenge = house.admit(invited("192.0.2.1"), 0.0)
    assert isinstance(challenge, Denial)
    bad = invited("192.0.2.1", authorization=authorization(challenge, password, user=user))
    verdicts = [house.admit(bad, 1.0) for _ in range(WRONG_PER_MINUTE_MAX + 1)]
    statuses = [verdict.status for verdict in verdicts if isinstance(verdict, Denial)]
    assert statuses == [401] * WRONG_PER_MINUTE_MAX + [403]
    good = invited("192.0.2.1", authorization=authorization(challenge))
    assert isinstance(house.admit(good, 2.0), Denial)
    assert isinstance(house.admit(good, 60.0), Caller)


def test_without_accounts_a_stranger_is_not_even_asked() -> None:
    verdict = trust(accounts=()).admit(invited("192.0.2.1"), 0.0)
    assert isinstance(verdict, Denial)
    assert (verdict.status, verdict.headers) == (403, ())


def test_a_password_is_not_shown() -> None:
    assert "a secret" not in repr(DESK)
