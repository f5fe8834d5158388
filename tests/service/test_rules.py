"""Files of prices and levels of one's own: read whole, or refused with the key that is wrong."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from gateway.accounts.policy import default_policy
from gateway.charging.tariff import default_terms
from gateway.service.errors import Fault
from gateway.service.rules import need_policy, need_terms

TARIFFS = (resources.files("gateway.charging") / "tariffs.yaml").read_text("utf-8")
POLICY = (resources.files("gateway.accounts") / "policy.yaml").read_text("utf-8")


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_without_a_file_the_packaged_rules_are_in_force() -> None:
    assert need_terms(None) is default_terms()
    assert need_policy(None) is default_policy()


def test_one_line_changes_one_reading(tmp_path: Path) -> None:
    text = TARIFFS.replace("short_seconds: 3 ", "short_seconds: 0 ")
    assert need_terms(written(tmp_path / "t.yaml", text)).calls.short_seconds == 0
    text = POLICY.replace(
        "voice: {member: subscriber, owner: subscriber", "voice: {member: view, owner: account"
    )
    levels = need_policy(written(tmp_path / "p.yaml", text)).levels
    assert (levels["voice", "member"], levels["voice", "owner"]) == ("view", "account")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("blocked: view", "blocked: everything", "blocked: one of none, view, subscriber, account"),
        ("blocked: view", "", "the file: it must have exactly levels, blocked, own_"),
        ("member: view, ", "", "levels.bearer_shared: it must have exactly member, owner,"),
        ("  voice: {", "  fax: {", "levels: it must have exactly ussd, sms, sms_code, voice,"),
        ("current: false", "current: perhaps", "own_password_needs_current: true or false"),
        ("levels:", "levels: [", "the file is no YAML: "),
    ],
)
def test_a_policy_names_what_is_wrong(tmp_path: Path, old: str, new: str, says: str) -> None:
    file = written(tmp_path / "p.yaml", POLICY.replace(old, new, 1))
    with pytest.raises(Fault) as raised:
        need_policy(file)
    assert str(raised.value).startswith(f"{file}: {says}")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("calls:\n", "talks:\n", "'calls' is missing"),
        ("short_seconds: 3 ", "long_seconds: 3 ", "calls: unknown key long_seconds"),
        ('price: "45.00"', "price: 45.00", "write money as quoted roubles"),
    ],
)
def test_tariffs_name_what_is_wrong(tmp_path: Path, old: str, new: str, says: str) -> None:
    file = written(tmp_path / "t.yaml", TARIFFS.replace(old, new, 1))
    with pytest.raises(Fault) as raised:
        need_terms(file)
    assert str(file) in str(raised.value)
    assert says in str(raised.value)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="No such file"):
        need_terms(tmp_path / "none.yaml")
