"""How calls end that the caller does not hang up: transfers, failures, and passwords on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gateway.channels import desk
from gateway.domain.port import Replied
from tests.channels.sip_phone import Message, Phone
from tests.channels.voice_service import VoiceService, voice_service

OPERATOR = "sip:operator@pbx.example"


@pytest.fixture(scope="module")
def service(
    run: Callable[..., Any], reactor_thread: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[VoiceService]:
    """A service with an operator to transfer to."""
    with voice_service(
        run, reactor_thread, tmp_path_factory.mktemp("ends"), voice_operator=OPERATOR
    ) as one:
        yield one


def is_request(method: str) -> Callable[[Message], bool]:
    return lambda message: message.first.startswith(method)


def to_the_operator(phone: Phone) -> Message:
    """Call, ask for the operator, and be told where to call instead."""
    phone.call()
    phone.listen(0.1)
    phone.press("0")
    return phone.until(is_request("REFER"), seconds=15)


@pytest.mark.parametrize(("final", "transferred"), [("200 OK", True), ("486 Busy Here", False)])
def test_a_transfer_ends_the_call_whatever_becomes_of_it(
    service: VoiceService, final: str, transferred: bool
) -> None:
    phone = service.phone()
    refer = to_the_operator(phone)
    assert refer.get("Refer-To") == f"<{OPERATOR}>"
    body = f"SIP/2.0 {final}\r\n"
    headers = ("Event: refer", "Subscription-State: terminated;reason=noresource")
    phone.send("NOTIFY", *headers, body=body, kind="message/sipfrag;version=2.0")
    phone.until(is_request("BYE"))
    (cdr,) = service.cdrs(phone.number)
    assert (cdr["transferred"], cdr["hung_up_by"]) == (transferred, "gateway")


def test_a_hidden_number_gets_the_operator_and_no_menu(service: VoiceService) -> None:
    phone = service.phone("anonymous")
    assert phone.call().status == 200
    assert phone.until(is_request("REFER"), seconds=15).get("Refer-To") == f"<{OPERATOR}>"
    assert phone.bye().status == 200
    (cdr,) = service.cdrs("")
    assert (cdr["result"], cdr["sip_status"], cdr["cause"]) == ("stranger", 200, 16)
    assert cdr["hung_up_by"] == "caller"
    assert cdr["answered_at"] >= cdr["started_at"]
    assert cdr["seconds"] > 0
    assert cdr["duration_seconds"] >= cdr["seconds"]


def test_a_call_to_no_number_of_ours_has_its_record(service: VoiceService) -> None:
    phone = service.phone()
    assert phone.call("0999").status == 404
    (cdr,) = service.cdrs(phone.number)
    assert (cdr["result"], cdr["sip_status"], cdr["cause"]) == ("refused", 404, 1)
    assert (cdr["answered_at"], cdr["seconds"]) == (None, 0.0)


def test_a_turn_that_fails_is_apologised_for_and_ends_the_call(
    service: VoiceService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key's turn fails (not logged, as a traceback in a log is what tests of others fail by)."""
    take_turn, failures = desk.take_turn, []

    def take(arrival: Any, *rest: Any) -> Any:
        if isinstance(arrival.event, Replied):
            raise RuntimeError("a bug")
        return take_turn(arrival, *rest)

    monkeypatch.setattr(desk, "take_turn", take)
    monkeypatch.setattr(desk.Desk, "_report", lambda _, *failed: failures.append(failed))
    phone = service.phone()
    phone.call()
    phone.listen(0.1)
    phone.press("9")
    bye = phone.until(is_request("BYE"), seconds=15)
    assert bye.get("Reason") == "Q.850;cause=41"
    (cdr,) = service.cdrs(phone.number)
    assert (cdr["hung_up_by"], cdr["cause"]) == ("gateway", 41)
    assert len(failures) == 1


@pytest.mark.parametrize(("headers", "missing"), [(("Supported: 100rel",), False), ((), True)])
def test_a_reliable_warning_waits_for_its_prack(
    service: VoiceService, headers: tuple[str, ...], missing: bool
) -> None:
    """RFC 3262: where the caller can, 183 carries RSeq and comes again until PRACK."""
    phone = service.phone("79220000004")
    phone.invite("+79221110505", *headers)
    early = phone.until(lambda message: message.status == 183)
    assert (early.get("RSeq") == "") is missing
    if not missing:
        again = phone.until(lambda message: message.status == 183)
        assert again.get("RSeq") == early.get("RSeq")
        phone.learn(early)
        phone.send("PRACK", f"RAck: {early.get('RSeq')} 1 INVITE")
        assert phone.response("PRACK").status == 200
    phone.send("CANCEL", cseq=1)
    phone.until(lambda message: message.status == 487)


def test_a_password_that_is_asked_for_is_checked_beside_the_turns(service: VoiceService) -> None:
    """A promised payment wants the cabinet's password: a wrong one is asked for again."""
    phone, states = service.phone("79220000001"), []

    def listen(kind: str, fields: Any) -> None:
        if kind == "call" and fields["msisdn"] == phone.number:
            states.append(fields.get("state", fields["event"]))

    forget = service.served.service.api.subscribe(listen)
    phone.call()
    for keys in ("1", "4", "901370#"):
        phone.listen(0.3)
        phone.press(keys)
    phone.listen(0.8)
    phone.bye()
    service.cdrs(phone.number)
    forget()
    assert states[:4] == ["voice.root", "voice.acct", "voice.auth", "voice.auth.bad"]
    assert "901370" not in service.written() + repr(service.served.log) + repr(states)
