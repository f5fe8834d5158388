"""A gateway in a `with`: phones over the real SMPP port, what they expect, and how they fail."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from smpplib.client import Client

from gateway.phone.line import Refused
from gateway.service.errors import Fault
from gateway.testing import Gateway, Unexpected, contains, equal, like, money, regex
from gateway.testing.phone import Phone

PRIVATE, ENGLISH, POOR = "79220000001", "79220000002", "79220000003"


@pytest.fixture(scope="module")
def gw(reactor_thread):
    with Gateway.start(subscribers=10) as gateway:
        yield gateway


def test_a_dialogue_is_held_as_by_pexpect(gw):
    phone = gw.phone(PRIVATE)
    phone.dial("*105#").expect("Мой счёт", within=2).send("1").expect(regex("^2 Расходы$"))
    phone.send("1").expect(money(250), contains("Бонусы: 500"), like("Баланс: <money>\n<any>"))
    phone.hang_up()
    phone.dial("*100#").expect("Баланс").end()
    assert phone.screen.startswith("Баланс")


def test_a_number_is_one_phone_however_it_is_written(gw):
    assert gw.phone("+7 922 000-00-01") is gw.phone(PRIVATE)
    with pytest.raises(ValueError, match="no MSISDN"):
        gw.phone("105")
    with pytest.raises(ValueError, match="no SMPP account"):
        gw.phone("79230000009", bind="nobody")
    with pytest.raises(ValueError, match="did you mean 'harness'"):
        gw.phone("79230000009", bind="harnes")
    with pytest.raises(ValueError, match="behind 'harness' already"):
        gw.phone(PRIVATE, bind="other")
    with pytest.raises(ValueError, match="no SIP account 'pbx'"):
        gw.phone("79230000009", sip_user="pbx")


def test_sms_charges_and_balance(gw):
    phone = gw.phone(ENGLISH)
    phone.sms("000100", "BALANCE").expect_sms("1000", sender="000100")
    assert [sms.sender for sms in phone.inbox] == ["000100"]
    assert phone.charges()[-1].rule == "CH03"
    assert phone.balance == 100_000


def test_pages_wait_to_be_expected_in_their_order(gw):
    """Doing never waits: two dialogues are begun at once, and nothing of theirs is lost."""
    gw.phone("79230000000").dial("*100#")
    gw.phone("79230000001").dial("*105#")
    gw.phone("79230000001").expect("Мой счёт")
    gw.phone("79230000000").expect(money(100)).expect_nothing(within=0.05)


def test_the_clock_stands_until_it_is_advanced(gw):
    before = gw.api("GET", "/v1/clock")["now"]
    phone = gw.phone("79230000002").dial("*105#").expect("Мой счёт")
    assert gw.api("GET", "/v1/clock")["now"] == before
    gw.clock.advance(181)
    phone.expect("Время истекло").end()
    assert gw.api("GET", "/v1/clock")["now"] != before


def test_a_subscriber_moves(gw):
    phone = gw.phone("79230000003").move("26201")
    assert gw.api("GET", f"/v1/subscribers/{phone.msisdn}")["zone"] == "EUROPE"
    phone.dial("*100#").expect(money(100))
    with pytest.raises(Refused):
        gw.api("GET", "/v1/subscribers/79990000000")


def test_a_failure_tells_screens_difference_timeline_and_dialogue(gw):
    phone = gw.phone("79230000004").dial("*105#").expect("Мой счёт").send("1").expect("Баланс")
    phone.send("1")
    with pytest.raises(Unexpected) as failed:
        phone.expect(equal("Баланс: 99,00 р.\nБонусы: 0\nЛимит: 0 р.\n0 Назад"), within=3)
    told = str(failed.value)
    dialogue = phone.story.dialogue
    assert told.splitlines()[0] == (
        f"{phone.msisdn} expected a text equal to the text expected within 3 s: it came otherwise"
    )
    assert told.count("  screen") == 3
    assert "!  Баланс: 99,00 р.    Баланс: 100,00 р." in told
    assert [line.split("  ")[-1] for line in told.splitlines() if "answers" in line] == [
        "answers 1"
    ] * 2
    assert "turn of" in told
    assert told.endswith(f"  dialogue {dialogue}")
    assert dialogue


def test_nothing_came_is_told(gw):
    with pytest.raises(Unexpected) as failed:
        gw.phone("79230000005").expect("Баланс", within=0.01)
    assert "nothing came" in str(failed.value)
    assert "dialogue none" in str(failed.value)


@pytest.mark.parametrize(
    ("does", "says"),
    [
        (lambda phone: phone.expect(money("99.99")), "naming 99.99 roubles"),
        (lambda phone: phone.expect(regex("^Bal")), "matching '^Bal'"),
        (lambda phone: phone.expect("Баланс", "Лимит"), "containing 'Баланс' and"),
        (lambda phone: phone.expect("Баланс").send("1").expect("x"), "refused err.timeout"),
        (lambda phone: phone.expect_refused("ESME_RTHROTTLED"), "it came otherwise"),
        (lambda phone: phone.expect_nothing(within=2), "something came"),
        (
            lambda phone: phone.sms("000100", "BALANCE").expect_sms(sender="000110"),
            "not from 000110",
        ),
        (lambda phone: Phone.end(phone.dial("*105#").expect().expect()), "is not over"),
    ],
)
def test_each_expectation_can_fail(gw, does, says):
    phone = gw.phone("79230000006")
    try:
        with pytest.raises(Unexpected) as failed:
            does(phone.dial("*100#"))
        assert says in str(failed.value)
    finally:
        phone.hang_up()
        _emptied(phone)


def _emptied(phone: Phone) -> None:
    """What came and was not taken belongs to no test after this one."""
    while True:
        try:
            phone.expect_nothing(within=0.05)
        except Unexpected:
            continue
        return


def test_it_leaves_nothing_behind(reactor_thread):
    with Gateway.start() as gateway:
        data, port = gateway.config.data, gateway.ports["smpp"]
        gateway.phone(PRIVATE).dial("*100#").expect(money(250))
        assert data.is_dir()
    assert not data.exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 1)


def test_two_live_side_by_side(gw):
    with Gateway.start(clock="system") as other:
        other.phone(PRIVATE).dial("*100#").expect(money(250))
        assert other.ports["smpp"] != gw.ports["smpp"]
    gw.phone(PRIVATE).dial("*100#").expect(money(250))


def test_each_test_may_have_a_phone_that_was_never_used(reactor_thread):
    with Gateway.start(subscribers=3) as gateway:
        used = gateway.phone("79230000001")
        fresh = {gateway.fresh_phone().msisdn, gateway.fresh_phone().msisdn}
        assert fresh == {"79230000000", "79230000002"}
        assert used.msisdn not in fresh
        with pytest.raises(ValueError, match=r"start with more, Gateway.start\(subscribers="):
            gateway.fresh_phone()


def test_a_database_of_ones_own_stays(reactor_thread, tmp_path):
    database = f"sqlite:///{tmp_path / 'kept.db'}"
    for charges in (1, 2):
        with Gateway.start(database=database) as gateway:
            phone = gateway.phone(PRIVATE).dial("*100#").expect(money(250))
            assert len(phone.charges()) == charges


def test_a_file_may_be_given_as_what_would_be_in_it(reactor_thread):
    accounts = {"smpp_accounts": [{"system_id": "other", "password": "pw"}]}
    callers = {"sip_accounts": [{"user": "pbx", "password": "pw", "numbers_allowed": ["7922"]}]}
    with Gateway.start(file=accounts | callers, limits_calls_max=1) as gateway:
        phone = gateway.phone(PRIVATE, bind="other", sip_user="pbx")
        phone.dial("*100#").expect(money(250))
        phone.call("0505").expect("Здравствуйте")
        gateway.phone(ENGLISH).call("0505").expect_refused("503")


def test_several_threads_use_one_gateway(gw):
    def dials(number: int) -> str:
        phone = gw.phone(f"7923000000{number}")
        return phone.dial("*100#").expect(money(100)).hang_up().screen

    with ThreadPoolExecutor(4) as threads:
        assert len(list(threads.map(dials, [7, 8, 9, 7]))) == 4


def test_a_blocking_client_lives_beside_it(gw):
    """smpplib, in the thread of the test: it meets the same faults."""
    client = Client("127.0.0.1", gw.ports["smpp"], timeout=5, allow_unknown_opt_params=True)
    client.connect()
    try:
        client.bind_transmitter(system_id="harness", password="harness1")
        gw.faults.submit_sm(status="ESME_RTHROTTLED", times=1)
        for status in (0x58, 0):
            client.send_message(
                source_addr=PRIVATE, destination_addr="000100", short_message=b"BALANCE"
            )
            assert client.read_pdu().status == status
    finally:
        gw.faults.clear()
        client.disconnect()


INTERRUPTED = """
from gateway.testing import Gateway

with Gateway.start() as gw:
    gw.phone("79220000002").call("0505").expect("Hello")
    print(gw.config.data, flush=True)
    gw.phone("79220000002").expect("what never comes", within=60)
"""


def test_ctrl_c_in_the_middle_ends_it_at_once_and_leaves_nothing():
    script = [sys.executable, "-c", INTERRUPTED]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(script, **pipes) as process:
        data = Path(process.stdout.readline().strip())
        assert data.is_dir()
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=10)
    assert told.strip().endswith("KeyboardInterrupt")
    assert not data.exists()


@pytest.mark.parametrize(
    ("does", "error", "says"),
    [
        (lambda _: Gateway.start(smpp_prot=1), TypeError, "did you mean 'smpp_port'"),
        (lambda _: Gateway.start(smpp_port=99_999), Fault, "--smpp-port: must be a whole number"),
        (lambda gw: gw.phone(PRIVATE).dial(105), TypeError, r"is text, as '\*105#', not 105"),
        (lambda gw: gw.phone(PRIVATE).press("1").expect(), Unexpected, "no call is under way"),
        (lambda gw: gw.phone(PRIVATE).end(), Unexpected, "the dialogue is not over"),
        (
            lambda gw: gw.phone("79990000000").dial("*100#").expect("Balance"),
            Unexpected,
            r"the number is no subscriber's.*Gateway.start\(subscribers=",
        ),
        (
            lambda gw: gw.phone(PRIVATE).dial("*100#").expect_nothing(),
            Unexpected,
            "expected nothing within 0.3 s: something came",
        ),
        (
            lambda gw: gw.phone(PRIVATE).dial("*100#").expect_refused("ESME_RTHROTTLED"),
            Unexpected,
            "expected a text refusing it with 'ESME_RTHROTTLED' within 5 s: it came otherwise",
        ),
        (lambda gw: gw.faults.rtp(bogus=1), TypeError, "'bogus' is not said: those are: after"),
        (lambda gw: gw.clock.advance(-1), ValueError, "a clock advances by 0 to"),
        (lambda gw: gw.api("GET", "/v1/nothing"), Refused, "GET /openapi.json lists the paths"),
        (lambda gw: gw.pcap("/nowhere/run.pcap"), OSError, "/nowhere/run.pcap"),
    ],
)
def test_a_wrong_use_is_told_with_what_to_do(gw, does, error, says):
    gw.phone(PRIVATE).dial("*105#").expect()
    with pytest.raises(error, match=says):
        does(gw)


def test_the_clock_of_the_system_is_not_advanced(reactor_thread):
    with Gateway.start(clock="system") as gateway, pytest.raises(ValueError, match="'manual'"):
        gateway.clock.advance(1)


def test_what_cannot_be_served_is_a_fault(tmp_path):
    with pytest.raises(Fault, match=r"no \*\.yaml files"):
        Gateway.start(menus=tmp_path / "none")
    wrong = tmp_path / "gateway.yaml"
    wrong.write_text("smpp_accounts: [{system_id: x}]\n")
    with pytest.raises(Fault, match="password"):
        Gateway.start(file=Path(wrong))


def test_a_bug_of_the_gateways_fails_its_user(gw):
    gateway = Gateway.start()
    gateway.log.append({"event": "boom", "traceback": "ZeroDivisionError"})
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        gateway.close()


def test_a_bug_does_not_hide_what_failed(reactor_thread):
    gateway = Gateway.start()
    gateway.log.append({"event": "boom", "traceback": "ZeroDivisionError"})
    failed = KeyError("mine")
    gateway.__exit__(KeyError, failed, None)
    assert failed.__notes__ == ["the gateway logged:\nZeroDivisionError"]
