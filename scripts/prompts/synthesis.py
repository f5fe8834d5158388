"""Synthesis: one festival for all texts of a voice, then sox for each: 8 kHz, silence cut."""

from __future__ import annotations

import subprocess
import sys
import wave
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.prompts.sound import alaw, evened
from scripts.prompts.voices import Synthesizer

TEXT_SECONDS_MAX = 60
CUT = ["silence", "1", "0.01", "0.25%"]
"""What is quieter for 10 ms at the beginning is not speech."""
FINISH = ("norm", "-3", *CUT, "reverse", *CUT, "reverse", "pad", "0.02", "0.06")


class SynthesisFailed(Exception):
    """A program that speaks did not."""


def spoken(voice: Synthesizer, texts: Sequence[str]) -> Iterator[bytes]:
    """A-law samples of each text, in their order. Raises Unspeakable, SynthesisFailed."""
    spellings = [voice.spelling(text) for text in texts]
    with TemporaryDirectory() as folder:
        files = [Path(folder, f"{number}.wav") for number in range(len(spellings))]
        script = Path(folder, "all.scm")
        lines = [voice.select, f"(Parameter.set 'Duration_Stretch {voice.stretch})"]
        lines += [
            f'(utt.save.wave (utt.synth (Utterance Text "{spelling}")) "{file}")'
            for spelling, file in zip(spellings, files, strict=True)
        ]
        script.write_text("\n".join(lines), "utf-8")
        _run(["festival", "-b", str(script)], TEXT_SECONDS_MAX + len(texts))
        for text, file in zip(texts, files, strict=True):
            yield _finished(voice, text, file)


def _finished(voice: Synthesizer, text: str, file: Path) -> bytes:
    if not file.is_file():
        raise SynthesisFailed(f"festival said nothing for '{text}'")
    cut = file.with_suffix(".cut.wav")
    effects = ("highpass", "100", *voice.tone, *FINISH)
    _run(["sox", "-D", str(file), "-r", "8000", "-c", "1", "-b", "16", str(cut), *effects], 60)
    with wave.open(str(cut)) as reader:
        samples = array("h", reader.readframes(reader.getnframes()))
    if sys.byteorder == "big":
        samples.byteswap()
    try:
        return alaw(evened(samples))
    except ValueError as error:
        raise SynthesisFailed(f"'{text}' {error}") from None


def _run(command: list[str], seconds_max: float) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds_max)
    except FileNotFoundError:
        raise SynthesisFailed(f"{command[0]} is not installed") from None
    except subprocess.TimeoutExpired:
        raise SynthesisFailed(f"{command[0]} did not end in {seconds_max:g} s") from None
    except subprocess.CalledProcessError as error:
        raise SynthesisFailed(f"{command[0]}: {error.stderr.strip()[-300:]}") from None
