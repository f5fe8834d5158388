"""USSD operations: the contract's table by the default profile, each vendor's row, the inverse."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wire.smpp import codec
from gateway.wire.smpp.pdu import DataSm, DeliverSm, SubmitSm
from gateway.wire.smpp.profiles import DEFAULT, PROFILES, Carrier, Profile, SessionKey
from gateway.wire.smpp.states import Role
from gateway.wire.smpp.ussd import Direction, Operation, Step, build, code_of, read
from tests.wire.smpp import pdus
from tests.wire.smpp.links import deliver, submit

MO, MT = Direction.MO, Direction.MT
MSISDN = "79220000001"


def op(value: int, info: str = "") -> dict[str, Any]:
    """The TLVs of an operation, with its_session_info in hex where given."""
    session = ((0x1383, bytes.fromhex(info)),) if info else ()
    return {"tlvs": ((0x0501, bytes((value,))), *session)}


READ: list[tuple[str, SubmitSm, Step | None]] = [
    ("PSSR indication", submit(**op(1), short_message=b"*105#"), Step.BEGIN),
    ("PSSD indication", submit(**op(0), short_message=b"*105#"), Step.BEGIN),
    ("USSR confirm", submit(**op(18)), Step.CONTINUE),
    ("a USSR request from the subscriber's side", submit(**op(2)), Step.CONTINUE),
    ("USSN confirm", submit(**op(19), short_message=b""), Step.NOTIFIED),
    ("vendor's release", submit(**op(0x81), short_message=b""), Step.ABORT),
    ("PSSR response by the subscriber's side", submit(**op(17)), Step.ABORT),
    ("0x17, sent by mistake", submit(**op(0x17)), Step.ABORT),
    ("end bit", submit(**op(18, "0503")), Step.ABORT),
    ("no end bit", submit(**op(18, "0502")), Step.CONTINUE),
    ("no op, text dialled", submit(short_message=b"*105#"), Step.BEGIN),
    ("no op, text dialled in UCS-2", submit(short_message=b"\0*\x001\0#"), Step.BEGIN),
    ("no op, destination dialled", submit(destination_addr="*105#"), Step.BEGIN),
    ("no op, USSD, an answer", submit(service_type="USSD"), Step.CONTINUE),
    ("no op, USSD, nothing", submit(service_type="USSD", short_message=b""), Step.BEGIN),
    ("reserved op, an answer", submit(**op(9)), Step.CONTINUE),
    ("reserved op, dialled", submit(**op(9), short_message=b"#100#"), Step.BEGIN),
    ("an SMS", submit(), None),
    ("an SMS of a session-aware bearer", submit(tlvs=((0x0204, b"\0\1"),)), None),
    ("a receipt", submit(**op(1), esm_class=0x04), None),
]


@pytest.mark.parametrize(("pdu", "step"), [row[1:] for row in READ], ids=[row[0] for row in READ])
def test_from_the_subscriber(pdu: SubmitSm, step: Step | None) -> None:
    operation = read(pdu, MO)
    assert (operation.step if operation else None) is step
    if operation:
        assert operation.msisdn == MSISDN
        assert operation.octets == pdu.short_message


@pytest.mark.parametrize(
    ("pdu", "step"),
    [
        (deliver(**op(2)), Step.CONTINUE),
        (deliver(**op(17)), Step.END),
        (deliver(**op(16)), Step.END),
        (deliver(**op(2, "0501")), Step.END),
        (deliver(**op(3)), Step.NOTIFY),
        (deliver(**op(0x81)), Step.ABORT),
        (deliver(**op(1)), Step.CONTINUE),
        (deliver(), None),
        (deliver(esm_class=4), None),
    ],
    ids=repr,
)
def test_to_the_subscriber(pdu: DeliverSm, step: Step | None) -> None:
    operation = read(pdu, MT)
    assert (operation.step if operation else None) is step
    if operation:
        assert (operation.msisdn, operation.code) == (MSISDN, "105")


def test_a_dialogue_as_the_contract_has_it() -> None:
    begun = read(submit(**op(1, "2a00"), short_message=b"*105#"), MO)
    assert begun == Operation(Step.BEGIN, MSISDN, "105", b"*105#", 0, 0x2A, 0)
    menu = Operation(Step.CONTINUE, MSISDN, "105", b"1 Balance", 0x0F, 0x2A, 1)
    pdu = build(menu, MT, Role.SMSC)
    assert pdu == DeliverSm(
        service_type="USSD",
        source_addr_npi=1,
        source_addr="105",
        dest_addr_ton=1,
        dest_addr_npi=1,
        destination_addr=MSISDN,
        data_coding=0x0F,
        short_message=b"1 Balance",
        tlvs=((0x0501, b"\x02"), (0x1383, b"\x2a\x02")),
    )
    last = build(Operation(Step.END, MSISDN, "105", b"Bye", 0x0F, 0x2A, 2), MT, Role.SMSC)
    assert last.tlvs == ((0x0501, b"\x11"), (0x1383, b"\x2a\x05"))


def test_without_a_session_number_none_is_written() -> None:
    pdu = build(Operation(Step.CONTINUE, MSISDN, "105", b"1"), MT, Role.SMSC)
    assert pdu.tlvs == ((0x0501, b"\x02"),)


@pytest.mark.parametrize(
    ("profile", "step", "direction", "tlvs"),
    [
        ("tata", Step.CONTINUE, MT, ((0x0501, b"\x02"), (0x1383, b"\x00\x0a"))),
        ("tata", Step.END, MT, ((0x0501, b"\x02"), (0x1383, b"\x00\x0b"))),
        ("mica", Step.CONTINUE, MT, ((0x0501, b"\x02"), (0x0204, b"\x00\x05"))),
        ("mica", Step.END, MT, ((0x0501, b"\x11"), (0x0204, b"\x00\x05"))),
        ("mica", Step.ABORT, MO, ((0x0501, b"\x81"), (0x0204, b"\x00\x05"))),
        ("sixdee", Step.END, MT, ((0x0501, b"\x11"), (0x1383, b"\x00\x0b"))),
        ("comverse", Step.CONTINUE, MO, ((0x0501, b"\x12"), (0x1501, b"\0\0\0\x05"))),
        ("msisdn", Step.CONTINUE, MT, ((0x0501, b"\x02"),)),
        ("echo", Step.END, MT, ((0x0501, b"\x11"), (0x1383, b"\x00\x05"))),
        ("default", Step.NOTIFY, MT, ((0x0501, b"\x03"), (0x1383, b"\x05\x00"))),
        ("default", Step.NOTIFIED, MO, ((0x0501, b"\x13"), (0x1383, b"\x05\x00"))),
    ],
)
def test_what_each_profile_writes(
    profile: str, step: Step, direction: Direction, tlvs: object
) -> None:
    operation = Operation(step, MSISDN, "105", b"1", session=5)
    pdu = build(operation, direction, Role.SMSC, PROFILES[profile])
    assert pdu.tlvs == tlvs


@pytest.mark.parametrize(
    ("profile", "session", "bits"),
    [
        ("default", 0x12, Step.ABORT),
        ("tata", 0x1235 >> 1, Step.ABORT),
        ("echo", 0x1235, Step.CONTINUE),
        ("msisdn", None, Step.CONTINUE),
    ],
)
def test_one_session_info_read_four_ways(profile: str, session: int | None, bits: Step) -> None:
    operation = read(submit(**op(18, "1235")), MO, PROFILES[profile])
    assert operation is not None
    assert (operation.session, operation.step) == (session, bits)


@pytest.mark.parametrize(
    ("name", "profile", "code"),
    [
        ("deliver_sm of a USSD gateway, P2, dcs 0x0F", "p2", "4006"),
        ("deliver_sm of a USSD gateway, service_type USSD", "msisdn", "992000000001"),
    ],
)
def test_captures(name: str, profile: str, code: str) -> None:
    pdu = codec.parse(pdus.golden(name))
    assert isinstance(pdu, DeliverSm)
    operation = read(pdu, MO, PROFILES[profile])
    assert operation is not None
    assert (operation.step, operation.code) == (Step.BEGIN, code)


@pytest.mark.parametrize(
    ("text", "code"),
    [(b"*105*1*2#", "105"), (b"#100#", "100"), (b"\0*\x001\x000\x005\0#", "105"), (b"*#21#", "21")],
)
def test_the_code_in_the_string_dialled(text: bytes, code: str) -> None:
    operation = read(submit(**op(1), short_message=text), MO, PROFILES["sixdee"])
    assert operation is not None
    assert operation.code == code


_WIDTHS = {
    SessionKey.ITS8: 0xFF,
    SessionKey.ITS15: 0x7FFF,
    SessionKey.ITS16: 0xFFFF,
    SessionKey.UMR: 0xFFFF,
    SessionKey.TLV1501: 0xFFFFFFFF,
    SessionKey.MSISDN: -1,
}
_MADE = {
    MO: [Step.BEGIN, Step.CONTINUE, Step.ABORT, Step.NOTIFIED],
    MT: [Step.CONTINUE, Step.END, Step.NOTIFY, Step.ABORT],
}


@given(
    st.sampled_from(list(PROFILES.values())),
    st.sampled_from(list(Direction)),
    st.sampled_from(list(Role)),
    st.data(),
)
def test_read_is_the_inverse_of_build(
    profile: Profile, direction: Direction, role: Role, data: st.DataObject
) -> None:
    step = data.draw(st.sampled_from(_MADE[direction]))
    width = _WIDTHS[profile.session_key]
    operation = Operation(
        step,
        MSISDN,
        "105",
        b"*105#" if step is Step.BEGIN else data.draw(st.binary(max_size=300)),
        data.draw(st.sampled_from([0x0F, 0x48])),
        None if width < 0 else data.draw(st.none() | st.integers(0, width)),
    )
    pdu = build(operation, direction, role, profile)
    kinds = {Role.ESME: SubmitSm, Role.SMSC: DeliverSm}
    assert type(pdu) is (DataSm if profile.carrier is Carrier.DATA_SM else kinds[role])
    parsed = codec.parse(codec.build(pdu))
    assert parsed == pdu
    back = read(pdu, direction, profile)
    if profile.name == "tata" and step is Step.ABORT and direction is MT:
        # It has one operation for both: the bit, where there is one, says the dialogue is over.
        assert back is not None
        assert back.step is (Step.CONTINUE if operation.session is None else Step.END)
    elif profile.name == "tata" and operation.session is None:
        assert back is not None
    else:
        assert back == operation


def test_a_session_number_too_wide_is_refused() -> None:
    with pytest.raises(OverflowError):
        build(Operation(Step.END, MSISDN, "105", session=0x100), MT, Role.SMSC, DEFAULT)


@pytest.mark.parametrize(
    ("dialled", "code"),
    [("*105*1#", "105"), ("105", "105"), ("#21#", "21"), (f"*{'1' * 60}#", "1" * 20)],
)
def test_the_code_of_a_dialled_string_fits_an_address(dialled: str, code: str) -> None:
    assert code_of(dialled) == code
