"""WAV files of A-law at 8000 samples a second, one channel: what recorded prompts are kept as.

RIFF chunks in any order; what is neither `fmt ` nor `data` is passed over (sox writes a `fact`,
studios a `LIST`). Microsoft's and IBM's "Multimedia Programming Interface and Data
Specifications 1.0", format 6.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

WAVE_FORMAT_ALAW: Final = 6
_HEAD: Final = struct.Struct("<4sI4s")
_CHUNK: Final = struct.Struct("<4sI")
_FORMAT: Final = struct.Struct("<HHIIHH")
_WANTED: Final = (WAVE_FORMAT_ALAW, 1, 8000, 8000, 1, 8)
"""Format, channels, samples a second, octets a second, octets and bits a sample."""


def read_alaw(file: bytes) -> bytes:
    """The samples. Raises ValueError where it is not such a file."""
    chunks = dict(_chunks(file))
    found = chunks.get(b"fmt ", b"")
    if len(found) < _FORMAT.size or _FORMAT.unpack_from(found) != _WANTED:
        raise ValueError("is not A-law of 8000 samples a second and one channel")
    if b"data" not in chunks:
        raise ValueError("has no samples")
    return chunks[b"data"]


def write_alaw(samples: bytes) -> bytes:
    """A file of these samples."""
    body = b"WAVE" + b"".join(
        _CHUNK.pack(name, len(data)) + data + b"\0" * (len(data) % 2)
        for name, data in ((b"fmt ", _FORMAT.pack(*_WANTED)), (b"data", samples))
    )
    return _CHUNK.pack(b"RIFF", len(body)) + body


def _chunks(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    """`(name, data)` of each whole chunk; of names that come twice the last counts."""
    if len(file) < _HEAD.size or _HEAD.unpack_from(file)[::2] != (b"RIFF", b"WAVE"):
        raise ValueError("is not a WAV file")
    at = _HEAD.size
    while at + _CHUNK.size <= len(file):
        name, octets = _CHUNK.unpack_from(file, at)
        at += _CHUNK.size
        if at + octets > len(file):
            raise ValueError("is cut short")
        yield name, file[at : at + octets]
        at += octets + octets % 2
