"""Step tables: what is answered, the state it leads to, what is shown (lines joined by ` / `).

A table begins with who dials; `…` is silence until the deadline; `end WORD` is the released
dialogue with its CDR word.
"""

from __future__ import annotations

import pytest

from gateway.domain.port import (
    Answered,
    Facts,
    Opened,
    Prompt,
    Query,
    Release,
    Released,
    Replied,
)
from gateway.domain.values import Values
from gateway.menu.engine import Cursor, EventUnexpected, MenuSet, StateUnknown, step
from tests.menu.shop import broken_shop, shop
from tests.menu.talk import HOME, Talk

MENU_RU = (
    "1 Баланс / 2 Пополнить / 3 Пакеты / 4 Перевод / 5 Долг / 6 Пароль / 7 Списания / 8 Компания"
)
MENU_EN = (
    "1 Balance / 2 Top up / 3 Packages / 4 Transfer / 5 Debt / 6 Password / 7 Charges / 8 Company"
)
MENU_LATN = (
    "1 Balans / 2 Popolnit / 3 Pakety / 4 Perevod / 5 Dolg / 6 Parol / 7 Spisaniya / 8 Kompaniya"
)

TABLES = {
    "balance, and back": f"""
        *105# | main.private | {MENU_RU}
        1     | balance.show | Баланс: 123,45 р. / Бонусы: 500 / 0 Назад
        0     | main.private | {MENU_RU}
        0     | bye          | До свидания | end completed
    """,
    "home from the depth": f"""
        *105# | main.private     | {MENU_RU}
        3     | packages         | Какой пакет? / 1 Минуты / 2 SMS / 0 Назад
        1     | packages.confirm | 100 за 150 р. на 30 дней? / 1 Да / 0 Назад
        00    | main.private     | {MENU_RU}
        0     | bye              | До свидания | end completed
    """,
    "a purchase: back from the receipt does not lead to the question": f"""
        *105# | main.private     | {MENU_RU}
        3     | packages         | Какой пакет? / 1 Минуты / 2 SMS / 0 Назад
        2     | packages.confirm | 100 за 150 р. на 30 дней? / 1 Да / 0 Назад
        1     | packages.done    | Куплено до 25.11 14:46 / 0 Назад
        0     | main.private     | {MENU_RU}
    """,
    "answers that do not fit, three in a row": f"""
        *105# | main.private | {MENU_RU}
        9     | main.private | Нет такого пункта / {MENU_RU}
        ab    | main.private | Нет такого пункта / {MENU_RU}
        2     | top_up       | Код карты: / 0 Назад
        x     | top_up       | Только цифры / Код карты: / 0 Назад
        12    | top_up       | Только цифры / Код карты: / 0 Назад
        ٣٣٣٣  | err.tries    | Слишком много ошибок | end tries
    """,
    "a voucher with blanks and hyphens": f"""
        *105#     | main.private | {MENU_RU}
        2         | top_up       | Код карты: / 0 Назад
        12-34 567 | top_up.done  | Счёт пополнен на 100 р. | end completed
    """,
    "a transfer": f"""
        *105#           | main.private  | {MENU_RU}
        4               | transfer      | Номер получателя: / 0 Назад
        922             | transfer      | Нет такого пункта / Номер получателя: / 0 Назад
        8 922 000-00-02 | transfer.sum  | Сумма для 9220000002: / 0 Назад
        5               | transfer.sum  | Нет такого пункта / Сумма для 9220000002: / 0 Назад
        0               | transfer      | Номер получателя: / 0 Назад
        +79220000003    | transfer.sum  | Сумма для 9220000003: / 0 Назад
        50,5            | transfer.code | Код из SMS: / 0 Назад
        1234            | transfer.done | Отправлено 50,00 р. | end completed
    """,
    "a timeout is a branch, of the settings or of the state": f"""
        *105# | main.private  | {MENU_RU}
        4     | transfer      | Номер получателя: / 0 Назад
        …     | transfer.late | Перевод отменён | end timeout
    """,
    "a timeout in a menu": f"""
        *105# | main.private | {MENU_RU}
        …     | err.timeout  | Время вышло | end timeout
    """,
    "a refusal with a branch": f"""
        *105# | main.private | {MENU_RU}
        5     | debt.none    | Долга нет / 0 Назад
        1     | debt.none    | Нет такого пункта / Долга нет / 0 Назад
        0     | main.private | {MENU_RU}
    """,
    "rows": f"""
        *105# | main.private | {MENU_RU}
        7     | charges.show | Списания: / 01.01 5 р. / 02.01 10,50 р. / 0 Назад
    """,
    "coming round to a state is coming back to it": f"""
        *105# | main.private | {MENU_RU}
        8     | main.company | Компания / 1 Вопрос / 0 Назад
        1     | question     | Ваш вопрос: / 0 Назад
        0     | main.company | Компания / 1 Вопрос / 0 Назад
        0     | main.private | {MENU_RU}
    """,
}


@pytest.fixture(scope="module")
def menus() -> MenuSet:
    return shop()


def rows(table: str) -> list[list[str]]:
    """The cells of a table."""
    return [[cell.strip() for cell in line.split(" | ")] for line in table.strip().split("\n")]


@pytest.mark.parametrize("name", TABLES)
def test_table(name: str, menus: MenuSet) -> None:
    talk = Talk(menus)
    for number, (said, state, shown, *end) in enumerate(rows(TABLES[name])):
        if number:
            talk.say(said)
        assert (talk.cursor.state, talk.screen.replace("\n", " / ")) == (state, shown)
        released = f"end {talk.output.result}" if isinstance(talk.output, Release) else None
        assert released == (end[0] if end else None)


@pytest.mark.parametrize(
    ("language", "shown"), [("ru", MENU_RU), ("en", MENU_EN), ("ru-Latn", MENU_LATN)]
)
def test_the_language_of_the_facts_decides(language: str, shown: str, menus: MenuSet) -> None:
    talk = Talk(menus)
    talk.as_(language=language)
    assert talk.say("00").replace("\n", " / ") == shown


def test_a_channel_has_its_own_wording(menus: MenuSet) -> None:
    talk = Talk(menus, Facts("ru", "sms", "account", "HOME"))
    assert talk.say("8").startswith("Компания: ответьте цифрой")
    talk = Talk(menus, Facts("ru", "voice", "account", "HOME"))
    assert talk.say("8").startswith("Компания\n")


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (HOME, "main.private"),
        (Facts("ru", "ussd", "account", "EUROPE"), "roaming"),
        (Facts("ru", "sms", "account", "EUROPE"), "main.private"),
        (
            Facts("ru", "ussd", "account", "EUROPE", 0, frozenset({"corporate_admin"})),
            "main.company",
        ),
    ],
)
def test_a_route_takes_the_first_case_that_holds(facts: Facts, state: str, menus: MenuSet) -> None:
    assert Talk(menus, facts).cursor.state == state


def test_an_option_whose_guard_does_not_hold_is_hidden_and_no_key_shifts(menus: MenuSet) -> None:
    talk = Talk(menus, Facts("ru", "ussd", "account", "HOME", 0, frozenset({"corporate"})))
    assert "5 " not in talk.screen
    assert "6 Пароль" in talk.screen
    talk.say("5")
    assert (talk.cursor.state, talk.valid, talk.notes) == (
        "main.private",
        False,
        ("answer_invalid",),
    )


LEVELS = [
    # key, level of the caller, blocked: where it leads
    ("1", "none", False, "balance.show"),
    ("2", "view", False, "err.level"),
    ("2", "view", True, "top_up"),
    ("3", "view", False, "err.level"),
    ("3", "view", True, "err.blocked"),
    ("3", "subscriber", False, "packages"),
    ("8", "subscriber", False, "err.level"),
    ("8", "account", False, "main.company"),
]


@pytest.mark.parametrize(("key", "level", "blocked", "state"), LEVELS)
def test_levels(key: str, level: str, blocked: bool, state: str, menus: MenuSet) -> None:
    flags = frozenset({"blocked"} if blocked else ())
    talk = Talk(menus, Facts("ru", "ussd", level, "HOME", 0, flags))
    assert f"\n{key} " in f"\n{talk.screen}"  # a level that is too low hides nothing
    talk.say(key)
    assert talk.cursor.state == state
    talk.say("0")
    assert talk.cursor.state == "main.private"


def test_a_state_checks_its_level_itself(menus: MenuSet) -> None:
    talk = Talk(menus, Facts("ru", "ussd", "view", "HOME", 0, frozenset({"corporate_admin"})))
    assert (talk.cursor.state, talk.notes) == ("err.level", ("level_too_low",))


def test_arguments_are_typed_and_a_secret_is_forgotten(menus: MenuSet) -> None:
    talk = Talk(menus)
    for said in ("4", "9220000002", "50,5", "1234"):
        talk.say(said)
    assert talk.asked == [
        Query("transfer.send_code", {"recipient": "79220000002", "amount": 5050}),
        Query("transfer.confirm", {"code": "1234"}),
    ]
    assert "1234" not in str(talk.cursor.to_json())
    assert talk.cursor.variables["recipient"] == "79220000002"


def test_a_secret_is_told_to_the_channel_and_kept_out_of_screens_and_logs(menus: MenuSet) -> None:
    talk = Talk(menus, core={"password.set": Answered("password_too_weak")})
    talk.say("6")
    assert isinstance(talk.output, Prompt)
    assert talk.output.screen.expect.secret
    talk.say("secret-pass")
    assert isinstance(talk.output, Prompt)
    assert talk.cursor.state == "password"
    assert talk.output.screen.values == {}
    assert "secret-pass" not in repr(talk.cursor)
    assert "secret-pass" not in str(talk.cursor.to_json())


def test_a_screen_says_what_it_was_made_of_and_what_it_waits_for(menus: MenuSet) -> None:
    talk = Talk(menus)
    for said in ("4", "9220000002"):
        talk.say(said)
    assert isinstance(talk.output, Prompt)
    screen = talk.output.screen
    assert screen.id == "transfer.sum"
    assert screen.values == {"recipient": "79220000002"}
    expect = screen.expect
    assert (expect.kind, expect.length_min, expect.length_max) == ("amount", 1, 4)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("insufficient_balance", "err.funds"),
        ("number_blocked", "err.blocked"),
        ("subscriber_unknown", "err.service"),
        ("anything_new", "err.service"),
    ],
)
def test_refusals_without_a_branch_take_the_settings(
    outcome: str, state: str, menus: MenuSet
) -> None:
    talk = Talk(menus, core={"packages.buy": Answered(outcome)})
    for said in ("3", "1", "1"):
        talk.say(said)
    assert talk.cursor.state == state
    assert talk.notes == (f"refused {outcome}",)


def test_a_direct_path_stops_at_the_question_before_money(menus: MenuSet) -> None:
    talk = Talk(menus)
    for key in ("3", "1", "1"):
        talk.take(Replied(key), direct=True)
    assert talk.cursor.state == "packages.confirm"
    assert (talk.valid, talk.notes) == (False, ("direct_refused",))
    assert talk.screen == "100 за 150 р. на 30 дней?\n1 Да\n0 Назад"
    assert "packages.buy" not in {query.command for query in talk.asked}
    talk.say("1")
    assert talk.cursor.state == "packages.done"


def test_a_direct_path_types_no_code_that_pays(menus: MenuSet) -> None:
    talk = Talk(menus)
    for key in ("4", "9220000002", "50", "1234"):
        talk.take(Replied(key), direct=True)
    assert talk.cursor.state == "transfer.code"
    assert not talk.valid


def test_the_cursor_given_is_not_changed(menus: MenuSet) -> None:
    before, _, _, _ = step(menus, menus.start(), Opened("*105#"), HOME)
    kept = before.to_json()
    first = step(menus, before, Replied("4"), HOME)
    assert before.to_json() == kept
    assert step(menus, before, Replied("4"), HOME) == first


def test_a_start_elsewhere_with_variables(menus: MenuSet) -> None:
    given: Values = {"recipient": "79220000002"}
    cursor, output, _, _ = step(menus, menus.start("transfer.sum", given), Opened(""), HOME)
    assert isinstance(output, Prompt)
    assert output.screen.text == "Сумма для 9220000002:"
    assert output.screen.back is None
    assert cursor.stack == ()


def test_a_walk_without_end_is_ended(tmp_path) -> None:  # type: ignore[no-untyped-def]
    menus, _ = broken_shop(tmp_path, {"steps_max: 20": "steps_max: 1"})
    assert menus is not None
    _, output, notes, valid = step(menus, menus.start(), Opened("*105#"), HOME)
    assert isinstance(output, Release)
    assert (output.result, notes, valid) == ("steps_exceeded", ("steps_exceeded",), False)
    assert output.screen is not None
    assert output.screen.id == "err.service"


@pytest.mark.parametrize("reason", ["user", "network", "link"])
def test_released(reason, menus: MenuSet) -> None:  # type: ignore[no-untyped-def]
    output = step(menus, menus.start("packages"), Released(reason), HOME).output
    assert output == Release(None, f"released_{reason}")


def test_what_cannot_be_gone_on_from(menus: MenuSet) -> None:
    with pytest.raises(StateUnknown):
        menus.start("no.such.state")
    with pytest.raises(StateUnknown):
        step(menus, Cursor("of.another.version"), Replied("1"), HOME)
    with pytest.raises(StateUnknown):
        menus.require(Cursor("main", stack=("of.another.version",)))
    with pytest.raises(EventUnexpected):
        step(menus, Cursor("packages"), Answered("ok"), HOME)
    with pytest.raises(EventUnexpected):
        step(menus, Cursor("balance"), Replied("1"), HOME)


def test_the_catalogue_of_texts(menus: MenuSet) -> None:
    assert menus.has_text("sms.password")
    assert menus.text("sms.password", "en", {"password": "a1"}) == "Password: a1"
    assert menus.text("sms.password", "ru-Latn", {"password": "a1"}) == "Parol: a1"
    with pytest.raises(KeyError):
        menus.text("no.such.text", "en", {})
