"""A call of the soft phone, message by message: RFC 3261 §13, §15, §17.1 from the caller's end."""

from __future__ import annotations

import itertools

import pytest

from gateway.phone.sip_call import TIMEOUT_SECONDS, Over, SipCall, Talking
from gateway.phone.soft_phone import ENDS, KEY_FRAMES, Speaker
from gateway.wire.rtp import packet, telephone_event
from gateway.wire.sip.message import Request, parse_message
from gateway.wire.sip.offer_answer import Local

SDP = (
    b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    b"m=audio 20000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
)


class Gateway:
    """The other end, written by hand."""

    def __init__(self) -> None:
        ids = (f"id{number}" for number in itertools.count())
        local = Local("127.0.0.1", 30000, 1)
        self.call = SipCall("79220000001", "0505", local, 5070, "127.0.0.1", lambda: next(ids))
        self.call.invite(0.0)
        self.invite = self.sent("INVITE")

    def sent(self, method: str) -> Request:
        """The one message that left."""
        [data] = self.call.to_send()
        message = parse_message(data)
        assert isinstance(message, Request)
        assert (message.method, message.fault) == (method, None)
        return message

    def answer(self, request: Request, status: int, body: bytes = b"", now: float = 0.0):
        """Answer one of its requests."""
        get = request.headers.get
        to = f"{get('to')};tag=gw" if ";tag=" not in (get("to") or "") else get("to")
        rows = [f"{name}: {get(name)}" for name in ("via", "from", "call-id", "cseq")]
        rows += [f"To: {to}", "Contact: <sip:gw@127.0.0.1:5060>", f"Content-Length: {len(body)}"]
        text = "\r\n".join((f"SIP/2.0 {status} Words", *rows, "", ""))
        return self.call.receive(text.encode() + body, now)

    def ask(self, method: str):
        """A request of the gateway's in this call."""
        get = self.invite.headers.get
        rows = ["Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKx", f"From: {get('to')};tag=gw"]
        rows += [f"To: {get('from')}", f"Call-ID: {get('call-id')}", f"CSeq: 7 {method}"]
        text = "\r\n".join((f"{method} sip:a@b SIP/2.0", *rows, "Content-Length: 0", "", ""))
        return self.call.receive(text.encode(), 0.0)


@pytest.fixture
def gateway() -> Gateway:
    """It has got an INVITE."""
    return Gateway()


@pytest.fixture
def talking(gateway) -> Gateway:
    """It has answered."""
    gateway.answer(gateway.invite, 183)
    [event] = gateway.answer(gateway.invite, 200, SDP)
    assert isinstance(event, Talking)
    assert (event.media.remote, event.media.event_pt) == (("127.0.0.1", 20000), 101)
    ack = gateway.sent("ACK")
    assert ack.uri == "sip:gw@127.0.0.1:5060", "to the contact (§12.2.1.1)"
    assert ack.headers.get("cseq") == "1 ACK"
    return gateway


def test_an_invite_is_repeated_until_something_comes_and_given_up(gateway):
    due = [gateway.call.next_timer()]
    for _ in range(3):
        assert gateway.call.timer_fired(due[-1]) == []
        gateway.sent("INVITE")
        due.append(gateway.call.next_timer())
    assert due == [0.5, 1.5, 3.5, 7.5]
    told = []
    while not told:
        now = gateway.call.next_timer()
        told = gateway.call.timer_fired(now)
    assert told == [Over("the gateway does not answer")]
    assert now >= TIMEOUT_SECONDS
    assert gateway.call.next_timer() is None


def test_a_provisional_answer_ends_the_repeating(gateway):
    assert gateway.answer(gateway.invite, 100) == []
    assert gateway.call.next_timer() is None


def test_a_refused_call_is_acknowledged_and_over(gateway):
    assert gateway.answer(gateway.invite, 480) == [Over("480 Words")]
    ack = gateway.sent("ACK")
    assert ack.headers.get("via") == gateway.invite.headers.get("via"), "§17.1.1.3"


def test_a_second_200_is_acknowledged_again(talking):
    assert talking.answer(talking.invite, 200, SDP) == []
    talking.sent("ACK")


def test_hanging_up_is_a_bye_once(talking):
    assert talking.call.hang_up(1.0) == []
    bye = talking.sent("BYE")
    assert bye.headers.get("cseq") == "2 BYE"
    assert ";tag=gw" in (bye.headers.get("to") or "")
    assert talking.call.hang_up(1.1) == []
    assert talking.call.to_send() == []
    assert talking.answer(bye, 200) == [Over("hung up")]


def test_hanging_up_early_is_a_cancel_of_the_same_branch(gateway):
    gateway.answer(gateway.invite, 183)
    gateway.call.hang_up(1.0)
    cancel = gateway.sent("CANCEL")
    assert cancel.headers.get("via") == gateway.invite.headers.get("via")
    assert gateway.answer(cancel, 200) == []
    assert gateway.answer(gateway.invite, 487) == [Over("hung up")]
    gateway.sent("ACK")


@pytest.mark.parametrize(
    ("method", "status"),
    [("BYE", 200), ("INFO", 200), ("REFER", 603), ("INVITE", 488), ("MESSAGE", 405)],
)
def test_what_the_gateway_asks_is_answered(talking, method: str, status: int):
    events = talking.ask(method)
    [data] = talking.call.to_send()
    assert data.startswith(f"SIP/2.0 {status} ".encode())
    assert f"CSeq: 7 {method}".encode() in data
    assert events == ([Over("the gateway hung up")] if method == "BYE" else [])


def test_another_call_and_noise_change_nothing(talking):
    for data in (b"", b"\r\n\r\n", b"x" * 100, b"SIP/2.0 200 OK\r\nCall-ID: other\r\n\r\n"):
        assert talking.call.receive(data, 0.0) == []
        assert talking.call.to_send() == []


def test_an_answer_without_media_is_hung_up(gateway):
    gateway.answer(gateway.invite, 183)
    [over] = gateway.answer(gateway.invite, 200, b"v=0\r\n")
    assert isinstance(over, Over)
    assert over.why.startswith("no media")
    assert [parse_message(data).method for data in gateway.call.to_send()] == ["ACK", "BYE"]


def test_a_key_is_one_event_of_one_timestamp_with_its_end_three_times():
    speaker = Speaker(101)
    silence = packet.parse(speaker.frame())
    speaker.press("5")
    frames = [packet.parse(speaker.frame()) for _ in range(KEY_FRAMES + ENDS)]
    after = packet.parse(speaker.frame())
    events = [telephone_event.parse(frame.payload) for frame in frames]
    assert {event.key for event in events} == {"5"}
    assert [event.duration for event in events] == [160, 320, 480, 640, 800, 800, 800, 800]
    assert [event.end for event in events] == [False] * KEY_FRAMES + [True] * ENDS
    assert [frame.marker for frame in frames] == [True] + [False] * 7
    assert len({frame.timestamp for frame in frames}) == 1
    numbers = [each.sequence for each in (silence, *frames, after)]
    assert [(b - a) % 65_536 for a, b in itertools.pairwise(numbers)] == [1] * 9
    assert (after.timestamp - silence.timestamp) % 2**32 == 160 * 9
    assert silence.payload_type == after.payload_type == 8
