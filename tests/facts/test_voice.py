"""The voice menu (facts C22-C29, C32, A04-A06, T04-T07, K02, K06, K24)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.accounts.answers import Accounts
from gateway.accounts.book import Credential
from gateway.accounts.policy import Proof, default_policy
from gateway.domain.catalogue import COMMANDS
from gateway.domain.port import Released, Sms
from gateway.menu.states import Menu, Route, State
from gateway.turn.call import connected, extend
from tests.accounts.fakes import FakeRandomness
from tests.turn.house import content
from tests.turn.phones import Phones, gather, heard

FEDERAL = "+7-922-111-05-05"
ONE, TWO = "79220000001", "79220000002"
OWN, ISSUED = "739512", "482915"

# Keys from the root (service guide 3.6) -> the state they lead to, and whether the password of the
# cabinet (*) is asked on the way.
TREE = """
1 1       acct.balance
1 2 1     acct.stmt.fax
1 2 2 3   acct.stmt.quote
1 2 3 1   acct.stmt.quote
1 3 1     acct.topup.card
1 3 2     acct.topup.voucher
1 3 3     acct.topup.other
1 3 4 1 1 acct.auto.sum        *
1 3 4 2   voice.auto.thr       *
1 3 4 3   acct.auto.off        *
1 3 5     voice.enter.card     *
1 4 4     acct.promised.do     *
1 5 1     acct.transfer        *
1 5 2     acct.ask
2 1 1     tariff.mine
2 1 2     tariff.list
2 1 3     tariff.cancel
2 2 1     svc.mine
2 2 2     svc.offers
2 2 3     svc.del
2 2 4     svc.subs
2 3 1 1   svc.fwd.num
2 3 1 5   svc.fwd.clear
2 3 2 1   svc.bar.pin
2 3 2 5   svc.bar.pin
2 4 1     svc.block.lost
2 4 2     svc.block.temp
2 4 3     svc.block.off
2 4 4     svc.sim
2 5 1     set.pwd.own
2 5 2     set.pwd.new
2 5 3     set.pwd.unlock
3 1       pkg.show
3 2 3     pkg.quote
3 3       bonus.show
3 4       bonus.spend
4 1       roam.here
4 2       roam.toggle
4 3       roam.opts
5 1       corp.acct            *
5 2       corp.rep             *
5 3       corp.limits          *
5 4       corp.sim             *
"""


@pytest.fixture
def phones() -> Phones:
    return Phones()


@pytest.mark.parametrize("to", ["0505", "5005", "50-05", FEDERAL, "89221110505"])
def test_every_spelling_of_the_number_is_the_voice_menu(phones: Phones, to: str) -> None:
    assert heard(phones.call("a", ONE, to)).phrases[0].startswith("Здравствуйте!")


@pytest.mark.parametrize(("who", "name"), [(ONE, "Сервис-Гид"), (TWO, "Service Guide")])
def test_the_service_guide_greets_whoever_calls(phones: Phones, who: str, name: str) -> None:
    """C26: nothing was set up before; C32: the product's name."""
    begun = heard(phones.call("a", who, "0505"))
    assert name in " ".join(begun.phrases)
    assert begun.gather is not None


def test_tariff_plans_and_services_hold_the_password(phones: Phones) -> None:
    begun = phones.call("a", ONE, "0505")
    assert "Тарифные планы и услуги - два" in " ".join(heard(begun).phrases)
    assert "Пароль личного кабинета - пять." in heard(phones.press("a", "2")).phrases[-1]
    assert "Задать пароль" in heard(phones.press("a", "5")).phrases[0]


def test_a_password_of_ones_own_is_keyed_in_and_no_old_one_is_asked(phones: Phones) -> None:
    """A04, A05, and K07 as read here: the SIM is the proof."""
    phones.call("a", ONE, "0505")
    assert gather(phones.press("a", "2", "5", "1")).secret
    assert gather(phones.press("a", OWN)).secret
    assert "Новый пароль установлен." in heard(phones.press("a", OWN)).phrases[0]
    standing = phones.book.credential(ONE, "permanent")
    assert standing is not None
    assert phones.hasher.verify(standing.digest, OWN, ONE)


def test_the_policy_may_want_the_current_password_in_a_call(phones: Phones) -> None:
    """K07, read as R15: an own password by voice needs the issued one first."""
    accounts = phones.world.accounts
    policy = replace(accounts.core.policy, own_password_needs_current=True)
    wanting = Accounts(phones.hasher, FakeRandomness(), accounts.core.terms, policy=policy)
    phones.world = replace(phones.world, accounts=wanting)
    issued = phones.hasher.digest(ISSUED, ONE)
    phones.book.save_credential(Credential(ONE, "permanent", issued, phones.now))
    phones.call("a", ONE, "0505")
    asked = heard(phones.press("a", "2", "5", "1"))
    assert "введите пароль личного кабинета" in asked.phrases[0]
    assert "Пароль неверный." in heard(phones.prove("a", OWN)).phrases[0]
    assert "Введите новый пароль" in heard(phones.prove("a", ISSUED)).phrases[0]
    phones.press("a", OWN, OWN)
    standing = phones.book.credential(ONE, "permanent")
    assert standing is not None
    assert phones.hasher.verify(standing.digest, OWN, ONE)


@pytest.mark.parametrize("command", ["password.propose", "password.set"])
@pytest.mark.parametrize(
    ("needs", "proof", "refused"),
    [
        (False, "voice", ""),
        (True, "voice", "level_too_low"),
        (True, "password", ""),
        (True, "ussd", ""),
    ],
)
def test_a_menu_cannot_go_round_the_current_password(
    phones: Phones, command: str, needs: bool, proof: Proof, refused: str
) -> None:
    policy = replace(default_policy(), own_password_needs_current=needs)
    subscriber = phones.book.subscriber(ONE)
    assert subscriber is not None
    assert policy.refusal(COMMANDS[command], subscriber, proof) == refused


def test_a_random_password_comes_by_sms_and_is_never_said(phones: Phones) -> None:
    phones.call("a", TWO, "0505")
    outcome = phones.press("a", "2", "5", "2")
    [sms] = [each for each in outcome.deliveries if isinstance(each, Sms)]
    assert sms.secret
    assert not any(sign.isdigit() for sign in " ".join(heard(outcome).phrases))


@pytest.mark.parametrize(
    ("word", "keys"),
    [
        ("Баланс", ("1", "1")),
        ("детализация", ("1", "2")),
        ("пополнить", ("1", "3")),
        ("тариф", ("2", "1")),
        ("услуги", ("2", "2")),
        ("переадресация", ("2", "3", "1")),
        ("запрет", ("2", "3", "2")),
        ("блокировка", ("2", "4")),
        ("пароль", ("2", "5")),
        ("остатки", ("3", "1")),
        ("бонусы", ("3", "3")),
        ("роуминг", ("4",)),
        ("назад", ("*",)),
        ("повторить", ("9",)),
        ("оператор", ("0",)),
    ],
)
def test_keys_and_words_choose_the_same(phones: Phones, word: str, keys: tuple[str, ...]) -> None:
    phones.call("keys", ONE, "0505")
    phones.call("word", ONE, "0505")
    assert heard(phones.press("keys", *keys)).phrases == heard(phones.press("word", word)).phrases


@pytest.mark.parametrize("line", TREE.strip().splitlines(), ids=lambda line: line[:10].strip())
def test_each_function_of_the_guide_stands_under_its_keys(line: str) -> None:
    *keys, target, proof = line.replace("*", " *").split() if "*" in line else [*line.split(), ""]
    compiled = content().menus.compiled
    state = compiled.states["voice.root"]
    levels = set()
    for key in keys:
        assert isinstance(state, Menu)
        option = state.by_key[key]
        levels.add(option.level)
        state = after(state.id, option.trigger)
        levels.add(state.level)
    assert state.id == target
    assert ("account" in levels) == bool(proof)


def after(name: str, trigger: str) -> State:
    """Where an option leads; of a company's section, the administrator's side."""
    compiled = content().menus.compiled
    [edge] = [each for each in compiled.edges if (each.source, each.trigger) == (name, trigger)]
    state = compiled.states[edge.target]
    return after(state.id, "case 0") if isinstance(state, Route) else state


def test_two_minutes_ten_from_europe_are_three_minutes(phones: Phones) -> None:
    begun = phones.call("a", TWO, FEDERAL, "20801")
    assert heard(begun).quota_seconds == 60
    connected(phones.unit, "a", phones.now)
    for seconds, quota in ((50, 120), (110, 180)):
        assert extend(phones.unit, "a", seconds, phones.now + seconds) == quota
    charge = phones.event("a", Released("user", 130.0)).charge
    assert charge is not None
    assert (charge.rule, charge.units, charge.amount) == ("CH09", 3, 17_700)
    assert "from EUROPE (20801): 3 x 59.00 = 177.00" in charge.explanation
