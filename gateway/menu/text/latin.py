"""ru-Latn: Russian in GSM 7-bit letters, for handsets without Cyrillic.

Rule: one letter-for-letters table over the finished text, close to the practice of passports
(ICAO Doc 9303 part 3 §6), with the choices that read easily on a small screen: е ё -> e, й -> y,
ъ ь -> nothing, я -> ya, ю -> yu. Everything it gives is in 3GPP TS 23.038 §6.2.1.
"""

from __future__ import annotations

_PAIRS = (
    "а=a б=b в=v г=g д=d е=e ё=e ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u "
    "ф=f х=kh ц=ts ч=ch ш=sh щ=sch ъ= ы=y ь= э=e ю=yu я=ya"
)
_SIGNS = '«=" »=" „=" “=" ”=" ’=\' —=- –=- …=... №=N ₽=R'


def _table() -> dict[int, str]:
    table = {}
    for pair in _PAIRS.split():
        small, _, latin = pair.partition("=")
        table[ord(small)] = latin
        table[ord(small.upper())] = latin.capitalize()
    for pair in _SIGNS.split():
        sign, _, plain = pair.partition("=")
        table[ord(sign)] = plain
    table[0xA0] = " "
    return table


_TABLE = _table()


def latin(text: str) -> str:
    """`Мой счёт` -> `Moy schet`."""
    return text.translate(_TABLE)
