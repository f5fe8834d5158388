"""SIM cards of a company: ordered for the stock, replaced, or a number's place given to another.

A lost card is replaced by new plastic with the old number; or the employee goes on with another
number of the company, which takes the place of the lost one (K13).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gateway.accounts.book import Book
from gateway.accounts.books.companies import Company, Member, MemberChanges
from gateway.accounts.books.jobs import Order
from gateway.accounts.companies.office import Office, of_company, of_member
from gateway.accounts.request import Effect, Reply, done, refuse

ORDER = "company.sims"
_ORDERS_MAX = 100


def _order(office: Office) -> Reply:
    """New cards: the operator gives them numbers, which come into the stock."""
    count, request = int(office.request.text("count")), office.request
    if not 1 <= count <= request.terms.company.sims_per_order_max:
        return refuse("sims_out_of_range")
    msisdn, now = request.subscriber.msisdn, request.now
    payload = {"total": count, "done": 0}
    order = Order(0, ORDER, office.company.name, msisdn, "working", now, now, payload)
    return done(order=str(office.book.add_order(order)), count=count)


def stocked(book: Book, company: Company, now: float) -> None:
    """A number has been given to the company: it is one of the oldest order that waits."""
    waiting = [o for o in book.orders(company.name, (ORDER,), _ORDERS_MAX) if o.state == "working"]
    if not waiting:
        return
    order = waiting[-1]
    made, total = int(order.payload["done"]) + 1, int(order.payload["total"])
    state = "done" if made == total else order.state
    book.update_order(order.id, state, now, {**order.payload, "done": made})


def _swap(office: Office, member: Member) -> Reply:
    """`other` takes the place of a lost number: its employee, label and limit; the lost SIM is
    blocked, and its number goes into the stock."""
    other = office.member("other")
    if other is None or other.msisdn == member.msisdn:
        return refuse("member_unknown")
    if other.name:
        return refuse("member_taken")
    if not member.name:
        return refuse("member_free")
    book = office.book
    place: MemberChanges = {
        "name": member.name,
        "position": member.position,
        "label": member.label,
        "branch": member.branch,
        "month_limit": member.month_limit,
        "own_account": member.own_account,
    }
    book.update_member(other.msisdn, place)
    book.update_member(member.msisdn, {"name": "", "position": "", "own_account": 0})
    book.update_subscriber(member.msisdn, {"sim": "lost"})
    if office.company.keeper == member.msisdn:
        book.save_company(replace(office.company, keeper=other.msisdn))
    return done(member=member.msisdn, other=other.msisdn, name=member.name)


EFFECTS: Mapping[str, Effect] = {
    "company.sims_order": of_company(_order),
    "group.swap_number": of_member(_swap),
}
