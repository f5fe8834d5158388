"""`gateway companies`: the operator's desk for corporate clients, over the HTTP API."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from gateway.service.commands.asking import ask, where
from gateway.service.commands.asking import show as show_view

_KINDS = ("legal", "sole_trader", "private_practice")
_Given = str | None


@click.group()
def command() -> None:
    """Sign up companies, decide on requests, follow orders.

    Asks the service that runs; exit status 1 where it refuses, 4 without a connection.
    """


@command.command("list")
@where
def list_(config_file: Path | None, **given: _Given) -> None:
    """Companies, a line each."""
    for each in ask(config_file, given, "GET", "/v1/companies"):
        lacks = f"lacks {', '.join(each['unmet'])}" if each["unmet"] else "not active"
        click.echo(
            f"{each['name']}  {each['kind']}  {each['numbers']} numbers"
            f"  {each['balance']} + {each['credit']}"
            f"  {'active' if each['contract_active'] else lacks}"
        )


@command.command()
@click.argument("company")
@where
def show(company: str, config_file: Path | None, **given: _Given) -> None:
    """One company, whole."""
    show_view(ask(config_file, given, "GET", _path(company)))


@command.command()
@click.argument("company")
@click.argument("administrator", metavar="MSISDN")
@click.option("--kind", type=click.Choice(_KINDS), required=True)
@click.option("--inn", help="10 or 12 digits")
@click.option("--branch", "branches", multiple=True, help="a region; may be repeated")
@click.option("--document", "documents", multiple=True, help="what it has brought; repeated")
@where
def add(
    company: str,
    administrator: str,
    kind: str,
    inn: str | None,
    branches: tuple[str, ...],
    documents: tuple[str, ...],
    config_file: Path | None,
    **given: _Given,
) -> None:
    """Sign up a company; MSISDN, the owner of a private account, is its administrator."""
    body = {"name": company, "msisdn": administrator, "kind": kind, "inn": inn}
    lists = {"branches": list(branches), "documents": list(documents)}
    show_view(ask(config_file, given, "POST", "/v1/companies", {**body, **lists}))


@command.command()
@click.argument("company")
@click.option("--inn", help="10 or 12 digits")
@click.option("--branch", "branches", multiple=True, help="a region; all of them, repeated")
@click.option("--document", "documents", multiple=True, help="all of them, repeated")
@click.option("--contract", type=bool, help="true: active, where its conditions are met")
@click.option("--credit", metavar="ROUBLES", help="how far its account may go below zero")
@click.option("--limit", metavar="ROUBLES", help="a month, of a number without its own; 0: none")
@where
def change(
    company: str,
    inn: str | None,
    branches: tuple[str, ...],
    documents: tuple[str, ...],
    contract: bool | None,
    credit: str | None,
    limit: str | None,
    config_file: Path | None,
    **given: _Given,
) -> None:
    """Change what is known of a company."""
    body = {
        "inn": inn,
        "branches": list(branches) or None,
        "documents": list(documents) or None,
        "contract_active": contract,
        "credit": credit,
        "month_limit": limit,
    }
    show_view(ask(config_file, given, "PATCH", _path(company), body))


@command.command()
@click.argument("company")
@where
def numbers(company: str, config_file: Path | None, **given: _Given) -> None:
    """Its numbers, and who holds them."""
    for each in ask(config_file, given, "GET", _path(company, "numbers")):
        who = f"{each['name']}, {each['position']}" if each["name"] else "(stock)"
        click.echo(
            f"{each['msisdn']}  {each['tariff']}  {each['sim']}  {each['month_limit']}"
            f"  {who}  {each['label']}"
        )


@command.command()
@click.argument("company")
@click.argument("msisdn")
@where
def number(company: str, msisdn: str, config_file: Path | None, **given: _Given) -> None:
    """One of its numbers, whole."""
    show_view(ask(config_file, given, "GET", _path(company, "numbers", msisdn)))


@command.command("add-number")
@click.argument("company")
@click.argument("msisdn")
@click.option("--tariff", default="business_l", help="a corporate plan  [business_l]")
@click.option("--branch", help="the region of its group")
@where
def add_number(
    company: str,
    msisdn: str,
    tariff: str,
    branch: str | None,
    config_file: Path | None,
    **given: _Given,
) -> None:
    """Give it a new number, for its stock of SIM cards."""
    body = {"msisdn": msisdn, "tariff": tariff, "branch": branch}
    show_view(ask(config_file, given, "POST", _path(company, "numbers"), body))


@command.command("own-account")
@click.argument("company")
@click.argument("msisdn")
@where
def own_account(company: str, msisdn: str, config_file: Path | None, **given: _Given) -> None:
    """Open an employee's own account, which pays above his limit."""
    show_view(ask(config_file, given, "POST", _path(company, "numbers", msisdn, "account")))


@command.command()
@where
def registrations(config_file: Path | None, **given: _Given) -> None:
    """Requests to register, oldest first."""
    for each in ask(config_file, given, "GET", "/v1/registrations"):
        click.echo(
            f"{each['at']}  {each['msisdn']}  {each['company']}  {each['state']}"
            f"  {each['email'] or '-'}  {each['login'] or '-'}"
        )


@command.command()
@click.argument("msisdn")
@click.argument("decision", type=click.Choice(["review", "approve", "refuse"]))
@click.option("--login", help="approved beside CP_ and the ten digits")
@where
def decide(
    msisdn: str, decision: str, login: str | None, config_file: Path | None, **given: _Given
) -> None:
    """Decide on a request to register; login and password go by SMS."""
    path = f"/v1/subscribers/{quote(msisdn, safe='')}/registration"
    show_view(ask(config_file, given, "POST", path, {"decision": decision, "login": login}))


@command.command()
@click.argument("company")
@where
def orders(company: str, config_file: Path | None, **given: _Given) -> None:
    """Its orders and how far they are, newest first."""
    for each in ask(config_file, given, "GET", _path(company, "orders")):
        click.echo(_order(each))


@command.command()
@click.argument("company")
@click.argument("order")
@click.option("--decision", type=click.Choice(["approve", "refuse"]), help="where it waits for one")
@where
def order(
    company: str, order: str, decision: str | None, config_file: Path | None, **given: _Given
) -> None:
    """An order with a result for each number, or a decision on one that waits."""
    path = _path(company, "orders", order)
    if decision:
        body = {"decision": decision}
        found = ask(config_file, given, "POST", f"{path}/decision", body)
    else:
        found = ask(config_file, given, "GET", path)
    click.echo(_order(found["order"]))
    for line in found["lines"]:
        click.echo(f"{line['msisdn']}  {line['result']}")


def _order(order: Mapping[str, Any]) -> str:
    counts = f"{order['done']} done, {order['refused']} refused of {order['total']}"
    return f"{order['order']}  {order['kind']}  {order['state']}  {counts}  {order['at']}"


def _path(company: str, *parts: str) -> str:
    return "/".join(["/v1/companies", *(quote(part, safe="") for part in (company, *parts))])
