"""SIP of a server that is called (RFC 3261), SDP offer/answer (RFC 3264) and digest, sans-IO.

    uas = SipUas(Settings(), ids, local)
    for event in uas.receive(data, source, "udp", now):
        match event:
            case Invited(call=call, offer=offer):
                ...                                       # open the media
                uas.answer(call, now, offer.answer(Local(host, port, session_id)))
            case Ended(call=call):
                ...
    for data, destination, transport in uas.data_to_send():
        ...

A request is read tolerantly and answered exactly; what it says of its path (Via, From, To, Call-ID,
CSeq, Record-Route) is copied into the answer as it came. What can be refused by looking at the
message alone is refused without keeping anything (RFC 3261 §8.2.7), so a flood leaves nothing
behind. Nothing a peer sends raises past `SipUas`.
"""
