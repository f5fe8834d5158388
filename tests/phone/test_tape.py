"""The tape of PDUs: whole PDUs of any pieces, their fields in words, and no password."""

from __future__ import annotations

from gateway.phone.tape import FRAMES_MAX, Tape
from gateway.wire.smpp.fast import build
from gateway.wire.smpp.pdu import BindTransceiver, DeliverSm, EnquireLink, SubmitSm, SubmitSmResp

PAGE = DeliverSm(
    7,
    source_addr="105",
    destination_addr="79220000001",
    data_coding=0x48,
    short_message="Меню".encode("utf-16-be"),
    tlvs=((0x0501, b"\x02"), (0x1383, b"\x01\x02"), (0x1499, b"\x05")),
)


def test_a_pdu_is_told_when_it_is_whole_with_its_fields() -> None:
    tape, octets = Tape(), build(PAGE)
    tape.add("<", octets[:20], 1.0)
    assert tape.lines() == []
    tape.add("<", octets[20:], 1.5)
    lines = tape.lines()
    assert lines[:7] == [
        "< 1.500 deliver_sm #7",
        " 105 -> 79220000001",
        " dcs 0x48 esm_class 0x00",
        " ussd_service_op 2",
        " its_session_info 01 02",
        " 0x1499 5",
        " 'Меню'",
    ]
    hexadecimal = "".join(line[1:24] for line in lines[7:]).replace(" ", "")
    assert bytes.fromhex(hexadecimal) == octets[16:]
    assert max(map(len, lines)) <= 80


def test_a_part_of_an_sms_is_read_behind_its_header() -> None:
    tape = Tape()
    udh = bytes.fromhex("050003070201")
    for header in (udh, b"\x7f"):
        tape.add(">", build(SubmitSm(1, esm_class=0x40, short_message=header + b"first half")), 0.0)
    lines = tape.lines()
    assert lines[3:5] == [" part 1 of 2, reference 7", " 'first half'"]
    assert " header_malformed: the header runs past the user data" in lines


def test_a_password_is_not_shown() -> None:
    tape = Tape()
    tape.add(">", build(BindTransceiver(1, system_id="harness", password="secret12")), 0.0)
    told = "\n".join(tape.lines())
    assert told.startswith("> 0.000 bind_transceiver #1\n")
    assert "secret12" not in told
    assert b"secret12".hex(" ")[:11] not in told


def test_a_response_tells_its_status_and_what_cannot_be_read_only_its_octets() -> None:
    tape = Tape()
    tape.add("<", build(SubmitSmResp(3, 0x58)), 0.0)
    tape.add("<", bytes.fromhex("00000012 00000099 00000000 00000001 1b5b"), 0.0)
    assert tape.lines() == [
        "< 0.000 submit_sm_resp #3 RTHROTTLED",
        f" {'00':23} .",
        "< 0.000 0x00000099 #1",
        f" {'1b 5b':23} .[",
    ]


def test_the_tape_is_bounded_and_a_broken_stream_ends_it() -> None:
    tape = Tape()
    for number in range(1, FRAMES_MAX + 10):
        tape.add(">", build(EnquireLink(number)), 0.0)
    assert len(tape.lines()) == FRAMES_MAX
    tape.add("<", b"\xff" * 64, 0.0)
    tape.add("<", build(PAGE), 0.0)
    assert len(tape.lines()) == FRAMES_MAX
