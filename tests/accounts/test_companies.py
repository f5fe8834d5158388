"""What an administrator does for his company: a table of commands that reads as a specification."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.accounts.answers import Options
from gateway.accounts.book import REVENUE, Leg, Transfer
from gateway.accounts.books.companies import Company, Line
from gateway.accounts.companies.administration import add_company, add_number, change_company
from gateway.accounts.companies.batches import decide
from gateway.accounts.companies.reports import vat_of
from gateway.accounts.memory import MemoryBook
from gateway.accounts.usage import Use, charge_use, rate_use
from gateway.charging.rating import Rater
from gateway.charging.tariff import default_terms
from gateway.domain.port import Letter
from tests.accounts.fakes import NOW, Desk
from tests.charging.table import PRICES, TABLE

A, B, C, FREE, OTHER = (f"79220000{n:03d}" for n in (11, 12, 13, 14, 22))
RATER = Rater(TABLE, PRICES)
TERMS = default_terms()


def ask(desk: Desk, command: str, **arguments: Any) -> Any:
    """The administrator of «Ромашка» asks."""
    return desk.answer(11, command, **arguments)


def test_the_account(desk: Desk) -> None:
    assert ask(desk, "company.account").values == {
        "company": "Ромашка",
        "account": "1011",
        "balance": 5_000_000,
        "credit": 3_000_000,
        "numbers": 4,
        "discount": 0,
    }


def test_numbers_come_a_page_at_a_time(book: MemoryBook) -> None:
    desk = Desk(book)
    company = book.company("Ромашка")
    assert company is not None
    size = TERMS.company.shown_numbers_max
    for number in range(size):
        assert add_number(book, company, f"7922100{number:04d}", TERMS, "business_m", NOW) == "ok"
    first = ask(desk, "company.numbers", after="").values
    assert (len(first["numbers"]), first["more"]) == (size, True)
    second = ask(desk, "company.numbers", after=first["last"]).values
    assert (len(second["numbers"]), second["more"], second["last"]) == (4, False, "")
    shown = [row["member"] for row in (*first["numbers"], *second["numbers"])]
    assert (shown, len(set(shown))) == (sorted(shown), size + 4)


@pytest.mark.parametrize(
    ("command", "arguments", "outcome"),
    [
        ("company.employee_add", {"member": FREE, "name": "Кто", "position": "повар"}, "ok"),
        ("company.employee_add", {"member": B, "name": "Кто", "position": "x"}, "member_taken"),
        ("company.employee_edit", {"member": B, "name": "Кто", "position": "x"}, "ok"),
        ("company.employee_edit", {"member": FREE, "name": "Кто", "position": "x"}, "member_free"),
        ("company.employee_detach", {"member": B}, "ok"),
        ("company.employee_detach", {"member": FREE}, "member_free"),
        ("company.keeper", {"member": C}, "ok"),
        ("company.keeper", {"member": FREE}, "member_free"),
        ("group.swap_number", {"member": B, "other": FREE}, "ok"),
        ("group.swap_number", {"member": B, "other": C}, "member_taken"),
        ("group.swap_number", {"member": FREE, "other": B}, "member_taken"),
        ("group.swap_number", {"member": B, "other": B}, "member_unknown"),
        ("company.sims_order", {"count": "5"}, "ok"),
        ("company.sims_order", {"count": "0"}, "sims_out_of_range"),
        ("company.sims_order", {"count": "101"}, "sims_out_of_range"),
        ("company.tariffs_quote", {"code": "2012", "label": ""}, "ok"),
        ("company.tariffs_quote", {"code": "2002", "label": ""}, "tariff_unknown"),
        ("company.tariffs_quote", {"code": "2012", "label": "Нет"}, "label_unknown"),
        ("company.forward_all", {"target": C}, "ok"),
        ("company.forward_all", {"target": "79220000001"}, "member_unknown"),
        ("company.report_quote", {"kind": "tax", "format": "pdf"}, "email_missing"),
    ],
)
def test_commands(desk: Desk, command: str, arguments: Any, outcome: str) -> None:
    assert ask(desk, command, **arguments).outcome == outcome


def test_an_employee_gets_a_number_and_gives_it_back(desk: Desk) -> None:
    assert ask(desk, "company.stock").values == {"count": 1, "keeper": "Сотрудник 12"}
    ask(desk, "company.employee_add", member=FREE, name="Кто", position="повар")
    ask(desk, "company.label", member=FREE, label="Кухня")
    shown = ask(desk, "company.number", member=FREE).values
    assert (shown["name"], shown["position"], shown["label"]) == ("Кто", "повар", "Кухня")
    assert ask(desk, "company.stock").values["count"] == 0
    ask(desk, "company.employee_detach", member=FREE)
    ask(desk, "company.employee_detach", member=B)
    assert ask(desk, "company.stock").values == {"count": 2, "keeper": ""}
    labels = {row["label"]: row["count"] for row in ask(desk, "company.labels").values["labels"]}
    assert labels == {"Кухня": 1, "Офис": 1, "Склад": 1}


def test_another_number_takes_the_place_of_a_lost_one(desk: Desk) -> None:
    ask(desk, "group.swap_number", member=B, other=FREE)
    lost, taken = desk.book.member("Ромашка", B), desk.book.member("Ромашка", FREE)
    assert lost is not None
    assert taken is not None
    assert (lost.sim, lost.name) == ("lost", "")
    assert (taken.name, taken.label, taken.month_limit) == ("Сотрудник 12", "Склад", 150_000)
    assert ask(desk, "company.stock").values["keeper"] == "Сотрудник 12"


def test_what_a_subscriber_does_is_done_for_a_number(desk: Desk) -> None:
    added = ask(desk, "company.service_add", member=B, code="3363")
    assert (added.outcome, added.values["name"]) == ("ok", "Бизнес-интернет")
    assert [row.service for row in desk.book.services(B)] == ["internet_business"]
    assert desk.book.services(A) == ()
    ask(desk, "company.forward", member=B, action="register", kind="all", number=C)
    assert desk.book.forwarding(B) == {"all": C}
    outside = ask(
        desk, "company.forward", member=B, action="register", kind="all", number="79220000001"
    )
    assert outside.outcome == "forwarding_number_wrong"
    assert ask(desk, "company.sim_replace", member=B, reason="lost").outcome == "ok"


# --- orders for many numbers -----------------------------------------------------------------


def test_a_batch_has_a_result_for_each_number(desk: Desk) -> None:
    ask(desk, "company.tariff_change", member=C, code="2011")
    desk.book.update_subscriber(B, {"sim": "lost"})
    ordered = ask(desk, "company.tariffs_change", code="2011", label="")
    assert ordered.values["count"] == 4
    sent = desk.run_due(NOW)
    order = int(ordered.values["order"])
    assert desk.book.lines(order, "", 9) == (
        Line(A, "ok"),
        Line(B, "number_blocked"),
        Line(C, "tariff_change_waits"),
        Line(FREE, "ok"),
    )
    done = desk.book.order(order)
    assert done is not None
    assert (done.state, done.payload["done"], done.payload["refused"]) == ("done", 2, 2)
    [told] = [each for each in sent if getattr(each, "text_id", "") == "sms.corp.batch"]
    assert told.values == {"order": str(order), "made": 2, "refused": 2}


def test_a_batch_by_label_touches_no_other_number(desk: Desk) -> None:
    order = int(ask(desk, "company.tariffs_change", code="2011", label="Склад").values["order"])
    desk.run_due(NOW)
    assert desk.book.lines(order, "", 9) == (Line(B, "ok"),)
    assert desk.book.jobs_of(OTHER, "tariff.change") == ()


def test_a_batch_goes_on_where_it_stopped_and_twice_does_nothing_twice(book: MemoryBook) -> None:
    desk = Desk(book)
    company = book.company("Ромашка")
    assert company is not None
    size = TERMS.company.batch_numbers
    for number in range(2 * size):
        add_number(book, company, f"7922100{number:04d}", TERMS, "business_m", NOW)
    order = int(ask(desk, "company.forward_all", target=A).values["order"])
    turns = 0
    while jobs := book.jobs_of("Ромашка", "company.batch"):
        job = book.take_job(jobs[0].key, NOW)
        assert job is not None
        desk.accounts.run(job, book, NOW)
        turns += 1
        assert len(book.lines(order, "", 9_999)) <= turns * size
    found = book.order(order)
    assert found is not None
    assert (turns, found.payload["done"], found.payload["refused"]) == (3, 2 * size + 3, 1)
    assert len(book.lines(order, "", 9_999)) == 2 * size + 4


def test_by_application_an_order_waits_for_the_operator(book: MemoryBook) -> None:
    desk = Desk(book, Options(company_tariff_change="application"))
    order = int(ask(desk, "company.tariffs_change", code="2011", label="").values["order"])
    assert book.jobs_of("Ромашка", "company.batch") == ()
    assert decide(book, "Лютик", order, True, NOW) == "order_unknown"
    assert decide(book, "Ромашка", order, True, NOW) == "ok"
    assert decide(book, "Ромашка", order, True, NOW) == "order_unknown"
    assert len(book.jobs_of("Ромашка", "company.batch")) == 1


# --- money -----------------------------------------------------------------------------------


def use(desk: Desk, number: int, key: str, zone: str = "EUROPE") -> Any:
    desk.book.update_subscriber(f"79220000{number:03d}", {"zone": zone})
    subscriber = desk.subscriber(number)
    rating = rate_use(RATER, TERMS, subscriber, "service_sms")
    return charge_use(
        desk.book, subscriber, rating, Use(desk.now, key, "sms", "000110", "d", "26201", 18_000)
    )


def test_a_number_on_a_corporate_plan_pays_half_in_russia(desk: Desk) -> None:
    charge = use(desk, 13, "k", "RU_NET")
    assert (charge.rule, charge.amount) == ("CH16", 245)
    assert "corporate plan" in charge.explanation
    assert use(desk, 13, "l", "CIS").rule == "CH04"
    assert use(desk, 10, "m", "RU_NET").amount == 490


def test_a_limit_refuses_where_nobody_else_pays(desk: Desk) -> None:
    ask(desk, "company.limit", member=B, limit=3_000)
    first, second = use(desk, 12, "a"), use(desk, 12, "b")
    assert (first.amount, first.account, first.refused) == (1_900, 1011, False)
    assert (second.amount, second.rule, second.refused) == (0, "R42", True)
    ask(desk, "company.limit", member=B, limit=0)
    assert use(desk, 12, "c").amount == 1_900
    assert ask(desk, "company.spending", member=B).values["sms"] == 3_800


def test_above_his_limit_an_employee_pays_himself(desk: Desk) -> None:
    ask(desk, "company.limit", member=C, limit=2_000)
    accounts = [use(desk, 13, key).account for key in "abc"]
    assert accounts == [1011, 1013, 1013]
    assert desk.book.balance_of(1013) == (10_000 - 3_800, 0)
    for key in "defg":
        last = use(desk, 13, key)
    assert (last.rule, last.refused) == ("R42", True)


def test_what_an_employee_brings_is_his_own(desk: Desk) -> None:
    code = "105000000500"
    assert desk.answer(13, "account.topup_voucher", code=code, recipient="").values == {
        "amount": 50_000,
        "balance": 60_000,
        "own": True,
        "recipient": C,
    }
    assert (desk.book.balance_of(1013)[0], desk.balance(13)) == (60_000, 5_000_000)


def test_a_limit_is_of_one_month(desk: Desk) -> None:
    ask(desk, "company.limit", member=B, limit=2_000)
    use(desk, 12, "a")
    assert use(desk, 12, "b").refused
    desk.now += 7 * 86_400
    assert not use(desk, 12, "c").refused


def test_the_limit_of_all_leaves_those_who_have_their_own(desk: Desk) -> None:
    ask(desk, "company.limit_all", limit=1_000)
    assert ask(desk, "company.number", member=FREE).values["limit"] == 1_000
    assert ask(desk, "company.number", member=B).values["limit"] == 150_000
    assert use(desk, 14, "a").refused
    assert not use(desk, 11, "b").refused, "an administrator has no limit"


def test_a_company_may_owe_up_to_its_credit(desk: Desk) -> None:
    all_of_it = Transfer("x", "x", NOW, (Leg(1011, -5_000_000), Leg(REVENUE, 5_000_000)))
    assert desk.book.transfer(all_of_it) == "ok"
    assert use(desk, 12, "a").amount == 1_900
    assert desk.balance(11) == -1_900


# --- reports -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["spending", "details", "reconciliation", "tax"])
def test_a_report_comes_by_mail_in_twenty_to_thirty_minutes(desk: Desk, kind: str) -> None:
    desk.book.update_subscriber(A, {"email": "boss@firma.ru"})
    use(desk, 12, "a")
    use(desk, 22, "z")
    quoted = ask(desk, "company.report_quote", kind=kind, format="excel").values
    assert quoted == {"kind": kind, "format": "excel", "email": "b***@firma.ru"}
    ordered = ask(desk, "company.report_order", kind=kind, format="excel").values["order"]
    [job] = desk.book.jobs_of(A, "company.report")
    assert 1_200 <= job.due - NOW <= 1_800
    assert ask(desk, "company.orders").values["orders"][0]["state"] == "working"
    desk.now = job.due
    sent = desk.run_due(job.due)
    letters = [each for each in sent if isinstance(each, Letter)]
    assert [(each.to, each.format) for each in letters] == [("boss@firma.ru", "excel")]
    report = letters[0].report
    assert report is not None
    assert report.totals[{"spending": "sms"}.get(kind, "amount")] == 1_900
    assert OTHER not in repr(report.rows)
    assert all(set(row) == {column.id for column in report.columns} for row in report.rows)
    then = letters[0].then
    assert then is not None
    assert (then.text_id, then.values["order"]) == ("sms.rep", ordered)
    assert ask(desk, "company.orders").values["orders"][0]["state"] == "done"


def test_tax_is_part_of_the_amount(desk: Desk) -> None:
    assert [vat_of(amount, 22) for amount in (0, 1, 122, 1_900)] == [0, 0, 22, 343]


# --- the operator ------------------------------------------------------------------------------


def test_a_company_is_signed_up_and_its_order_of_cards_is_filled(desk: Desk) -> None:
    book = desk.book
    new = Company("Василёк", "private_practice", 0)
    assert add_company(book, new, "79220000099") == "subscriber_unknown"
    assert add_company(book, new, A) == "number_taken"
    assert add_company(book, new, "79220000007") == "number_taken", "not the owner of its account"
    assert add_company(book, new, "79220000001") == "ok"
    assert add_company(book, new, "79220000002") == "company_exists"
    order = int(desk.answer(1, "company.sims_order", count="2").values["order"])
    company = book.company("Василёк")
    assert company is not None
    assert company.account == 1001
    for number, state in (("79221000001", "working"), ("79221000002", "done")):
        assert add_number(book, company, number, TERMS, "business_m", NOW) == "ok"
        found = book.order(order)
        assert found is not None
        assert found.state == state
    assert add_number(book, company, "79221000002", TERMS, "business_m", NOW) == "number_taken"
    for place, msisdn in enumerate(("79221000004", "79221000005"), 1):
        branch = ("ural", "volga")[place - 1]
        assert add_number(book, company, msisdn, TERMS, "business_m", NOW, branch) == "ok"
        company = book.company("Василёк")
        assert company is not None
        assert (len(company.branches), company.federal) == (place, place == 2)
    assert add_number(book, company, "79221000003", TERMS, "simple", NOW) == "tariff_unknown"
    assert change_company(book, company, {"contract_active": True}, None, TERMS.company) == (
        "conditions_unmet"
    )


# --- isolation (A44): the test of every command is test_company_isolation ------------------------


def test_only_an_administrator_has_an_office(desk: Desk) -> None:
    assert desk.answer(1, "company.account").outcome == "company_not_administrator"
