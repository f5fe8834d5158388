"""What is dialled, written to and called (facts C.., K01, K02, K04, K19)."""

from __future__ import annotations

import pytest

from gateway.menu.states import Shown
from tests.facts.talk import Talk
from tests.turn.house import content

MAIN = "1 Мой счёт\n2 Тариф\n3 Услуги\n4 Остатки\n5 Бонусы\n6 Роуминг\n7 Настройки\n8 Помощь"
PASSWORD_SENT = "Новый пароль отправлен в SMS. Старый больше не действует"


def test_105_is_the_main_menu_at_once(talk: Talk) -> None:
    heard = talk.dial(1, "*105#")
    assert (heard.pages, heard.waits) == ([MAIN], True)


def test_every_active_number_has_the_menu_from_wherever_it_is(talk: Talk) -> None:
    for who in (1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 21):
        heard = talk.dial(who, "*105#")
        assert heard.waits
        assert [(row.rule, row.amount) for row in heard.charges] == [("CH01", 0)]


def test_no_password_is_asked_on_the_way_to_a_change(talk: Talk) -> None:
    heard = talk.dial(1, "*105#", "7", "2", "1")
    assert heard.page == "Готово. SMS о входе включены"


def test_operations_settings_and_removal_from_the_keypad(talk: Talk) -> None:
    assert talk.dial(2, "*105*4*1#", "1").page.startswith("Done: 30 min until")
    assert talk.dial(2, "*105*7*4#", "1").page == "Язык изменён: русский"
    talk.dial(2, "**21*9220000001#")
    assert talk.dial(2, "*105*3*5*6#").page == "Готово. Вся переадресация отменена"


def test_the_portal_names_what_the_operator_names(talk: Talk) -> None:
    said = "\n".join(
        [
            *talk.dial(1, "*105#").pages,
            *talk.dial(1, "*105*1#", "9").pages,
            *talk.dial(1, "*105*2#").pages,
            *talk.dial(1, "*105*3#", "9").pages,
        ]
    )
    for name in ("Тариф", "Сменить тариф", "Подключить", "Отключить", "Подписки", "Расходы"):
        assert name in said
    assert "Остатки" in said


def test_the_list_of_commands_names_codes_that_work(talk: Talk) -> None:
    pages = talk.dial(1, "*105*8*5#", "9").pages
    codes = [word for page in pages for word in page.split() if word.startswith("*")]
    assert len(codes) >= 5
    default = talk.world.codes.ussd_default.state
    assert [code for code in codes if talk.world.codes.route_ussd(code).state == default] == []


@pytest.mark.parametrize("code", ["*105*00#", "* 105 * 00 #", " *105* 00# "])
def test_a_password_is_dialled_and_comes_by_sms(talk: Talk, code: str) -> None:
    heard = talk.dial(1, code)
    assert heard.page == PASSWORD_SENT
    assert len(heard.texts) == 1
    assert talk.log_in(1, heard.password).outcome == "ok"
    assert heard.password not in heard.page, "a password does not stay on a shared screen"


def test_the_link_is_of_the_handset(talk: Talk) -> None:
    links = [talk.dial(who, "*105*753#").texts[0].rpartition(" ")[2] for who in (1, 2, 3)]
    assert links == ["sg.megafon.ru/d/ga21", "sg.megafon.ru/d/ai34", "sg.megafon.ru/d/ab12"]


@pytest.mark.parametrize(
    "to",
    ["000110", "000-110", "000105", "000-105", "000100", "000511", "5037", "1410", "1100"],
)
def test_00_is_a_password_on_every_service_number(talk: Talk, to: str) -> None:
    heard = talk.write(1, to, "00")
    assert heard.texts[0].startswith("Пароль: ")
    assert talk.log_in(1, heard.password).outcome == "ok"


@pytest.mark.parametrize(
    "to", ["000110", "000105", "000100", "000511", "5037", "1410", "1100", "000500"]
)
def test_every_service_number_answers_and_costs_nothing_at_home(talk: Talk, to: str) -> None:
    for text in ("", "ПОМОЩЬ", "что-нибудь"):
        heard = talk.write(1, to, text)
        assert len(heard.texts) == 1
        assert [(row.rule, row.amount) for row in heard.charges] == [("CH03", 0)]
    assert "0500" in talk.write(1, to, "помощь").texts[0], "support from any short number"


def test_a_company_number_registers_with_any_text(talk: Talk) -> None:
    texts = talk.write(11, "000511", "что угодно").texts
    assert texts[0] == "Группа «Ромашка»: кабинет создан. Логин CP_9220000011"
    assert texts[1].startswith("Пароль: ")
    assert talk.write(1, "000511", "").texts == [
        "Номер не входит в корпоративную группу. Подробнее: 0500"
    ]
    waiting = talk.write(12, "000511", "")
    assert waiting.texts == ["Заявка на корпоративный кабинет принята. Ответ придёт в SMS"]


def test_detailed_information_by_sms(talk: Talk) -> None:
    assert talk.write(1, "000105", "Баланс").texts[0].startswith("Баланс 250,00 р. Бонусы 500.")
    assert talk.write(2, "000105", "LEFT").texts[0].startswith("Left: 700 min, 0 SMS, 30720 MB")
    assert "р." in talk.write(1, "000105", "расход").texts[0]


def test_sms_works_at_home_and_in_roaming_without_set_up(talk: Talk) -> None:
    for who, rule in ((3, "CH03"), (4, "CH04"), (6, "CH04"), (10, "CH04")):
        heard = talk.write(who, "000100", "Б")
        assert heard.texts[0].startswith(("Баланс", "Balans"))
        assert heard.charges[0].rule == rule


def test_what_a_voice_channel_collects_comes_with_the_screen() -> None:
    expected = {
        "main_private": ("choice", 1, 1, False),
        "set.pwd.own": ("pin", 6, 10, True),
        "svc.bar.pin": ("pin", 4, 4, True),
        "acct.transfer": ("msisdn", 10, 12, False),
        "acct.transfer.sum": ("amount", 1, 4, False),
    }
    for name, wanted in expected.items():
        state = content().menus.compiled.states[name]
        assert isinstance(state, Shown)
        expect = state.expect
        found = (expect.kind, expect.length_min, expect.length_max, expect.secret)
        assert found == wanted
