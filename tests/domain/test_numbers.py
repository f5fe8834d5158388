"""Numbers as people write them, and the one form that is kept."""

from __future__ import annotations

import pytest

from gateway.domain.numbers import (
    local_digits,
    mask,
    normalise_msisdn,
    normalise_short_number,
    service_code,
)


@pytest.mark.parametrize(
    "written",
    ["79220000001", "+79220000001", "89220000001", "9220000001", "+7 (922) 000-00-01"],
)
def test_one_number(written: str) -> None:
    assert normalise_msisdn(written) == "79220000001"
    assert local_digits("79220000001") == "9220000001"


@pytest.mark.parametrize("written", ["", "922000001", "99220000001", "0505", "7922000000a", "+"])
def test_no_number(written: str) -> None:
    assert normalise_msisdn(written) is None


@pytest.mark.parametrize(
    ("written", "kept"),
    [("000-110", "000110"), ("50-05", "5005"), ("000 105", "000105"), ("*105#", "*105#")],
)
def test_a_short_number_keeps_its_zeros(written: str, kept: str) -> None:
    assert normalise_short_number(written) == kept


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("", ""),
        ("105", "105"),
        ("*105#", "*105#"),
        ("#105#", "#105#"),
        ("000110", "000110"),
        ("*33*0000#", "*33#"),
        ("#330*0000#", "#330#"),
        ("**03*330*0000*1234", "**03#"),
        ("*105#00#", "*105#"),
        ("*110*105000000100#", "*110#"),
    ],
)
def test_a_service_code_has_no_password_behind_it(address: str, code: str) -> None:
    assert service_code(address) == code


def test_a_masked_number() -> None:
    assert (mask("79220000001"), mask("0505")) == ("7922***0001", "***")
