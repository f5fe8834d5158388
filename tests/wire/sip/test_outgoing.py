"""An outgoing call, message by message: RFC 3261 §13, §15, §17.1, §22 from the caller's end."""

from __future__ import annotations

import itertools

import pytest

from gateway.wire.sip.digest import Guard
from gateway.wire.sip.login import Login
from gateway.wire.sip.message import Headers, Request, Response, parse_message
from gateway.wire.sip.offer_answer import Local
from gateway.wire.sip.outgoing import OutgoingCall, Over, Talking, options
from gateway.wire.sip.unanswered import T2_SECONDS, TIMEOUT_SECONDS

SDP = (
    b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    b"m=audio 20000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
)


class Gateway:
    """The other end, written by hand."""

    def __init__(self, login: Login | None = None) -> None:
        ids = (f"id{number}" for number in itertools.count())
        local, peer = Local("127.0.0.1", 30000, 1), "127.0.0.1"
        self.call = OutgoingCall("79220000001", "0505", local, 5070, peer, lambda: next(ids), login)
        self.call.invite(0.0)
        self.invite = self.sent("INVITE")

    def sent(self, method: str) -> Request:
        """The one message that left."""
        [data] = self.call.to_send()
        message = parse_message(data)
        assert isinstance(message, Request)
        assert (message.method, message.fault) == (method, None)
        return message

    def answer(self, request: Request, status: int, body: bytes = b"", now: float = 0.0, more=()):
        """Answer one of its requests."""
        get = request.headers.get
        to = f"{get('to')};tag=gw" if ";tag=" not in (get("to") or "") else get("to")
        rows = [f"{name}: {get(name)}" for name in ("via", "from", "call-id", "cseq")]
        rows += [f"To: {to}", "Contact: <sip:gw@127.0.0.1:5060>", f"Content-Length: {len(body)}"]
        rows += [f"{name}: {value}" for name, value in more]
        text = "\r\n".join((f"SIP/2.0 {status} Words", *rows, "", ""))
        return self.call.receive(text.encode() + body, now)

    def ask(self, method: str, *more: str):
        """A request of the gateway's in this call."""
        get = self.invite.headers.get
        rows = ["Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKx", f"From: {get('to')};tag=gw"]
        rows += [f"To: {get('from')}", f"Call-ID: {get('call-id')}", f"CSeq: 7 {method}", *more]
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
    [("BYE", 200), ("INFO", 200), ("REFER", 400), ("INVITE", 488), ("MESSAGE", 405)],
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


# --- who calls ----------------------------------------------------------------------------------


class Challenging(Gateway):
    """A gateway that asks for a password, by its own guard."""

    def __init__(self, password: str) -> None:
        passwords = {"desk": "secret"}
        tokens = (f"token{number}" for number in itertools.count())
        self.guard = Guard("gateway", b"key", passwords.get, lambda: next(tokens))
        super().__init__(Login("desk", password))

    def challenge(self, request: Request, status: int = 401, now: float = 0.0):
        """Refuse it so; what the call makes of that."""
        rows = self.guard.challenge(now)
        if status == 407:
            rows = tuple(("Proxy-Authenticate", value) for _, value in rows)
        return self.answer(request, status, now=now, more=rows)

    def again(self) -> tuple[Request, Request]:
        """The ACK and the second request that left."""
        ack, second = map(parse_message, self.call.to_send())
        assert isinstance(ack, Request)
        assert isinstance(second, Request)
        return ack, second


def test_a_challenge_is_answered_in_a_new_invite_of_the_same_call():
    gateway = Challenging("secret")
    assert gateway.challenge(gateway.invite) == []
    ack, second = gateway.again()
    first = gateway.invite.headers
    assert ack.headers.get("via") == first.get("via"), "of the refused one (§17.1.1.3)"
    assert ack.headers.get("to") == f"{first.get('to')};tag=gw"
    assert gateway.guard.verify(second, 1.0) == "desk"
    assert second.body == gateway.invite.body
    assert second.headers.get("cseq") == "2 INVITE"
    assert second.headers.get("via") != first.get("via")
    same = ("call-id", "from", "to")
    assert [second.headers.get(name) for name in same] == [first.get(name) for name in same]
    [event] = gateway.answer(second, 200, SDP)
    assert isinstance(event, Talking)
    ack = gateway.sent("ACK")
    assert ack.headers.get("authorization") == second.headers.get("authorization"), "§22.1"


def test_a_proxy_is_answered_in_its_own_field():
    gateway = Challenging("secret")
    gateway.challenge(gateway.invite, 407)
    _, second = gateway.again()
    assert (second.headers.get("proxy-authorization") or "").startswith("Digest username")
    assert second.headers.get("authorization") is None


def test_a_wrong_password_is_over_after_two_tries():
    gateway = Challenging("wrong")
    gateway.challenge(gateway.invite)
    _, second = gateway.again()
    gateway.challenge(second)
    _, third = gateway.again()
    assert gateway.challenge(third) == [Over("401 Words")]
    gateway.sent("ACK")


def test_a_challenge_that_comes_again_is_only_acknowledged_again():
    gateway = Challenging("secret")
    gateway.challenge(gateway.invite)
    gateway.again()
    assert gateway.challenge(gateway.invite) == []
    assert gateway.sent("ACK").headers.get("cseq") == "1 ACK"


def test_a_challenged_bye_is_said_again():
    gateway = Challenging("secret")
    gateway.answer(gateway.invite, 200, SDP)
    gateway.call.to_send()
    gateway.call.hang_up(1.0)
    bye = gateway.sent("BYE")
    assert gateway.challenge(bye, now=1.0) == []
    again = gateway.sent("BYE")
    assert again.headers.get("cseq") == "3 BYE"
    assert gateway.guard.verify(again, 1.0) == "desk"
    assert gateway.answer(again, 200) == [Over("hung up")]


@pytest.mark.parametrize(
    "row", ["Basic realm=x", "Digest", 'Digest realm="x", nonce="n", algorithm=ODD, qop="auth"']
)
def test_a_challenge_of_another_kind_is_a_refusal(row: str):
    gateway = Challenging("secret")
    told = gateway.answer(gateway.invite, 401, more=(("WWW-Authenticate", row),))
    assert told == [Over("401 Words")]


def test_the_digest_is_that_of_the_rfc():
    """RFC 7616 §3.9.1, with the MD5 and SHA-256 of its example."""
    asked = (
        'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={}, '
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", '
        'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
    )
    login = Login("Mufasa", "Circle of Life")
    cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    for algorithm, digest in {
        "MD5": "8ca523f5e9506fed4657c9700eebdbec",
        "SHA-256": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
    }.items():
        challenge = Response(401, "", Headers((("WWW-Authenticate", asked.format(algorithm)),)))
        field = login.answer(challenge, "GET", "/dir/index.html", cnonce)
        assert field is not None
        assert f'response="{digest}"' in field[1]
        assert field[1].endswith('opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"')


# --- a transfer ---------------------------------------------------------------------------------


def test_a_transfer_is_accepted_and_told_to_have_succeeded(talking):
    refer = "Refer-To: <sip:operator@pbx.example>"
    assert talking.ask("REFER", refer) == []
    accepted, notify = map(parse_message, talking.call.to_send())
    assert accepted.status == 202
    assert notify.method == "NOTIFY"
    assert notify.headers.get("event") == "refer"
    assert notify.headers.get("subscription-state") == "terminated;reason=noresource"
    assert notify.body == b"SIP/2.0 200 OK\r\n"
    talking.ask("REFER", refer)
    [again] = talking.call.to_send()
    assert b"202" in again, "it came again: no second NOTIFY"
    assert talking.answer(notify, 200) == []
    assert talking.call.next_timer() is None
    assert talking.ask("BYE") == [Over("transferred to sip:operator@pbx.example")]


# --- beside calls -------------------------------------------------------------------------------


def test_a_bye_is_repeated_at_most_every_four_seconds(talking):
    talking.call.hang_up(0.0)
    due = []
    while not (told := talking.call.timer_fired(talking.call.next_timer())):
        due.append(talking.call.next_timer())
    assert told == [Over("the gateway does not answer")]
    gaps = [b - a for a, b in itertools.pairwise(due)]
    assert gaps[:3] == [2.0, T2_SECONDS, T2_SECONDS]
    assert max(gaps) == T2_SECONDS


def test_an_old_answer_does_not_stop_the_repeating_of_a_bye(talking):
    talking.call.hang_up(1.0)
    talking.answer(talking.invite, 200, SDP)
    assert talking.call.next_timer() == 1.5


def test_options_ask_whether_somebody_is_there():
    call_id, data = options(("::1", 5070), "::1", lambda: "token")
    asked = parse_message(data)
    assert isinstance(asked, Request)
    assert (asked.method, asked.uri, asked.fault) == ("OPTIONS", "sip:[::1]", None)
    assert asked.headers.get("call-id") == call_id
    assert (asked.headers.get("via") or "").startswith("SIP/2.0/UDP [::1]:5070;rport;branch=z9hG")
