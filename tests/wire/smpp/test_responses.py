"""Each operation is answered by its own response."""

from __future__ import annotations

import pytest

from gateway.wire.smpp import codec, commands
from gateway.wire.smpp.operations import (
    CancelSm,
    CancelSmResp,
    QuerySm,
    QuerySmResp,
    ReplaceSm,
    ReplaceSmResp,
    SmeAddress,
    SubmitMulti,
    SubmitMultiResp,
    UnsuccessSme,
)
from gateway.wire.smpp.pdu import (
    DataSm,
    Request,
    Response,
)
from gateway.wire.smpp.status import Status as S
from tests.wire.smpp.links import answers, bound_server, raw, sent

OWN_RESPONSES: list[tuple[Request, Response]] = [
    (QuerySm(7, "17"), QuerySmResp(0, 0, "17", "", 2, 0)),
    (CancelSm(7, "", "17"), CancelSmResp()),
    (ReplaceSm(7, "17", short_message=b"new"), ReplaceSmResp()),
    (
        SubmitMulti(7, destinations=(SmeAddress(0, 1, "105"),), short_message=b"1"),
        SubmitMultiResp(0, 0, "17", (UnsuccessSme(0, 1, "105", 0x0B),)),
    ),
]


@pytest.mark.parametrize(("request_", "response"), OWN_RESPONSES, ids=lambda p: type(p).__name__)
def test_each_operation_has_its_own_response(request_: Request, response: Response) -> None:
    session = bound_server()
    assert session.receive(codec.build(request_), 1.0) == [request_]
    session.respond_with(request_, response)
    assert sent(session) == [response]
    assert response.sequence == 7
    session.receive(codec.build(request_), 1.0)
    session.respond(request_, S.ESME_RSYSERR)
    name = commands.name_of(request_.command | commands.RESPONSE_BIT)
    assert answers(session) == [(name, S.ESME_RSYSERR, 7)]


def test_data_sm_is_answered_with_its_message_id() -> None:
    session = bound_server()
    pdu = DataSm(7, "", 1, 1, "111", 0, 1, "105", tlvs=((0x0424, b"1"),))
    release = DataSm(8, "USSD", 1, 1, "111", tlvs=((0x0501, b"\x81"),))
    assert session.receive(codec.build(pdu) + codec.build(release), 1.0) == [pdu, release]
    session.respond(pdu, 0, "17")
    assert session.data_to_send() == [raw(commands.DATA_SM_RESP, b"17\0")]
