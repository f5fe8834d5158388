"""Russian: genders of 1 and 2, three plural forms, dates in the genitive (as after «до»), and money
in the genitive (as after «не хватает»), whose nouns have two forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gateway.domain.plurals import PLURALS
from gateway.render.speech.numerals import counted
from gateway.render.speech.voice import Noun, Voice


def _date(voice: Voice, at: datetime) -> tuple[str, ...]:
    tens, unit = divmod(at.day, 10)
    if tens >= 2 and unit:
        day: tuple[str, ...] = (voice.numerals[tens * 10], voice.ordinals[unit])
    else:
        day = (voice.ordinals[at.day],)
    return (*day, voice.months[at.month - 1])


def _time(voice: Voice, at: datetime) -> tuple[str, ...]:
    hours = counted(at.hour, _HOUR, voice)
    return (*hours, *counted(at.minute, _MINUTE, voice)) if at.minute else hours


_HOUR = Noun("hour", ("час", "часа", "часов"))
_MINUTE = Noun("minute", ("минута", "минуты", "минут"), "f")

_SMALL = (
    "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать "
    "тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать"
)
_TENS = "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто"
_HUNDREDS = "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот"
_ORDINALS = (
    "первого второго третьего четвёртого пятого шестого седьмого восьмого девятого десятого "
    "одиннадцатого двенадцатого тринадцатого четырнадцатого пятнадцатого шестнадцатого "
    "семнадцатого восемнадцатого девятнадцатого двадцатого"
)

RU = Voice(
    numerals=dict(enumerate(_SMALL.split()))
    | dict(zip(range(20, 100, 10), _TENS.split(), strict=True))
    | dict(zip(range(100, 1000, 100), _HUNDREDS.split(), strict=True)),
    agreeing={(1, "f"): "одна", (1, "n"): "одно", (2, "f"): "две"},
    plural=PLURALS["ru"][1],
    scales=(
        Noun("thousand", ("тысяча", "тысячи", "тысяч"), "f"),
        Noun("million", ("миллион", "миллиона", "миллионов")),
        Noun("milliard", ("миллиард", "миллиарда", "миллиардов")),
    ),
    rouble=Noun("rouble", ("рубль", "рубля", "рублей")),
    kopeck=Noun("kopeck", ("копейка", "копейки", "копеек"), "f"),
    counted=(
        _MINUTE,
        _HOUR,
        Noun("second", ("секунда", "секунды", "секунд"), "f"),
        Noun("day", ("день", "дня", "дней")),
        Noun("week", ("неделя", "недели", "недель"), "f"),
        Noun("message", ("сообщение", "сообщения", "сообщений"), "n"),
        Noun("megabyte", ("мегабайт", "мегабайта", "мегабайт")),
        Noun("gigabyte", ("гигабайт", "гигабайта", "гигабайт")),
        Noun("point", ("балл", "балла", "баллов")),
        Noun("attempt", ("попытка", "попытки", "попыток"), "f"),
        Noun("service", ("услуга", "услуги", "услуг"), "f"),
        Noun("subscription", ("подписка", "подписки", "подписок"), "f"),
    ),
    months=(
        *("января", "февраля", "марта", "апреля", "мая", "июня"),
        *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
    ),
    ordinals=dict(enumerate(_ORDINALS.split(), 1)) | {30: "тридцатого"},
    date=_date,
    time=_time,
    words={
        "minus": "минус",
        "press": "нажмите",
        "ending": "последние цифры",
        "star": "звёздочка",
        "back": "Назад - звёздочка.",
    },
)

_SMALL_GENITIVE = (
    "ноля одного двух трёх четырёх пяти шести семи восьми девяти десяти одиннадцати двенадцати "
    "тринадцати четырнадцати пятнадцати шестнадцати семнадцати восемнадцати девятнадцати"
)
_TENS_GENITIVE = "двадцати тридцати сорока пятидесяти шестидесяти семидесяти восьмидесяти девяноста"
_HUNDREDS_GENITIVE = "ста двухсот трёхсот четырёхсот пятисот шестисот семисот восьмисот девятисот"


def _genitive(count: int) -> int:
    """The singular's or the plural's, as places in the nominative's three forms: `рубля`, which
    stands after 2 to 4, and `рублей`."""
    return 1 if count % 10 == 1 and count % 100 != 11 else 2


RU_GENITIVE = replace(
    RU,
    numerals=dict(enumerate(_SMALL_GENITIVE.split()))
    | dict(zip(range(20, 100, 10), _TENS_GENITIVE.split(), strict=True))
    | dict(zip(range(100, 1000, 100), _HUNDREDS_GENITIVE.split(), strict=True)),
    agreeing={(1, "f"): "одной"},
    plural=_genitive,
)
