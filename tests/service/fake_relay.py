"""An SMTP relay to send to: it answers as it is told and keeps what it took."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread


class FakeRelay:
    """`replies` overrules what a command is answered with: `{"RCPT": "550 no such user"}`.
    With `tls` it offers STARTTLS and takes mail only after it."""

    def __init__(self, replies: Mapping[str, str] | None = None, tls: ssl.SSLContext | None = None):
        self.replies = dict(replies or {})
        self.taken: list[EmailMessage] = []
        self.said: list[str] = []
        self._tls = tls
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Refuse connections from now on."""
        self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            Thread(target=self._answer, args=(peer,), daemon=True).start()

    def _answer(self, peer: socket.socket) -> None:
        with suppress(OSError):  # the client may leave at any moment
            self._talk(peer)

    def _talk(self, peer: socket.socket) -> None:
        peer.sendall(b"220 relay\r\n")
        lines, secure = peer.makefile("rb"), False
        while line := lines.readline():
            text = line.decode().strip()
            command = text.partition(" ")[0].upper()
            self.said.append(text)
            reply = self.replies.get(command) or self._reply(command, secure)
            peer.sendall(f"{reply}\r\n".encode())
            if command == "STARTTLS" and reply.startswith("220"):
                assert self._tls is not None
                peer = self._tls.wrap_socket(peer, server_side=True)
                lines, secure = peer.makefile("rb"), True
            elif command == "DATA" and reply.startswith("354"):
                body = b"".join(iter(lines.readline, b".\r\n")).replace(b"\r\n..", b"\r\n.")
                self.taken.append(message_from_bytes(body, policy=policy.default))
                peer.sendall(b"250 taken\r\n")
            elif command == "QUIT":
                break
        peer.close()

    def _reply(self, command: str, secure: bool) -> str:
        if command == "EHLO":
            offers = "250-AUTH PLAIN\r\n250 8BITMIME"
            return (
                f"250-relay\r\n250-STARTTLS\r\n{offers}" if self._tls else f"250-relay\r\n{offers}"
            )
        if command == "MAIL" and self._tls and not secure:
            return "530 STARTTLS first"
        usual = {
            "DATA": "354 go on",
            "AUTH": "235 welcome",
            "STARTTLS": "220 go on",
            "QUIT": "221 bye",
        }
        return usual.get(command, "250 ok")
