"""The two voices, and how they are made to say what they cannot read.

Rule: everything that changes what is heard stands here or in `sound.py` and is part of a
recording's `made_of`, so that a changed setting makes the recordings again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gateway.render.speech.phrases import VoiceLanguage
from gateway.render.speech.values import say_number


class Unspeakable(ValueError):
    """A text with signs that a voice has no sounds for."""


@dataclass(frozen=True, slots=True)
class Synthesizer:
    """A voice of festival."""

    name: str
    """In the manifest."""
    language: VoiceLanguage
    select: str
    """The expression that chooses it."""
    stretch: float
    """How much slower than the voice speaks by itself."""
    tone: tuple[str, ...]
    """Effects of sox that make it clearer on a telephone."""
    licence: str
    source: str
    letters: str
    """What it can read, as a character class."""
    respelled: Mapping[str, str]
    """Pattern -> words it can read."""

    def spelling(self, text: str) -> str:
        """The text as the voice can read it. Raises Unspeakable."""
        said = re.sub(
            r"[0-9]{1,12}", lambda m: " ".join(say_number(int(m[0]), self.language)), text
        )
        for pattern, words in self.respelled.items():
            said = re.sub(pattern, words, said)
        strange = sorted(set(re.sub(f"[{self.letters} .,:;!?-]", "", said)))
        if strange:
            raise Unspeakable(f"{self.name} cannot say {' '.join(strange)} of '{text}'")
        return said


RUSSIAN = Synthesizer(
    name="nsh",
    language="ru",
    select="(voice_msu_ru_nsh_clunits)",
    stretch=1.0,
    tone=(),
    licence="BSD-like, 2005 N. V. Shmyrev (festvox-ru)",
    source="festival 2.5, voice msu_ru_nsh_clunits: units of a recorded man",
    letters="А-Яа-яЁё",
    respelled={
        r"\bE-mail\b": "и мэйл",
        r"\bSMS\b": "эс эм эс",
        r"\bSIM\b": "сим",
        r"\bUSSD\b": "ю эс эс дэ",
        r"\bPDF\b": "пэ дэ эф",
        r"\bWord\b": "ворд",
        r"\bExcel\b": "эксель",
        r"e-mail": "и мэйл",
        r"\*": " звёздочка ",
        r"#": " решётка ",
        r"\+": " плюс ",
        r"№": "номер",
        r":(?=\S)": " ",  # of 00:00
        r"/": " ",
        r"[«»\"()]": "",
        r"[–—]": "-",
        r"\bр\.": "рублей",
        r"\bмин\b\.?": "минут",
        r"\bМБ\b": "мегабайт",
    },
)
ENGLISH = Synthesizer(
    name="slt",
    language="en",
    select="(voice_cmu_us_slt_arctic_hts)",
    stretch=1.05,
    tone=("treble", "+9", "2k"),  # made of statistics, it has weak consonants
    licence="EST (BSD-like), 2003 Carnegie Mellon University (festvox-us-slt-hts)",
    source="festival 2.5, voice cmu_us_slt_arctic_hts: statistics of a recorded woman",
    letters="A-Za-z'",
    respelled={
        r"\bSMS\b": "S M S",
        r"\bSIM\b": "sim",
        r"\bUSSD\b": "U S S D",
        r"\bPDF\b": "P D F",
        r"\bE-mail\b": "Email",
        r"\be-mail\b": "email",
        r"\ba\.m\.": "A M.",
        r"\bp\.m\.": "P M.",
        r"\b[Rr]ouble": "rooble",
        r"\b[Kk]opeck": "koe peck",
        r"\bMegaFon\b": "megaphone",
        r"\*": " star ",
        r"#": " hash ",
        r":(?=\S)": " ",
        r"\+": " plus ",
        r"[«»\"()]": "",
        r"[–—/]": "-",
        r"\bmin\b\.?": "minutes",
        r"\bMB\b": "megabytes",
    },
)
SYNTHESIZERS: Mapping[VoiceLanguage, Synthesizer] = {"ru": RUSSIAN, "en": ENGLISH}
