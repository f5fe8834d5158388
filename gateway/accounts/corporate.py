"""Companies: a request to register, by SMS to 000511 (K09, K10).

Its states are received -> review -> approved or refused. An administrator of a company whose
contract is active is approved at once where the option says so; anyone else of the company waits
for a person to decide. On approval the login and a password go by SMS.
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.accounts.book import Registration
from gateway.accounts.credentials import issue
from gateway.accounts.request import Effect, Reply, Request, done, refuse
from gateway.domain.numbers import local_digits


def _register(request: Request) -> Reply:
    subscriber, book = request.subscriber, request.book
    if not subscriber.company:
        return refuse("company_none", request.message("sms.corp.no"))
    standing = book.registration(subscriber.msisdn)
    if standing is not None and standing.state != "refused":
        return refuse("company_already")
    received = Registration(subscriber.msisdn, subscriber.company, request.now)
    if not (request.core.options.company_auto_approve and subscriber.role == "administrator"):
        book.save_registration(received)
        return done()
    return _approve(request, received)


def _approve(request: Request, received: Registration) -> Reply:
    request.book.save_registration(
        Registration(received.msisdn, received.company, received.at, "approved")
    )
    login = f"CP_{local_digits(received.msisdn)}"
    welcome = request.message("sms.corp.ok", company=received.company, login=login)
    return done(welcome, issue(request, "permanent", "sms.pwd"))


EFFECTS: Mapping[str, Effect] = {"company.register": _register}
