"""The torture messages of RFC 4475 and RFC 5118: each gets the answer its RFC expects.

The tables say what we answer; where a manifest leaves a choice, this is ours.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.wire.sip.events import Disconnect, Invited
from gateway.wire.sip.message import Request, parse_message
from gateway.wire.sip.uri import parse_uri
from tests.wire.sip.peer import machine, statuses

VECTORS = Path(__file__).parent / "vectors"
PEER = ("192.0.2.1", 5060)
CALL, DROPPED = "a call", None

RFC_4475 = {
    # 3.1.1: valid
    "wsinv": 481,  # well formed, its To has the tag of a dialog we do not know
    "intmeth": 501,
    "esc01": CALL,
    "escnull": 405,
    "esc02": 501,
    "lwsdisp": 200,
    "longreq": CALL,
    "dblreq": 405,
    "semiuri": 200,
    "transports": 200,
    "mpart01": 405,
    "unreason": DROPPED,
    "noreason": DROPPED,
    # 3.1.2: invalid
    "badinv01": 400,
    "clerr": 400,
    "ncl": 400,
    "scalar02": 400,
    "scalarlg": DROPPED,
    "quotbal": 400,
    "ltgtruri": 400,
    "lwsruri": 400,
    "lwsstart": CALL,
    "trws": 200,
    "escruri": 400,
    "baddate": CALL,
    "regbadct": 405,
    "badaspec": 200,
    "baddn": 400,
    "badvers": 505,
    "mismatch01": 400,
    "mismatch02": 400,
    "bigcode": DROPPED,
    # 3.2 - 3.4: transactions, applications, RFC 2543
    "badbranch": 200,
    "insuf": 400,
    "unkscm": 416,
    "novelsc": 416,
    "unksm2": 405,
    "bext01": 420,
    "invut": 415,
    "regaut01": 405,
    "multi01": 400,
    "mcl01": 400,
    "bcast": DROPPED,
    "zeromf": 200,  # an endpoint does not count hops (RFC 4475 §3.3.11)
    "cparam01": 405,
    "cparam02": 405,
    "regescrt": 405,
    "sdp01": 406,
    "inv2543": CALL,
    "test": DROPPED,  # not of the RFC: no Via to answer by
}
RFC_5118 = {
    "ipv6-good": 405,
    "ipv6-bad": 400,
    "port-ambiguous": 405,
    "port-unambiguous": 405,
    "via-received-param-with-delim": 481,
    "via-received-param-no-delim": 200,
    "ipv6-in-sdp": 400,  # its Content-Length is past its end
    "mult-ip-in-header": 481,
    "mult-ip-in-sdp": CALL,
    "ipv4-mapped-ipv6": 488,  # G.726 alone
    "ipv6-bug-abnf-3-colons": 200,
    "ipv6-correct-abnf-2-colons": 200,
}
TABLE = [("rfc4475", name, answer) for name, answer in RFC_4475.items()]
TABLE += [("rfc5118", name, answer) for name, answer in RFC_5118.items()]
FIELDS = {405: "allow", 501: "allow", 420: "unsupported", 415: "accept"}


def octets(folder: str, name: str) -> bytes:
    return (VECTORS / folder / f"{name}.dat").read_bytes()


def request(folder: str, name: str) -> Request:
    message = parse_message(octets(folder, name))
    assert isinstance(message, Request)
    return message


@pytest.mark.parametrize("folder", ["rfc4475", "rfc5118"])
def test_the_tables_are_whole(folder):
    files = {path.stem for path in (VECTORS / folder).glob("*.dat")}
    assert files == {name for of, name, _ in TABLE if of == folder}
    rows = (VECTORS / folder / "manifest.tsv").read_text().splitlines()[1:]
    assert files == {row.split(".dat")[0] for row in rows}


@pytest.mark.parametrize(("folder", "name", "answer"), TABLE, ids=[row[1] for row in TABLE])
def test_each_gets_its_answer(folder, name, answer):
    uas = machine()
    events = uas.receive(octets(folder, name), PEER, "udp", 0.0)
    sent = [parse_message(item.data) for item in uas.data_to_send()]
    if answer is CALL:
        assert [type(event) for event in events] == [Invited]
        assert statuses(sent) == [100]
        return
    assert events == []
    assert statuses(sent) == ([] if answer is DROPPED else [answer])
    assert (uas.transactions, uas.calls) == (0, 0)  # nothing is kept of it
    for response in sent:
        assert response.reason
        if field := FIELDS.get(answer):
            assert response.headers.get(field)


ANSWERED = [row[:2] for row in TABLE if isinstance(row[2], int)]


@pytest.mark.parametrize(("folder", "name"), ANSWERED, ids=[row[1] for row in ANSWERED])
def test_the_way_back_is_copied_raw(folder, name):
    uas = machine()
    uas.receive(octets(folder, name), PEER, "udp", 0.0)
    response = parse_message(uas.data_to_send()[0].data)
    asked = request(folder, name).headers
    for field in ("from", "call-id", "cseq"):
        assert response.headers.all(field) == asked.all(field)[:1]
    assert response.headers.listed("via")[1:] == asked.listed("via")[1:]
    to = asked.get("to") or ""
    assert (response.headers.get("to") or "").startswith(to)


@pytest.mark.parametrize(
    ("name", "answers", "told"),
    [
        ("clerr", [], []),  # waits for the rest
        ("ncl", [400], [Disconnect]),
        ("mcl01", [400], [Disconnect]),
        ("lwsdisp", [200], []),
        ("dblreq", [405, 100], [Invited, Disconnect]),  # octets are left over
    ],
)
def test_over_a_stream(name, answers, told):
    """What does not say where it ends is answered and the connection is closed (§18.3)."""
    uas = machine()
    events = uas.receive(octets("rfc4475", name), PEER, "tcp", 0.0)
    assert statuses([parse_message(item.data) for item in uas.data_to_send()]) == answers
    assert [type(event) for event in events] == told


@pytest.mark.parametrize(
    ("name", "user"),
    [
        ("semiuri", "user;par=u@example.net"),
        ("esc01", "sips:user@example.com"),
        ("intmeth", "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"),
    ],
)
def test_escapes_are_read_once(name, user):
    assert parse_uri(request("rfc4475", name).uri).user == user


def test_a_nul_does_not_cut_the_user():
    contact = request("rfc4475", "escnull").headers.all("contact")[1]
    assert parse_uri(contact[1:-1]).user == "\0\0"


def test_the_session_description_of_ipv6_is_read():
    """RFC 5118 §4.6 with the length it has: nothing but G.726 is offered."""
    uas = machine()
    data = octets("rfc5118", "ipv6-in-sdp").replace(b"Content-Length: 268", b"Content-Length: 251")
    uas.receive(data, PEER, "udp", 0.0)
    assert statuses([parse_message(item.data) for item in uas.data_to_send()]) == [488]
