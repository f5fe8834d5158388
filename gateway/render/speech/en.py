"""English: no genders, two plural forms, dates as `November thirtieth`, a clock of twelve hours."""

from __future__ import annotations

from datetime import datetime

from gateway.domain.plurals import PLURALS
from gateway.render.speech.numerals import cardinal
from gateway.render.speech.voice import Noun, Voice


def _date(voice: Voice, at: datetime) -> tuple[str, ...]:
    tens, unit = divmod(at.day, 10)
    month = voice.months[at.month - 1]
    if tens >= 2 and unit:
        return month, voice.numerals[tens * 10], voice.ordinals[unit]
    return month, voice.ordinals[at.day]


def _time(voice: Voice, at: datetime) -> tuple[str, ...]:
    half = voice.words["am" if at.hour < 12 else "pm"]
    hour = voice.numerals[(at.hour + 11) % 12 + 1]
    if not at.minute:
        return hour, half
    oh = (voice.words["oh"],) if at.minute < 10 else ()
    return (hour, *oh, *cardinal(at.minute, voice), half)


_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)

EN = Voice(
    numerals=dict(enumerate(_SMALL.split()))
    | dict(zip(range(20, 100, 10), _TENS.split(), strict=True))
    | {
        number * 100: f"{word} hundred" for number, word in enumerate(_SMALL.split()[:10]) if number
    },
    agreeing={},
    plural=PLURALS["en"][1],
    scales=(
        Noun("thousand", ("thousand", "thousand")),
        Noun("million", ("million", "million")),
        Noun("milliard", ("billion", "billion")),
    ),
    rouble=Noun("rouble", ("rouble", "roubles")),
    kopeck=Noun("kopeck", ("kopeck", "kopecks")),
    counted=(
        Noun("minute", ("minute", "minutes")),
        Noun("second", ("second", "seconds")),
        Noun("day", ("day", "days")),
        Noun("week", ("week", "weeks")),
        Noun("message", ("message", "messages")),
        Noun("megabyte", ("megabyte", "megabytes")),
        Noun("gigabyte", ("gigabyte", "gigabytes")),
        Noun("point", ("point", "points")),
    ),
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    ordinals=dict(enumerate(_ORDINALS.split(), 1)) | {30: "thirtieth"},
    date=_date,
    time=_time,
    words={
        "minus": "minus",
        "press": "press",
        "ending": "ending in",
        "star": "star",
        "back": "To go back, press star.",
        "oh": "oh",
        "am": "a.m.",
        "pm": "p.m.",
    },
)
