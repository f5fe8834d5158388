"""Passwords and the lock (facts A.., K03-K07, K15, K16)."""

from __future__ import annotations

from gateway.accounts.access.login import whose_login
from gateway.charging.tariff import default_terms
from gateway.domain.catalogue import COMMANDS
from tests.facts.talk import Talk, number

OWN = "739512"
WRONG = "000000"


def test_the_login_is_ten_digits(talk: Talk) -> None:
    assert whose_login(talk.book, "9220000001").msisdn == number(1)


def test_the_first_password_is_the_registration(talk: Talk) -> None:
    assert talk.log_in(3, WRONG).outcome == "wrong"
    password = talk.dial(3, "*105*00#").password
    assert talk.log_in(3, password).level == "account"


def test_an_issued_password_stays_until_it_is_changed(talk: Talk) -> None:
    password = talk.dial(1, "*105*00#").password
    talk.now += 400 * 86_400
    assert [talk.log_in(1, password).outcome for _ in range(2)] == ["ok", "ok"]


def test_it_is_replaced_by_one_that_is_remembered(talk: Talk) -> None:
    """K07: the SIM is the proof, the old one is not asked."""
    issued = talk.dial(1, "*105*00#").password
    heard = talk.dial(1, "*105*01#", OWN, OWN)
    assert heard.pages[-1] == "Новый пароль установлен. Прежний больше не действует"
    assert (talk.log_in(1, OWN).outcome, talk.log_in(1, issued).outcome) == ("ok", "wrong")


def test_beside_ones_own_a_one_time_code_is_issued(talk: Talk) -> None:
    talk.dial(1, "*105*01#", OWN, OWN)
    heard = talk.dial(1, "*105*00#")
    assert heard.page == "Разовый код отправлен в SMS, действует 10 минут"
    assert heard.texts[0].startswith("Код входа: ")
    assert talk.log_in(1, OWN).outcome == "ok", "both are valid at once"
    outcomes = [talk.log_in(1, heard.password).outcome for _ in range(2)]
    assert outcomes == ["ok", "wrong"]
    talk.now += 600
    later = talk.dial(1, "*105*7*1*2#").password
    talk.now += 600
    assert talk.log_in(1, later).outcome == "wrong"
    assert talk.log_in(1, OWN).outcome == "ok"


def test_no_password_is_ever_in_an_answer_that_could_be_spoken() -> None:
    for name, command in COMMANDS.items():
        assert "secret" not in command.values.values(), name


def test_five_wrong_ones_lock_and_the_sixth_entry_is_refused_though_right(talk: Talk) -> None:
    """K03: either reading of five and sixth holds."""
    password = talk.dial(1, "*105*00#").password
    left = [talk.log_in(1, WRONG).attempts_left for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    assert talk.log_in(1, password).outcome == "locked"


def test_a_new_password_opens_the_lock_and_kills_the_old(talk: Talk) -> None:
    talk.dial(1, "*105*01#", OWN, OWN)
    for _ in range(5):
        talk.log_in(1, WRONG)
    heard = talk.dial(1, "*105*00#")
    assert heard.page == "Новый пароль отправлен в SMS. Старый больше не действует"
    assert heard.texts[0].startswith("Вход снова открыт. Новый пароль: ")
    assert talk.log_in(1, OWN).outcome == "wrong"
    assert talk.log_in(1, heard.password).outcome == "ok"
    assert talk.write(9, "000105", "41").texts[0].startswith("Вход снова открыт.")


def test_the_sms_says_to_keep_it_secret(talk: Talk) -> None:
    talk.dial(2, "*105*7*1*3#", OWN, OWN)
    assert talk.dial(1, "*105*00#").texts[0].endswith("Никому не сообщайте")
    assert talk.dial(2, "*105*00#").texts[0].endswith("Keep it secret.")


def test_a_login_is_told_where_the_subscriber_wants_it(talk: Talk) -> None:
    password = talk.dial(1, "*105*00#").password
    assert talk.log_in(1, password).messages == (), "it is opted in to"
    assert talk.dial(1, "*105*7*2#", "1").page == "Готово. SMS о входе включены"
    [message] = talk.log_in(1, password).messages
    assert (message.msisdn, message.text_id) == (number(1), "sms.login")


def test_the_history_tells_when_and_by_what(talk: Talk) -> None:
    password = talk.dial(1, "*105*00#").password
    talk.log_in(1, password)
    assert talk.dial(1, "*105*7*3#").page == "25.11 14:46 сайт\n0 Назад"
    assert COMMANDS["logins.show"].values == {"logins": "rows"}


def test_the_password_is_under_settings_and_the_faq_knows_both_names(talk: Talk) -> None:
    """K22 lends its other name."""
    assert talk.dial(1, "*105*7#").page.startswith("1 Пароль")
    assert "«Настройки входа» («Конфиденциальность»)" in talk.dial(1, "*105*8*3*1#").page


def test_a_late_password_is_asked_for_again(talk: Talk) -> None:
    outcomes = [len(talk.dial(1, "*105*00#").texts) for _ in range(4)]
    assert outcomes == [1, 1, 1, 0], "three in ten minutes"
    said = talk.dial(1, "*105*00#").page
    assert said == "Слишком много запросов пароля. Попробуйте через 10 минут"
    talk.now += 600
    assert len(talk.dial(1, "*105*00#").texts) == 1


def test_six_to_ten_digits(talk: Talk) -> None:
    terms = default_terms().password
    assert (terms.digits_min, terms.digits_max, terms.failures_max) == (6, 10, 5)
    for wrong in ("73951", "73951284600", "73951a"):
        assert "Нужно от 6 до 10 цифр" in talk.dial(1, "*105*01#", wrong).page
    assert talk.dial(1, "*105*01#", "123456").page.startswith("Пароль слишком простой")


def test_whoever_found_a_lost_sim_gets_no_password(talk: Talk) -> None:
    blocked = "Номер заблокирован. Доступны просмотр, пополнение и 0500"
    for code in ("*105*00#", "*105*01#", "*105*7*1#"):
        heard = talk.dial(8, code, OWN, OWN) if code == "*105*01#" else talk.dial(8, code)
        assert heard.texts == []
        assert any(page.startswith(blocked) for page in heard.pages), code
    assert talk.write(8, "000110", "00").texts == [blocked]
    assert talk.book.credential(number(8), "permanent") is None
