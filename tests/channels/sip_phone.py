"""A telephone for tests: SIP over UDP or TCP and RTP on sockets of its own, written out as text."""

from __future__ import annotations

import itertools
import re
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from gateway.wire.rtp import packet, telephone_event
from gateway.wire.rtp.g711 import ALAW_SILENCE, FRAME_OCTETS
from gateway.wire.rtp.telephone_event import KEYS

HOST = "127.0.0.1"
EVENT_PT = 101
SECONDS_MAX = 4.0
_calls = itertools.count(1)

SDP = """v=0
o=- 1 1 IN IP4 {host}
s=-
c=IN IP4 {host}
t=0 0
m=audio {port} RTP/AVP 8 {pt}
a=rtpmap:{pt} telephone-event/8000
a={direction}
"""


@dataclass(frozen=True, slots=True)
class Message:
    """What came, as text."""

    head: str
    body: str

    @property
    def first(self) -> str:
        """`SIP/2.0 200 OK`, or the request line."""
        return self.head.partition("\r\n")[0]

    @property
    def status(self) -> int:
        """Of a response; 0 of a request."""
        return int(self.first.split()[1]) if self.first.startswith("SIP/2.0") else 0

    def get(self, name: str) -> str:
        """A header field; empty where there is none."""
        match = re.search(rf"(?im)^{name}\s*:\s*(.*?)\r?$", self.head)
        return match[1] if match else ""

    def all(self, name: str) -> list[str]:
        """Every row of a header field."""
        return re.findall(rf"(?im)^{name}\s*:\s*(.*?)\r?$", self.head)


class Phone:
    """One telephone; one call at a time."""

    def __init__(self, port: int, number: str = "79220000001", host: str = HOST) -> None:
        self._sip = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sip.bind((host, 0))
        self._sip.connect((HOST, port))
        self.rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.rtp.bind((host, 0))
        self.rtp.settimeout(SECONDS_MAX)
        self.host, self.number = host, number
        self.media: tuple[str, int] = ("", 0)
        self._sequence = 0
        self.new_call()

    def new_call(self) -> None:
        """Another Call-ID, nothing known of the peer."""
        self.call_id = f"call-{next(_calls)}-{id(self)}"
        self.to, self.cseq, self.invite_branch, self.dialled = "", 0, "", ""

    def __enter__(self) -> Phone:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang on to nothing."""
        self._sip.close()
        self.rtp.close()

    # --- SIP --------------------------------------------------------------------------------------

    def sdp(self, direction: str = "sendrecv", host: str = "") -> str:
        """An offer of ours."""
        port = self.rtp.getsockname()[1]
        text = SDP.format(host=host or self.host, port=port, pt=EVENT_PT, direction=direction)
        return text.replace("\n", "\r\n")

    def send(
        self, method: str, *headers: str, body: str = "", kind: str = "", cseq: int = 0
    ) -> bytes:
        """Send a request of this call; what was sent."""
        if not cseq:
            self.cseq = cseq = self.cseq + 1
        port = self._sip.getsockname()[1]
        branch = f"z9hG4bK-{self.call_id}-{cseq}-{method}"
        if method == "INVITE":
            self.invite_branch = branch
        elif method == "CANCEL":
            branch = self.invite_branch
        uri = f"sip:{self.dialled}@{HOST}"
        rows = [
            f"{method} {uri} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.host}:{port};branch={branch};rport",
            f"From: <sip:{self.number}@{self.host}>;tag=t{self.call_id}",
            f"To: {self.to or f'<{uri}>'}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {cseq} {method}",
            f"Contact: <sip:{self.number}@{self.host}:{port}>",
            "Max-Forwards: 70",
            *headers,
        ]
        if body:
            rows.append(f"Content-Type: {kind or 'application/sdp'}")
        rows.append(f"Content-Length: {len(body.encode())}")
        data = "\r\n".join((*rows, "", body)).encode()
        self._sip.send(data)
        return data

    def again(self, data: bytes) -> None:
        """Send octets as they are."""
        self._sip.send(data)

    def receive(self, seconds: float = SECONDS_MAX) -> Message | None:
        """The next message; None where none comes in time."""
        self._sip.settimeout(max(0.001, seconds))
        try:
            text = self._sip.recv(65_535).decode()
        except TimeoutError:
            return None
        head, _, body = text.partition("\r\n\r\n")
        return Message(head, body)

    def until(self, wanted: Callable[[Message], object], seconds: float = SECONDS_MAX) -> Message:
        """The first message that is wanted; requests of the peer are answered on the way."""
        deadline, seen = time.monotonic() + seconds, []
        while True:
            message = self.receive(deadline - time.monotonic())
            assert message is not None, f"not in time; came: {seen}"
            seen.append(message.first)
            if not message.status and not message.first.startswith("ACK"):
                self.answer(message)
            if wanted(message):
                return message

    def answer(self, request: Message, status: str = "200 OK") -> None:
        """Answer a request of the peer's."""
        rows = [f"SIP/2.0 {status}", *(f"Via: {via}" for via in request.all("Via"))]
        rows += [f"{name}: {request.get(name)}" for name in ("From", "To", "Call-ID", "CSeq")]
        self._sip.send("\r\n".join((*rows, "Content-Length: 0", "", "")).encode())

    def response(self, method: str, seconds: float = SECONDS_MAX) -> Message:
        """The final response to a request of ours."""
        message = self.until(lambda m: m.status >= 200 and m.get("CSeq").endswith(method), seconds)
        if method == "INVITE":
            self.learn(message)
        return message

    def learn(self, message: Message) -> None:
        """Take the peer's tag and media from a response."""
        self.to = message.get("To")
        found = re.search(r"m=audio (\d+)", message.body)
        if found:
            host = re.search(r"c=IN IP4 (\S+)", message.body)
            assert host is not None
            self.media = host[1], int(found[1])

    def invite(self, dialled: str = "0505", *headers: str, body: str | None = None) -> bytes:
        """Begin a call."""
        self.dialled = dialled
        return self.send("INVITE", *headers, body=self.sdp() if body is None else body)

    def ack(self) -> None:
        """Acknowledge the last INVITE's final response."""
        self.send("ACK", cseq=self.cseq)

    def call(self, dialled: str = "0505", *headers: str) -> Message:
        """Call and be answered (or refused): the final response, acknowledged."""
        self.invite(dialled, *headers)
        response = self.response("INVITE")
        self.ack()
        return response

    def bye(self) -> Message:
        """Hang up."""
        self.send("BYE")
        return self.response("BYE")

    # --- RTP --------------------------------------------------------------------------------------

    def talk(self, payload: bytes = bytes((ALAW_SILENCE,)) * FRAME_OCTETS) -> None:
        """One frame of audio."""
        self._send(8, payload, False)

    def press(self, keys: str) -> None:
        """Keys as telephone-events, each with its repeats."""
        for key in keys:
            at = self._sequence
            for step in range(1, 6):
                event = telephone_event.TelephoneEvent(
                    KEYS.index(key), step * FRAME_OCTETS, end=step > 2
                )
                self._send(EVENT_PT, telephone_event.build(event), step == 1, at)

    def _send(self, kind: int, payload: bytes, marker: bool, at: int | None = None) -> None:
        self._sequence += 1
        timestamp = (self._sequence if at is None else at) * FRAME_OCTETS
        data = packet.build(packet.Packet(kind, self._sequence, timestamp, 7, payload, marker))
        self.rtp.sendto(data, self.media)

    def hear(self) -> bytes:
        """The payload of the next packet."""
        heard = packet.parse(self.rtp.recv(2048))
        assert heard is not None
        return heard.payload

    def listen(self, seconds: float) -> list[tuple[float, bytes]]:
        """Every frame that comes meanwhile, with its time; frames of silence are sent the while."""
        frames, deadline = [], time.monotonic() + seconds
        self.rtp.settimeout(0.05)
        while (now := time.monotonic()) < deadline:
            try:
                frames.append((now, self.hear()))
            except TimeoutError:
                continue
            self.talk()
        self.rtp.settimeout(SECONDS_MAX)
        return frames
