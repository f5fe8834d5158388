"""A soft phone calls, hears, presses and hangs up; what it recorded is what was to be said."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gateway.wire.rtp.g711 import ALAW_LEVELS
from tests.channels.baresip import baresip
from tests.channels.voice_service import VoiceService, voice_service

pytestmark = pytest.mark.skipif(shutil.which("baresip") is None, reason="no baresip installed")
ALIKE_MIN = 0.8
SECONDS = 1.2
"""Of a prompt that are looked for."""
HERTZ = 8000


@pytest.fixture(scope="module")
def service(
    run: Callable[..., Any], reactor_thread: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[VoiceService]:
    with voice_service(
        run, reactor_thread, tmp_path_factory.mktemp("soft"), sip_t1_seconds="0.5"
    ) as one:
        yield one


def likeness(heard: np.ndarray, wanted: np.ndarray) -> tuple[float, float]:
    """The greatest normalised cross-correlation, 1 for the same sound, and where it begins (s)."""
    size = 1 << (len(heard) + len(wanted)).bit_length()
    spectrum = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(wanted, size))
    products = np.fft.irfft(spectrum, size)[: len(heard) - len(wanted)]
    energy = np.concatenate(([0.0], np.cumsum(heard**2)))
    energies = energy[len(wanted) : len(heard)] - energy[: len(heard) - len(wanted)]
    alike = products / np.sqrt(np.maximum(energies, 1.0) * np.sum(wanted**2))
    best = int(np.argmax(alike))
    return float(alike[best]), best / HERTZ


def recording(service: VoiceService, name: str) -> np.ndarray:
    """The samples with which a recording begins."""
    language = name.partition("/")[0]
    clips = service.served.service.voice._prompts.found[language].values()
    octets = next(clip.octets for clip in clips if clip.id == name)
    return np.array([ALAW_LEVELS[octet] for octet in octets[: int(SECONDS * HERTZ)]], dtype=float)


@pytest.mark.parametrize(("number", "language"), [("79220000001", "ru"), ("79220000002", "en")])
def test_it_hears_the_menu_in_its_language_and_what_it_chose(
    service: VoiceService, tmp_path: Path, number: str, language: str
) -> None:
    with baresip(tmp_path, number) as phone:
        phone.command("dial", f"sip:0505@127.0.0.1:{service.sip}")
        phone.event("CALL_ESTABLISHED")
        time.sleep(2.0)
        phone.command("sndcode", "1")
        time.sleep(2.0)
        phone.command("hangup")
        phone.event("CALL_CLOSED")
    heard = np.frombuffer(phone.heard(), dtype="<i2").astype(float)
    found = [
        likeness(heard, recording(service, f"{language}/menu/{name}/1"))
        for name in ("voice.root", "voice.acct")
    ]
    assert [alike > ALIKE_MIN for alike, _ in found] == [True, True], found
    (_, root), (_, chosen) = found
    assert root < 1.0
    assert 1.5 < chosen < 3.5
    alike, _ = likeness(heard, recording(service, f"{language}/menu/voice.tar/1"))
    assert alike < ALIKE_MIN, "what was not said is not heard"
    (cdr,) = service.cdrs(number)
    assert cdr["hung_up_by"] == "caller"
