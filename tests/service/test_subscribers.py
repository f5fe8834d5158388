"""`gateway subscribers`: what there is, read from the database; a new number, by the service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from gateway.__main__ import cli
from gateway.service.errors import FAILED, Fault
from tests.channels.serving import TOKEN, Served, serving

NEW = "79225550001"


@pytest.fixture(scope="module")
def live(
    run: Any, reactor_thread: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("subscribers")
    with serving(run, reactor_thread, folder, subscribers="700") as served:
        yield served


def subscribers(live: Served, *words: str) -> str:
    """What `gateway subscribers …` prints. Raises Fault."""
    config = live.service.config
    environ = {
        "GATEWAY_HTTP_PORT": str(live.ports["http"]),
        "GATEWAY_API_TOKEN": TOKEN,
        "GATEWAY_DATA": str(config.data),
    }
    result = CliRunner().invoke(cli, ["subscribers", *words], env=environ)
    if isinstance(result.exception, Fault):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_all_are_listed_in_order_under_a_head(live: Served) -> None:
    head, first, *rest = subscribers(live, "list").splitlines()
    assert head.split() == [
        "MSISDN", "ACCOUNT", "BALANCE", "ZONE", "TARIFF", "LANGUAGE", "SIM", "COMPANY",
    ]  # fmt: skip
    assert first.split() == ["79220000001", "1001", "250.00", "HOME", "simple", "ru", "active"]
    numbers = [line.split()[0] for line in (first, *rest)]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] == "79230000699"
    assert len({line.index("HOME") for line in rest if " HOME " in line}) == 1


def test_a_part_is_listed_for_a_program(live: Served) -> None:
    words = ("list", "--after", "+7 922 000-00-10", "--limit", "2", "--json")
    rows = [json.loads(line) for line in subscribers(live, *words).splitlines()]
    assert [row["msisdn"] for row in rows] == ["79220000011", "79220000012"]
    assert (rows[0]["company"], rows[0]["balance"]) == ("Ромашка", "50000.00")


def test_one_is_shown_as_the_api_shows_it(live: Served) -> None:
    shown = json.loads(subscribers(live, "show", "79220000002", "--json"))
    assert shown == live.get("/v1/subscribers/79220000002")
    lines = subscribers(live, "show", "79220000002").splitlines()
    row = dict(line.split(None, 1) for line in lines if " " in line)
    assert (row["balance"], row["zone"], row["sim"], row["language"]) == (
        "1000.00", "HOME", "active", "en",
    )  # fmt: skip
    assert row["services"] == ", ".join(shown["services"])
    assert row["packages"].startswith("kind ")
    with pytest.raises(Fault, match="there is no subscriber 79229999999"):
        subscribers(live, "show", "79229999999")


def test_a_new_one_dials_at_once_and_is_added_once(live: Served) -> None:
    words = ("add", NEW, "--language", "en", "--balance", "50.00")
    assert "9225550001" in subscribers(live, *words)
    body = {"msisdn": NEW, "text": "*100#"}
    status, page = live.api("POST", "/v1/ussd", body)
    assert (status, "50.00" in page["text"]) == (200, True)
    for refused, name in (
        (("add", NEW), "number taken"),
        (("add", "79225550002", "--tariff", "business_l"), "tariff unknown"),
        (("add", "79225550002", "--language", "de"), "language must be one of"),
    ):
        with pytest.raises(Fault, match="^" + name) as fault:
            subscribers(live, *refused)
        assert fault.value.exit_status == FAILED
    with pytest.raises(Fault, match="no subscriber 79225550002"):
        subscribers(live, "show", "79225550002")
