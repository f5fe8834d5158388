"""3GPP TS 23.040 §9.2.3.24: the user data header, long messages cut and joined.

Time is an argument. A header that cannot be read is a `SegmentError`; a concatenation that makes
no sense (part 0, or 3 of 2) is ignored, as §9.2.3.24.1 asks, and its text stands alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from gateway.wire.gsm.alphabet import ESCAPE, encode_gsm7, encode_ucs2, is_gsm7

PARTS_MAX = 255
"""A part's number is one octet."""

_IE_REFERENCE_8 = 0x00
_IE_REFERENCE_16 = 0x08
_IE_OCTETS = {_IE_REFERENCE_8: 3, _IE_REFERENCE_16: 4}

Alphabet = Literal["gsm7", "ucs2"]
Reason = Literal["header_malformed", "part_out_of_range", "too_many_parts", "reassembly_full"]


class SegmentError(ValueError):
    """`reason` is its exact name; `reassembly_full` is ours, the others are the peer's."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


class Concatenation(NamedTuple):
    """Which part of which long message: `number` of `total`, both from 1."""

    reference: int
    total: int
    number: int


def parse_udh(user_data: bytes) -> tuple[Concatenation | None, bytes]:
    """User data that begins with a header -> (its concatenation, the octets after the header).

    IEs 00 and 08 are read, the last one counts, others are skipped. Text after the header is
    taken as SMPP carries it: from the next octet, without fill bits. Raises `SegmentError`
    (`header_malformed`) where a length runs past its end.
    """
    if not user_data or user_data[0] >= len(user_data):
        raise SegmentError("header_malformed", "the header runs past the user data")
    end = user_data[0] + 1
    found: Concatenation | None = None
    at = 1
    while at < end:
        body = at + 2
        after = body + (user_data[at + 1] if body <= end else end)
        if after > end:
            raise SegmentError("header_malformed", f"the element at {at} runs past the header")
        wanted = _IE_OCTETS.get(user_data[at])
        if wanted is not None:
            if after - body != wanted:
                raise SegmentError("header_malformed", f"the element at {at} has a wrong length")
            total, number = user_data[after - 2], user_data[after - 1]
            if 0 < number <= total:
                reference = int.from_bytes(user_data[body : after - 2], "big")
                found = Concatenation(reference, total, number)
        at = after
    return found, user_data[end:]


def build_udh(part: Concatenation, wide: bool = False) -> bytes:
    """The header of one part: 6 octets with an 8-bit reference (taken modulo 256), 7 with a
    16-bit one (`wide`, modulo 65536)."""
    tail = bytes((part.total, part.number))
    if wide:
        return b"\x06\x08\x04" + (part.reference & 0xFFFF).to_bytes(2, "big") + tail
    return b"\x05\x00\x03" + bytes((part.reference & 0xFF,)) + tail


# --- cutting -----------------------------------------------------------------------------------


class Segment(NamedTuple):
    """The text of one part, without a header: unpacked septets, or UCS-2 octets."""

    alphabet: Alphabet
    octets: bytes


# Octets of one part: alone, with an 8-bit and with a 16-bit reference (140 octets of user data).
_OCTETS_MAX: dict[Alphabet, tuple[int, int, int]] = {
    "gsm7": (160, 153, 152),
    "ucs2": (140, 134, 132),
}


def split(text: str, wide: bool = False) -> list[Segment]:
    """A text as the parts of one SMS: GSM 7-bit where its alphabet holds it all, else UCS-2.

    One part of 160 septets or 70 units, or several of 153 or 67 (152 or 66 with a 16-bit
    reference, `wide`); never cut within an escape pair or a surrogate pair. Raises `SegmentError`
    (`too_many_parts`) beyond 255.
    """
    alphabet: Alphabet = "gsm7" if is_gsm7(text) else "ucs2"
    octets = encode_gsm7(text) if alphabet == "gsm7" else encode_ucs2(text)
    alone, short, long = _OCTETS_MAX[alphabet]
    if len(octets) <= alone:
        return [Segment(alphabet, octets)]
    step = long if wide else short
    parts: list[Segment] = []
    at = 0
    while at < len(octets):
        end = _whole(alphabet, octets, at + step)
        parts.append(Segment(alphabet, octets[at:end]))
        at = end
    if len(parts) > PARTS_MAX:
        raise SegmentError("too_many_parts", f"{len(parts)} parts, at most {PARTS_MAX}")
    return parts


def _whole(alphabet: Alphabet, octets: bytes, end: int) -> int:
    """`end`, or just before the pair that it would cut."""
    if end >= len(octets):
        return end
    if alphabet == "gsm7":
        return end - (octets[end - 1] == ESCAPE)
    return end - 2 * (octets[end - 2] & 0xFC == 0xD8)


def user_data(parts: Sequence[Segment], reference: int, wide: bool = False) -> list[bytes]:
    """The octets of each part with its header in front; a single part has none (no UDHI)."""
    if len(parts) == 1:
        return [parts[0].octets]
    return [
        build_udh(Concatenation(reference, len(parts), number), wide) + part.octets
        for number, part in enumerate(parts, 1)
    ]


# --- joining -----------------------------------------------------------------------------------


class MessageKey(NamedTuple):
    """Which long message a part belongs to; another total is another message."""

    source: str
    destination: str
    reference: int
    total: int


class Lost(NamedTuple):
    """A message given up: the numbers that came, and those that did not."""

    key: MessageKey
    got: tuple[int, ...]
    missing: tuple[int, ...]


@dataclass(slots=True)
class _Waiting:
    deadline: float
    parts: dict[int, bytes] = field(default_factory=dict)
    octets: int = 0


class Reassembly:
    """Joins parts that come in any order, by UDH or by SAR TLVs; every limit has its name.

    A repeated part is ignored. A part that differs from the one held under its number begins the
    message anew (the sender reused its reference), and the older one is lost. A message waits
    `seconds_max` from its first part.
    """

    def __init__(
        self,
        *,
        messages_max: int = 10_000,
        parts_max: int = PARTS_MAX,
        octets_max: int = 16 * 1024 * 1024,
        seconds_max: float = 600.0,
    ) -> None:
        self._messages_max = messages_max
        self._parts_max = parts_max
        self._octets_max = octets_max
        self._seconds_max = seconds_max
        self._octets = 0
        # In order of deadline: every message waits equally long, and is appended when it begins.
        self._waiting: dict[MessageKey, _Waiting] = {}
        self._lost: list[Lost] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, key: MessageKey, number: int, octets: bytes, now: float) -> list[bytes] | None:
        """Take one part; the octets of all parts in order once the last has come, else None.

        Raises `SegmentError`: `part_out_of_range` (number or total), `reassembly_full` (too many
        messages or octets waiting: the peer should try again later).
        """
        if not 0 < number <= key.total <= self._parts_max:
            raise SegmentError("part_out_of_range", f"part {number} of {key.total}")
        waiting = self._waiting.get(key)
        if waiting is not None and waiting.parts.get(number, octets) != octets:
            self._give_up(key)
            waiting = None
        if waiting is None:
            if key.total == 1:
                return [octets]
            if len(self._waiting) >= self._messages_max:
                raise SegmentError("reassembly_full", f"{len(self._waiting)} messages wait")
            waiting = _Waiting(now + self._seconds_max)
        elif number in waiting.parts:
            return None
        if len(waiting.parts) + 1 == key.total:
            self._forget(key)
            waiting.parts[number] = octets
            return [waiting.parts[each] for each in range(1, key.total + 1)]
        if self._octets + len(octets) > self._octets_max:
            raise SegmentError("reassembly_full", f"{self._octets} octets wait")
        waiting.parts[number] = octets
        waiting.octets += len(octets)
        self._octets += len(octets)
        self._waiting[key] = waiting
        return None

    def expired(self, now: float) -> list[Lost]:
        """The messages lost since the last call: those whose time is over, and those replaced."""
        while self._waiting:
            key, waiting = next(iter(self._waiting.items()))
            if waiting.deadline > now:
                break
            self._give_up(key)
        lost, self._lost = self._lost, []
        return lost

    def next_timer(self) -> float | None:
        """When `expired` has something to say next, as `now` counts; None where nothing waits."""
        if self._lost:
            return 0.0
        for waiting in self._waiting.values():
            return waiting.deadline
        return None

    def _forget(self, key: MessageKey) -> _Waiting:
        waiting = self._waiting.pop(key)
        self._octets -= waiting.octets
        return waiting

    def _give_up(self, key: MessageKey) -> None:
        got = tuple(sorted(self._forget(key).parts))
        missing = tuple(number for number in range(1, key.total + 1) if number not in got)
        self._lost.append(Lost(key, got, missing))
