"""Digest: the RFC's own example, and every way to be refused (RFC 7616, RFC 8760)."""

from __future__ import annotations

import itertools
from hashlib import md5, sha256

import pytest

from gateway.wire.sip.digest import Guard, Refusal
from gateway.wire.sip.grammar import parse_params, split_list, unquote_string
from gateway.wire.sip.message import Headers, Request

URI = "sip:0505@192.0.2.99"
HASHES = {"MD5": md5, "SHA-256": sha256}


def guard(**options) -> Guard:
    numbers = itertools.count(1)
    passwords = {"pbx": "Circle of Life"}
    ids = lambda: f"token{next(numbers)}"  # noqa: E731
    return Guard("test realm", b"secret", passwords.get, ids, **options)


def challenged(one: Guard, now: float = 1000.0, *, index: int = 0, stale: bool = False) -> dict:
    rows = one.challenge(now, stale=stale)
    assert [name for name, _ in rows] == ["WWW-Authenticate"] * 2
    scheme, _, rest = rows[index][1].partition(" ")
    assert scheme == "Digest"
    return {
        name: unquote_string(value or "")
        for name, value in parse_params(";".join(split_list(rest))).items()
    }


def answer(challenge: dict, password: str = "Circle of Life", **changes) -> Request:
    given = {"username": "pbx", "nc": "00000001", "cnonce": "c", "uri": URI, **challenge}
    given |= {"method": "INVITE"} | changes
    digest = HASHES.get(given["algorithm"], md5)

    def hashed(*parts: str) -> str:
        return digest(":".join(parts).encode()).hexdigest()

    who = hashed(given["username"], given["realm"], password)
    what = hashed("INVITE", given["uri"])
    response = hashed(who, given["nonce"], given["nc"], given["cnonce"], "auth", what)
    given.setdefault("response", response)
    names = ("username", "realm", "nonce", "uri", "response", "algorithm", "cnonce", "qop", "nc")
    bare = ("algorithm", "qop", "nc")
    row = ", ".join(
        f"{name}={given[name]}" if name in bare else f'{name}="{given[name]}"' for name in names
    )
    headers = Headers([("Authorization", "Basic xyz"), ("Authorization", f"Digest {row}")])
    return Request(given["method"], URI, headers)


@pytest.mark.parametrize(("index", "algorithm"), [(0, "SHA-256"), (1, "MD5")])
def test_who_knows_the_password_is_let_in(index, algorithm):
    one = guard()
    challenge = challenged(one, index=index)
    assert challenge["algorithm"] == algorithm
    assert one.verify(answer(challenge), 1010.0) == "pbx"
    assert one.verify(answer(challenge, nc="00000002"), 1020.0) == "pbx"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"password": "wrong"}, "wrong"),
        ({"username": "stranger"}, "wrong"),
        ({"response": ""}, "wrong"),
        ({"response": "\u00e9"}, "wrong"),
        ({"uri": "sip:other@192.0.2.99"}, "wrong"),
        ({"method": "BYE"}, "wrong"),
        ({"qop": "auth-int"}, "wrong"),
        ({"algorithm": "SHA-1"}, "wrong"),
        ({"nc": "1"}, "wrong"),
        ({"nc": "0000000g"}, "wrong"),
        ({"realm": "other"}, "missing"),
        ({"nonce": "3e8.x.0"}, "stale"),
        ({"nonce": ""}, "stale"),
    ],
)
def test_everybody_else_is_refused(changes, reason):
    one = guard()
    assert one.verify(answer(challenged(one), **changes), 1000.0) == Refusal(reason)


def test_nobody_said_who_they_are():
    assert guard().verify(Request("INVITE", URI, Headers()), 0.0) == Refusal("missing")
    rubbish = Headers([("Authorization", "Digest ,;=,,")])
    assert guard().verify(Request("INVITE", URI, rubbish), 0.0) == Refusal("missing")


@pytest.mark.parametrize(("now", "result"), [(1300.0, "pbx"), (1301.5, Refusal("stale"))])
def test_a_nonce_has_its_time(now, result):
    one = guard()
    assert one.verify(answer(challenged(one)), now) == result


def test_stale_is_told():
    assert challenged(guard(), stale=True)["stale"] == "true"
    assert "stale" not in challenged(guard())


def test_a_request_seen_on_the_wire_cannot_be_sent_again():
    one = guard()
    request = answer(challenged(one), nc="0000000a")
    assert one.verify(request, 1000.0) == "pbx"
    assert one.verify(request, 1000.0) == Refusal("replayed")
    assert one.verify(answer(challenged(one)), 1000.0) == "pbx"


def test_nor_after_its_nonce_was_forgotten():
    one = guard(nonces_max=1)
    first = answer(challenged(one))
    assert one.verify(first, 1000.0) == "pbx"
    assert one.verify(answer(challenged(one, 1001.0)), 1001.0) == "pbx"
    assert one.verify(first, 1001.0) == Refusal("stale")


def test_another_secret_makes_other_nonces():
    challenge = challenged(guard())
    other = Guard("test realm", b"other", {"pbx": "Circle of Life"}.get, lambda: "x")
    assert other.verify(answer(challenge), 1000.0) == Refusal("stale")
