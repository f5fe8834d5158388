"""Strategies that make any PDU from the rows of its own layout, and golden PDUs off the wire."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from gateway.wire.smpp.codec import CLASSES
from gateway.wire.smpp.layouts import Field, Kind
from gateway.wire.smpp.operations import DistributionList, SmeAddress, UnsuccessSme
from gateway.wire.smpp.pdu import Pdu, Response
from gateway.wire.smpp.tlv import BY_TAG

BYTES = st.integers(0, 0xFF)
SEQUENCES = st.integers(0, 0xFFFFFFFF)
STATUSES = st.integers(0, 0xFFFFFFFF)
TIMES = st.sampled_from(["", "260801120000000+", "991231235959948-", "000002000000000R"])


def texts(octets_max: int) -> st.SearchStrategy[str]:
    """C-octet strings: anything but NUL, one octet less than the field."""
    characters = st.characters(min_codepoint=1, max_codepoint=0xFF)
    return st.text(characters, max_size=octets_max - 1)


_SMES = st.builds(SmeAddress, BYTES, BYTES, texts(21))
_LISTS = st.builds(DistributionList, texts(21))
_UNSUCCESS = st.builds(UnsuccessSme, BYTES, BYTES, texts(21), STATUSES)


def _tlv(tag: int) -> st.SearchStrategy[tuple[int, bytes]]:
    spec = BY_TAG.get(tag)
    low, high = (0, 40) if spec is None else (spec.octets_min, min(spec.octets_max, 300))
    return st.tuples(st.just(tag), st.binary(min_size=low, max_size=high))


TLVS = st.lists(
    st.one_of(st.sampled_from(sorted(BY_TAG)), st.integers(0, 0xFFFF)).flatmap(_tlv), max_size=5
).map(tuple)


def values(field: Field) -> st.SearchStrategy[Any]:
    """What may stand in a field."""
    made: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.TEXT: texts(field.octets_max),
        Kind.TIME: TIMES,
        Kind.BYTE: BYTES,
        Kind.MESSAGE: st.binary(max_size=255),
        Kind.DESTINATIONS: st.lists(st.one_of(_SMES, _LISTS), min_size=1, max_size=5).map(tuple),
        Kind.UNSUCCESS: st.lists(_UNSUCCESS, max_size=5).map(tuple),
    }
    return made[field.kind]


def of_class(cls: type[Pdu]) -> st.SearchStrategy[Pdu]:
    """Any PDU of this class that `build` takes."""
    fields = {field.name: values(field) for field in cls.layout}
    if issubclass(cls, Response):
        fields["status"] = STATUSES
    if cls.has_tlvs:
        fields["tlvs"] = TLVS
    return st.builds(cls, sequence=SEQUENCES, **fields)


ANY = st.sampled_from(sorted(CLASSES)).flatmap(lambda command: of_class(CLASSES[command]))

GOLDEN = {
    "deliver_sm of a USSD gateway, P2, dcs 0x0F": (
        "0000004400000005000000000000000250320001013636393030303030303030000101363639303030303030"
        "303100000000000000000f00062a34303036230501000101"
    ),
    "deliver_sm of a USSD gateway, service_type USSD": (
        "0000004a00000005000000000000015855535344000101393932303030303030303030000101393932303030"
        "30303030303100000000000000000000082a333332322a30230501000101"
    ),
    "deliver_sm with unexpected TLVs": (
        "000000420000000500000000000000fa5741500001013236383030303030303030000001333833380000"
        "000000000000000004546573740204000200c50210000134"
    ),
    "submit_sm_resp with congestion_state": (
        "0000003a80000004000000000000000133346630616331622d613131642d343137622d383730622d6665"
        "62303435636664633333000428000100"
    ),
    "bind_transceiver_resp refused": "0000001180000009000000530000000100",
    "submit_sm with user_message_reference of 4 octets": (
        "000000430000000400000000000000070001013531320001013933373030303030303030000000000000"
        "010008000c54657374204d6573736167650204000431303000"
    ),
}


def golden(name: str) -> bytes:
    """The octets of one of `GOLDEN`."""
    return bytes.fromhex(GOLDEN[name])
