"""How a letter leaves: by an SMTP relay, or into a maildir where none is configured.

A carrier is called in a thread of the mailer and may block. What it raises is a reason to try
again, unless it is `Refused`. (The standard library's client serves: one letter at a time, in a
thread that makes its files anyway.)
"""

from __future__ import annotations

import mailbox
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Literal, Protocol

from gateway.service.settings import Secret

STEP_SECONDS_MAX = 10.0
"""Wait for a connection, and for each answer of a relay."""

Tls = Literal["starttls", "implicit", "off"]


class Refused(Exception):
    """The letter will never be taken, however often it is tried."""


class Carrier(Protocol):
    """Hands letters over."""

    def hand_over(self, message: EmailMessage) -> None:
        """Raises Refused for good, anything else for now."""
        ...


class Maildir:
    """A directory of letters, as mail readers open it."""

    def __init__(self, directory: Path) -> None:
        self._box = mailbox.Maildir(directory, create=True)

    def hand_over(self, message: EmailMessage) -> None:
        self._box.add(message)


@dataclass(frozen=True, slots=True)
class Relay:
    """An SMTP relay (RFC 5321); by default nothing is said to it before TLS (RFC 3207)."""

    host: str
    port: int
    tls: Tls = "starttls"
    user: str = ""
    password: Secret = field(default_factory=lambda: Secret(""))

    def hand_over(self, message: EmailMessage) -> None:
        relay = self._connected()
        try:
            if self.tls == "starttls":
                relay.starttls(context=ssl.create_default_context())
            if self.user:
                relay.login(self.user, self.password.reveal())
            relay.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            (code, reason), *_ = refused.recipients.values()
            raise _reason(code, reason) from refused
        except smtplib.SMTPAuthenticationError as error:  # the operator's fault, not the letter's
            raise ConnectionError(f"the relay refused the login: {error.smtp_code}") from None
        except smtplib.SMTPResponseException as error:
            raise _reason(error.smtp_code, error.smtp_error) from error
        finally:
            with suppress(smtplib.SMTPException, OSError):  # what it took, it has
                relay.quit()

    def _connected(self) -> smtplib.SMTP:
        if self.tls != "implicit":
            return smtplib.SMTP(self.host, self.port, timeout=STEP_SECONDS_MAX)
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(self.host, self.port, timeout=STEP_SECONDS_MAX, context=context)


def carrier_of(
    data: Path, relay: tuple[str, int] | None, tls: Tls, user: str, password: Secret
) -> Carrier:
    """The relay that is configured, or else the maildir `mail/` in the data directory."""
    if relay is None:
        return Maildir(data / "mail")
    return Relay(*relay, tls, user, password)


def _reason(code: int, words: bytes | str) -> Exception:
    """A reply of 5yz is permanent (RFC 5321 §4.2.1)."""
    said = f"{code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"
    return Refused(said) if code >= 500 else ConnectionError(said)
