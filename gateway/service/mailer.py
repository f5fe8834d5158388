"""The mailer: takes letters out of the store, makes their files, hands them over.

Files are made and carriers called in threads of its own, away from turns and from the reactor. A
letter goes out at least once: a crash between handing over and remembering sends it again, under
the same Message-ID. What cannot be handed over is tried again after growing pauses, for days.
"""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any

from twisted.internet.defer import DeferredList
from twisted.internet.threads import deferToThreadPool
from twisted.logger import Logger
from twisted.python.threadpool import ThreadPool

from gateway.channels.desk import Desk
from gateway.documents import FILES
from gateway.domain.port import Sms
from gateway.service.carriers import Carrier, Refused
from gateway.service.metrics import Metrics
from gateway.service.rounds import Rounds
from gateway.store.unit import SqlUnit
from gateway.turn.unit import Mail

log = Logger()

LETTERS_MAX = 8
"""Letters in one round."""
THREADS_MAX = 2
LENT_SECONDS = 600.0
"""A letter lent to a process that died is tried by another after that."""
PAUSES_SECONDS = (60.0, 300.0, 900.0, 3_600.0, 4 * 3_600.0)
"""Before each further attempt; the last is repeated."""
VALID_SECONDS_MAX = 3 * 86_400.0
"""A letter not handed over by then is given up (RFC 5321 §4.5.4.1: 4-5 days at most)."""


class Mailer:
    """Lives on the reactor's thread."""

    def __init__(
        self, desk: Desk, carrier: Carrier, sender: str, metrics: Metrics, reactor: Any
    ) -> None:
        self._desk = desk
        self._carrier = carrier
        self._sender = sender
        self._metrics = metrics
        self._reactor = reactor
        self._pool = ThreadPool(0, THREADS_MAX, "mail")
        self.rounds = Rounds(self._begin)

    def start(self) -> None:
        """Begin to make and hand over."""
        self._pool.start()

    def stop(self) -> None:
        """Waits for what is being handed over."""
        self._pool.stop()

    def _begin(self) -> bool:
        now = self._desk.now()

        def work(unit: SqlUnit) -> tuple[Mail, ...]:
            return unit.take_mail(now, now + LENT_SECONDS, LETTERS_MAX)

        return self._desk.try_put(work, self._taken)

    def _taken(self, result: Any) -> None:
        if isinstance(result, BaseException):
            log.error("the mail could not be read", error=repr(result))
            self.rounds.broke()
            return
        tries = [self._try(mail) for mail in result]
        DeferredList(tries).addCallback(
            lambda _: self.rounds.ended(more=len(result) == LETTERS_MAX)
        )

    def _try(self, mail: Mail) -> Any:
        """One letter; the Deferred fires when what became of it is on its way to the store."""

        def work() -> None:
            self._carrier.hand_over(message_of(mail, self._sender))

        handed = deferToThreadPool(self._reactor, self._pool, work)
        return handed.addCallbacks(
            lambda _: self._settle(mail), lambda failure: self._failed(mail, failure.value)
        )

    def _failed(self, mail: Mail, error: BaseException) -> None:
        now = self._desk.now()
        for_good = isinstance(error, Refused) or now - mail.at >= VALID_SECONDS_MAX
        log.warn(
            "a letter was given up" if for_good else "a letter could not be handed over yet",
            letter=mail.id,
            to=mail.to,
            attempts=mail.attempts + 1,
            error=f"{type(error).__name__}: {error}",
        )
        if for_good:
            self._settle(mail, str(error) or type(error).__name__)
            return
        self._metrics.letter("put_off")
        until = now + PAUSES_SECONDS[min(mail.attempts, len(PAUSES_SECONDS) - 1)]
        self._put(lambda unit: unit.put_off_mail(mail.id, until))

    def _settle(self, mail: Mail, failure: str = "") -> None:
        self._metrics.letter("given_up" if failure else "sent")
        now = self._desk.now()

        def work(unit: SqlUnit) -> Sms | None:
            waited = unit.settle_mail(mail.id, failure)
            if failure or not waited or mail.then is None:
                return None
            sms = replace(mail.then, at=now)
            unit.queue_sms(sms)
            return sms

        self._put(work)

    def _put(self, work: Any) -> None:
        """Remember what became of a letter. Where that fails, its loan ends and it goes again."""

        def done(result: Any) -> None:
            if isinstance(result, BaseException):
                log.error("what became of a letter is not remembered", error=repr(result))
            elif isinstance(result, Sms):
                self._desk.deliver(result)
                self._desk.flush()

        if not self._desk.try_put(work, done):
            log.error("what became of a letter is not remembered", error="the queue is full")


def message_of(mail: Mail, sender: str) -> EmailMessage:
    """The letter as RFC 5322 has it, its report attached as a file. In any thread."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = " ".join(mail.subject.split())
    message["Date"] = formatdate(mail.at)
    message["Message-ID"] = f"<{mail.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5: nobody answers it by machine
    message.set_content(mail.body)
    if mail.document is not None:
        file = FILES[mail.format]
        main, _, sub = file.mime.partition("/")
        message.add_attachment(
            file.write(mail.document), maintype=main, subtype=sub, filename=f"report{file.suffix}"
        )
    return message
