"""Node's `smpp` package, an implementation that is not ours, holds dialogues with the gateway."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from typing import Any

import pytest

from tests.channels.conftest import Gateway
from tests.source import ROOT

CLIENT = ROOT / "tests/channels/node/client.js"
Line = dict[str, Any]

pytestmark = pytest.mark.node


@pytest.fixture(scope="session")
def node() -> str:
    """The path of node; without it, or without its package, skip, and fail where CI=true."""
    path = shutil.which("node")
    if path and (CLIENT.parent / "node_modules/smpp").is_dir():
        return path
    reason = "no node" if not path else "no node_modules: run ./scripts/test, or npm ci"
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}; CI must install it")
    pytest.skip(reason)


def play(node: str, gateway: Gateway, **script: Any) -> list[Line]:
    """Run a script of the client and return what it told, line by line."""
    account = {"port": gateway.smpp, "system_id": "harness", "password": "harness1"}
    ended = subprocess.run(
        [node, CLIENT, json.dumps(account | script)],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert ended.returncode == 0, f"{ended.stderr}\n{ended.stdout}"
    return [json.loads(line) for line in ended.stdout.splitlines()]


def only(event: str, lines: list[Line]) -> list[Line]:
    """The lines of one kind."""
    return [line for line in lines if line["event"] == event]


def test_a_menu_is_walked_to_the_balance_and_back(node, gateway_process):
    lines = play(node, gateway_process, msisdn="79220000001", dial="*105#", answers=["1", "1", "0"])
    main, account, balance, again = only("page", lines)
    assert [page["op"] for page in (main, account, balance, again)] == [2, 2, 2, 2]
    assert "1 Мой счёт" in main["text"]
    assert "1 Баланс" in account["text"]
    assert re.search(r"Баланс: 250[.,]00", balance["text"])
    assert again["text"] == account["text"]
    assert {page["to"].lstrip("+") for page in (main, account)} == {"79220000001"}
    assert {page["session"] for page in (main, account)} == {None}


def test_a_direct_code_is_answered_once_with_the_last_page(node, gateway_process):
    lines = play(node, gateway_process, msisdn="79220000002", dial="*100#")
    (page,) = only("page", lines)
    assert page["op"] == 17
    assert re.search(r"Balance: .*\b1[ \u00a0,]?000\.00", page["text"])


def test_a_session_number_is_kept_and_its_end_bit_ends_the_dialogue(node, gateway_process):
    script = {"msisdn": "79220000007", "dial": "*105#", "session": 7}
    (page,) = only("page", play(node, gateway_process, **script))
    assert (page["op"], page["session"]) == (2, 7)
    assert "1 Мой счёт" in page["text"]
    (after,) = only("page", play(node, gateway_process, **script))
    assert after["text"] == page["text"]


def test_an_sms_00_brings_a_password(node, gateway_process):
    lines = play(
        node,
        gateway_process,
        msisdn="79220000006",
        dial="*105#",
        session=9,
        sms={"to": "000110", "text": "00"},
    )
    (sms,) = only("sms", lines)
    assert sms["from"] == "000110"
    assert re.match(r"Пароль: \d{6}\. Логин", sms["text"])
    assert only("unbound", lines) == [{"event": "unbound", "status": 0}]
