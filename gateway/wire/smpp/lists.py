"""The two lists of submit_multi: dest_address(es) and unsuccess_sme(s) (SMPP v3.4 §4.5)."""

from __future__ import annotations

from typing import Final

from gateway.wire.smpp.errors import ProtocolError
from gateway.wire.smpp.layouts import Field, Kind, text
from gateway.wire.smpp.octets import pack_text, read_byte, read_text
from gateway.wire.smpp.operations import DistributionList, SmeAddress, UnsuccessSme
from gateway.wire.smpp.status import Status

_SME: Final = 1
_LIST: Final = 2
_STATUS_OCTETS: Final = 4
_BYTE: Final = Field("dest_address", Kind.BYTE)
_ADDRESS: Final = text("destination_addr", 21, Status.ESME_RINVDSTADR)
_LIST_NAME: Final = text("dl_name", 21, Status.ESME_RINVDLNAME)


def read_destinations(
    frame: bytes, position: int, field: Field
) -> tuple[tuple[SmeAddress | DistributionList, ...], int]:
    """number_of_dests and its entries. Raises ProtocolError 0x33 for none or over 254, 0x40 for
    a dest_flag that is neither 1 nor 2."""
    count, position = read_byte(frame, position, _BYTE)
    if not 1 <= count <= field.octets_max:
        raise ProtocolError(field.status, f"number_of_dests {count}")
    found: list[SmeAddress | DistributionList] = []
    for _ in range(count):
        flag, position = read_byte(frame, position, _BYTE)
        if flag == _SME:
            sme, position = _read_sme(frame, position)
            found.append(sme)
        elif flag == _LIST:
            name, position = read_text(frame, position, _LIST_NAME)
            found.append(DistributionList(name))
        else:
            raise ProtocolError(Status.ESME_RINVDESTFLAG, f"dest_flag {flag}")
    return tuple(found), position


def build_destinations(value: tuple[SmeAddress | DistributionList, ...], field: Field) -> bytes:
    """Raises ValueError for none, over 254, or an entry that does not fit."""
    if not 1 <= len(value) <= field.octets_max:
        raise ValueError(f"{len(value)} destinations")
    out = bytes((len(value),))
    for entry in value:
        if isinstance(entry, SmeAddress):
            head = bytes((_SME, entry.ton, entry.npi))
            out += head + pack_text(entry.addr, _ADDRESS)
        else:
            out += bytes((_LIST,)) + pack_text(entry.name, _LIST_NAME)
    return out


def read_unsuccess(
    frame: bytes, position: int, field: Field
) -> tuple[tuple[UnsuccessSme, ...], int]:
    """no_unsuccess and its entries, each with the error_status_code of its destination."""
    count, position = read_byte(frame, position, _BYTE)
    found: list[UnsuccessSme] = []
    for _ in range(count):
        sme, position = _read_sme(frame, position)
        end = position + _STATUS_OCTETS
        if end > len(frame):
            raise ProtocolError(Status.ESME_RINVCMDLEN, "the PDU ends in error_status_code")
        status = int.from_bytes(frame[position:end], "big")
        found.append(UnsuccessSme(sme.ton, sme.npi, sme.addr, status))
        position = end
    return tuple(found), position


def build_unsuccess(value: tuple[UnsuccessSme, ...], field: Field) -> bytes:
    """Raises ValueError for over 255, or an entry that does not fit."""
    if len(value) > field.octets_max:
        raise ValueError(f"{len(value)} unsuccess_smes")
    out = bytes((len(value),))
    for entry in value:
        out += bytes((entry.ton, entry.npi)) + pack_text(entry.addr, _ADDRESS)
        out += entry.status.to_bytes(_STATUS_OCTETS, "big")
    return out


def _read_sme(frame: bytes, position: int) -> tuple[SmeAddress, int]:
    ton, position = read_byte(frame, position, _BYTE)
    npi, position = read_byte(frame, position, _BYTE)
    addr, position = read_text(frame, position, _ADDRESS)
    return SmeAddress(ton, npi, addr), position
