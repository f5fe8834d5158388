"""(d) The codec alone, ours against smpplib, both ways, on the PDUs that make the traffic."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

from smpplib.smpp import make_pdu, parse_pdu

from gateway.wire.smpp.fast import PARSERS, build
from gateway.wire.smpp.framing import HEADER
from gateway.wire.smpp.pdu import SubmitSm
from scripts.benchmarks.report import Figure, ratio

TEXT = "Balance 250.00\n0 Back 00 Menu".encode("ascii")
OP = 0x0501
REPEATS = {"ours": 100_000, "smpplib": 5_000}


class _Client:
    """What smpplib's PDUs ask of a client."""

    sequence = 7

    def next_sequence(self) -> int:
        return self.sequence


def _ours_build() -> bytes:
    return build(
        SubmitSm(
            7,
            service_type="USSD",
            source_addr_npi=1,
            source_addr="105",
            dest_addr_ton=1,
            dest_addr_npi=1,
            destination_addr="79220000001",
            short_message=TEXT,
            tlvs=((OP, b"\x02"),),
        )
    )


def _their_build() -> bytes:
    pdu = make_pdu(
        "submit_sm",
        client=_Client(),
        service_type="USSD",
        source_addr_npi=1,
        source_addr="105",
        dest_addr_ton=1,
        dest_addr_npi=1,
        destination_addr="79220000001",
        short_message=TEXT,
        ussd_service_op=2,
    )
    pdu.sequence = 7
    return bytes(pdu.generate())


def _ours_parse(frame: bytes) -> Any:
    _, command, status, sequence = HEADER.unpack_from(frame)
    return PARSERS[command](frame, status, sequence)


def _their_parse(frame: bytes) -> Any:
    return parse_pdu(frame, client=_Client(), allow_unknown_opt_params=True)


def rate(function: Callable[..., Any], repeats: int, *arguments: Any) -> float:
    """Calls a second."""
    began = perf_counter()
    for _ in range(repeats):
        function(*arguments)
    return repeats / (perf_counter() - began)


def measure(runs: int) -> list[Figure]:
    """PDUs a second, built and parsed: a submit_sm with ussd_service_op and 30 characters."""
    frame = _ours_build()
    if frame != _their_build():
        raise SystemExit("the codecs disagree about the octets: the comparison means nothing")
    figures = []
    for way, ours, theirs, arguments in (
        ("build", _ours_build, _their_build, ()),
        ("parse", _ours_parse, _their_parse, (frame,)),
    ):
        for function in (ours, theirs):
            rate(function, 1_000, *arguments)
        fast = [rate(ours, REPEATS["ours"], *arguments) for _ in range(runs)]
        slow = [rate(theirs, REPEATS["smpplib"], *arguments) for _ in range(runs)]
        mine = Figure("d", f"{way}, ours", "PDU/s", tuple(fast))
        other = Figure("d", f"{way}, smpplib", "PDU/s", tuple(slow))
        figures += [mine, other, ratio("d", f"{way}, ours to smpplib", mine, other, 10)]
    return figures
