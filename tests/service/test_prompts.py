"""Recordings: what calls want of them, what is told of those that are not as they should be, and
that a phrase without one is heard as a marker tone and counted."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from gateway.menu.loader import menu_files, read_draft
from gateway.render.speech.phrases import PAUSE
from gateway.service.errors import Fault
from gateway.service.prompts import GAP, MARKER, need_prompts, read_manifest
from gateway.service.prompts_check import check_prompts, wanted
from gateway.service.wordings import wordings
from gateway.wire.wav import write_alaw
from tests.service.test_command_line import gateway
from tests.source import ROOT

MENU = """\
menu: voice
settings:
  start: voice.root
  utc_offset: "+05:00"
  nav: {back: {ru: Назад, en: Back}, more: {ru: Ещё, en: More}}
  choice_error: err.choice
  tries: voice.bye
  timeout: voice.bye
  refusals: {level_too_low: voice.bye, number_blocked: voice.bye, else: voice.bye}
states:
  voice.root:
    kind: menu
    text: {ru: Меню, en: Menu}
    ussd: {text: {ru: Звёздочка, en: Asterisk}}
    options:
      one: {key: "1", text: {ru: Раз, en: One}, go: voice.left}
      two: {key: "2", text: {ru: Код, en: Code}, go: elsewhere, when: {channel: [ussd]}}
  voice.left:
    kind: menu
    text: {ru: "кратко", en: "short"}
    ivr:
      text:
        ru: "Осталось {n} {n|plural:минута,минуты,минут}, зона {zone|label:zone}. Дальше - один."
        en: "Left: {n} {n|plural:minute,minutes}, zone {zone|label:zone}. To go on, press one."
    options:
      on: {key: "1", text: {ru: Дальше, en: On}, go: voice.bye}
  voice.bye: {kind: end, text: {ru: "До свидания.", en: Goodbye.}}
  elsewhere: {kind: end, text: {ru: Экран, en: Screen}}
texts:
  err.choice: {ru: Такого пункта нет., en: There is no such item.}
  voice.op: {ru: Соединяю., en: Connecting.}
  sms.pwd: {ru: Пароль, en: Password}
labels:
  zone: {HOME: {ru: Дом, en: Home}, WORLD: {ru: Мир, en: World}}
"""
CODES: Any = SimpleNamespace(voice={"0505": SimpleNamespace(state="voice.root")})

HEARD_RU = {
    "menu/voice.root/1": "Меню",
    "menu/voice.root/options.one.1": "Раз",
    "menu/voice.left/1": "Осталось",
    "menu/voice.left/2": "минута",
    "menu/voice.left/3": "минуты",
    "menu/voice.left/4": "минут",
    "menu/voice.left/5": "зона",
    "menu/voice.left/6": "Дом",
    "menu/voice.left/7": "Мир",
    "menu/voice.left/8": "Дальше - один.",
    "menu/voice.bye/1": "До свидания.",
    "menu/err.choice/1": "Такого пункта нет.",
    "menu/voice.op/1": "Соединяю.",
}
TONE = bytes(range(256))


@pytest.fixture
def menus(tmp_path: Path) -> Path:
    (tmp_path / "menus").mkdir()
    (tmp_path / "menus/voice.yaml").write_text(MENU, "utf-8")
    return tmp_path / "menus"


def record(directory: Path, texts: dict[str, dict[str, str]], **changes: Any) -> Path:
    """A manifest and files that say `texts` (language -> id -> words)."""
    shape: dict[str, Any] = {"voices": {"studio": {"licence": "ours", "source": "a studio"}}}
    for language, recordings in texts.items():
        for id_, text in recordings.items():
            file = directory / language / f"{id_}.wav"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(write_alaw(TONE))
            digest = sha256(file.read_bytes()).hexdigest()
            row = {"text": text, "voice": "studio", "sha256": digest, **changes}
            shape.setdefault(language, {})[id_] = row
    (directory / "prompts.yaml").write_text(yaml.safe_dump(shape, allow_unicode=True), "utf-8")
    return directory


def everything(menus: Path) -> dict[str, dict[str, str]]:
    """Language -> id -> words of all that calls want."""
    found = wanted(menus, CODES)
    return {language: {w.id: w.text for w in texts.values()} for language, texts in found.items()}


def codes_of(menus: Path, directory: Path) -> list[str]:
    """The codes of what is told."""
    return [problem.code for problem in check_prompts(menus, CODES, directory)]


def test_what_a_call_can_hear(menus: Path) -> None:
    draft, _ = read_draft(menu_files(menus))
    found = [w for w in wordings(draft, CODES) if w.id.startswith("menu/")]
    assert {w.id: w.text for w in found if w.language == "ru"} == HEARD_RU
    assert {w.text for w in found if w.language == "en"} >= {"Menu", "One", "minutes", "World"}


def test_nothing_is_told_where_everything_is_recorded(menus: Path, tmp_path: Path) -> None:
    assert codes_of(menus, record(tmp_path / "p", everything(menus))) == []


def test_what_is_missing_is_told_at_its_text(menus: Path, tmp_path: Path) -> None:
    texts = everything(menus)
    del texts["ru"]["menu/voice.bye/1"]
    [problem] = check_prompts(menus, CODES, record(tmp_path / "p", texts))
    assert (problem.code, problem.severity) == ("P101", "warning")
    assert problem.path.endswith("menus/voice.yaml")
    assert "voice.bye: {kind: end" in problem.source_line
    assert problem.source_line[problem.column - 1 :].startswith('"До свидания."')
    assert "ru/menu/voice.bye/1" in problem.message


def test_other_words_make_a_recording_stale_and_other_marks_do_not(
    menus: Path, tmp_path: Path
) -> None:
    directory = record(tmp_path / "p", everything(menus))
    file = menus / "voice.yaml"
    file.write_text(MENU.replace("До свидания.", "До, свидания!"), "utf-8")
    assert codes_of(menus, directory) == []
    file.write_text(MENU.replace("До свидания.", "Всего доброго."), "utf-8")
    [problem] = check_prompts(menus, CODES, directory)
    assert problem.code == "P102"
    assert "'До свидания.'" in problem.message
    assert "'Всего доброго.'" in problem.help


def test_what_is_recorded_and_not_as_it_should_be(menus: Path, tmp_path: Path) -> None:
    texts = everything(menus)
    texts["en"]["menu/gone/1"] = "Nobody says this"
    directory = record(tmp_path / "p", texts)
    assert codes_of(menus, directory) == ["P103"]
    (directory / "ru/menu/voice.bye/1.wav").write_bytes(b"RIFF")
    (directory / "ru/menu/voice.op/1.wav").unlink()
    (directory / "ru/menu/voice.root/1.wav").write_bytes(write_alaw(b"better"))
    found = check_prompts(menus, CODES, directory)
    assert sorted(problem.code for problem in found) == ["P103", "P104", "P104", "P105"]
    assert all(problem.path.endswith("p/prompts.yaml") for problem in found)
    [other] = (problem for problem in found if problem.code == "P105")
    assert sha256(write_alaw(b"better")).hexdigest() in other.help


def test_a_voice_is_one_of_the_voices(menus: Path, tmp_path: Path) -> None:
    directory = record(tmp_path / "p", {"ru": {"number/1": "один"}}, voice="studo")
    [problem] = (p for p in check_prompts(menus, CODES, directory) if p.code == "P106")
    assert "studio" in problem.help


@pytest.mark.parametrize(
    "id_", ["../../etc/x", "number/../../x", "number", "number//1", "/number/1"]
)
def test_a_recording_lies_below_its_language(tmp_path: Path, id_: str) -> None:
    row = {"text": "x", "voice": "v", "sha256": "0" * 64}
    (tmp_path / "prompts.yaml").write_text(yaml.safe_dump({"ru": {id_: row}}), "utf-8")
    manifest, problems = read_manifest(tmp_path)
    assert manifest is None
    assert [problem.code for problem in problems] == ["M104"]
    with pytest.raises(Fault):
        need_prompts(tmp_path)


def test_a_playlist_is_played_from_its_words(tmp_path: Path) -> None:
    record(tmp_path, {"ru": {"number/2f": "две", "unit/ruble-2": "рубля", "name/x": "Всё просто"}})
    told: list[tuple[str, str]] = []
    prompts = need_prompts(tmp_path, lambda language, words: told.append((language, words)))
    clips = prompts.clips(("Две", PAUSE, "рубля.", "никогда"), "ru")
    assert [clip.id for clip in clips] == ["ru/number/2f", "pause", "ru/unit/ruble-2", "missing"]
    assert clips == (*prompts.clips(("две",), "ru"), GAP, *prompts.clips(("рубля",), "ru"), MARKER)
    assert clips[0].octets == TONE
    assert told == [("ru", "никогда")]
    # a name that is recorded in one language is heard in both
    assert prompts.clips(("Все просто",), "en")[0].id == "ru/name/x"


def test_a_file_that_cannot_be_played_is_as_one_that_is_missing(tmp_path: Path) -> None:
    record(tmp_path, {"en": {"number/1": "one", "number/2": "two"}})
    (tmp_path / "en/number/1.wav").write_bytes(b"OggS")
    prompts = need_prompts(tmp_path)
    assert prompts.clips(("one", "two"), "en")[0] is MARKER
    assert prompts.clips(("two",), "en")[0].octets == TONE
    assert prompts.unreadable == {tmp_path / "en/number/1.wav": "is not a WAV file"}


def test_the_recordings_that_ship_are_whole() -> None:
    """Every number, amount and prompt of 0505 is heard, in both languages."""
    told: list[str] = []
    prompts = need_prompts(ROOT / "ivr_prompts", lambda language, words: told.append(words))
    draft, _ = read_draft(menu_files(ROOT / "menus"))
    spoken = [
        w for w in wordings(draft, SimpleNamespace(voice={})) if w.entry is None or "voice." in w.id
    ]
    assert len(spoken) > 300
    for wording in spoken:
        prompts.clips((wording.text,), wording.language)
    assert told == []
    assert prompts.unreadable == {}
    assert (
        len(prompts.clips(("Соединяю с оператором. Оставайтесь на линии.",), "ru")[0].octets) > 8000
    )


def test_the_command_lists_and_checks(tmp_path: Path) -> None:
    listed = gateway("prompts", "list", "--language", "ru", cwd=ROOT)
    assert listed.returncode == 0, listed.stderr
    assert "nsh  ru/number/100  сто" in listed.stdout
    assert "  en/" not in listed.stdout
    record(tmp_path, {"ru": {"number/1": "один"}})
    checked = gateway("prompts", "check", "--prompts", str(tmp_path), cwd=ROOT)
    assert checked.returncode == 1
    assert "P101 warning: no recording says 'два' (ru/number/2)" in checked.stdout
    assert "no recording says 'один' " not in checked.stdout
