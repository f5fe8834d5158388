"""C-octet strings and single octets, read with their limits and packed with the same."""

from __future__ import annotations

from gateway.wire.smpp.errors import ProtocolError
from gateway.wire.smpp.layouts import Field
from gateway.wire.smpp.status import Status


def read_text(frame: bytes, position: int, field: Field) -> tuple[str, int]:
    """A C-octet string and the position after its NUL.

    Raises ProtocolError: the field's status where no NUL stands within `octets_max`,
    ESME_RINVCMDLEN where the PDU ends before that.
    """
    end = frame.find(0, position, position + field.octets_max)
    if end < 0:
        if len(frame) - position >= field.octets_max:
            raise ProtocolError(field.status, f"{field.name} over {field.octets_max - 1} octets")
        raise ProtocolError(Status.ESME_RINVCMDLEN, f"the PDU ends in {field.name}")
    return frame[position:end].decode("latin-1"), end + 1


def read_byte(frame: bytes, position: int, field: Field) -> tuple[int, int]:
    """One octet and the position after it. Raises ProtocolError ESME_RINVCMDLEN at the end."""
    if position >= len(frame):
        raise ProtocolError(Status.ESME_RINVCMDLEN, f"the PDU ends before {field.name}")
    return frame[position], position + 1


def pack_text(value: str, field: Field) -> bytes:
    """The octets and a NUL. Raises ValueError for a NUL inside, over the limit, not Latin-1."""
    octets = value.encode("latin-1")
    if len(octets) >= field.octets_max or 0 in octets:
        raise ValueError(f"{field.name} does not fit {field.octets_max} octets")
    return octets + b"\0"
