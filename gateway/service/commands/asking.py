"""What commands share that ask the HTTP API of a service: the question, and a view as lines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from gateway.service.commands.options import api_of, settings
from gateway.service.errors import FAILED, NO_CONNECTION, Fault

where = settings("data", "host", "http_port", "api_token")
"""The options that find the service."""


def ask(
    config_file: Path | None,
    given: dict[str, str | None],
    method: str,
    path: str,
    body: Mapping[str, Any] | None = None,
) -> Any:
    """The service's answer; what was not given is left out of the body. Raises Fault."""
    from gateway.phone.line import NoConnection, Refused

    sent = None if body is None else {k: v for k, v in body.items() if v is not None}
    try:
        return api_of(config_file, given).ask(method, path, sent)
    except NoConnection as fault:
        raise Fault(str(fault), NO_CONNECTION) from None
    except Refused as fault:
        raise Fault(str(fault), FAILED) from None


def show(view: Mapping[str, Any]) -> None:
    """A view, a line for each of its members."""
    width = max(map(len, view))
    for name, value in view.items():
        click.echo(f"{name:{width}}  {_words(value)}".rstrip())


def _words(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        apart = "; " if any(isinstance(each, dict) for each in value) else ", "
        return apart.join(map(_words, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {_words(each)}" for name, each in value.items())
    return str(value)
