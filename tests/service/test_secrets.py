"""Secrets: kept in files nobody else reads, digested under a pepper, never shown."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

import pytest

from gateway.accounts.answers import Hasher
from gateway.service.errors import Fault
from gateway.service.secrets import (
    PEPPER_FILE,
    TOKEN_FILE,
    Argon2Hasher,
    SystemRandomness,
    keep_pepper,
    keep_token,
    text_digest,
)
from gateway.service.settings import Secret

ANNA, BORIS = "79220000001", "79220000002"


def _hasher(pepper: bytes = b"pepper", minted_max: int = 2) -> Argon2Hasher:
    return Argon2Hasher(pepper, minted_max, memory_kibibytes=64)


def test_a_token_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    data = tmp_path / "var"
    token, made = keep_token(data)
    assert made
    assert len(token) >= 32
    assert (data / TOKEN_FILE).stat().st_mode & 0o777 == 0o600
    assert keep_token(data) == (token, False)
    assert keep_token(tmp_path / "other")[0] != token


def test_a_secret_that_others_may_read_or_that_is_empty_stops_the_start(tmp_path: Path) -> None:
    pepper = keep_pepper(tmp_path)
    assert keep_pepper(tmp_path) == pepper
    (tmp_path / PEPPER_FILE).chmod(0o644)
    with pytest.raises(Fault, match="chmod 600"):
        keep_pepper(tmp_path)
    (tmp_path / TOKEN_FILE).touch(mode=0o600)
    with pytest.raises(Fault, match="is empty"):
        keep_token(tmp_path)


def test_a_given_token_is_taken_and_none_is_made(tmp_path: Path) -> None:
    assert keep_token(tmp_path, "given") == ("given", False)
    assert not list(tmp_path.iterdir())


def test_a_texts_digest_is_the_same_again_and_of_one_installation_alone() -> None:
    digest = text_digest(b"pepper")
    assert (
        digest("пароль 592731")
        == text_digest(b"pepper")("пароль 592731")
        == digest("пароль 592731")
    )
    assert len({digest("01"), digest("1"), digest(""), text_digest(b"another")("01")}) == 4
    assert digest("01") != blake2b("01".encode("utf-16-le"), digest_size=12).hexdigest()
    assert digest("\ud800"), "half a surrogate pair is a text too"


def test_a_digest_is_good_for_its_password_number_and_pepper_alone() -> None:
    hasher: Hasher = _hasher()
    digest = hasher.digest("482913", ANNA)
    assert "482913" not in digest
    assert hasher.verify(digest, "482913", ANNA)
    assert not hasher.verify(digest, "482914", ANNA)
    assert not hasher.verify(digest, "482913", BORIS)
    assert not _hasher(b"another").verify(digest, "482913", ANNA)
    assert hasher.digest("482913", ANNA) != digest


def test_a_minted_password_has_six_digits_and_verifies() -> None:
    hasher = _hasher()
    for _ in range(5):
        secret, digest = hasher.mint(ANNA)
        assert len(secret) == 6
        assert secret.isdigit()
        assert hasher.verify(digest, secret, ANNA)
        assert not hasher.verify(digest, f"{secret}0", ANNA)


def test_minted_passwords_are_prepared_up_to_a_limit_and_used_once() -> None:
    hasher = _hasher(minted_max=3)
    hasher.start()
    seen = {hasher.mint(ANNA)[1] for _ in range(30)}
    hasher.stop()
    assert len(seen) == 30
    assert len(hasher._minted) <= 3


@pytest.mark.parametrize("broken", ["", "$", "x", "msisdn$argon2id$v=19$", "a$b$c", "msisdn$é"])
def test_a_broken_digest_verifies_nothing(broken: str) -> None:
    assert not _hasher().verify(broken, "482913", ANNA)


def test_nobody_has_a_digest_that_costs_the_same_and_matches_nothing() -> None:
    hasher = _hasher()
    assert not hasher.verify(hasher.nobody, "482913", ANNA)
    assert hasher.nobody.split("$")[1:4] == hasher.digest("1", ANNA).split("$")[1:4]


def test_the_strength_is_what_owasp_asks_at_least() -> None:
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in Argon2Hasher(b"pepper").nobody


def test_quick_digests_differ_by_pepper_and_text() -> None:
    hasher = _hasher()
    assert hasher.quick("a") == hasher.quick("a")
    assert len({hasher.quick("a"), hasher.quick("b"), _hasher(b"other").quick("a")}) == 3


def test_digits_keep_their_leading_zeros() -> None:
    drawn = {SystemRandomness().digits(2) for _ in range(2000)}
    assert {len(each) for each in drawn} == {2}
    assert len(drawn) == 100


def test_a_secret_never_shows_itself() -> None:
    secret = Secret("harness1")
    assert "harness1" not in f"{secret} {secret!r} {[secret]} {secret:}"
    assert secret.reveal() == "harness1"
    assert secret == Secret("harness1")
    assert secret != Secret("other")
