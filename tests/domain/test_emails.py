"""Addresses that are taken, and those that are not."""

from __future__ import annotations

import pytest

from gateway.domain.emails import mask_email, normalise_email


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Boss@Example.RU", "Boss@example.ru"),
        (" a.b+c@mail.example.ru ", "a.b+c@mail.example.ru"),
        ("o'hara@example.ru", "o'hara@example.ru"),
        ("a" * 64 + "@example.ru", "a" * 64 + "@example.ru"),
        ("a" * 65 + "@example.ru", None),
        ("a@" + "b" * 63 + ".ru", "a@" + "b" * 63 + ".ru"),
        ("a@" + "b" * 64 + ".ru", None),
        ("a@" + "bcd." * 63 + "ru", None),
        ("", None),
        ("a", None),
        ("@b.ru", None),
        ("a@", None),
        ("a@b", None),
        ("a@@b.ru", None),
        ("a@b@c.ru", None),
        (".a@b.ru", None),
        ("a..b@c.ru", None),
        ("a b@c.ru", None),
        ("a@-b.ru", None),
        ("a@b-.ru", None),
        ("a@b..ru", None),
        ("a@b.ru\r\nBcc: c@d.ru", None),
        (" a@b.ru\n", "a@b.ru"),
        ('"a b"@c.ru', None),
        ("почта@пример.рф", None),
    ],
)
def test_addresses(text: str, address: str | None) -> None:
    assert normalise_email(text) == address


def test_a_mask_keeps_one_letter_and_the_domain() -> None:
    assert mask_email("boss@firma.ru") == "b***@firma.ru"
