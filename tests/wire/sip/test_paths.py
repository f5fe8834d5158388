"""The way to the peer: routes, NAT, connections, and who matches messages without a branch."""

from __future__ import annotations

import pytest

from gateway.wire.sip.events import Acked, Disconnect
from tests.wire.sip.peer import ANSWER, PHONE, SDP, Caller, machine


def up(*fields: tuple[str, str]) -> Caller:
    caller = Caller()
    caller.talk(*fields)
    return caller


@pytest.mark.parametrize("asked", ["rport", "no rport", "behind nat"])
def test_the_answer_goes_where_via_says(asked):
    """RFC 3581 and RFC 3261 §18.2.2."""
    via = {
        "rport": "SIP/2.0/UDP 192.0.2.7:5062;branch=z9hG4bK1;rport",
        "no rport": "SIP/2.0/UDP 192.0.2.7:5070;branch=z9hG4bK1",
        "behind nat": "SIP/2.0/UDP 10.0.0.1:5070;branch=z9hG4bK1",
    }[asked]
    caller = Caller()
    caller.send(caller.request("OPTIONS", ("Via", via)))
    got = caller.sent[0].headers.get("via")
    assert (got, caller.paths[0][0]) == {
        "rport": (via + "=5062;received=192.0.2.7", PHONE),
        "no rport": (via, ("192.0.2.7", 5070)),
        "behind nat": (via + ";received=192.0.2.7", ("192.0.2.7", 5070)),
    }[asked]


def test_the_route_of_the_call_is_ours_too():
    routes = ("<sip:192.0.2.30;lr>", "<sip:192.0.2.40:5080;lr>")
    caller = up(("Record-Route", ", ".join(routes)))
    caller.uas.hang_up(caller.call, 0.0)
    (bye,) = caller.collect()
    assert bye.headers.all("route") == list(routes)
    assert bye.uri == "sip:phone@192.0.2.7:5062"
    assert caller.paths == [(("192.0.2.30", 5060), "udp")]


def test_a_strict_router_comes_first():
    caller = up(("Record-Route", "<sip:192.0.2.30>, <sip:192.0.2.40;lr>"))
    caller.uas.hang_up(caller.call, 0.0)
    (bye,) = caller.collect()
    assert bye.uri == "sip:192.0.2.30"
    assert bye.headers.all("route") == ["<sip:192.0.2.40;lr>", "<sip:phone@192.0.2.7:5062>"]


@pytest.mark.parametrize(
    ("contact", "via_host", "destination"),
    [
        ("<sip:phone@192.0.2.8:5070>", "192.0.2.7", ("192.0.2.8", 5070)),
        ("<sip:phone@[2001:db8::8]>", "192.0.2.7", ("2001:db8::8", 5060)),
        ("<sip:phone@phone.example.org>", "192.0.2.7", PHONE),
        ("<sip:phone@10.0.0.1>", "10.0.0.1", PHONE),
    ],
)
def test_where_our_requests_go(contact, via_host, destination):
    via = ("Via", f"SIP/2.0/UDP {via_host}:5062;branch=z9hG4bK77;rport")
    caller = up(("Contact", contact), via)
    caller.uas.hang_up(caller.call, 0.0)
    caller.collect()
    assert caller.paths == [(destination, "udp")]


def test_over_tcp_all_goes_along_the_connection():
    caller = Caller(transport="tcp", source=("192.0.2.7", 54321))
    caller.talk()
    caller.wait(0.6)
    caller.uas.hang_up(caller.call, 0.0)
    (bye,) = caller.collect()
    assert bye.headers.get("contact") == "<sip:192.0.2.99:5060;transport=tcp>"
    assert caller.paths == [(("192.0.2.7", 54321), "tcp")]
    assert caller.wait(20.0) == []
    assert caller.sent == []  # nothing is repeated over a stream


def test_a_connection_that_is_gone_is_made_anew():
    caller = Caller(transport="tcp", source=("192.0.2.7", 54321))
    caller.talk(("Contact", "<sip:phone@192.0.2.7:5066;transport=tcp>"))
    caller.uas.disconnected(("192.0.2.7", 54321), "tcp")
    caller.uas.hang_up(caller.call, 0.0)
    caller.collect()
    assert caller.paths == [(("192.0.2.7", 5066), "tcp")]


def test_streams_have_a_limit_and_keep_alives():
    uas = machine(connections_max=1)
    assert uas.receive(b"\r\n\r\n", PHONE, "tcp", 0.0) == []
    assert [item.data for item in uas.data_to_send()] == [b"\r\n"]
    other = ("192.0.2.8", 1)
    assert uas.receive(b"\r\n\r\n", other, "tcp", 0.0) == [Disconnect(other, "tcp")]
    assert uas.receive(b"\r\n\r\n", PHONE, "udp", 0.0) == []
    assert uas.data_to_send() == []
    assert uas.counts.garbage == 0


def test_a_call_by_rfc_2543():
    """No branch, no Contact: matched by the rest, reached where it came from."""
    caller = Caller()
    bare = (("Via", "SIP/2.0/UDP 192.0.2.7:5062"), ("Contact", ""))
    invite = caller.request("INVITE", *bare, body=bytes(SDP))
    (invited,) = caller.send(invite)
    assert caller.send(invite) == []
    caller.uas.answer(invited.call, 0.0, ANSWER)
    caller.learn()
    assert caller.send(caller.request("ACK", *bare, cseq=1)) == [Acked(invited.call)]
