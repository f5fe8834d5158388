"""One screen on USSD and by SMS, side by side (screens.txt), and how many pages each takes."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

from gateway.domain.port import Choice, Expect, Language, Screen
from gateway.render.check import COUNTS
from gateway.render.sms import sms_parts, sms_text
from gateway.render.ussd import ussd_pages
from tests.render.lengths import lengths

NAVIGATION: dict[Language, tuple[Choice, Choice]] = {
    "ru": (Choice("back", "0", "Назад"), Choice("more", "9", "Ещё")),
    "en": (Choice("back", "0", "Back"), Choice("more", "9", "More")),
    "ru-Latn": (Choice("back", "0", "Nazad"), Choice("more", "9", "Eshche")),
}


def _screen(name: str, language: Language, text: str, *options: tuple[str, str, str]) -> Screen:
    back, more = NAVIGATION[language]
    return Screen(name, language, text, tuple(Choice(*o) for o in options), back=back, more=more)


BALANCE = replace(
    _screen("acct.balance.show", "ru", "Баланс: 250,00 р.\nБонусы: 500"),
    values={"balance": 25000, "points": 500},
    expect=Expect("nothing"),
)
SERVICES = _screen(
    "svc",
    "ru",
    "",
    ("mine", "1", "Мои услуги"),
    ("add", "2", "Подключить"),
    ("remove", "3", "Отключить"),
    ("subs", "4", "Подписки"),
    ("fwd", "5", "Переадресация"),
    ("bar", "6", "Запрет вызовов"),
)
TRANSFER = replace(
    _screen(
        "acct.transfer.ok", "en", "Send RUB 5000 to 9221234567? Fee RUB 300", ("yes", "1", "Yes")
    ),
    values={"recipient": "79221234567", "amount": 500000, "fee": 30000},
    notice="No such item. Reply with a number from the list",
)
LANGUAGE = _screen(
    "set.lang",
    "ru-Latn",
    "Yazyk/Language",
    ("ru", "1", "Russkiy"),
    ("en", "2", "English"),
    ("latin", "3", "Translit"),
)
CODES = _screen(
    "help.cmds",
    "ru",
    "*100# баланс\n*105*00# пароль\nSMS 00 на 000110\n*105*753# ссылка на приложение\n0505 меню",
)
LAST = replace(
    _screen("err.service", "ru", "Сервис временно недоступен. Попробуйте позже"),
    back=None,
    more=None,
)
SCREENS = (BALANCE, SERVICES, TRANSFER, LANGUAGE, CODES, LAST)


def _columns(screen: Screen) -> list[str]:
    """USSD pages and the SMS, next to one another."""
    seen: list[str] = []
    for number, page in enumerate(ussd_pages(screen), 1):
        alphabet, units, _ = lengths(page)
        seen += [f"--- {number}: {units} {alphabet}", *page.split("\n")]
    text = sms_text(screen)
    alphabet, units, _ = lengths(text)
    sms = [f"--- {len(sms_parts(text))} SMS: {units} {alphabet}", *text.split("\n")]
    rows = zip_longest(seen, sms, fillvalue="")
    return [f"{one:<48}| {two}".rstrip() for one, two in rows]


def picture() -> str:
    lines = [f"{'USSD':<48}| SMS"]
    for screen in SCREENS:
        lines += ["", f"=== {screen.id} ({screen.language})", *_columns(screen)]
    return "\n".join(lines) + "\n"


def test_side_by_side() -> None:
    golden = Path(__file__).parent / "screens.txt"
    assert picture() == golden.read_text(encoding="utf-8")


def test_a_narrow_link_gets_smaller_pages() -> None:
    assert ussd_pages(SERVICES, 112) == (
        "1 Мои услуги\n2 Подключить\n3 Отключить\n0 Назад 9 Ещё",
        "4 Подписки\n5 Переадресация\n6 Запрет вызовов\n0 Назад",
    )


def test_the_alphabet_is_chosen_page_by_page() -> None:
    screen = _screen("mixed", "en", "a" * 140, ("ru", "1", "Русский"), ("en", "2", "English"))
    first, second = ussd_pages(screen)
    assert lengths(first) == ("gsm7", 154, 135)
    assert lengths(second)[:2] == ("ucs2", 26)


def test_lengths() -> None:
    assert lengths("") == ("gsm7", 0, 0)
    assert lengths("a" * 182) == ("gsm7", 182, 160)
    assert lengths("[€]") == ("gsm7", 6, 6)
    assert lengths("я😀") == ("ucs2", 3, 6)


def test_counts() -> None:
    assert [COUNTS["ussd"](screen) for screen in SCREENS] == [1, 2, 1, 1, 2, 1]
    assert [COUNTS["sms"](screen) for screen in SCREENS] == [1, 2, 1, 1, 2, 1]
