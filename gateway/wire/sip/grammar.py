"""The parts many header fields are made of: lists, parameters, hosts (RFC 3261 §7.3, §25.1).

Read tolerantly: white space anywhere between tokens, names in any case. Every pattern takes time
linear in what it is given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final

from gateway.wire.sip.errors import ProtocolError

Params = Mapping[str, str | None]
"""Parameters: name in lower case -> its value as it was written, None where it has none."""

TOKEN: Final = r"[A-Za-z0-9\-.!%*_+`'~]+"
QUOTED: Final = r'"(?:[^"\\]|\\.)*"'
HOST: Final = r"\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.\-]+"

_SPECIAL: Final = {separator: re.compile(rf'["\\<>{separator}]') for separator in ",;"}
_PARAM_NAME: Final = re.compile(r'[^\s=;,"]+')
_PARAM_VALUE: Final = re.compile(rf'{QUOTED}|[^\s;,"]*', re.DOTALL)
_PORT_MAX: Final = 65535
_INTEGER: Final = re.compile(r"[0-9]{1,10}")


def split_list(value: str, separator: str = ",") -> list[str]:
    """The elements between separators that stand outside quotes and angle brackets, stripped."""
    if '"' not in value and "<" not in value:
        return [element.strip() for element in value.split(separator)]
    elements, start, after = [], 0, 0
    quoted = bracketed = False
    for match in _SPECIAL[separator].finditer(value):
        character, at = match[0], match.start()
        if at < after:
            continue
        if quoted:
            quoted = character != '"'
            after = at + 2 if character == "\\" else at
        elif bracketed:
            bracketed = character != ">"
        elif character == separator:
            elements.append(value[start:at].strip())
            start = at + 1
        else:
            quoted, bracketed = character == '"', character == "<"
    return [*elements, value[start:].strip()]


def parse_params(text: str) -> dict[str, str | None]:
    """`a=1;b;c="x"`, with or without a leading semicolon; of a name given twice the first counts.

    Raises ProtocolError(400) for an empty or malformed parameter.
    """
    params: dict[str, str | None] = {}
    if not text.strip():
        return params
    for element in split_list(text.lstrip().removeprefix(";"), ";"):
        name, equals, value = (part.strip() for part in element.partition("="))
        if not _PARAM_NAME.fullmatch(name) or not _PARAM_VALUE.fullmatch(value):
            raise ProtocolError(400, "Malformed parameter")
        params.setdefault(name.lower(), value if equals else None)
    return params


def format_params(params: Params) -> str:
    """`;a=1;b`, as `parse_params` reads it."""
    return "".join(
        f";{name}" if value is None else f";{name}={value}" for name, value in params.items()
    )


def unquote_string(value: str) -> str:
    """A quoted-string without its quotes and escapes; anything else as it is."""
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return re.sub(r"\\(.)", r"\1", value[1:-1], flags=re.DOTALL)
    return value


def parse_integer(text: str, largest: int, what: str) -> int:
    """A decimal number of digits alone. Raises ProtocolError(400) that names `what`."""
    if not _INTEGER.fullmatch(text) or int(text) > largest:
        raise ProtocolError(400, f"Bad {what}")
    return int(text)


def parse_port(text: str | None) -> int | None:
    """A port number or, for None, None. Raises ProtocolError(400)."""
    return None if text is None else parse_integer(text, _PORT_MAX, "port")


def bare_host(host: str) -> str:
    """A host as sockets name it: an IPv6 reference without its brackets, in lower case."""
    return host.strip("[]").lower()


def uri_host(host: str) -> str:
    """A host as URIs and Via name it: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host


def is_ip(host: str) -> bool:
    """Whether a bare host is an address and needs no name server."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def same_host(one: str, other: str) -> bool:
    """Whether two hosts, with or without brackets, are the same name or the same address."""
    one, other = bare_host(one), bare_host(other)
    if one == other:
        return True
    return is_ip(one) and is_ip(other) and ip_address(one) == ip_address(other)
