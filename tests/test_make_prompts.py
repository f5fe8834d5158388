"""scripts/make_prompts: what it plans, what it can spell, how loud it makes things; and where the
synthesizer is installed, that it says again exactly what is committed."""

from __future__ import annotations

import shutil
from array import array
from hashlib import sha256
from math import pi, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.render.speech.phrases import phrase_key
from gateway.service.content import need_content
from gateway.service.prompts import RecordingShape, read_manifest, read_recording
from gateway.service.prompts_check import wanted
from gateway.service.wordings import Wording
from gateway.wire.rtp.g711 import ALAW_LEVELS
from scripts.prompts.plan import made_of, plan
from scripts.prompts.sound import LEVEL_DBFS, PEAK_DBFS_MAX, active_level, alaw, evened
from scripts.prompts.synthesis import spoken
from scripts.prompts.voices import ENGLISH, RUSSIAN, SYNTHESIZERS, Unspeakable
from tests.source import ROOT


def wants(**texts: str) -> dict[str, Wording]:
    """Key of the words -> wording; `_` in an id stands for a slash."""
    found = (Wording(name.replace("_", "/"), "en", text) for name, text in texts.items())
    return {phrase_key(wording.text): wording for wording in found}


def row(text: str, voice: str = "slt", made: str | None = None) -> RecordingShape:
    """A recording of the manifest, made as the script would make it now."""
    stamp = made or (made_of(ENGLISH, text) if voice == "slt" else None)
    return RecordingShape(text=text, voice=voice, sha256="0" * 64, made_of=stamp)


def test_what_is_missing_is_made_and_what_is_unused_is_dropped() -> None:
    there = {"menu/a/1": row("Yes"), "menu/b/1": row("No")}
    made = plan(wants(menu_a_1="Yes", menu_c_1="Maybe"), there, ENGLISH)
    assert (list(made.keep), made.make, made.drop) == (
        ["menu/a/1"],
        {"menu/c/1": "Maybe"},
        ("menu/b/1",),
    )


def test_other_words_another_setting_or_another_spelling_make_it_again() -> None:
    there = {"menu/a/1": row("Yes"), "menu/b/1": row("No", made="of something else")}
    made = plan(wants(menu_a_1="Yes, please", menu_b_1="No"), there, ENGLISH)
    assert (made.keep, made.drop) == ({}, ())
    assert made.make == {"menu/a/1": "Yes, please", "menu/b/1": "No"}


def test_what_a_studio_said_is_left_alone() -> None:
    there = {"menu/a/1": row("Yes", voice="studio"), "menu/old/1": row("Gone", voice="studio")}
    made = plan(wants(menu_a_1="Yes", menu_b_1="No"), there, ENGLISH)
    assert list(made.keep) == ["menu/a/1", "menu/old/1"]
    assert (made.make, made.drop) == ({"menu/b/1": "No"}, ())


def test_words_move_with_their_recording_and_no_id_is_given_twice() -> None:
    there = {"menu/a/1": row("Yes")}
    made = plan(wants(menu_b_1="Yes", menu_a_1="No"), there, ENGLISH)
    assert (list(made.keep), made.make) == (["menu/a/1"], {"menu/a/1.2": "No"})


def test_what_cannot_be_said_is_told_and_the_rest_is_made() -> None:
    made = plan(wants(menu_a_1="Ещё", menu_b_1="More"), {}, ENGLISH)
    assert made.make == {"menu/b/1": "More"}
    [why] = made.unspeakable
    assert why.startswith("en/menu/a/1: slt cannot say")


def test_only_a_part_is_made_and_the_rest_is_left() -> None:
    there = {"number/1": row("one", made="of something else"), "menu/b/1": row("No")}
    made = plan(wants(number_1="one", menu_a_1="Yes"), there, ENGLISH, ("menu/a",))
    assert (list(made.keep), made.make, made.drop) == (list(there), {"menu/a/1": "Yes"}, ())


@pytest.mark.parametrize(
    ("voice", "text", "said"),
    [
        (RUSSIAN, "В SMS - три. «SIM-карта»", "В эс эм эс - три. сим-карта"),
        (RUSSIAN, "За 30 дней", "За тридцать дней"),
        (RUSSIAN, "5 мин", "пять минут"),
        (ENGLISH, "By SMS, for 21 roubles", "By S M S, for twenty one roobles"),
        (ENGLISH, "p.m.", "P M."),
    ],
)
def test_spelling(voice, text, said) -> None:
    assert voice.spelling(text) == said


@pytest.mark.parametrize(
    ("voice", "text"), [(RUSSIAN, "Wi-Fi"), (ENGLISH, "Всё"), (RUSSIAN, "50%")]
)
def test_what_a_voice_has_no_sounds_for_is_refused(voice, text) -> None:
    with pytest.raises(Unspeakable, match=voice.name):
        voice.spelling(text)


def test_everything_a_call_wants_can_be_spelled() -> None:
    codes = need_content(ROOT / "menus", ROOT / "short_codes.yaml").codes
    wants = wanted(ROOT / "menus", codes)
    for voice in (RUSSIAN, ENGLISH):
        assert len(wants[voice.language]) >= 400
        for wording in wants[voice.language].values():
            assert voice.spelling(wording.text)


@given(st.floats(60, 30_000), st.integers(1, 20))
def test_everything_is_as_loud(peak: float, pauses: int) -> None:
    burst = [round(peak * sin(2 * pi * 440 * n / 8000)) for n in range(1600)]
    samples = array("h", (burst + [0] * 1600) * pauses)
    found = active_level(evened(samples))
    assert found == pytest.approx(LEVEL_DBFS, abs=0.3)


def test_a_click_is_not_made_so_loud_that_it_clips() -> None:
    click = array("h", [0] * 800 + [8000] + [300, -300] * 800)
    peak = max(map(abs, evened(click)))
    assert peak <= 32_768 * 10 ** (PEAK_DBFS_MAX / 20) + 1
    with pytest.raises(ValueError, match="silent"):
        evened(array("h", [0] * 800))


@pytest.mark.skipif(not shutil.which("festival"), reason="festival is not installed")
@pytest.mark.parametrize("language", ["ru", "en"])
def test_what_is_committed_is_said_again(language) -> None:
    """Compared by cross-correlation, so another build of the synthesizer is allowed its noise."""
    manifest, _ = read_manifest(ROOT / "ivr_prompts")
    assert manifest is not None
    voice = SYNTHESIZERS[language]
    chosen = {
        id_: recording
        for id_, recording in manifest.recordings(language).items()
        if id_ in ("number/100", "unit/kopeck-2", "menu/voice.root/1")
    }
    assert len(chosen) == 3
    again = spoken(voice, [recording.text for recording in chosen.values()])
    for (id_, recording), made in zip(chosen.items(), again, strict=True):
        kept, digest = read_recording(manifest.file(language, id_))
        assert recording.made_of == made_of(voice, recording.text)
        assert (
            recording.sha256
            == digest
            == sha256(manifest.file(language, id_).read_bytes()).hexdigest()
        )
        assert len(made) == pytest.approx(len(kept), rel=0.02)
        assert likeness(made, kept) > 0.9


def likeness(one: bytes, other: bytes) -> float:
    """The greatest normalised cross-correlation within 20 ms."""
    a, b = ([ALAW_LEVELS[octet] for octet in each] for each in (one, other))
    power = (sum(x * x for x in a) * sum(x * x for x in b)) ** 0.5
    width = min(len(a), len(b)) - 160
    return max(
        sum(x * y for x, y in zip(a[shift : shift + width], b[80 : 80 + width], strict=False))
        / power
        for shift in range(0, 160, 4)
    )


def test_alaw_of_samples() -> None:
    assert [ALAW_LEVELS[octet] for octet in alaw(array("h", [8, -8, 32_256]))] == [8, -8, 32_256]
