"""Companies through a service that runs: the operator's commands, the calls of the API, an order
for many numbers, a report in the mail; and no way from one company to another's numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner

from gateway.__main__ import cli
from gateway.service.errors import Fault
from tests.channels.serving import TOKEN, Served, serving

BOSS, DRIVER, FOREIGN, BUTTERCUP = (f"79220000{n:03d}" for n in (11, 12, 22, 21))
ROMASHKA, LUTIK = "Ромашка", "Лютик"


@pytest.fixture(scope="module")
def live(
    run: Any, reactor_thread: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    with serving(
        run, reactor_thread, tmp_path_factory.mktemp("companies"), clock="manual"
    ) as served:
        yield served


def gateway(live: Served, *words: str) -> str:
    """What `gateway companies …` prints. Raises Fault where the service refuses."""
    environ = {"GATEWAY_HTTP_PORT": str(live.ports["http"]), "GATEWAY_API_TOKEN": TOKEN}
    result = CliRunner().invoke(cli, ["companies", *words], env=environ)
    if isinstance(result.exception, Fault):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def dial(live: Served, msisdn: str, *keys: str) -> str:
    """The last page of a dialogue."""
    page: dict[str, Any] = {}
    for key in keys:
        body = {"msisdn": msisdn, "text": key, "dialogue": page.get("dialogue", "")}
        status, page = live.api("POST", "/v1/ussd", {k: v for k, v in body.items() if v})
        assert status == 200, page
    return str(page["text"])


def test_companies_are_listed_and_shown(live: Served) -> None:
    lines = gateway(live, "list").splitlines()
    assert [line.split()[0] for line in lines] == [LUTIK, ROMASHKA]
    assert lines[1].endswith("active")
    shown = gateway(live, "show", ROMASHKA)
    assert "6600000011" in shown
    assert "ural, volga" in shown
    assert "Сотрудник 12, водитель" in gateway(live, "numbers", ROMASHKA)


def test_the_operator_decides_and_login_and_password_go_by_sms(live: Served) -> None:
    live.api("POST", "/v1/sms", {"from": BUTTERCUP, "to": "000511", "text": "рег"})
    live.until("/v1/registrations", lambda rows: rows)
    assert "received" in gateway(live, "registrations")
    assert "approved" in gateway(live, "decide", BUTTERCUP, "approve", "--login", "Lutik")
    texts = [row["text"] for row in live.get(f"/v1/subscribers/{BUTTERCUP}/messages")]
    assert texts[-2] == "Группа «Лютик»: кабинет создан. Логин lutik"
    assert texts[-1].startswith("Пароль: ")
    with pytest.raises(Fault, match="registration decided"):
        gateway(live, "decide", BUTTERCUP, "refuse")


def test_a_company_is_signed_up_and_given_numbers(live: Served) -> None:
    gateway(live, "add", "Василёк", "79220000001", "--kind", "sole_trader", "--branch", "ural")
    gateway(live, "add-number", "Василёк", "79221110001", "--tariff", "business_m")
    assert "(stock)" in gateway(live, "numbers", "Василёк")
    with pytest.raises(Fault, match="number taken"):
        gateway(live, "add-number", "Василёк", DRIVER)
    with pytest.raises(Fault, match="conditions unmet"):
        gateway(live, "change", "Василёк", "--contract", "true")
    documents = ("passport", "entrepreneur_certificate", "details")
    given = [word for each in documents for word in ("--document", each)]
    changed = gateway(live, "change", "Василёк", "--contract", "1", "--credit", "500", *given)
    shown = dict(line.split(None, 1) for line in changed.splitlines() if len(line.split()) > 1)
    assert (shown["contract_active"], shown["credit"]) == ("true", "500.00")
    assert dial(live, "79220000001", "*990#").startswith("1 Счёт компании")


def test_an_order_for_many_is_followed_line_by_line(live: Served) -> None:
    dial(live, BOSS, "*105*5*5#", "1", "1", "1")
    found = live.until(
        f"/v1/companies/{quote(ROMASHKA)}/orders", lambda rows: rows and rows[0]["state"] == "done"
    )
    order = str(found[0]["order"])
    assert (found[0]["total"], found[0]["done"]) == (4, 4)
    lines = gateway(live, "order", ROMASHKA, order).splitlines()
    assert len(lines) == 5
    assert f"{DRIVER}  ok" in lines
    assert "4 done, 0 refused of 4" in gateway(live, "orders", ROMASHKA)


def test_no_call_and_no_command_crosses_from_one_company_to_another(live: Served) -> None:
    company = f"/v1/companies/{quote(ROMASHKA)}"
    for path in (f"{company}/numbers/{FOREIGN}", f"/v1/companies/{quote(LUTIK)}/numbers/{DRIVER}"):
        status, problem = live.api("GET", path)
        assert (status, problem["refusal"]) == (404, "member_unknown")
    status, problem = live.api("POST", f"{company}/numbers/{FOREIGN}/account")
    assert (status, problem["refusal"]) == (404, "member_unknown")
    orders = live.get(f"{company}/orders")
    for order in orders:
        path = f"/v1/companies/{quote(LUTIK)}/orders/{order['order']}"
        assert live.api("GET", path)[0] == 404
        assert live.api("POST", f"{path}/decision", {"decision": "approve"})[0] == 404
    with pytest.raises(Fault, match="member unknown"):
        gateway(live, "number", ROMASHKA, FOREIGN)
    assert "нет" in dial(live, BOSS, "*105*5*2*7#", FOREIGN[1:])
    before = live.get(f"/v1/subscribers/{FOREIGN}")
    for text in ("*105*5*7*4#", FOREIGN[1:], "1", "ДА"):
        live.api("POST", "/v1/sms", {"from": BOSS, "to": "000105", "text": text})
    assert live.get(f"/v1/subscribers/{FOREIGN}") == before


def test_a_report_lies_in_the_mail_after_thirty_minutes(live: Served) -> None:
    live.api("PATCH", f"/v1/subscribers/{BOSS}", {"email": "boss@firma.ru"})
    assert "boss" not in dial(live, BOSS, "*105*5*3*1*2#", "1")
    live.advance(1_800)
    data: Path = live.service.config.data
    letters = [path.read_bytes() for path in (data / "mail").rglob("*") if path.is_file()]
    assert any(b"boss@firma.ru" in letter for letter in letters)
    texts = [row["text"] for row in live.get(f"/v1/subscribers/{BOSS}/messages")]
    assert any("b***@firma.ru" in text for text in texts)


def test_by_application_tariffs_wait_for_the_operator(
    run: Any, reactor_thread: Any, tmp_path: Path
) -> None:
    with serving(run, reactor_thread, tmp_path, company_tariff_change="application") as live:
        dial(live, BOSS, "*105*5*5#", "1", "1", "1")
        assert "review" in gateway(live, "orders", ROMASHKA)
        gateway(live, "order", ROMASHKA, "1", "--decision", "approve")
        live.until(
            f"/v1/companies/{quote(ROMASHKA)}/orders", lambda rows: rows[0]["state"] == "done"
        )
