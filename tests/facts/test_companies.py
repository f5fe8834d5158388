"""Companies by USSD, SMS and the operator's decisions (facts B.., A42-A44, K09-K13, K18)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.accounts.access.login import whose_login
from gateway.accounts.answers import Context
from gateway.accounts.books.companies import Company, Line, Member
from gateway.accounts.companies import registration
from gateway.charging.tariff import default_terms
from gateway.domain.port import Letter
from tests.facts.talk import Talk, number

BOSS, BUTTERCUP = 11, 21
DRIVER, MANAGER, FREE, FOREIGN = (number(who) for who in (12, 13, 14, 22))
TERMS = default_terms().company


def company(talk: Talk, name: str = "Ромашка") -> Company:
    found = talk.book.company(name)
    assert found is not None
    return found


def member(talk: Talk, msisdn: str) -> Member:
    found = talk.book.member("Ромашка", msisdn)
    assert found is not None
    return found


def local(msisdn: str) -> str:
    return msisdn[1:]


def decide(talk: Talk, who: int, decision: str) -> str:
    """What the operator does by `gateway companies decide`."""
    context = Context(talk.now, f"operator:{decision}:{who}", "sms")
    core = talk.world.accounts.core
    outcome, _ = registration.decide(talk.book, core, number(who), decision, "", context)
    return outcome


def state(talk: Talk, who: int) -> str:
    found = talk.book.registration(number(who))
    return found.state if found else ""


# --- who is a client, and how he gets in ---------------------------------------------------------


def test_a_message_of_the_group_opens_a_request(talk: Talk) -> None:
    heard = talk.write(BUTTERCUP, "000511", "хочу кабинет")
    assert heard.texts == ["Заявка на корпоративный кабинет принята. Ответ придёт в SMS"]
    assert state(talk, BUTTERCUP) == "received"
    assert [decide(talk, BUTTERCUP, word) for word in ("review", "approve")] == ["ok", "ok"]
    assert state(talk, BUTTERCUP) == "approved"
    assert talk.book.credential(number(BUTTERCUP), "permanent") is not None


def test_an_active_contract_is_approved_at_once(talk: Talk) -> None:
    login, password = talk.write(BOSS, "000511", "").texts
    assert login == "Группа «Ромашка»: кабинет создан. Логин CP_9220000011"
    assert password.startswith("Пароль: ")


def test_without_the_operator_there_is_no_password(talk: Talk) -> None:
    talk.write(12, "000511", "рег")
    assert talk.book.credential(DRIVER, "permanent") is None
    assert "администратору" in talk.dial(12, "*990*00#").page
    assert decide(talk, 12, "refuse") == "ok"
    assert state(talk, 12) == "refused"


def test_one_administrator_has_three_logins(talk: Talk) -> None:
    talk.write(BOSS, "000511", "РЕГ office@firma.ru")
    for login in ("CP_9220000011", "office@firma.ru"):
        assert whose_login(talk.book, login).msisdn == number(BOSS)
    talk.write(BUTTERCUP, "000511", "рег")
    context, core = Context(talk.now, "operator", "sms"), talk.world.accounts.core
    registration.decide(talk.book, core, number(BUTTERCUP), "approve", "Lutik", context)
    assert whose_login(talk.book, "lutik").msisdn == number(BUTTERCUP)


def test_a_legal_entity_has_two_regions_and_thirty_thousand(talk: Talk) -> None:
    one = replace(company(talk), contract_active=False)
    assert registration.unmet(one, 3_000_000, TERMS) == ()
    assert registration.unmet(one, 2_999_999, TERMS) == ("deposit",)
    assert registration.unmet(replace(one, branches=("ural",)), 3_000_000, TERMS) == ("branches",)
    for kind in ("sole_trader", "private_practice"):
        other = Company("x", kind, 1, documents=TERMS.documents[kind])  # type: ignore[arg-type]
        assert registration.unmet(other, 0, TERMS) == ()


def test_groups_in_several_branches_make_a_federal_client(talk: Talk) -> None:
    assert company(talk).federal
    assert not company(talk, "Лютик").federal


@pytest.mark.parametrize("kind", ["legal", "sole_trader", "private_practice"])
def test_each_kind_of_client_brings_its_documents(kind: str) -> None:
    wanted = TERMS.documents[kind]
    assert len(wanted) >= 3
    lacking = Company("x", "legal", 1, branches=("a", "b"), documents=wanted[1:])
    of_kind = replace(lacking, kind=kind)  # type: ignore[arg-type]
    assert registration.unmet(of_kind, 3_000_000, TERMS) == ("documents",)


# --- the cabinet of a company --------------------------------------------------------------------


def test_the_company_has_a_section_of_its_own_and_all_that_others_have(talk: Talk) -> None:
    page = talk.dial(BOSS, "*990#").page
    assert page.startswith("1 Счёт компании\n2 Номера\n3 Отчёты\n4 Лимиты")
    assert "5 Компания" in talk.dial(BOSS, "*105#").page
    assert "Баланс" in talk.dial(BOSS, "*105*1*1#").page
    assert "администратору" in talk.dial(1, "*990#").page


def test_the_account_and_each_number_are_seen(talk: Talk) -> None:
    assert "50000,00" in talk.dial(BOSS, "*105*5*1#").page
    assert "9220000012" in talk.dial(BOSS, "*105*5*2#").page
    talk.write(13, "000110", "00")  # from another region: 4.90, half for the plan
    page = talk.dial(BOSS, "*105*5*2#", "3", "1").page
    assert page.splitlines()[:4] == ["9220000013", "Звонки 0", "SMS 2,45", "Интернет 0"]


def test_a_number_of_the_stock_gets_an_employee(talk: Talk) -> None:
    assert "Запас: 1 SIM, хранит Сотрудник 12" in talk.dial(BOSS, "*105*5*7*2#").page
    done = talk.dial(BOSS, "*105*5*8*1#", "1", "Новый сотрудник", "повар").page
    assert done == "Номер 9220000014 закреплён. SIM в салоне по паспорту"
    held = member(talk, FREE)
    assert (held.name, held.position) == ("Новый сотрудник", "повар")
    assert "Запас пуст" in talk.dial(BOSS, "*105*5*7*3#").page


def test_numbers_bear_labels(talk: Talk) -> None:
    talk.dial(BOSS, "*105*5*2#", "2", "5", "Гараж")
    assert member(talk, DRIVER).label == "Гараж"


def test_a_limit_stops_what_the_company_pays(talk: Talk) -> None:
    talk.dial(BOSS, "*105*5*2#", "2", "2", "5")
    talk.book.update_subscriber(DRIVER, {"zone": "RU_OTHER"})
    assert talk.write(12, "000110", "00").charges[0].amount == 495
    refused = talk.write(12, "000110", "00")
    assert refused.texts == ["Лимит номера на месяц исчерпан. Спросите администратора"]
    assert [(row.rule, row.refused) for row in refused.charges] == [("R42", True)]
    talk.dial(BOSS, "*105*5*2#", "2", "2", "0")
    assert talk.write(12, "000110", "00").charges[0].amount == 495


def test_services_of_a_number_are_seen_added_and_removed(talk: Talk) -> None:
    done = talk.dial(BOSS, "*105*5*2#", "2", "4", "8", "1", "1").page
    assert done == "Готово. 9220000012: включено «Бизнес-интернет»"
    assert [row.service for row in talk.book.services(DRIVER)] == ["internet_business"]
    talk.dial(BOSS, "*105*5*2#", "2", "4", "1", "1")
    assert talk.book.services(DRIVER) == ()


def test_each_number_has_packages_of_its_own(talk: Talk) -> None:
    for msisdn in (DRIVER, MANAGER):
        assert {row.kind for row in talk.book.packages(msisdn)} == {"minutes", "megabytes"}


def test_calls_are_forwarded_inside_the_company_only(talk: Talk) -> None:
    outside = talk.dial(BOSS, "*105*5*2#", "2", "6", "1", local(FOREIGN)).page
    assert outside == "Переадресовать можно только на номер группы"
    talk.dial(BOSS, "*105*5*2#", "2", "6", "1", local(MANAGER), "1")
    assert talk.book.forwarding(DRIVER) == {"all": MANAGER}
    own = talk.dial(12, "*21*9220000001#").page
    assert own == "Переадресовать можно только на другой номер России"


def test_every_number_is_forwarded_by_one_order(talk: Talk) -> None:
    talk.dial(BOSS, "*105*5*6*1#", local(MANAGER), "1")
    talk.wait(1)
    assert [talk.book.forwarding(msisdn) for msisdn in (DRIVER, FREE)] == [{"all": MANAGER}] * 2
    assert talk.book.forwarding(FOREIGN) == {}


def test_tariffs_of_many_numbers_are_one_order_with_a_result_for_each(talk: Talk) -> None:
    talk.dial(BOSS, "*105*5*2#", "2", "3", "1", "1")
    talk.dial(BOSS, "*105*5*5#", "1", "1", "1")
    assert "1 заказ тарифов в работе 0/4" in talk.dial(BOSS, "*105*5*3*5#").page
    talk.wait(1)
    assert {line.result for line in talk.book.lines(1, "", 9)} == {"ok", "tariff_change_waits"}
    assert Line(DRIVER, "tariff_change_waits") in talk.book.lines(1, "", 9)
    talk.wait(86_400)
    assert {member(talk, each).tariff for each in (DRIVER, MANAGER, FREE)} == {"business_m"}


def test_a_lost_number_is_replaced_by_plastic_or_by_another_number(talk: Talk) -> None:
    ordered = talk.dial(BOSS, "*105*5*2#", "2", "7", "1", "1").page
    assert ordered == "Заявка 1 принята. SIM в салоне по паспорту"
    talk.dial(BOSS, "*105*5*2#", "3", "7", "2", "1", "1")
    assert member(talk, FREE).name == "Сотрудник 13"
    assert (member(talk, MANAGER).name, member(talk, MANAGER).sim) == ("", "lost")


def test_cards_are_ordered_without_anybodys_approval(talk: Talk) -> None:
    assert talk.dial(BOSS, "*105*5*7*1#", "5").page == "Заказ 1 принят. SIM-карт: 5"


@pytest.mark.parametrize(
    ("kind", "key"), [("spending", "1"), ("details", "2"), ("reconciliation", "3"), ("tax", "4")]
)
@pytest.mark.parametrize(("format", "by"), [("word", "1"), ("excel", "2"), ("pdf", "3")])
def test_reports_come_by_mail_in_three_formats(
    talk: Talk, kind: str, key: str, format: str, by: str
) -> None:
    talk.book.update_subscriber(number(BOSS), {"email": "boss@firma.ru"})
    talk.write(13, "000110", "00")
    page = talk.dial(BOSS, f"*105*5*3*{key}*{by}#", "1").page
    assert page == "Заказ 1 принят. Отчёт придёт на почту за 20-30 минут"
    [job] = talk.book.jobs_of(number(BOSS), "company.report")
    assert 20 * 60 <= job.due - talk.now <= 30 * 60
    taken = talk.book.take_job(job.key, job.due)
    assert taken is not None
    [letter] = talk.world.accounts.run(taken, talk.book, job.due)
    assert isinstance(letter, Letter)
    assert (letter.to, letter.format) == ("boss@firma.ru", format)
    assert letter.report is not None
    assert letter.report.id == f"corp_{kind}"
    assert 245 in letter.report.totals.values()


# --- money ---------------------------------------------------------------------------------------


def test_a_corporate_number_pays_half_in_the_eight_regions(talk: Talk) -> None:
    [preference] = [each for each in TERMS.preferences if each.rule == "CH16"]
    assert len(preference.regions) == 8
    assert [row.amount for row in talk.write(13, "000110", "00").charges] == [245]
    assert [row.amount for row in talk.write(10, "000110", "00").charges] == [490]


def test_calls_inside_the_network_cost_less(talk: Talk) -> None:
    [preference] = [each for each in TERMS.preferences if each.rule == "CH17"]
    assert (preference.percent, preference.classes) == (70, ("in_network",))


def test_a_company_pays_on_credit(talk: Talk) -> None:
    talk.book.accounts[1011] = replace(talk.book.accounts[1011], balance=0)
    assert [row.amount for row in talk.write(13, "000110", "00").charges] == [245]
    assert talk.balance(BOSS) == -245


def test_a_larger_company_pays_less_for_its_plans(talk: Talk) -> None:
    assert [TERMS.discount(count) for count in (9, 10, 99, 100)] == [0, 5, 5, 10]


def test_no_company_reaches_a_number_of_another(talk: Talk) -> None:
    for path in (("*105*5*2*7#", local(FOREIGN)), ("*105*5*7*4#", local(FOREIGN))):
        assert talk.dial(BOSS, *path).page == "Такого номера в группе нет"
    assert local(FOREIGN) not in talk.dial(BOSS, "*105*5*2#").page
    assert "9220000012" not in talk.dial(BUTTERCUP, "*105*5*2#").page
