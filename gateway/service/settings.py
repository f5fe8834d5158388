"""The table of settings: name, how its text is read, default and meaning, one row each.

Everything that asks for a setting (command line, environment, file, `gateway config`) walks this
table, so a setting is added here and nowhere else. A name `limits.queue_max` is the option
`--limits-queue-max`, the variable `GATEWAY_LIMITS_QUEUE_MAX` and the key `queue_max` under
`limits:`. Imports nothing heavy: `gateway --help` reads it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from gateway.domain.emails import normalise_email

Reader = Callable[[str], Any]

_OFFSET = re.compile(r"([+-])([01][0-9]):([0-5][0-9])")
_SIP_URI = re.compile(r"(sips?:[^\s<>@]+@[^\s<>@]+|tel:\+?[0-9.-]+)")
_RELAY = re.compile(r"([^\s:]{1,253}):([0-9]{1,5})")
_RANGE = re.compile(r"([0-9]{1,5})-([0-9]{1,5})")


def whole(low: int, high: int) -> Reader:
    """A whole number in a range."""

    def read(text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,15}", text) or not low <= int(text) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(text)

    return read


def number(low: float, high: float) -> Reader:
    """A decimal number in a range."""

    def read(text: str) -> float:
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", text) or not low <= float(text) <= high:
            raise ValueError(f"must be a number from {low:g} to {high:g}")
        return float(text)

    return read


def one_of(*words: str) -> Reader:
    """One of the words."""

    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"must be one of: {', '.join(words)}")
        return text

    return read


def log_level(text: str) -> str:
    """A level of the log; `warning` is what other tools call `warn`."""
    return str(one_of("debug", "info", "warn", "error")({"warning": "warn"}.get(text, text)))


def flag(text: str) -> bool:
    """`true` or `false` (also 1, 0, yes, no)."""
    word = text.lower()
    if word not in ("true", "false", "1", "0", "yes", "no"):
        raise ValueError("must be true or false")
    return word in ("true", "1", "yes")


def words(text: str) -> str:
    """Any text that is not empty."""
    if not text.strip():
        raise ValueError("must not be empty")
    return text


def optional_words(text: str) -> str:
    """Any text, or none."""
    return text


class Secret:
    """A text that never shows itself: only `reveal()` gives it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return "***"


def token(text: str) -> Secret:
    """A bearer token (RFC 6750 §2.1); empty is none."""
    if not re.fullmatch(r"[A-Za-z0-9._~+/-]*=*", text) or len(text) > 512:
        raise ValueError("must be letters, digits and ._~+/- (RFC 6750)")
    return Secret(text)


def secret(text: str) -> Secret:
    """A password of somebody else's making; empty is none."""
    return Secret(text)


def relay(text: str) -> tuple[str, int] | None:
    """`mail.example:25`, or none where empty."""
    if not text:
        return None
    match = _RELAY.fullmatch(text)
    if match is None or not 0 < int(match[2]) <= 65535:
        raise ValueError("must be a host and a port, as mail.example:25")
    return match[1], int(match[2])


def email(text: str) -> str:
    """An e-mail address."""
    address = normalise_email(text)
    if address is None:
        raise ValueError("must be an e-mail address")
    return address


def path(text: str) -> Path:
    """A path; `~` is the home directory."""
    return Path(words(text)).expanduser()


def optional_path(text: str) -> Path | None:
    """A path, or none where empty."""
    return path(text) if text else None


port = whole(0, 65535)


def optional_port(text: str) -> int | None:
    """A TCP port, or `off`."""
    return None if text == "off" else int(port(text))


def port_range(text: str) -> tuple[int, int]:
    """`20000-21999`: two ports, the first even (RFC 3550 §11)."""
    match = _RANGE.fullmatch(text)
    if match is None:
        raise ValueError("must be two ports with a hyphen, as 20000-21999")
    low, high = int(match[1]), int(match[2])
    if not 1024 <= low < high <= 65535 or low % 2:
        raise ValueError("must go up from an even port of at least 1024 to at most 65535")
    return low, high


def optional_address(text: str) -> str:
    """An IP address, or none where empty."""
    return str(ip_address(text)) if text else ""


def optional_sip_uri(text: str) -> str:
    """A SIP or tel URI, or none where empty."""
    if text and not _SIP_URI.fullmatch(text):
        raise ValueError("must be a SIP URI, as sip:operator@pbx.example")
    return text


def offset(text: str) -> int:
    """`+05:00` -> 18000: seconds east of UTC."""
    match = _OFFSET.fullmatch(text)
    if match is None:
        raise ValueError("must be an offset from UTC, as +05:00 (quote it in YAML)")
    seconds = int(match[2]) * 3600 + int(match[3]) * 60
    return -seconds if match[1] == "-" else seconds


def database_url(text: str) -> str:
    """A SQLAlchemy URL of SQLite or PostgreSQL."""
    if not re.match(r"(sqlite|postgresql)(\+[a-z0-9]+)?://", text):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return text


@dataclass(frozen=True, slots=True)
class Setting:
    """One row: `default` is text too, read as any other source is."""

    name: str
    read: Reader
    default: str
    meaning: str
    switch: bool = False
    """On the command line it is a switch without a value."""

    @property
    def environment(self) -> str:
        """`smpp_port` -> `GATEWAY_SMPP_PORT`."""
        return "GATEWAY_" + self.name.replace(".", "_").upper()

    @property
    def option(self) -> str:
        """`smpp_port` -> `--smpp-port`."""
        return "--" + self.parameter.replace("_", "-")

    @property
    def parameter(self) -> str:
        """`limits.queue_max` -> `limits_queue_max`, its name as a Python argument."""
        return self.name.replace(".", "_")


SETTINGS: tuple[Setting, ...] = (
    Setting("data", path, "./var", "directory of everything that is kept"),
    Setting("database", database_url, "", "database URL; default gateway.db in the data directory"),
    Setting("host", words, "127.0.0.1", "address every port binds to"),
    Setting("smpp_port", port, "2775", "SMPP port; 0 takes a free one"),
    Setting("smpp_tls_port", optional_port, "off", "SMPP over TLS: a port, or off"),
    Setting("smpp_tls_certificate", optional_path, "", "PEM; made at start where none is given"),
    Setting("smpp_tls_key", optional_path, "", "PEM key of the certificate"),
    Setting("sip_port", port, "5060", "SIP port, UDP and TCP"),
    Setting("sip_tls_port", optional_port, "off", "SIP over TLS: a port, or off"),
    Setting("sip_tls_certificate", optional_path, "", "PEM; made at start where none is given"),
    Setting("sip_tls_key", optional_path, "", "PEM key of the certificate"),
    Setting("sip_address", optional_address, "", "ours as callers reach it, where it is another"),
    Setting("sip_t1_seconds", number(0.05, 2), "0.5", "T1, the round trip time (RFC 3261)"),
    Setting("rtp_ports", port_range, "20000-21999", "UDP ports of media"),
    Setting("rtp_silent_seconds_max", number(1, 600), "20", "a caller unheard for so long is gone"),
    Setting("voice_operator", optional_sip_uri, "", "SIP URI calls are transferred to, or none"),
    Setting("http_port", port, "8105", "HTTP port: API, metrics, pages"),
    Setting("api_token", token, "", "bearer token; made at start where none is given"),
    Setting(
        "clock",
        one_of("system", "manual", "movable"),
        "system",
        "manual stands still until advanced, movable runs and may be advanced",
    ),
    Setting("menus", path, "menus", "directory of the menus"),
    Setting("short_codes", path, "short_codes.yaml", "file of the short codes"),
    Setting("prompts", path, "ivr_prompts", "directory of the recorded prompts"),
    Setting("tariffs", optional_path, "", "file of prices and terms; default the packaged one"),
    Setting("policy", optional_path, "", "file of levels by way in; default the packaged one"),
    Setting(
        "company_auto_approve",
        flag,
        "true",
        "approve an administrator whose company's contract is active at once (K09)",
    ),
    Setting(
        "company_tariff_change",
        one_of("immediate", "application"),
        "immediate",
        "orders of companies to change tariffs: at once, or after the operator's approval (K12)",
    ),
    Setting("log", log_level, "info", "least level logged"),
    Setting("utc_offset", offset, "+05:00", "the operator's wall clock"),
    Setting("smtp", relay, "", "relay host:port for e-mail; else the maildir mail/ under data"),
    Setting("smtp_tls", one_of("starttls", "implicit", "off"), "starttls", "how the relay speaks"),
    Setting("smtp_user", optional_words, "", "login at the relay; none: no login"),
    Setting("smtp_password", secret, "", "password of the login"),
    Setting("mail_from", email, "noreply@operator.example", "the address letters come from"),
    Setting("demo", flag, "false", "demo subscribers and SMPP account", switch=True),
    Setting("subscribers", whole(0, 1_000_000), "0", "with --demo: private numbers added for load"),
    Setting("smpp_enquire_seconds", number(1, 3600), "30", "silence before an enquire_link"),
    Setting("smpp_response_seconds_max", number(0.1, 600), "10", "wait for a response PDU"),
    Setting("smpp_bind_seconds_max", number(0.1, 600), "10", "wait for a bind after connecting"),
    Setting("smpp_replay_seconds", whole(0, 7 * 86_400), "86400", "window of repeated submit_sm"),
    Setting("drain_seconds_max", number(0, 600), "10", "wait for work under way at shutdown"),
    Setting("limits.connections_max", whole(1, 65_000), "1000", "TCP connections per port"),
    Setting("limits.calls_max", whole(1, 10_000), "800", "calls at once"),
    Setting("limits.calls_per_second_max", number(0.1, 10_000), "200", "calls set up in a second"),
    Setting("limits.number_calls_per_minute_max", number(0.1, 10_000), "20", "calls of one number"),
    Setting("limits.dialogues_max", whole(1, 10_000_000), "200000", "dialogues open at once"),
    Setting("limits.queue_max", whole(1, 1_000_000), "10000", "turns waiting for the store"),
    Setting("limits.batch_max", whole(1, 100_000), "512", "turns in one commit"),
    Setting("limits.pdu_octets_max", whole(1024, 1_000_000), "70000", "longest PDU accepted"),
    Setting("limits.parts_max", whole(1, 1_000_000), "10000", "SMS parts waiting for the rest"),
    Setting("limits.body_octets_max", whole(256, 10_000_000), "65536", "longest HTTP body"),
    Setting("limits.event_streams_max", whole(0, 10_000), "100", "listeners of /v1/events"),
    Setting("limits.cdr_octets_max", whole(1024, 2**40), "67108864", "a CDR file before rotation"),
)

BY_NAME = {setting.name: setting for setting in SETTINGS}
