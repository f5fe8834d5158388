"""USSD operations in submit_sm, deliver_sm and data_sm (v3.4 §5.3.2.43-44; v5.0 §1, §4.8.4.64).

`read` and `build` are inverses for both directions, so one module serves the gateway and the
handset that plays against it. Direction is where the text goes: MO from the subscriber (source =
MSISDN), MT to the subscriber (destination = MSISDN). Operations known but misplaced, reserved or
missing fall back on what the rest of the PDU shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from gateway.wire.smpp.pdu import DataSm, DeliverSm, ShortMessage, SubmitSm
from gateway.wire.smpp.profiles import DEFAULT, Carrier, CodeIn, Profile, SessionKey
from gateway.wire.smpp.states import Role
from gateway.wire.smpp.tlv import (
    ITS_SESSION_INFO,
    MESSAGE_PAYLOAD,
    USER_MESSAGE_REFERENCE,
    USSD_SERVICE_OP,
    USSD_SESSION_ID,
    Tlvs,
    first,
)

Carried = ShortMessage | DataSm


class Direction(Enum):
    """Which way a text goes."""

    __hash__ = object.__hash__  # members are singletons; Enum's own hash is a call in Python

    MO = "from the subscriber"
    MT = "to the subscriber"


class Step(Enum):
    """What an operation does to its dialogue."""

    __hash__ = object.__hash__  # members are singletons; Enum's own hash is a call in Python

    BEGIN = "the subscriber dials, MO"
    CONTINUE = "a menu that waits, MT; its answer, MO"
    END = "the last page, MT"
    ABORT = "no more dialogue, either way"
    NOTIFY = "a text that wants only to be seen, MT"
    NOTIFIED = "it was seen, MO"


@dataclass(frozen=True, slots=True)
class Operation:
    """One USSD operation. `octets` are as carried, in `data_coding`."""

    step: Step
    msisdn: str
    code: str
    """The service code as it stands on the wire (`105`, `*105#`), or the empty text."""
    octets: bytes = b""
    data_coding: int = 0x0F
    session: int | None = None
    """The session number in the profile's width; None where none is carried."""
    unit: int = 0
    """0-127: the count of this unit in the dialogue (ITS8 only; the answerer may leave 0)."""


# 0x17 is sent by mistake for 17 (0x11): read as an end, never written.
_STEPS: Final[dict[Direction, dict[int, Step]]] = {
    Direction.MO: {
        0x00: Step.BEGIN,
        0x01: Step.BEGIN,
        0x02: Step.CONTINUE,
        0x10: Step.ABORT,
        0x11: Step.ABORT,
        0x12: Step.CONTINUE,
        0x13: Step.NOTIFIED,
        0x17: Step.ABORT,
        0x81: Step.ABORT,
    },
    Direction.MT: {
        0x02: Step.CONTINUE,
        0x03: Step.NOTIFY,
        0x10: Step.END,
        0x11: Step.END,
        0x17: Step.END,
        0x81: Step.ABORT,
    },
}
# What the end bit turns an operation into; a notice stays one.
_ENDED: Final[dict[Direction, dict[Step, Step]]] = {
    Direction.MO: {Step.BEGIN: Step.ABORT, Step.CONTINUE: Step.ABORT},
    Direction.MT: {Step.CONTINUE: Step.END},
}
_OPS: Final = {Step.BEGIN: 0x01, Step.NOTIFY: 0x03, Step.NOTIFIED: 0x13}
_ANSWER_OP: Final = 0x12
_ENDING: Final = frozenset((Step.END, Step.ABORT))
_CARRIERS: Final[dict[Role, type[ShortMessage]]] = {Role.ESME: SubmitSm, Role.SMSC: DeliverSm}
_SESSION_TLVS: Final = {
    SessionKey.ITS8: (ITS_SESSION_INFO, 2),
    SessionKey.ITS15: (ITS_SESSION_INFO, 2),
    SessionKey.ITS16: (ITS_SESSION_INFO, 2),
    SessionKey.UMR: (USER_MESSAGE_REFERENCE, 2),
    SessionKey.TLV1501: (USSD_SESSION_ID, 4),
}
_DIALLED: Final = (b"*", b"#", b"\0*", b"\0#")
_MESSAGE_TYPE_BITS: Final = 0x3C
_SHORT_MESSAGE_OCTETS_MAX: Final = 254
_ADDRESS_OCTETS_MAX: Final = 20
_UNIT_MASK: Final = 0x7F


def read(pdu: Carried, direction: Direction, profile: Profile = DEFAULT) -> Operation | None:
    """The operation a PDU carries, or None where it is no USSD: a plain SMS or a receipt."""
    if pdu.esm_class & _MESSAGE_TYPE_BITS:
        return None
    octets = pdu.message
    step = _step(pdu, octets, direction, profile)
    if step is None:
        return None
    session, unit, ended = _session_of(pdu.tlvs, profile)
    if ended:
        step = _ENDED[direction].get(step, step)
    source_is_msisdn = direction is Direction.MO
    msisdn = pdu.source_addr if source_is_msisdn else pdu.destination_addr
    code = pdu.destination_addr if source_is_msisdn else pdu.source_addr
    if step is Step.BEGIN and profile.code_in is CodeIn.MESSAGE:
        code = _code_dialled(octets) or code
    return Operation(step, msisdn, code, octets, pdu.data_coding, session, unit)


def build(
    operation: Operation, direction: Direction, role: Role, profile: Profile = DEFAULT
) -> Carried:
    """The PDU with which `role` sends the operation; its sequence_number is still 0.

    Raises OverflowError for a session number wider than the profile's field.
    """
    code, msisdn = operation.code, operation.msisdn
    outgoing = direction is Direction.MT
    source, destination = (code, msisdn) if outgoing else (msisdn, code)
    code_ton, msisdn_ton = profile.code_ton_npi, profile.msisdn_ton_npi
    source_ton, dest_ton = (code_ton, msisdn_ton) if outgoing else (msisdn_ton, code_ton)
    octets = operation.octets
    tlvs = _tlvs(operation, direction, profile)
    addresses = (profile.service_type, *source_ton, source, *dest_ton, destination)
    coding = operation.data_coding
    if profile.carrier is Carrier.DATA_SM:
        tlvs = (*tlvs, (MESSAGE_PAYLOAD, octets))
        return DataSm(0, *addresses, data_coding=coding, tlvs=tlvs)
    if len(octets) > _SHORT_MESSAGE_OCTETS_MAX:
        tlvs, octets = (*tlvs, (MESSAGE_PAYLOAD, octets)), b""
    carrier = _CARRIERS[role]
    return carrier(0, *addresses, data_coding=coding, short_message=octets, tlvs=tlvs)


def code_of(dialled: str) -> str:
    """The service code of a dialled string, as far as an address holds it: `*105*1#` -> `105`."""
    return dialled.strip("*#").split("*", 1)[0].split("#", 1)[0][:_ADDRESS_OCTETS_MAX]


def is_dialled(octets: bytes) -> bool:
    """Whether a text begins as a dialled string does, with `*` or `#`, one or two octets each."""
    return octets.startswith(_DIALLED)


def _step(pdu: Carried, octets: bytes, direction: Direction, profile: Profile) -> Step | None:
    op = first(pdu.tlvs, USSD_SERVICE_OP)
    if op is not None:
        step = _STEPS[direction].get(op[0])
        if step is not None:
            return step
    of_service = pdu.service_type in profile.service_types
    if direction is Direction.MT:
        return Step.CONTINUE if of_service or op is not None else None
    if is_dialled(octets) or pdu.destination_addr[:1] in ("*", "#"):
        return Step.BEGIN
    if of_service or op is not None:
        return Step.CONTINUE if octets else Step.BEGIN
    return None


def _session_of(tlvs: Tlvs, profile: Profile) -> tuple[int | None, int, bool]:
    """(session number, unit, whether the end bit is set)."""
    info = first(tlvs, ITS_SESSION_INFO)
    ended = profile.end_bit and info is not None and bool(info[1] & 1)
    key = profile.session_key
    tag, _ = _SESSION_TLVS.get(key, (0, 0))
    value = info if tag == ITS_SESSION_INFO else first(tlvs, tag)
    if value is None:
        return None, 0, ended
    if key is SessionKey.ITS8:
        return value[0], value[1] >> 1, ended
    number = int.from_bytes(value, "big")
    return (number >> 1 if key is SessionKey.ITS15 else number), 0, ended


def _tlvs(operation: Operation, direction: Direction, profile: Profile) -> Tlvs:
    step = operation.step
    if step is Step.CONTINUE:
        op = profile.op_continue if direction is Direction.MT else _ANSWER_OP
    elif step in _ENDING:
        op = profile.op_end if step is Step.END else profile.op_abort
    else:
        op = _OPS[step]
    service_op = (USSD_SERVICE_OP, bytes((op,)))
    session, key = operation.session, profile.session_key
    if session is None or key is SessionKey.MSISDN:
        return (service_op,)
    end = int(profile.end_bit and step in _ENDING)
    if key is SessionKey.ITS8:
        session = session << 8 | (operation.unit & _UNIT_MASK) << 1 | end
    elif key is SessionKey.ITS15:
        session = session << 1 | end
    tag, octets = _SESSION_TLVS[key]
    return (service_op, (tag, session.to_bytes(octets, "big")))


def _code_dialled(octets: bytes) -> str:
    """`105` of `*105*1#`, in either alphabet: its characters are ASCII in both."""
    return code_of(octets.replace(b"\0", b"").decode("latin-1"))
