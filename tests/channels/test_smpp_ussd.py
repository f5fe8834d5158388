"""USSD dialogues over real sockets: keys, ends, codings, dialects, and what breaks them off."""

from __future__ import annotations

import pytest

from gateway.wire.smpp.pdu import DataSm, SubmitSm
from gateway.wire.smpp.profiles import PROFILES, Profile, SessionKey
from gateway.wire.smpp.status import Status as S
from gateway.wire.smpp.tlv import ITS_SESSION_INFO, MESSAGE_PAYLOAD, USSD_SERVICE_OP
from gateway.wire.smpp.ussd import Step

RUSSIAN = "79220000001"
ENGLISH = "79220000002"
MENU = "1 Мой счёт"
LOCAL = Profile(
    "local",
    SessionKey.ITS15,
    gsm7=0,
    ucs2=8,
    service_types=frozenset(("USSD", "P9")),
    op_abort=130,
)


def test_a_dialogue_from_the_first_page_to_the_last(connect, msisdn):
    network = connect()
    main = network.dial(msisdn)
    assert (main.op, main.more, main.session_info) == (2, True, None)
    assert main.text.startswith(MENU)
    pdu = main.pdu
    assert (pdu.source_addr, pdu.destination_addr) == ("105", msisdn)
    assert (pdu.source_addr_ton, pdu.source_addr_npi) == (0, 1)
    assert (pdu.dest_addr_ton, pdu.dest_addr_npi) == (1, 1)
    assert "Баланс" in network.answer(msisdn, "1").text
    balance = network.answer(msisdn, "1")
    assert "100,00" in balance.text
    last = network.dial(msisdn, "*100#", code="100")
    assert (last.op, last.more) == (17, False)


def test_the_session_number_comes_back_and_the_last_page_sets_the_end_bit(connect, msisdn):
    network = connect()
    main = network.dial(msisdn, session=7, unit=1)
    assert main.session_info == b"\x07\x00"
    last = network.dial(msisdn, "*100#", session=9)
    assert (last.op, last.session_info) == (17, b"\x09\x01")
    assert network.answer(msisdn, "1", session=7).more, "session 7 is still open"


def test_one_handset_holds_two_sessions_at_once(connect, msisdn):
    network = connect()
    network.dial(msisdn, session=1)
    network.dial(msisdn, session=2)
    assert "Баланс" in network.answer(msisdn, "1", session=1).text
    assert "Баланс" not in network.answer(msisdn, "8", session=2).text


def test_the_end_bit_of_the_subscriber_ends_it(connect, msisdn):
    network = connect()
    network.dial(msisdn, session=5)
    pdu = network.operation(Step.CONTINUE, msisdn, "", session=5)
    pdu.tlvs = ((USSD_SERVICE_OP, b"\x12"), (ITS_SESSION_INFO, b"\x05\x03"))
    assert network.ask(pdu).status == 0
    late = network.answer(msisdn, "1", session=5)
    assert (late.op, late.more) == (17, False)


def test_a_network_that_carries_less_is_shown_shorter_pages(connect, msisdn):
    network = connect("short")
    first = network.dial(msisdn)
    second = network.answer(msisdn, "9")
    assert max(len(page.pdu.message) for page in (first, second)) <= 80
    assert first.text.startswith(MENU)
    assert first.text.endswith("9 Ещё")
    assert second.text != first.text


def test_a_release_ends_it_and_is_told_in_the_log(house, connect, msisdn):
    network = connect()
    network.dial(msisdn)
    assert network.release(msisdn) == 0
    assert not network.answer(msisdn, "1").more


def test_a_redial_begins_anew(connect, msisdn):
    network = connect()
    network.dial(msisdn)
    network.answer(msisdn, "1")
    assert network.dial(msisdn).text.startswith(MENU)
    assert "Баланс" in network.answer(msisdn, "1").text


def test_a_page_the_network_refuses_is_the_end_of_its_dialogue(house, connect, msisdn):
    network = connect()
    network.answering = lambda pdu: S.ESME_RX_T_APPN if pdu.command == 5 else 0
    network.dial(msisdn)
    network.answering = lambda pdu: 0
    house.logged("a page could not be shown", reason="ESME_RX_T_APPN")
    assert not network.answer(msisdn, "1").more


@pytest.mark.parametrize(
    ("coding", "encoding"),
    [(0x0F, "ascii"), (0x00, "ascii"), (0x48, "utf-16-be"), (8, "utf-16-be")],
)
def test_data_codings_of_a_dialled_string(connect, msisdn, coding, encoding):
    network = connect()
    pdu = network.operation(Step.BEGIN, msisdn, "")
    pdu.data_coding, pdu.short_message = coding, "*105#".encode(encoding)
    assert network.ask(pdu).status == 0
    assert network.page(msisdn).text.startswith(MENU)


@pytest.mark.parametrize(
    ("coding", "octets"),
    [(0x0F, b"1"), (0, b" 1\r"), (0x48, b"\x001"), (8, b"\x001"), (0x44, b"1"), (0x11, b"\x001")],
)
def test_data_codings_of_an_answer(connect, msisdn, coding, octets):
    network = connect()
    network.dial(msisdn)
    pdu = network.operation(Step.CONTINUE, msisdn, "")
    pdu.data_coding, pdu.short_message = coding, octets
    assert network.ask(pdu).status == 0
    assert "Баланс" in network.page(msisdn).text


def test_an_answer_no_key_stands_for_is_asked_again(connect, msisdn):
    network = connect()
    menu = network.dial(msisdn).text
    again = network.answer(msisdn, "Привет, €[]")
    assert again.pdu.data_coding == 0x48
    assert again.more
    assert again.text != menu


def test_a_page_is_gsm_7_bit_where_that_holds_it_and_ucs_2_elsewhere(connect):
    network = connect()
    english, russian = network.dial(ENGLISH, session=3), network.dial(RUSSIAN, session=3)
    assert (english.pdu.data_coding, english.text[:1]) == (0x0F, "1")
    assert (russian.pdu.data_coding, russian.pdu.short_message[:2]) == (0x48, b"\x001")
    assert max(len(page.pdu.short_message) for page in (english, russian)) <= 182
    assert len(russian.pdu.short_message) <= 160


@pytest.mark.parametrize(
    ("code", "text"),
    [("105", "*105#"), ("*105#", "*105#"), ("", "*105#"), ("*105#", ""), ("105", "")],
)
def test_the_code_may_stand_in_the_text_or_the_destination(connect, msisdn, code, text):
    network = connect()
    page = network.dial(msisdn, text, code=code)
    assert page.text.startswith(MENU)
    assert page.pdu.source_addr.strip("*#") in ("105", "")


@pytest.mark.parametrize("destination", ["105", "*105#"])
def test_a_dialled_text_without_any_operation_opens_a_dialogue(connect, msisdn, destination):
    network = connect()
    pdu = SubmitSm(source_addr=f"+{msisdn}", destination_addr=destination, short_message=b"*105#")
    assert network.ask(pdu).status == 0
    assert network.page(msisdn).text.startswith(MENU)
    answer = SubmitSm(
        source_addr=msisdn, destination_addr=destination, service_type="USSD", short_message=b"1"
    )
    assert network.ask(answer).status == 0
    assert "Баланс" in network.page(msisdn).text


def test_ussd_by_data_sm(connect, msisdn):
    network = connect()
    for step, text, says in ((1, b"*105#", MENU), (18, b"1", "Баланс")):
        pdu = DataSm(
            service_type="USSD",
            source_addr=msisdn,
            destination_addr="105",
            data_coding=0x0F,
            tlvs=((USSD_SERVICE_OP, bytes((step,))), (MESSAGE_PAYLOAD, text)),
        )
        answer = network.ask(pdu)
        assert answer.status == 0
        assert answer.message_id
        assert says in network.page(msisdn).text


@pytest.mark.parametrize("name", [*sorted(PROFILES), "local"])
def test_each_dialect_holds_a_dialogue_to_its_end(connect, msisdn, name):
    """Menu, answer, release, and a last page, each carried as the row says."""
    profile = PROFILES.get(name, LOCAL)
    network = connect("harness" if name == "default" else name, profile=profile)
    session = {} if profile.session_key is SessionKey.MSISDN else {"session": 0x42}
    fields = {"gsm7": profile.gsm7, "ucs2": profile.ucs2} | session
    main = network.dial(msisdn, **fields)
    assert main.text.startswith(MENU)
    assert (main.op, main.operation.session) == (profile.op_continue, session.get("session"))
    assert main.pdu.service_type == profile.service_type
    assert (main.pdu.source_addr_ton, main.pdu.source_addr_npi) == profile.code_ton_npi
    assert main.pdu.data_coding == profile.ucs2
    assert "Баланс" in network.answer(msisdn, "1", **fields).text
    assert network.release(msisdn, **fields) == 0
    assert not network.answer(msisdn, "1", **fields).more
    last = network.dial(msisdn, "*100#", code="100", **fields)
    assert (last.op, last.more) == (profile.op_end, False)
    if last.session_info is not None and profile.end_bit:
        assert last.session_info[1] & 1


def test_the_opaque_session_of_echo_comes_back_as_it_went(connect, msisdn):
    network = connect("echo", profile=PROFILES["echo"])
    assert network.dial(msisdn, session=0xABCD).session_info == b"\xab\xcd"


def test_a_peer_below_3_4_gets_pages_without_tlvs(connect, msisdn):
    network = connect("old", interface_version=0x33)
    pdu = network.operation(Step.BEGIN, msisdn, "*105#")
    answer = network.ask(pdu)
    assert (answer.status, len(answer.message_id)) == (0, 8)
    assert network.page(msisdn).pdu.tlvs == ()


def test_a_data_sm_dialect_to_a_peer_below_3_4_ends_the_dialogue_and_says_so(
    house, connect, msisdn
):
    """No PDU can carry its pages: the session survives, the log names the reason."""
    network = connect("echo_data", interface_version=0x33, profile=PROFILES["echo_data"])
    assert network.ask(network.operation(Step.BEGIN, msisdn, "*105#")).status == 0
    assert "3.4" in house.logged("a page could not be shown", link="echo_data")["reason"]
    assert network.ask(network.operation(Step.BEGIN, msisdn, "*105#")).status == 0


def test_message_ids_of_steps_are_all_different(connect, msisdn):
    network = connect()
    ids = set()
    for step, text in ((Step.BEGIN, "*105#"), (Step.CONTINUE, "1"), (Step.CONTINUE, "0")):
        ids.add(network.ask(network.operation(step, msisdn, text)).message_id)
        network.page(msisdn)
    assert len(ids) == 3
    assert all(len(each) == 8 for each in ids)


def test_a_number_unknown_to_us_gets_one_clear_page(house, connect):
    network = connect()
    page = network.dial("79229999999")
    assert (page.op, page.more) == (17, False)
    assert page.text
    house.until("/metrics", lambda text: 'dialogues_total{channel="ussd",result="refused"}' in text)
