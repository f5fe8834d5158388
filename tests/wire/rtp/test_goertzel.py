"""DTMF tones in the audio: what ITU-T Q.23 and Q.24 want recognised, and what not."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import pytest

from gateway.wire.rtp.g711 import FRAME_OCTETS, PCMA, PCMU, Codec
from gateway.wire.rtp.goertzel import ToneDetector
from tests.wire.rtp.tones import encoded, press, silence, tone


def heard(samples: Iterable[float], codec: Codec = PCMA) -> str:
    """The keys recognised when the samples come in packets of 20 ms."""
    octets, detector = encoded(samples, codec), ToneDetector()
    return "".join(
        key
        for at in range(0, len(octets), FRAME_OCTETS)
        for key in detector.heard(codec, octets[at : at + FRAME_OCTETS])
    )


@pytest.mark.parametrize("codec", [PCMA, PCMU], ids=lambda codec: codec.name)
def test_the_whole_keypad(codec: Codec) -> None:
    keys = "123A456B789C*0#D"
    assert heard([s for key in keys for s in press(key) + silence(50)], codec) == keys


@pytest.mark.parametrize("shift", range(0, 102, 17))
def test_40_ms_on_and_off_wherever_the_blocks_fall(shift: int) -> None:
    dialled = [s for key in "15" + "55" for s in press(key, 40) + silence(40)]
    assert heard([0.0] * shift + dialled) == "1555"


@pytest.mark.parametrize(
    ("what", "samples", "keys"),
    [
        ("held for a second", press("5", 1000), "5"),
        ("a drop-out of 5 ms is no release", press("5", 60) + silence(5) + press("5", 60), "5"),
        ("one key after another", press("1") + press("2"), "12"),
        ("loud", press("9", dbm0=-3), "9"),
        ("faint", press("9", dbm0=-34), "9"),
        ("too faint", press("9", dbm0=-50), ""),
        ("1.5 % high", press("6", off=1.015), "6"),
        ("1.5 % low", press("6", off=0.985), "6"),
        ("6 % high", press("6", off=1.06), ""),
        ("7 dB of twist", press("3", twist=-7), "3"),
        ("3 dB of reverse twist", press("3", twist=3), "3"),
        ("12 dB of twist", press("3", twist=-12), ""),
        ("9 dB of reverse twist", press("3", twist=9), ""),
        ("20 ms", press("3", ms=20) + silence(100), ""),
        ("silence", silence(500), ""),
        ("one tone of a row", tone(100, (770, -10)), ""),
        ("one tone of a column", tone(100, (1336, -10)), ""),
        ("two rows", tone(100, (697, -10), (852, -10)), ""),
        ("a dial tone", tone(300, (350, -13), (440, -13)), ""),
        ("a ring-back tone", tone(300, (425, -10)), ""),
        ("a vowel", tone(300, *((150 * n, -10 - 2 * n) for n in range(1, 20))), ""),
        (
            "a key under its harmonics",
            tone(100, (697, -12), (1394, -10), (1209, -12), (2418, -10)),
            "",
        ),
    ],
)
def test_what_is_a_press(what: str, samples: list[float], keys: str) -> None:
    assert heard(samples) == keys, what


def test_noise_is_none_and_hides_none() -> None:
    noise = Random(1)
    loud = [noise.gauss(0, 3000) for _ in range(8 * 3000)]
    assert heard(loud) == ""
    key = [s + noise.gauss(0, 200) for s in press("8", 60, -12)]
    assert heard(silence(30) + key + silence(50)) == "8"
