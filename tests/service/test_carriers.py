"""Letters that leave: what a relay hears, which of its answers are for good, and the maildir."""

from __future__ import annotations

import mailbox
import ssl
import time
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from gateway.domain.port import Sms
from gateway.domain.report import Cell, Document
from gateway.service.carriers import Maildir, Refused, Relay
from gateway.service.mailer import message_of
from gateway.service.settings import Secret
from gateway.service.tls import self_signed
from gateway.turn.unit import Mail
from tests.service.fake_relay import FakeRelay

SENDER = "noreply@operator.example"
DOCUMENT = Document("Отчёт", "", ("Когда",), ((Cell("сегодня"),),), ())
MAIL = Mail(
    "0010000A-0", "buh@firma.ru", "Отчёт\n за день", "Слова\n.точка", 1_764_064_800.0, DOCUMENT,
    "excel", Sms("s", "", "79220000001", "000105", "x", 1.0),
)  # fmt: skip
LETTER = message_of(MAIL, SENDER)


def test_a_letter_says_whose_it_is_and_that_nobody_answers_it() -> None:
    assert LETTER["Message-ID"] == "<0010000A-0@operator.example>"
    assert (LETTER["From"], LETTER["To"]) == (SENDER, "buh@firma.ru")
    assert LETTER["Subject"] == "Отчёт за день"
    assert LETTER["Date"] == "Tue, 25 Nov 2025 10:00:00 -0000"
    assert LETTER["Auto-Submitted"] == "auto-generated"
    (attached,) = LETTER.iter_attachments()
    assert attached.get_filename() == "report.xlsx"
    assert attached.get_content()[:2] == b"PK"
    assert not list(message_of(Mail("i", "a@b.ru", "s", "b", 1.0), SENDER).iter_attachments())


def test_a_relay_takes_it_whole() -> None:
    relay = FakeRelay()
    Relay("127.0.0.1", relay.port, "off").hand_over(LETTER)
    (taken,) = relay.taken
    assert taken["Message-ID"] == LETTER["Message-ID"]
    assert taken["Subject"] == "Отчёт за день"
    body = taken.get_body(("plain",))
    assert body is not None
    assert body.get_content().split() == ["Слова", ".точка"]
    assert f"mail FROM:<{SENDER}>" in " ".join(relay.said)
    assert "rcpt TO:<buh@firma.ru>" in relay.said


def test_a_login_is_used_where_there_is_one() -> None:
    relay = FakeRelay()
    Relay("127.0.0.1", relay.port, "off", "gateway", Secret("pass")).hand_over(LETTER)
    assert any(said.startswith("AUTH PLAIN") for said in relay.said)
    assert len(relay.taken) == 1


@pytest.mark.parametrize(
    ("command", "reply", "for_good"),
    [
        ("RCPT", "550 5.1.1 no such user", True),
        ("RCPT", "451 try again later", False),
        ("MAIL", "452 no room", False),
        ("DATA", "554 no", True),
        ("AUTH", "535 wrong password", False),
        ("EHLO", "421 closing", False),
    ],
)
def test_only_a_refusal_of_the_letter_is_for_good(command: str, reply: str, for_good: bool) -> None:
    relay = FakeRelay({command: reply, "HELO": reply})
    with pytest.raises(Exception, match=reply[:3]) as raised:
        Relay("127.0.0.1", relay.port, "off", "gateway", Secret("pass")).hand_over(LETTER)
    assert isinstance(raised.value, Refused) == for_good
    assert not relay.taken
    assert "pass" not in str(raised.value).replace("password", "")


@pytest.mark.parametrize("reply", ["421 closing", "250 ok"])
def test_what_it_says_after_it_took_a_letter_changes_nothing(reply: str) -> None:
    relay = FakeRelay({"QUIT": reply})
    Relay("127.0.0.1", relay.port, "off").hand_over(LETTER)
    assert len(relay.taken) == 1


def test_a_relay_without_tls_is_told_nothing() -> None:
    relay = FakeRelay()
    with pytest.raises(Exception, match="STARTTLS"):
        Relay("127.0.0.1", relay.port).hand_over(LETTER)
    assert not any("FROM" in said for said in relay.said)


def test_a_certificate_of_nobody_is_not_believed(tmp_path: Path) -> None:
    relay = FakeRelay(tls=_own_certificate(tmp_path))
    with pytest.raises(ssl.SSLCertVerificationError):
        Relay("127.0.0.1", relay.port).hand_over(LETTER)
    assert not relay.taken


def test_a_relay_that_is_not_there_is_tried_again() -> None:
    relay = FakeRelay()
    relay.close()
    with pytest.raises(OSError, match="refused"):
        Relay("127.0.0.1", relay.port, "off").hand_over(LETTER)


def test_the_maildir_is_one_that_mail_readers_open(tmp_path: Path) -> None:
    Maildir(tmp_path / "mail").hand_over(LETTER)
    (kept,) = mailbox.Maildir(tmp_path / "mail", create=False)
    read = message_from_bytes(kept.as_bytes(), policy=policy.default)
    assert read["Subject"] == "Отчёт за день"
    assert [part.get_filename() for part in read.iter_attachments()] == ["report.xlsx"]


def _own_certificate(folder: Path) -> ssl.SSLContext:
    (folder / "both.pem").write_bytes(self_signed(time.time()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context
