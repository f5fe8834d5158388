"""A bind's end against the SMSC's: long messages joined, statuses by name, a refused bind told."""

from __future__ import annotations

from typing import Any

from gateway.channels.smpp_sms import sms_pdus
from gateway.domain.port import Sms
from gateway.phone.radio import Down, Paged, Radio, Texted, Up
from gateway.wire.smpp.events import BindRequested
from gateway.wire.smpp.pdu import SubmitSm
from gateway.wire.smpp.session import Session
from gateway.wire.smpp.states import Role
from gateway.wire.smpp.status import Status as S
from gateway.wire.smpp.ussd import Direction, Operation, Step, build

WHO = "79220000001"


class Pair:
    """A radio and the session it talks to, their octets carried by hand."""

    def __init__(self) -> None:
        self.radio = Radio("harness", "harness1", 0.0, WHO.__eq__)
        self.smsc = Session.server(0.0)
        [self.asked] = self.smsc.receive(self.radio.to_send(), 0.0)
        assert isinstance(self.asked, BindRequested)

    def bound(self) -> Pair:
        self.smsc.accept_bind(0.0, "smsc")
        assert self.down() == [Up()]
        return self

    def down(self) -> list[Any]:
        """What the radio makes of all that the SMSC sends."""
        return self.radio.receive(b"".join(self.smsc.data_to_send()), 0.0)

    def up(self) -> list[Any]:
        """What the SMSC makes of all that the radio sends."""
        return self.smsc.receive(self.radio.to_send(), 0.0)


def test_a_long_sms_is_joined_in_any_order_and_a_page_is_a_page():
    pair = Pair().bound()
    text = "Длинное сообщение. " * 12
    parts = sms_pdus(Sms("1", "", WHO, "000105", text, 0.0), Role.SMSC)
    assert len(parts) > 2
    for part in reversed(parts):
        pair.smsc.request(part, None, 0.0)
    page = Operation(Step.CONTINUE, WHO, "105", b"menu", 0x0F)
    pair.smsc.request(build(page, Direction.MT, Role.SMSC), None, 0.0)
    assert pair.down() == [Texted(WHO, "000105", text), Paged(WHO, "menu", more=True)]


def test_an_sms_for_a_number_nobody_holds_is_rejected():
    pair = Pair().bound()
    [sms] = sms_pdus(Sms("1", "", "79220000002", "000105", "one", 0.0), Role.SMSC)
    pair.smsc.request(sms, "to somebody else", 0.0)
    assert pair.down() == []
    [answer] = pair.up()
    assert (answer.context, answer.status) == ("to somebody else", S.ESME_RX_R_APPN)


def test_a_long_sms_is_cut_and_each_part_is_answered():
    pair, answers = Pair().bound(), []
    pair.radio.text(WHO, "000110", "ы" * 100, answers.append, 0.0)
    first, second = pair.up()
    assert isinstance(first, SubmitSm)
    assert (first.source_addr, first.destination_addr, first.esm_class) == (WHO, "000110", 0x40)
    pair.smsc.respond(first, message_id="1")
    pair.smsc.respond(second, 0x58)
    pair.down()
    assert answers == ["", "ESME_RTHROTTLED"]


def test_what_is_sent_while_not_bound_is_answered_at_once():
    pair, answers = Pair(), []
    pair.radio.ussd(Step.BEGIN, WHO, "105", "*105#", answers.append, 0.0)
    assert len(answers) == 1
    assert answers[0], "it says why"


def test_what_no_pdu_holds_is_answered_and_not_raised():
    pair, answers = Pair().bound(), []
    pair.radio.ussd(Step.BEGIN, WHO, "привет", "привет", answers.append, 0.0)
    pair.radio.text(WHO, "1" * 21, "00", answers.append, 0.0)
    pair.radio.text(WHO, "000110", "ы" * 20_000, answers.append, 0.0)
    assert len(answers) == 3
    assert all(answers)
    assert pair.up() == []


def test_a_refused_bind_is_told_by_the_name_of_its_status():
    pair = Pair()
    pair.smsc.refuse_bind(0.0, 0x0E)
    down = [each for each in pair.down() if isinstance(each, Down)]
    assert down[0] == Down("the bind was refused with ESME_RINVPASWD", refused=True)


def test_a_lost_connection_loses_what_waits():
    pair, answers = Pair().bound(), []
    pair.radio.text(WHO, "000110", "00", answers.append, 0.0)
    assert any(isinstance(each, Down) for each in pair.radio.lost(0.0))
    assert answers == ["no answer"]
