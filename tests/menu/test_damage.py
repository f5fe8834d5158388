"""Damage. Invariant: whatever is done to the files, loading gives a set that can be walked, or
problems that can be shown; it never raises."""

from __future__ import annotations

import random
from pathlib import Path

from gateway.domain.port import Answered, Facts, Opened, Query, Release, Replied
from gateway.menu.engine import MenuSet, step
from gateway.menu.loader import load_menus
from gateway.menu.source import failed, render
from tests.menu.catalogue import COMMANDS
from tests.menu.shop import SHOP

ROUNDS = 80
SIGNS = "\"'{}[]:#*\n\t&!| ,$0x"
WALKER = Facts("en", "ussd", "account", "HOME")


def test_damaged_files(tmp_path: Path) -> None:
    chance = random.Random(105)
    whole = {file.name: file.read_text("utf-8") for file in SHOP.glob("*.yaml")}
    words = " ".join(whole.values()).replace("{", " ").replace("}", " ").replace(",", " ").split()
    served = 0
    for _ in range(ROUNDS):
        for name, text in whole.items():
            damaged = damage(text, words, chance)
            (tmp_path / name).write_text(damaged, "utf-8")
        menus, problems = load_menus(tmp_path, COMMANDS, {}, {"ussd": lambda screen: 1})
        assert (menus is None) == failed(problems)
        render(problems)
        if menus is not None:
            served += 1
            walk(menus, chance)
    assert 0 < served < ROUNDS


def damage(text: str, words: list[str], chance: random.Random) -> str:
    """A sign put in, a word for another, a line lost or doubled; sometimes nothing."""
    lines = text.split("\n")
    at, line = chance.randrange(len(text)), chance.randrange(len(lines))
    word = chance.choice(words)
    return chance.choice(
        [
            text,
            text[:at] + chance.choice(SIGNS) + text[at + chance.randrange(3) :],
            text.replace(word, chance.choice(words), 1),
            "\n".join(lines[:line] + lines[line + 1 :]),
            "\n".join([*lines[: line + 1], *lines[line:]]),
        ]
    )


def walk(menus: MenuSet, chance: random.Random) -> None:
    """Thirty answers, of the core as of the subscriber."""
    cursor, output, _, _ = step(menus, menus.start(), Opened(""), WALKER)
    for _ in range(30):
        if isinstance(output, Release):
            return
        if isinstance(output, Query):
            command = COMMANDS[output.command]
            event = Answered(chance.choice(["ok", *command.refusals]))
            cursor, output, _, _ = step(menus, cursor, event, WALKER)
        else:
            reply = Replied(chance.choice([*"01234567", "9220000001", "1234"]))
            cursor, output, _, _ = step(menus, cursor, reply, WALKER)
