"""Calls to a whole service over sockets: the black-box checklist of a SIP server, then prompts,
keys, refusals and records."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from gateway.wire.rtp.g711 import ALAW_SILENCE, FRAME_OCTETS
from tests.channels.sip_phone import HOST, Phone
from tests.channels.voice_service import VoiceService, voice_service

SILENCE = bytes((ALAW_SILENCE,)) * FRAME_OCTETS
T1 = 0.05


@pytest.fixture(scope="module")
def service(
    run: Callable[..., Any], reactor_thread: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[VoiceService]:
    """A service whose T1 is 50 ms."""
    with voice_service(run, reactor_thread, tmp_path_factory.mktemp("voice")) as one:
        yield one


@pytest.fixture
def phone(service: VoiceService) -> Phone:
    """A telephone at home."""
    return service.phone()


# --- what a server must answer -------------------------------------------------------------------


def test_options_tells_what_we_can(phone: Phone) -> None:
    phone.dialled = "0505"
    phone.send("OPTIONS")
    answer = phone.response("OPTIONS")
    assert answer.status == 200
    assert ";tag=" in answer.get("To")
    assert {"INVITE", "BYE", "INFO", "UPDATE", "PRACK"} <= set(answer.get("Allow").split(", "))
    assert "application/sdp" in answer.get("Accept")


def test_the_way_back_is_where_it_came_from(service: VoiceService) -> None:
    phone = service.phone()
    phone.host = "192.0.2.77"  # a Via of somewhere behind a NAT
    phone.dialled = "0505"
    phone.send("OPTIONS")
    via = phone.response("OPTIONS").get("Via")
    assert "received=127.0.0.1" in via
    assert f"rport={phone._sip.getsockname()[1]}" in via


def test_an_invite_seen_again_is_the_same_call(service: VoiceService, phone: Phone) -> None:
    before = service.metric("call_setups_total")
    data = phone.invite()
    tags = {phone.response("INVITE").get("To")}
    for _ in range(2):
        phone.again(data)
        tags.add(phone.response("INVITE").get("To"))
    phone.ack()
    assert len(tags) == 1
    assert phone.bye().status == 200
    assert service.metric("call_setups_total") == before + 1


def test_a_200_without_its_ack_comes_again_and_then_a_bye(phone: Phone) -> None:
    phone.invite()
    phone.response("INVITE")
    times = [time.monotonic()]
    while True:
        message = phone.until(lambda m: m.status == 200 or m.first.startswith("BYE"))
        if not message.status:
            break
        times.append(time.monotonic())
    gaps = [round((b - a) / T1) for a, b in pairwise(times)]
    assert gaps[:3] == [1, 2, 4]
    assert time.monotonic() - times[0] == pytest.approx(64 * T1, abs=0.3)


def test_bye_is_answered_as_often_as_it_is_sent(phone: Phone) -> None:
    phone.call()
    bye = phone.send("BYE")
    assert phone.response("BYE").status == 200
    phone.again(bye)
    assert phone.response("BYE").status == 200


@pytest.mark.parametrize(
    ("method", "headers", "status", "says"),
    [
        ("BYE", (), 481, {}),
        ("INFO", (), 481, {}),
        ("NOSUCH", (), 501, {"Allow": "INVITE"}),
        ("REGISTER", (), 405, {"Allow": "INVITE"}),
        ("OPTIONS", ("Require: nothing",), 420, {"Unsupported": "nothing"}),
    ],
)
def test_what_we_cannot_do_is_said(
    phone: Phone, method: str, headers: tuple[str, ...], status: int, says: dict[str, str]
) -> None:
    phone.dialled, phone.to = "0505", "<sip:0505@127.0.0.1>;tag=nobody" if status == 481 else ""
    phone.send(method, *headers)
    answer = phone.response(method)
    assert answer.status == status
    assert all(text in answer.get(name) for name, text in says.items())


def test_no_codec_in_common(phone: Phone) -> None:
    phone.invite(body=phone.sdp().replace("RTP/AVP 8 101", "RTP/AVP 3"))
    assert phone.response("INVITE").status == 488
    phone.ack()


def test_a_name_in_the_description_is_not_looked_up(phone: Phone) -> None:
    phone.invite(body=phone.sdp(host="media.example"))
    assert phone.response("INVITE").status == 488
    phone.ack()


def test_without_an_offer_the_answer_is_ours(phone: Phone) -> None:
    phone.invite(body="")
    assert "m=audio" in phone.response("INVITE").body
    phone.send("ACK", body=phone.sdp(), cseq=phone.cseq)
    assert any(payload != SILENCE for _, payload in phone.listen(0.4))
    assert phone.bye().status == 200


def test_cancel_ends_an_invite_that_waits(service: VoiceService, phone: Phone) -> None:
    roam(service, phone)
    phone.invite("+79221110505")
    phone.until(lambda m: m.status == 183)
    phone.send("CANCEL", cseq=phone.cseq)
    seen = {phone.until(lambda m: m.status >= 200).first for _ in range(2)}
    assert {line.split()[1] for line in seen} == {"200", "487"}
    phone.ack()
    (cdr,) = service.cdrs(phone.number)
    assert (cdr["sip_status"], cdr["answered_at"], cdr["seconds"]) == (487, None, 0.0)
    assert (cdr["amount_minor"], cdr["hung_up_by"]) == (0, "caller")


def test_hold_and_back(phone: Phone) -> None:
    phone.call()
    assert phone.listen(0.2)
    for direction, answered, heard in (
        ("sendonly", "recvonly", False),
        ("sendrecv", "sendrecv", True),
    ):
        phone.send("INVITE", body=phone.sdp(direction))
        answer = phone.response("INVITE")
        phone.ack()
        assert f"a={answered}" in answer.body
        phone.listen(0.1)
        assert bool(phone.listen(0.2)) is heard
    phone.send("UPDATE", body=phone.sdp())
    assert phone.response("UPDATE").status == 200
    assert phone.bye().status == 200


# --- prompts and keys ---------------------------------------------------------------------------


def roam(service: VoiceService, phone: Phone, plmn: str = "26201") -> None:
    """Register its number in a network abroad."""
    status, answer = service.api("PUT", f"/v1/subscribers/{phone.number}/location", {"plmn": plmn})
    assert status == 200, answer


def heard(service: VoiceService, phone: Phone) -> list[str]:
    """The recordings of menus that its last call heard."""
    (*_, cdr) = service.cdrs(phone.number)
    return [name for name in cdr["prompts"] if "/menu/" in name]


def test_keys_walk_the_menu_and_the_record_tells(service: VoiceService, phone: Phone) -> None:
    phone.call()
    for key in "11":
        phone.listen(0.3)
        phone.press(key)
    phone.listen(0.3)
    assert phone.bye().status == 200
    (cdr,) = service.cdrs(phone.number)
    assert [name.split("/")[2] for name in heard(service, phone)[:3]] == [
        "voice.root",
        "voice.acct",
        "voice.balance",
    ]
    assert (cdr["hung_up_by"], cdr["cause"], cdr["sip_status"]) == ("caller", 16, 200)
    assert cdr["seconds"] == pytest.approx(0.9, abs=0.25)
    assert (cdr["link"], cdr["rule"], cdr["amount_minor"]) == ("sip:demo", "CH06", 0)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/dtmf-relay", "Signal=1\r\nDuration=160\r\n"),
        ("application/dtmf", "1"),
    ],
)
def test_a_key_by_info_counts_once(
    service: VoiceService, phone: Phone, kind: str, body: str
) -> None:
    phone.call()
    phone.listen(0.1)
    info = phone.send("INFO", body=body, kind=kind)
    assert phone.response("INFO").status == 200
    phone.again(info)
    phone.response("INFO")
    phone.listen(0.2)
    phone.bye()
    assert [name.split("/")[2] for name in heard(service, phone)] == ["voice.root", "voice.acct"]


def test_a_prompt_stops_within_40_ms_of_a_key(service: VoiceService, phone: Phone) -> None:
    """Of the prompt nothing is heard from then on; what follows is the next one or silence."""
    phone.call()
    prompt = [payload for _, payload in phone.listen(0.5)][-1]
    assert prompt != SILENCE
    phone.press("1")
    at = time.monotonic()
    frames = phone.listen(0.3)
    root = service_clip(service, "ru/menu/voice.root/1")
    late = [when - at for when, payload in frames if payload != SILENCE and payload in root]
    assert not late or max(late) < 0.040
    phone.bye()


def service_clip(service: VoiceService, name: str) -> bytes:
    """The octets of a recording."""
    clips = service.served.service.voice._prompts.found["ru"].values()
    return next(clip.octets for clip in clips if clip.id == name)


def test_early_media_is_the_warning_and_is_not_paid_for(
    service: VoiceService, phone: Phone
) -> None:
    roam(service, phone)
    phone.invite("+79221110505")
    early = phone.until(lambda m: m.status > 100)
    assert (early.status, "m=audio" in early.body) == (183, True)
    phone.learn(early)
    began = time.monotonic()
    frames = [phone.hear() for _ in range(20)]
    assert any(frame != SILENCE for frame in frames)
    phone.press("1")  # not interruptible
    answer = phone.response("INVITE", seconds=20)
    phone.ack()
    assert answer.status == 200
    assert time.monotonic() - began > 3
    phone.bye()
    (cdr,) = service.cdrs(phone.number)
    assert (cdr["amount_minor"], cdr["answered_at"] is not None) == (0, True), "below 3 seconds"


@pytest.mark.parametrize(
    ("dialled", "plmn", "status", "cause"),
    [
        ("0505", "26201", 480, 31),
        ("77777", "", 404, 1),
    ],
)
def test_who_is_not_answered_is_told_why(
    service: VoiceService, phone: Phone, dialled: str, plmn: str, status: int, cause: int
) -> None:
    if plmn:
        roam(service, phone, plmn)
    answer = phone.call(dialled)
    assert (answer.status, answer.get("Reason")) == (status, f"Q.850;cause={cause}")


def test_the_caller_is_who_the_network_asserts(service: VoiceService, phone: Phone) -> None:
    other = service.phone().number
    phone.call("0505", f"P-Asserted-Identity: <sip:+{other}@ims.example>")
    phone.bye()
    assert service.cdrs(other)
    assert not service.cdrs(phone.number, seconds=0)


def test_keys_of_a_password_are_written_nowhere(service: VoiceService, phone: Phone) -> None:
    """A canary keyed in as a new password: in no log, no record, no event."""
    canary = "83618362"
    phone.call()
    for keys in ("2", "5", "1", f"{canary}#"):
        phone.listen(0.2)
        phone.press(keys)
    phone.listen(0.5)
    phone.bye()
    assert "ru/menu/voice.pwd.again/1" in heard(service, phone)
    assert canary not in service.written()
    assert canary not in repr(service.served.log)


def test_events_of_a_call(service: VoiceService, phone: Phone) -> None:
    """What it is told and how it ends, as whoever listens hears it; not what is pressed."""
    told: list[tuple[str, Any]] = []
    forget = service.served.service.api.subscribe(lambda kind, fields: told.append((kind, fields)))
    phone.call()
    phone.listen(0.1)
    phone.press("1")
    phone.listen(0.1)
    phone.bye()
    assert service.cdrs(phone.number)
    forget()
    calls = [one for kind, one in told if kind == "call" and one["msisdn"] == phone.number]
    assert [(one["event"], one.get("state")) for one in calls] == [
        ("announcement", "voice.root"),
        ("announcement", "voice.acct"),
        ("ended", None),
    ]
    assert (calls[0]["waits"], calls[0]["language"], calls[0]["early"]) == (True, "ru", "")
    assert calls[2]["seconds"] == pytest.approx(0.2, abs=0.15)


def test_over_tcp_and_tls(run: Callable[..., Any], reactor_thread: Any, tmp_path: Path) -> None:
    """OPTIONS is answered on the connection it came by, encrypted or not."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with voice_service(run, reactor_thread, tmp_path, sip_tls_port="0") as one:
        ports = one.served.ports
        for transport, port in (("TCP", ports["sip"]), ("TLS", ports["sips"])):
            request = (
                f"OPTIONS sip:0505@{HOST} SIP/2.0\r\n"
                f"Via: SIP/2.0/{transport} {HOST}:9;branch=z9hG4bKone\r\n"
                f"From: <sip:x@{HOST}>;tag=1\r\nTo: <sip:0505@{HOST}>\r\nCall-ID: {transport}\r\n"
                "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
            )
            with socket.create_connection((HOST, port), timeout=3) as plain:
                link = context.wrap_socket(plain) if transport == "TLS" else plain
                link.sendall(request.encode())
                assert link.recv(65_535).startswith(b"SIP/2.0 200 OK\r\n")
                link.close()
