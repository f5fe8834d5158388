"""The HTTP API as a client sees it: real sockets, a standard client, a fake core behind."""

from __future__ import annotations

import json
import re
import socket
from collections import deque
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote

import jsonschema
import pytest
from openapi_spec_validator import validate as validate_openapi
from prometheus_client.parser import text_string_to_metric_families

from gateway.channels import http, sse
from tests.channels.fake_companies import NAME
from tests.channels.fake_core import ANNA, PASSWORD, FakeCore
from tests.channels.http_client import ONE, TOKEN, Api, api, listen

__all__ = ["api", "listen"]


def test_health_and_readiness_need_no_token(api: Api) -> None:
    assert api.ask("GET", "/healthz", token=None)[::2] == (200, {"status": "ok"})
    assert api.ask("GET", "/readyz", token=None)[::2] == (200, {"status": "ready"})
    api.core.reason = "the store does not answer"
    document = api.refused("GET", "/readyz", token=None)
    assert (document["status"], document["detail"]) == (503, "the store does not answer")


def test_metrics_are_text_that_the_parser_reads(api: Api) -> None:
    status, headers, body = api.ask("GET", "/metrics", token=None)
    assert status == 200
    assert headers["content-type"].startswith("text/plain")
    families = {family.name for family in text_string_to_metric_families(body.decode())}
    assert families == {"gateway_asked"}


@pytest.mark.parametrize("path", ["/openapi.json", "/v1/clock", "/v1/events", ONE])
@pytest.mark.parametrize("token", [None, "", "wrong", TOKEN + "x", TOKEN[:-1]])
def test_everything_else_needs_the_token(api: Api, path: str, token: str | None) -> None:
    status, headers, document = api.ask("GET", path, token=token)
    assert (status, document["refusal"]) == (401, "token_wrong")
    assert headers["www-authenticate"] == "Bearer"
    assert api.core.asked == []


def test_the_openapi_document_is_valid_and_tells_the_truth(api: Api) -> None:
    document = api.get("/openapi.json")
    validate_openapi(document)
    for path, call in document["paths"].items():
        if "get" in call and path not in ("/metrics", "/openapi.json", "/v1/events"):
            schema = call["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            named = {"{msisdn}": ANNA, "{company}": quote(NAME), "{order}": "7"}
            for name, value in named.items():
                path = path.replace(name, value)
            jsonschema.validate(api.get(path), schema)


def test_a_subscriber_is_shown_with_money_and_times_as_text(api: Api) -> None:
    one = api.get("/v1/subscribers/+7%20922%20000-00-01")
    assert api.core.asked == [("subscriber", ANNA)]
    assert (one["balance"], one["held"], one["points"]) == ("250.00", "0.00", 500)
    assert one["packages"] == [
        {"kind": "minutes", "left": 100, "total": 700, "until": "2025-11-25T10:00:00.000Z"}
    ]
    assert one["services"] == ["roaming"]


def test_a_subscriber_is_changed_and_moved(api: Api) -> None:
    status, _, one = api.ask("PATCH", ONE, {"language": "en", "login_alert": True})
    assert (status, one["language"]) == (200, "en")
    status, _, one = api.ask("PUT", f"{ONE}/location", {"plmn": "26201"})
    assert (status, one["zone"], one["plmn"]) == (200, "EUROPE", "26201")
    assert api.core.asked == [
        ("patch", ANNA, {"language": "en", "login_alert": True}),
        ("locate", ANNA, "26201", ""),
    ]


def test_a_device_that_was_bought_earns_points(api: Api) -> None:
    bought = {"amount": "1990.00", "receipt": "R-17"}
    status, _, one = api.ask("POST", f"{ONE}/devices", bought)
    assert (status, one["points"]) == (200, 19)
    assert api.core.asked == [("device", ANNA, 199_000, "R-17")]


def test_messages_and_charges(api: Api) -> None:
    assert api.get(f"{ONE}/messages") == [
        {"from": "000105", "text": "Пароль: 1", "at": "2025-11-25T10:00:00.000Z",
         "state": "delivered"}
    ]  # fmt: skip
    charge = api.get(f"{ONE}/charges")[0]
    assert (charge["price"], charge["amount"], charge["rule"]) == ("19.00", "19.00", "CH04")


def test_a_dialogue_goes_on_by_its_id(api: Api) -> None:
    dial = {"msisdn": "+79220000001", "text": "*105#"}
    status, _, first = api.ask("POST", "/v1/ussd", dial)
    assert (status, first) == (200, {"dialogue": "D1", "text": "Баланс *105#", "more": True})
    _, _, last = api.ask("POST", "/v1/ussd", {"msisdn": ANNA, "text": "1", "dialogue": "D1"})
    assert last["more"] is False
    assert api.core.asked == [("ussd", ANNA, "*105#", ""), ("ussd", ANNA, "1", "D1")]


def test_an_sms_is_taken(api: Api) -> None:
    body = {"from": ANNA, "to": "000-110", "text": "00"}
    assert api.ask("POST", "/v1/sms", body)[::2] == (202, {"id": "00A00001"})
    assert api.core.asked == [("sms", ANNA, "000110", "00")]


def test_a_login_counts_down_and_locks(api: Api) -> None:
    right = {"login": "9220000001", "password": PASSWORD}
    assert api.ask("POST", "/v1/login", right)[::2] == (200, {"msisdn": ANNA, "level": "account"})
    for left in (4, 3, 2, 1, 0):
        document = api.refused("POST", "/v1/login", {**right, "password": "111111"})
        assert (document["status"], document["attempts_left"]) == (401, left)
    assert api.refused("POST", "/v1/login", right)["status"] == 423


def test_the_clock_moves_only_where_it_is_manual(api: Api) -> None:
    assert api.get("/v1/clock") == {"now": "2025-11-25T10:00:00.000Z", "utc_offset": "+05:00"}
    status, _, body = api.ask("POST", "/v1/clock", {"advance_seconds": 1200})
    assert (status, body["now"]) == (200, "2025-11-25T10:20:00.000Z")
    api.core.manual = False
    document = api.refused("POST", "/v1/clock", {"advance_seconds": 1})
    assert (document["status"], document["refusal"]) == (409, "clock_is_system")


NO_JSON = "body_malformed"
WRONG = "field_wrong"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "refusal", "field"),
    [
        ("GET", "/v1/subscribers/123", None, 404, "subscriber_unknown", "msisdn"),
        ("GET", "/v1/subscribers/79220000042", None, 404, "subscriber_unknown", "msisdn"),
        ("POST", "/v1/sms", b"{", 400, NO_JSON, None),
        ("POST", "/v1/sms", b"", 400, NO_JSON, None),
        ("POST", "/v1/sms", b"\xff\xfe", 400, NO_JSON, None),
        ("POST", "/v1/sms", b"[" * 900, 400, NO_JSON, None),
        ("POST", "/v1/sms", [1], 400, NO_JSON, None),
        ("POST", "/v1/sms", {"from": ANNA, "to": "000110"}, 422, "field_missing", "text"),
        ("POST", "/v1/sms", {"from": ANNA, "to": "0", "x": 1}, 422, "field_unknown", "x"),
        ("POST", "/v1/sms", {"from": "12", "to": "0", "text": ""}, 422, WRONG, "from"),
        ("POST", "/v1/sms", {"from": ANNA, "to": "abc", "text": ""}, 422, WRONG, "to"),
        ("POST", "/v1/sms", {"from": ANNA, "to": "1", "text": "\x00"}, 422, WRONG, "text"),
        ("POST", "/v1/sms", {"from": ANNA, "to": "1", "text": "\ud800"}, 422, WRONG, "text"),
        ("POST", "/v1/sms", {"from": ANNA, "to": "1", "text": 7}, 422, WRONG, "text"),
        ("POST", "/v1/ussd", {"msisdn": ANNA, "text": "1" * 183}, 422, WRONG, "text"),
        ("POST", "/v1/ussd", {"msisdn": ANNA, "text": "busy"}, 503, "busy", None),
        ("POST", "/v1/ussd", {"msisdn": ANNA, "text": "1", "dialogue": "gone"}, 409,
         "dialogue_over", "dialogue"),
        ("PATCH", ONE, {"language": "xx"}, 422, WRONG, "language"),
        ("PATCH", ONE, {"login_alert": "yes"}, 422, WRONG, "login_alert"),
        ("PATCH", ONE, {"balance": "1.00"}, 422, "field_unknown", "balance"),
        ("PUT", f"{ONE}/location", {"plmn": "2620"}, 422, WRONG, "plmn"),
        ("PUT", f"{ONE}/location", {"plmn": "２６２０１"}, 422, WRONG, "plmn"),
        ("PUT", f"{ONE}/location", {"plmn": "00000"}, 422, WRONG, "plmn"),
        ("PUT", f"{ONE}/location", {"plmn": "81001"}, 422, WRONG, "plmn"),
        ("PUT", f"{ONE}/location", {"plmn": "99999"}, 422, "plmn_unknown", "plmn"),
        ("POST", f"{ONE}/devices", {"amount": "-1.00", "receipt": "1"}, 422, WRONG, "amount"),
        ("POST", f"{ONE}/devices", {"amount": "1.00"}, 422, "field_missing", "receipt"),
        ("POST", "/v1/clock", {"advance_seconds": -1}, 422, WRONG, "advance_seconds"),
        ("POST", "/v1/clock", {"advance_seconds": "1"}, 422, WRONG, "advance_seconds"),
        ("POST", "/v1/clock", {"advance_seconds": True}, 422, WRONG, "advance_seconds"),
        ("POST", "/v1/clock", b'{"advance_seconds": NaN}', 422, WRONG, "advance_seconds"),
        ("POST", "/v1/clock", b'{"advance_seconds": 1e400}', 422, WRONG, "advance_seconds"),
    ],
)  # fmt: skip
def test_wrong_input_is_a_problem_that_names_the_field(
    api: Api, method: str, path: str, body: Any, status: int, refusal: str, field: str | None
) -> None:
    document = api.refused(method, path, body)
    assert (document["status"], document["refusal"]) == (status, refusal)
    assert document.get("field") == field


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/", "/v1/subscriber", "/v1/subscribers/", f"{ONE}/", f"{ONE}/none",
             "/healthz/", "/v1/sms/1", "/%2e%2e/etc/passwd"],
)  # fmt: skip
def test_a_path_that_is_none_is_404(api: Api, path: str) -> None:
    assert api.refused("GET", path)["status"] == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", ONE, "GET, PATCH, HEAD"),
        ("POST", "/healthz", "GET, HEAD"),
        ("GET", "/v1/sms", "POST"),
        ("OPTIONS", "/v1/clock", "GET, POST, HEAD"),
        ("POST", "/metrics", "GET, HEAD"),
        ("BREW", "/v1/events", "GET, HEAD"),
    ],
)
def test_a_method_that_is_none_is_405_with_allow(
    api: Api, method: str, path: str, allowed: str
) -> None:
    status, headers, _ = api.ask(method, path, b"")
    assert (status, headers["allow"]) == (405, allowed)


@pytest.mark.parametrize("path", ["/healthz", "/metrics", ONE, "/openapi.json"])
def test_head_is_get_without_a_body(api: Api, path: str) -> None:
    _, of_get, body = api.ask("GET", path)
    status, of_head, nothing = None, None, None
    client = HTTPConnection("127.0.0.1", api.port, timeout=5)
    client.request("HEAD", path, headers={"Authorization": f"Bearer {TOKEN}"})
    answer = client.getresponse()
    status, of_head, nothing = answer.status, answer.headers, answer.read()
    client.close()
    assert (status, nothing) == (200, b"")
    assert body
    assert of_head["content-length"] == of_get["content-length"]


def test_a_long_body_is_refused_by_its_length_alone(api: Api) -> None:
    with socket.create_connection(("127.0.0.1", api.port), timeout=5) as raw:
        raw.sendall(b"POST /v1/sms HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n")
        assert raw.recv(4096).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("octets", [1001, 300_000])
def test_a_long_body_that_is_sent_is_answered_all_the_same(api: Api, octets: int) -> None:
    document = api.refused("POST", "/v1/sms", b"x" * octets)
    assert (document["status"], document["refusal"]) == (413, "body_too_long")


def test_a_long_chunked_body_is_refused(api: Api) -> None:
    client = HTTPConnection("127.0.0.1", api.port, timeout=5)
    client.request("POST", "/v1/sms", iter([b"x" * 600, b"x" * 600]), encode_chunked=True)
    assert client.getresponse().status == 413
    client.close()


def test_an_endless_body_is_cut_off(api: Api) -> None:
    with socket.create_connection(("127.0.0.1", api.port), timeout=5) as raw:
        raw.sendall(b"POST /v1/sms HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunk = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
        with pytest.raises(ConnectionError):  # a reset or a broken pipe, as it comes
            raw.sendall(chunk * 400)


def test_a_bug_is_a_500_that_tells_nothing(api: Api) -> None:
    status, _, document = api.ask("GET", "/v1/subscribers/79220000099")
    assert (status, document["detail"]) == (500, "service unavailable")
    assert "482913" not in json.dumps(document)


def test_keep_alive_serves_many_requests_on_one_connection(api: Api) -> None:
    client = HTTPConnection("127.0.0.1", api.port, timeout=5)
    for _ in range(3):
        client.request("GET", ONE, headers={"Authorization": f"bearer {TOKEN}"})
        assert client.getresponse().read()
    client.close()
    assert len(api.core.asked) == 3


def test_connections_over_the_limit_are_closed(listen: Callable[..., Any]) -> None:
    port, _ = listen(FakeCore(), connections_max=1)
    with socket.create_connection(("127.0.0.1", port), timeout=5) as first:
        first.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert first.recv(4096).startswith(b"HTTP/1.1 200")
        with socket.create_connection(("127.0.0.1", port), timeout=5) as second:
            assert second.recv(1) == b""


# --- server-sent events -------------------------------------------------------------------------


def _events(port: int, query: str = "", last: str = "") -> Any:
    raw = socket.create_connection(("127.0.0.1", port), timeout=5)
    head = f"GET /v1/events{query} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
    again = f"Last-Event-ID: {last}\r\n" if last else ""
    raw.sendall(f"{head}{again}\r\n".encode())
    return raw, raw.makefile("rb")


def _read_until(stream: Any, words: bytes) -> bytes:
    lines = b""
    while words not in lines:
        line = stream.readline()
        assert line, lines
        lines += line
    return lines


def test_events_reach_every_listener(listen: Callable[..., Any], run: Callable[..., Any]) -> None:
    core = FakeCore()
    port, _ = listen(core)
    sockets = [_events(port) for _ in range(2)]
    for _, stream in sockets:
        assert b"text/event-stream" in _read_until(stream, b": hi")
    assert len(core.listeners) == 1
    run(lambda: core.listeners[0]("charge", {"msisdn": ANNA, "amount": "19.00"}))
    for raw, stream in sockets:
        lines = _read_until(stream, b"data:").decode()
        assert "event: charge" in lines
        data = json.loads(lines[lines.index("data:") + 5 :])
        assert data == {"kind": "charge", "msisdn": ANNA, "amount": "19.00"}
        stream.close()
        raw.close()


def test_a_listener_hears_what_its_query_asks_for(
    listen: Callable[..., Any], run: Callable[..., Any]
) -> None:
    core = FakeCore()
    port, _ = listen(core)
    raw, stream = _events(port, "?kind=turn&kind=call&channel=voice")
    _read_until(stream, b": hi")
    for kind, channel in (("turn", "ussd"), ("charge", "voice"), ("turn", "voice")):
        run(lambda kind=kind, channel=channel: core.listeners[0](kind, {"channel": channel}))
    lines = _read_until(stream, b"data:")
    assert re.search(rb"id: [0-9a-f]+-3\nevent: turn\n", lines)
    assert lines.count(b"event:") == 1
    stream.close()
    raw.close()


@pytest.mark.parametrize("query", ["kind=bogus", "kind=turn&kind=Turn", "channel=tcp"])
def test_a_listener_of_what_no_event_is_is_told(listen: Callable[..., Any], query: str) -> None:
    core = FakeCore()
    port, _ = listen(core)
    refused = Api(port, core).refused("GET", f"/v1/events?{query}")
    assert (refused["status"], refused["refusal"]) == (422, "field_wrong")
    assert refused["detail"].startswith(f"{query.partition('=')[0]} must be one of: ")
    assert not core.listeners


def test_a_listener_that_comes_back_is_told_what_it_missed(
    listen: Callable[..., Any], run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    core = FakeCore()
    port, site = listen(core)
    monkeypatch.setattr(site.streams, "_kept", deque(maxlen=3))

    def tell(number: int) -> None:
        run(lambda: core.listeners[0]("charge", {"number": number}))

    def numbers(lines: bytes) -> list[int | None]:
        rows = re.findall(rb"data: (.*)", lines)
        return [row.get("number", row.get("missed")) for row in map(json.loads, rows)]

    raw, stream = _events(port)
    _read_until(stream, b": hi")
    tell(1)
    id = re.search(rb"id: (\S+)", _read_until(stream, b"data:"))
    assert id is not None
    raw.shutdown(socket.SHUT_RDWR)
    while run(lambda: len(site.streams._streams)):
        pass
    tell(2)
    tell(3)
    raw, stream = _events(port, last=id[1].decode())
    assert numbers(_read_until(stream, b'"number": 3')) == [2, 3]
    tell(4)
    tell(5)
    _read_until(stream, b'"number": 5')
    _, late = _events(port, last=id[1].decode())
    assert numbers(_read_until(late, b'"number": 5')) == [1, 3, 4, 5], "a gap of one, then the rest"
    _, stranger = _events(port, last="ff-12")
    assert numbers(_read_until(stranger, b'"number": 5')) == [None, 3, 4, 5]


def test_listeners_have_a_limit_and_leave_nothing_behind(
    listen: Callable[..., Any], run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sse, "LINGER_SECONDS", 0.05)
    core = FakeCore()
    port, site = listen(core, event_streams_max=1)
    raw, stream = _events(port)
    _read_until(stream, b": hi")
    second = Api(port, core).refused("GET", "/v1/events")
    assert (second["status"], second["refusal"]) == (503, "events_too_many")
    stream.close()
    raw.close()
    while run(lambda: len(site.streams._streams)):
        pass
    assert len(core.listeners) == 1, "it may come back"
    while run(lambda: len(core.listeners)):
        pass


def test_a_listener_that_reads_nothing_is_let_go(
    listen: Callable[..., Any], run: Callable[..., Any]
) -> None:
    core = FakeCore()
    port, site = listen(core)
    raw, stream = _events(port)
    _read_until(stream, b": hi")
    tell = core.listeners[0]
    text = "x" * 100_000
    sent = 0
    while site.streams._streams and sent < 100 + 20 * sse.MISSED_EVENTS_MAX:
        run(lambda: tell("message", {"text": text}))
        sent += 1
    assert sent > sse.MISSED_EVENTS_MAX
    assert not site.streams._streams
    stream.close()
    raw.close()


def test_an_answer_that_never_comes_is_busy(
    listen: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from twisted.internet.defer import Deferred

    core = FakeCore()
    monkeypatch.setattr(http, "ANSWER_SECONDS_MAX", 0.05)
    monkeypatch.setattr(core, "messages", lambda _msisdn: Deferred())
    document = Api(listen(core)[0], core).refused("GET", f"{ONE}/messages")
    assert (document["status"], document["refusal"]) == (503, "busy")


def test_a_subscriber_is_signed_up_once(api: Api) -> None:
    body = {"msisdn": "+7 922 555-00-01", "tariff": "simple", "balance": "50.00"}
    status, _, made = api.ask("POST", "/v1/subscribers", body)
    assert (status, made["msisdn"], made["balance"]) == (201, "79225550001", "50.00")
    assert api.core.asked[-1] == (
        "add_subscriber", "79225550001", {"tariff": "simple", "balance": 5000},
    )  # fmt: skip
    taken = api.refused("POST", "/v1/subscribers", {"msisdn": ANNA, "tariff": "simple"})
    assert (taken["status"], taken["refusal"]) == (409, "number_taken")
    lacking = api.refused("POST", "/v1/subscribers", {"msisdn": ANNA})
    assert (lacking["status"], lacking["field"]) == (422, "tariff")
