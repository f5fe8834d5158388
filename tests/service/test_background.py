"""Jobs and letters of a whole service, on a clock that is moved: done when the call returns."""

from __future__ import annotations

import mailbox
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.channels.serving import Served, serving
from tests.service.fake_relay import FakeRelay

NUMBER, EMAIL = "79220000001", "buh@firma.ru"
MINUTE = 60.0
DAY = 86_400.0


@pytest.fixture
def served(run, reactor_thread, tmp_path: Path) -> Iterator[Served]:
    """A service without a relay."""
    with serving(run, reactor_thread, tmp_path, clock="manual") as found:
        yield found


@contextmanager
def served_with(run: Any, reactor: Any, folder: Path, relay: FakeRelay) -> Iterator[Served]:
    """A service with that relay."""
    options = {"smtp": f"127.0.0.1:{relay.port}", "smtp_tls": "off", "clock": "manual"}
    with serving(run, reactor, folder, **options) as served:
        yield served


def texts(served: Served) -> list[str]:
    """The SMS to the number, oldest first."""
    return [message["text"] for message in served.get(f"/v1/subscribers/{NUMBER}/messages")]


def write(served: Served, text: str) -> str:
    """Send an SMS to 000105; what it is answered with."""
    status, _ = served.api("POST", "/v1/sms", {"from": NUMBER, "to": "000105", "text": text})
    assert status < 300
    return texts(served)[-1]


def order(served: Served) -> None:
    """A statement of a week, as Excel, by e-mail."""
    asked = write(served, f"ДЕТАЛИ НЕДЕЛЯ {EMAIL} EXCEL")
    code = re.search(r"ДА ([0-9]+)", asked)
    assert code, asked
    assert "принят" in write(served, code[0])


def letters(tmp_path: Path) -> list[Any]:
    """What the maildir holds."""
    box = mailbox.Maildir(tmp_path / "data" / "mail", create=False)
    return [message_from_bytes(kept.as_bytes(), policy=policy.default) for kept in box]


def counted(served: Served, sample: str) -> float:
    """A sample of the metrics, 0 where it is not there."""
    found = re.search(rf"^gateway_{re.escape(sample)} (\S+)$", served.get("/metrics"), re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_a_statement_is_mailed_when_its_time_has_come(served: Served, tmp_path: Path) -> None:
    order(served)
    served.advance(19 * MINUTE)
    assert letters(tmp_path) == []
    served.advance(11 * MINUTE)
    (letter,) = letters(tmp_path)
    assert (letter["To"], letter["From"]) == (EMAIL, "noreply@operator.example")
    assert letter["Subject"].strip() == "Детализация за неделю, номер 9220000001"
    (attached,) = letter.iter_attachments()
    sheet = load_workbook(BytesIO(attached.get_content())).active
    assert sheet["A1"].value == "Детализация расходов"
    assert sheet["B4"].value == "Что"
    assert "отправлен на b***@firma.ru" in texts(served)[-1]
    assert counted(served, 'jobs_total{kind="statement",result="done"}') == 1
    assert counted(served, 'letters_total{result="sent"}') == 1
    served.advance(30 * DAY)
    assert len(letters(tmp_path)) == 1


def test_a_relay_that_is_busy_gets_it_later_and_once(run, reactor_thread, tmp_path: Path) -> None:
    relay = FakeRelay({"RCPT": f"451 {EMAIL} is busy"})
    with served_with(run, reactor_thread, tmp_path, relay) as served:
        order(served)
        served.advance(30 * MINUTE)
        said = served.logged("a letter could not be handed over yet")
        assert (said["to"], said["attempts"]) == ("b***@firma.ru", 1)
        assert EMAIL not in str(said)
        served.advance(59)
        assert counted(served, 'letters_total{result="put_off"}') == 1
        relay.replies.clear()
        served.advance(1)
        assert len(relay.taken) == 1
        assert "отправлен" in texts(served)[-1]
        served.advance(DAY)
        assert len(relay.taken) == 1


def test_a_letter_refused_for_good_is_given_up_at_once(run, reactor_thread, tmp_path: Path) -> None:
    relay = FakeRelay({"RCPT": "550 no such user"})
    with served_with(run, reactor_thread, tmp_path, relay) as served:
        order(served)
        before = len(texts(served))
        served.advance(30 * MINUTE)
        assert served.logged("a letter was given up")["error"] == "Refused: 550 no such user"
        served.advance(5 * DAY)
        assert counted(served, 'letters_total{result="given_up"}') == 1
        assert len(texts(served)) == before, "nothing says that it was sent"


def test_a_letter_nobody_takes_for_days_is_given_up(run, reactor_thread, tmp_path: Path) -> None:
    relay = FakeRelay({"RCPT": "451 busy"})
    with served_with(run, reactor_thread, tmp_path, relay) as served:
        order(served)
        served.advance(30 * MINUTE)
        for _ in range(4):
            served.advance(DAY)
        assert counted(served, 'letters_total{result="given_up"}') == 1
        assert counted(served, 'letters_total{result="put_off"}') >= 3
