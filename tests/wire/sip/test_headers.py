"""URIs and single header fields, as tables: what is written, what is read of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wire.sip.errors import ProtocolError
from gateway.wire.sip.grammar import (
    format_params,
    parse_params,
    same_host,
    split_list,
    unquote_string,
)
from gateway.wire.sip.headers import (
    CSeq,
    Interval,
    RAck,
    parse_address,
    parse_cseq,
    parse_interval,
    parse_media_type,
    parse_rack,
    parse_via,
)
from gateway.wire.sip.message import Headers
from gateway.wire.sip.network import asserted_user, visited_plmn
from gateway.wire.sip.requests import reason_of
from gateway.wire.sip.uri import parse_uri


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("sip:0505@host", "0505"),
        ("SIP:0505:secret@host:5070;user=phone?Subject=x", "0505"),
        ("sip:*105%23@host;user=dialstring", "*105#"),
        ("sip:*105#@host", "*105#"),
        ("sip:*135%23;phone-context=home1.net@home1.net;user=dialstring", "*135#"),
        ("sip:+7-922-111-05-05;isub=1@host;user=phone", "+79221110505"),
        ("tel:+7(922)111.05-05;phone-context=x", "+79221110505"),
        ("sips:bob@[2001:db8::1]:5061", "bob"),
        ("sip:host", ""),
    ],
)
def test_the_number_dialled(text, number):
    assert parse_uri(text).number == number


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("sip:a@[2001:db8::1]:5070", "[2001:db8::1]", 5070),
        ("sip:a@under_score.4x.example", "under_score.4x.example", None),
        ("sip:[::1];transport=TCP", "[::1]", None),
    ],
)
def test_hosts(text, host, port):
    uri = parse_uri(text)
    assert (uri.host, uri.port, str(uri)) == (host, port, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "host",
        "sip:",
        "sip:a@",
        "sip:2001:db8::1",
        "sip:a@b:99999",
        "<sip:a@b>",
        "sip:a @b",
        "sip:a@b;",
        "sip:a@[::1",
        "sip:a@b\0",
        "4sip:x",
    ],
)
def test_bad_uris(text):
    with pytest.raises(ProtocolError):
        parse_uri(text)


USER = st.text("ab1+*#;=?/&$,%-_.!~'()", min_size=1, max_size=12)


@given(USER, st.sampled_from(["host", "10.0.0.1", "[::1]"]), st.none() | st.integers(0, 65535))
def test_a_uri_written_is_read(user, host, port):
    text = f"sip:{user}@{host}" + (f":{port}" if port is not None else "")
    assert str(parse_uri(text)) == text


@pytest.mark.parametrize(
    ("value", "uri", "tag"),
    [
        ('"A \\"B\\" <x>, C" <sip:a@b;p=1>;tag=1', "sip:a@b;p=1", "1"),
        ("sip:a@b;TAG=1", "sip:a@b", "1"),
        ("caller<sip:a@b>;tag=1;self", "sip:a@b", "1"),
        ("A B <sip:a@b> ; tag = 1", "sip:a@b", "1"),
        ("A, B < sip:a@b >;tag=1", "sip:a@b", "1"),
        ('<sip:a@b>;+sip.instance="<urn:uuid:1-2>"', "sip:a@b", ""),
        ("<tel:+7922>", "tel:+7922", ""),
    ],
)
def test_addresses(value, uri, tag):
    address = parse_address(value, "To")
    assert (address.uri, address.tag) == (uri, tag)


@pytest.mark.parametrize("value", ["", '"A <sip:a@b>', "<sip:a@b", "sip:a@b>", "<sip:a@b> x", "<>"])
def test_bad_addresses(value):
    with pytest.raises(ProtocolError, match="To"):
        parse_address(value, "To")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("SIP/2.0/UDP a.b:5060;branch=x", "SIP/2.0/UDP a.b:5060;branch=x"),
        (
            "sip / 2.0 / tcp  [::1] : 5060 ; Branch = x , SIP/2.0/UDP c",
            "SIP/2.0/TCP [::1]:5060;branch=x",
        ),
        ("SIP/2.0/UDP a;received=2001:db8::1", "SIP/2.0/UDP a;received=2001:db8::1"),
    ],
)
def test_via(value, written):
    assert str(parse_via(value)) == written


@pytest.mark.parametrize(
    "value", ["", "UDP a", "SIP/2.0/UDP", "SIP/2.0/UDP a;;", "SIP/2.0/UDP a:x"]
)
def test_bad_via(value):
    with pytest.raises(ProtocolError):
        parse_via(value)


@pytest.mark.parametrize(
    ("read", "value", "result"),
    [
        (parse_cseq, "0009  INVITE", CSeq(9, "INVITE")),
        (parse_cseq, "2147483647 A", CSeq(2**31 - 1, "A")),
        (parse_rack, "776656 1 INVITE", RAck(776656, CSeq(1, "INVITE"))),
        (parse_interval, "1800;refresher=UAS", Interval(1800, "uas")),
        (parse_interval, "90", Interval(90, "")),
        (parse_cseq, "2147483648 A", None),
        (parse_cseq, "1", None),
        (parse_cseq, "-1 A", None),
        (parse_cseq, "\u0661 A", None),  # a digit, but not of ours
        (parse_rack, "1 INVITE", None),
        (parse_interval, "soon", None),
        (parse_interval, "90;;", None),
        (parse_media_type, "text", None),
    ],
)
def test_numbers(read, value, result):
    if result is not None:
        assert read(value) == result
        return
    with pytest.raises(ProtocolError):
        read(value)


def test_media_types():
    kind = parse_media_type('Multipart/Mixed; boundary="a;b"')
    assert kind.name == "multipart/mixed"
    assert unquote_string(kind.params["boundary"] or "") == "a;b"


def test_lists_are_split_outside_quotes_and_brackets():
    value = 'a, "b, \\" c" <sip:d,e>;f , <g,h>'
    assert split_list(value) == ["a", '"b, \\" c" <sip:d,e>;f', "<g,h>"]


@given(
    st.dictionaries(
        st.text("abcdef-", min_size=1, max_size=6),
        st.none() | st.text("xyz19.:[]", max_size=6),
        max_size=5,
    )
)
def test_parameters_written_are_read(params):
    assert parse_params(format_params(params)) == params


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Example.ORG", "example.org", True),
        ("[2001:db8::1]", "2001:DB8:0::1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("a", "10.0.0.1", False),
    ],
)
def test_hosts_are_compared(one, other, same):
    assert same_host(one, other) is same


@pytest.mark.parametrize(
    ("name", "value", "plmn"),
    [
        ("P-Access-Network-Info", "3GPP-E-UTRAN-FDD; utran-cell-id-3gpp=2500112342abcdef", "25001"),
        ("P-Access-Network-Info", '3GPP-GERAN; cgi-3gpp="310410abcd1234"', "310410"),
        ("P-Access-Network-Info", "3GPP-UTRAN-FDD;utran-cell-id-3gpp=25099ABCD1234567", "25099"),
        ("P-Access-Network-Info", "3GPP-NR-TDD;utran-cell-id-3gpp=25002123456123456789", "25002"),
        ("P-Access-Network-Info", "IEEE-802.11; i-wlan-node-id=1", None),
        ("P-Access-Network-Info", "3GPP-E-UTRAN;utran-cell-id-3gpp=12", None),
        ("P-Access-Network-Info", "3GPP-E-UTRAN;;", None),
        ("P-Visited-Network-ID", '"ims.mnc001.mcc262.3gppnetwork.org"', "26201"),
        ("P-Visited-Network-ID", "ims.mnc004.mcc310.3gppnetwork.org", "310004"),
        ("P-Visited-Network-ID", "26201", "26201"),
        ("P-Visited-Network-ID", '"A network"', None),
        ("X", "26201", None),
    ],
)
def test_the_visited_network(name, value, plmn):
    assert visited_plmn(Headers([(name, value)])) == plmn


@pytest.mark.parametrize(
    ("value", "user"),
    [
        ('"A" <sip:+7-922-000@x;user=phone>, <tel:+7923>', "+7922000"),
        ("<sip:x>, <tel:+7923>", "+7923"),
        ("<broken", None),
    ],
)
def test_the_asserted_identity(value, user):
    assert asserted_user(Headers([("P-Asserted-Identity", value)])) == user


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("Q.850;cause=16", (16, "")),
        ('SIP;cause=480, q.850 ;cause=31;text="Normal, so to say"', (31, "Normal, so to say")),
        ("Q.850;cause=x", (None, "")),
        ("Q.850;;", (None, "")),
        ("SIP;cause=200", (None, "")),
    ],
)
def test_the_reason_of_an_end(value, reason):
    assert reason_of(Headers([("Reason", value)])) == reason
