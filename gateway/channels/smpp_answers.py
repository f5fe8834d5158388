"""query_sm, cancel_sm, replace_sm: answered from what is known of a message; all else as refused.

See `smpp_messages` for why nothing is ever left to cancel or replace.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from gateway.channels.smpp_messages import Messages
from gateway.wire.smpp.operations import CancelSm, QuerySm, QuerySmResp, ReplaceSm
from gateway.wire.smpp.pdu import AlertNotification, Outbind
from gateway.wire.smpp.session import Session
from gateway.wire.smpp.status import Status
from gateway.wire.smpp.times import absolute_time

_LATE = {CancelSm: Status.ESME_RCANCELFAIL, ReplaceSm: Status.ESME_RREPLACEFAIL}
_SILENT = (AlertNotification, Outbind)


def answer_other(messages: Messages, session: Session, pdu: Any) -> None:
    """Answer a request that carries no message (v3.4 §4.8-4.10)."""
    if isinstance(pdu, _SILENT):
        return
    found = messages.find(pdu.message_id, pdu.source_addr)
    if isinstance(pdu, QuerySm):
        if found is None:
            session.respond(pdu, Status.ESME_RQUERYFAIL)
            return
        done = absolute_time(datetime.fromtimestamp(found.at, UTC))
        session.respond_with(
            pdu, QuerySmResp(message_id=pdu.message_id, final_date=done, message_state=found.state)
        )
    else:
        session.respond(pdu, _LATE[type(pdu)] if found is not None else Status.ESME_RINVMSGID)
