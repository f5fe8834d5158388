"""Every function of the menus played through, against a transcript that reads as a conversation.

`REWRITE=1 pytest tests/turn/test_dialogues.py` writes the transcripts anew; read the difference.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.turn.player import Player

DATA = Path(__file__).parent / "data"


def account(player: Player) -> None:
    for who in (1, 2, 3):
        player.dial(who, "*105#", "1", "1", "0", "2", "1", "0", "4", "0", "3")
    player.dial(2, "*100#")
    player.dial(1, "*105*1*3*2#", "12ab", "105000000300")
    player.dial(1, "*110*999#", "105000000300", "105000000100")
    player.dial(1, "*105*1*5*1#", "1")
    player.dial(1, "*106#", "9", "5", "0", "2")
    player.dial(2, "*106#", "5", "0", "3", "0")
    player.dial(2, "*105*1*6#", "9220000001", "5", "100", "1", "000000", "700001")
    player.dial(2, "*133*50*9220000003#", "1", "700002")
    player.dial(2, "*133*50*9220000099#")
    player.dial(2, "*133*50*9220000002#")
    player.dial(2, "*133*5001*9220000003#")
    player.dial(3, "*105*1*6#", "9220000001", "100")
    player.dial(7, "*105*1*6#", "0")
    player.dial(2, "*105*1*2*3#")


def packages_and_roaming(player: Player) -> None:
    player.dial(2, "*105*4#", "1", "1")
    player.dial(1, "*558#", "2", "1")
    player.dial(3, "*105*4#", "1", "1")
    for who in (1, 5, 6):
        player.dial(who, "*105*6#", "1", "0", "4", "5", "0", "0", "5", "0", "2", "1")
    player.dial(1, "*105*6*2#", "1")
    player.dial(1, "*225#")
    player.dial(1, "*160#")


def settings_and_help(player: Player) -> None:
    player.dial(1, "*105*7*1*1#")
    player.dial(1, "*105*7*1*2#")
    player.dial(2, "*105*7*1*3#", "482915", "482916", "482917", "482917")
    player.dial(2, "*105*01#", "111111", "592731", "592731")
    player.dial(2, "*105*00#")
    player.dial(9, "*105*7*1*4#")
    player.dial(2, "*105*7*2#", "1")
    player.dial(2, "*105*7*2#", "1")
    player.dial(2, "*105*7*3#")
    player.dial(3, "*105*7*4#", "2")
    player.dial(3, "*105*7*5#")
    player.dial(1, "*105*7*6#")
    player.dial(7, "*105*7*6#")
    player.dial(7, "*105*7*7#")
    player.dial(1, "*105*8#", "1", "0", "2", "Когда будет снег?")
    player.dial(1, "*105*8*3#", "1", "0", "2", "0", "3", "0", "4")
    player.dial(1, "*105*8*4#", "0", "5", "9", "0", "0", "9", "6")


def forwarding_and_barring(player: Player) -> None:
    player.dial(1, "*105*3*5*1#", "9220000002", "1")
    player.dial(1, "*105*3*5*5#")
    for code in ("*#002#", "*#21#", "*33*0000#", "##002#", "*#62#", "*21#", "**61*12#"):
        player.dial(1, code)
    player.dial(1, "**61*+79220000002#")
    player.dial(1, "*105*3*5*6#")
    player.dial(1, "*33*0000#")
    player.dial(1, "*#33#")
    player.dial(1, "**21*9220000002#")
    player.dial(1, "#330#", "1234", "0000")
    player.dial(2, "*105*3*6*2#", "0000")
    player.dial(2, "*105*3*6*6#")
    player.dial(1, "*105*3*6*6#")
    player.dial(2, "*105*3*6*7#", "0000")
    player.dial(2, "*105*3*6*8#")
    player.dial(2, "**03*330*0000*4321*4312#")
    player.dial(2, "**03**0000*4321*4321#")
    player.dial(2, "*33*4321#")
    player.dial(2, "*#333#")
    player.dial(2, "*03*330*0000*1234*1234#")
    player.dial(2, "*331#", "1111", "1112")


def company_blocked_and_mistakes(player: Player) -> None:
    player.dial(11, "*105#", "5", "9", "7", "0", "3", "1", "3")
    player.dial(11, "*105*5*2#", "9220000012", "9", "8")
    player.dial(11, "*990#", "9", "0", "0")
    player.dial(1, "*990#")
    player.dial(8, "*105#", "1", "3", "2", "105000000500")
    for code in ("*105*1*6#", "*105*4#", "*105*3*7*3#", "*105*3*7*1#", "*105*7*1#"):
        player.dial(8, code)
    player.dial(8, "*105*00#")
    player.dial(8, "*105*4#", "1")
    player.dial(1, "*105#", "7", "x", "q", "z")
    player.dial(1, "*105#", "1", "9", "6", "00", "0")
    player.dial(1, "*105*2*1#", "0", "0")
    player.dial(1, "*999#")
    player.dial(99, "*105#")


def short_numbers(player: Player) -> None:
    written = (
        (1, "000110", "00"),
        (2, "000-110", ""),
        (1, "000105", " Пароль "),
        (9, "000105", "41"),
        (1, "000105", "Б"),
        (2, "000100", "hello"),
        (2, "000105", "5041"),
        (1, "000105", "расход"),
        (2, "000105", "LEFT"),
        (1, "000105", "остатки"),
        (4, "000105", "роуминг"),
        (1, "000105", "APP"),
        (1, "000105", "помощь"),
        (2, "000105", "nonsense"),
        (1, "000110", "чушь"),
        (1, "1100", "105000001000"),
        (1, "1100", "123"),
        (1, "1100", "код"),
        (1, "5037", ""),
        (3, "1410", "услуги"),
        (11, "000511", ""),
        (11, "000511", ""),
        (12, "000511", "РЕГ"),
        (1, "000511", ""),
        (1, "000777", "00"),
        (4, "000110", "00"),
        (5, "000110", "00"),
        (8, "000105", "00"),
        (2, "000105", "menu"),
        (2, "000105", "1"),
        (2, "000105", "1"),
        (2, "000105", "00"),
    )
    for who, to, text in written:
        player.sms(who, to, text)


@pytest.mark.parametrize(
    "play",
    [
        account,
        packages_and_roaming,
        settings_and_help,
        forwarding_and_barring,
        company_blocked_and_mistakes,
        short_numbers,
    ],
    ids=lambda play: play.__name__,
)
def test_transcript(play: Callable[[Player], None]) -> None:
    player = Player()
    play(player)
    path = DATA / f"{play.__name__}.txt"
    played = "\n".join(player.lines).strip() + "\n"
    if os.environ.get("REWRITE"):
        path.write_text(played, encoding="utf-8")
    assert played == path.read_text(encoding="utf-8")
