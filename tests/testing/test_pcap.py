"""Captures: the octets of the format, and what Wireshark reads in those of a gateway under test."""

from __future__ import annotations

import shutil
import socket
import struct
import subprocess
from itertools import pairwise

import pytest

from gateway.testing import Gateway, money
from gateway.testing.pcap import PAYLOAD_OCTETS_MAX, Capture

US, THEM = ("127.0.0.1", 2775), ("127.0.0.1", 40000)
NOW = 1_780_300_800.25

needs_tshark = pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not here")


def packets(path):
    """(seconds, microseconds, packet) of each, having read the file's header."""
    data = path.read_bytes()
    assert struct.unpack("<IHHiIII", data[:24]) == (0xA1B2C3D4, 2, 4, 0, 0, 65535, 101)
    at, found = 24, []
    while at < len(data):
        seconds, micros, captured, original = struct.unpack("<IIII", data[at : at + 16])
        assert captured == original
        found.append((seconds, micros, data[at + 16 : at + 16 + captured]))
        at += 16 + captured
    return found


def test_a_stream_is_counted_each_way(tmp_path):
    with Capture(tmp_path / "c.pcap", lambda: NOW) as capture:
        capture.stream(THEM, US, b"four")
        capture.stream(US, THEM, b"three")
        capture.stream(THEM, US, b"")
        capture.stream(THEM, US, b"two")
    read = packets(tmp_path / "c.pcap")
    assert [(seconds, micros) for seconds, micros, _ in read] == [(1_780_300_800, 250_000)] * 3
    heads = [struct.unpack(">HHIIBB", packet[20:34]) for _, _, packet in read]
    assert heads == [
        (40000, 2775, 1000, 1000, 0x50, 0x18),
        (2775, 40000, 1000, 1004, 0x50, 0x18),
        (40000, 2775, 1004, 1005, 0x50, 0x18),
    ]
    assert [packet[40:] for _, _, packet in read] == [b"four", b"three", b"two"]
    lengths = [struct.unpack(">H", packet[2:4])[0] for _, _, packet in read]
    assert lengths == [len(packet) for _, _, packet in read]


def test_what_no_packet_holds_goes_in_several(tmp_path):
    whole = bytes(PAYLOAD_OCTETS_MAX + 7)
    with Capture(tmp_path / "c.pcap", lambda: NOW) as capture:
        capture.stream(THEM, US, whole)
    assert [len(packet) - 40 for _, _, packet in packets(tmp_path / "c.pcap")] == [
        PAYLOAD_OCTETS_MAX,
        7,
    ]


def test_a_datagram_of_either_ip(tmp_path):
    with Capture(tmp_path / "c.pcap", lambda: NOW) as capture:
        capture.datagram(("10.0.0.1", 5060), ("10.0.0.2", 5070), b"OPTIONS")
        capture.datagram(("::1", 5060), ("::2", 5070), b"OPTIONS")
    (_, _, four), (_, _, six) = packets(tmp_path / "c.pcap")
    assert (four[0] >> 4, four[9], four[12:20]) == (4, 17, b"\x0a\0\0\1\x0a\0\0\2")
    assert four[20:] == struct.pack(">HHHH", 5060, 5070, 15, 0) + b"OPTIONS"
    assert (six[0] >> 4, six[6], six[40:]) == (6, 17, four[20:])


def test_what_comes_after_the_end_is_left_out(tmp_path):
    capture = Capture(tmp_path / "c.pcap", lambda: NOW)
    capture.close()
    capture.stream(US, THEM, b"late")
    assert packets(tmp_path / "c.pcap") == []


# --- of a gateway ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def captured(tmp_path_factory, reactor_thread):
    """A dialogue with a fault in it, an SMS, a question of SIP by UDP and TCP, and a call with a
    key in it and a report of RTCP at its end."""
    path = tmp_path_factory.mktemp("pcap") / "run.pcap"
    with Gateway.start() as gw:
        gw.pcap(path)
        gw.faults.submit_sm(status="ESME_RTHROTTLED", times=1)
        phone = gw.phone("79220000001")
        phone.dial("*100#").expect_refused("ESME_RTHROTTLED")
        phone.dial("*100#").expect(money(250))
        phone.sms("000100", "BALANCE").expect_sms("250")
        _ask_options(gw.ports["sip"])
        _ask_options(gw.ports["sip"], socket.SOCK_STREAM)
        gw.faults.rtp(drop=True, by="gateway", after=2, times=1)
        phone.call("0505").expect("Сервис-Гид").press("1").expect("Баланс")
        phone.expect_nothing(within=0.2).hang_up()
    return path


def _ask_options(port, kind=socket.SOCK_DGRAM):
    transport = "UDP" if kind == socket.SOCK_DGRAM else "TCP"
    with socket.socket(socket.AF_INET, kind) as asking:
        asking.settimeout(3)
        asking.connect(("127.0.0.1", port))
        here = f"127.0.0.1:{asking.getsockname()[1]}"
        lines = [
            f"OPTIONS sip:0505@127.0.0.1:{port} SIP/2.0",
            f"Via: SIP/2.0/{transport} {here};branch=z9hG4bK1",
            "Max-Forwards: 70",
            f"From: <sip:79220000001@{here}>;tag=1",
            "To: <sip:0505@127.0.0.1>",
            f"Call-ID: 1@{here}",
            "CSeq: 1 OPTIONS",
            "Content-Length: 0",
        ]
        asking.send("\r\n".join((*lines, "", "")).encode())
        assert asking.recv(65_535).startswith(b"SIP/2.0 ")


def read_back(path, wanted, *fields):
    """The fields of the packets that `wanted` filters, by tshark."""
    told = subprocess.run(
        ["tshark", "-r", str(path), "-Y", wanted, "-T", "fields", "-E", "occurrence=f"]
        + [part for field in fields for part in ("-e", field)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return [tuple(line.split("\t")) for line in told.stdout.splitlines()]


@needs_tshark
def test_wireshark_reads_smpp_and_the_fault(captured):
    submits = read_back(captured, "smpp.command_id == 0x00000004", "smpp.source_addr")
    assert submits == [("79220000001",)] * 3
    statuses = read_back(captured, "smpp.command_id == 0x80000004", "smpp.command_status")
    assert [int(status, 16) for (status,) in statuses] == [0x58, 0, 0]
    shown = read_back(captured, "smpp.command_id == 0x00000005", "smpp.message_text")
    assert len(shown) == 2
    assert shown[1][0].startswith("Баланс 250,00")  # tshark knows UCS-2 of SMS, not that of CBS


@needs_tshark
@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_wireshark_reads_sip(captured, transport):
    asked = f"{transport} && sip.CSeq.method == OPTIONS && sip.from.tag == 1"
    assert read_back(captured, f"{asked} && sip.Request-Line", "sip.r-uri.user") == [("0505",)]
    assert read_back(captured, f"{asked} && sip.Status-Line", "sip.Status-Code") == [("200",)]


@needs_tshark
def test_wireshark_reads_a_call(captured):
    call = "sip.CSeq.method in {INVITE, ACK, BYE}"
    begun = read_back(captured, call, "sip.Method", "sip.Status-Code")
    assert [first or status for first, status in begun if status != "100"] == [
        *("INVITE", "200", "ACK"),
        *("BYE", "200"),
    ]


@needs_tshark
def test_wireshark_finds_the_streams_of_a_call_and_its_key(captured):
    told = subprocess.run(
        ["tshark", "-r", str(captured), "-q", "-z", "rtp,streams"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    inward, outward = sorted(
        (line for line in told.stdout.splitlines() if "0x" in line),
        key=lambda line: "telephone-event" not in line,
    )
    assert "g711A" in inward
    assert "g711A" in outward
    assert " 0 (0.0%)" in inward
    assert " 1 (" in outward, "one packet fell victim to the fault"
    keys = read_back(captured, "rtpevent", "rtpevent.event_id", "rtpevent.end_of_event")
    assert {event for event, _ in keys} == {"1"}
    assert sum(end in ("1", "True") for _, end in keys) == 3
    sent = [float(at) for (at,) in read_back(captured, "rtpevent", "frame.time_epoch")]
    gaps = [after - before for before, after in pairwise(sent)]
    assert sum(gaps) / len(gaps) == pytest.approx(0.02, abs=0.005)
    assert read_back(captured, "rtcp.pt == 203", "rtcp.ssrc.identifier"), "the gateway's BYE"


@needs_tshark
def test_wireshark_finds_nothing_broken(captured):
    assert read_back(captured, "_ws.malformed", "frame.number") == []
    assert read_back(captured, "tcp.analysis.flags", "frame.number") == []
