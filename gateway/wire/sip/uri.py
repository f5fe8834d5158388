"""SIP, SIPS and tel URIs (RFC 3261 §19.1, RFC 3966); of any other scheme only its name is read.

The user part is kept as written; `user` unescapes it, once. Characters the grammar wants escaped
are read as they are: telephones send `*105#` raw.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from gateway.wire.sip.errors import ProtocolError
from gateway.wire.sip.grammar import HOST, Params, format_params, parse_params, parse_port

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_HOST_PORT: Final = re.compile(rf"({HOST})(?::([0-9]+))?(;[^?]*)?(?:\?(.*))?", re.DOTALL)
_UNSAFE: Final = re.compile(r"[\s<>\"\x00-\x1f\x7f]")
_VISUAL_SEPARATORS: Final = str.maketrans("", "", "-.() ")
_DIALLED: Final = re.compile(r"[+*#0-9]")
SIP_SCHEMES: Final = frozenset(("sip", "sips"))


@dataclass(frozen=True, slots=True)
class Uri:
    """A URI in its parts; `opaque` is what follows the scheme of one that is not SIP or SIPS."""

    scheme: str
    raw_user: str | None = None
    host: str = ""
    port: int | None = None
    params: Params = field(default_factory=dict)
    headers: str | None = None
    opaque: str = ""

    @property
    def user(self) -> str:
        """The user part without its password, unescaped; "" where there is none."""
        return unquote((self.raw_user or "").partition(":")[0], errors="surrogateescape")

    @property
    def number(self) -> str:
        """The number or name a call to or from this URI stands for (RFC 3966 §5.1.1).

        Of a telephone number or dial string the parameters (`;phone-context=`) are cut and of a
        number the visual separators; any other user part is given whole.
        """
        if self.scheme == "tel":
            digits = unquote(self.opaque.partition(";")[0])
            return digits.translate(_VISUAL_SEPARATORS)
        if not _DIALLED.match(self.user):
            return self.user
        return self.user.partition(";")[0].translate(_VISUAL_SEPARATORS)

    def __str__(self) -> str:
        if self.scheme not in SIP_SCHEMES:
            return f"{self.scheme}:{self.opaque}"
        user = "" if self.raw_user is None else f"{self.raw_user}@"
        port = "" if self.port is None else f":{self.port}"
        headers = "" if self.headers is None else f"?{self.headers}"
        return f"{self.scheme}:{user}{self.host}{port}{format_params(self.params)}{headers}"


def parse_uri(text: str) -> Uri:
    """Read a URI. Raises ProtocolError(400) for one without a scheme or with a bad host."""
    match = _SCHEME.match(text)
    if match is None or _UNSAFE.search(text):
        raise ProtocolError(400, "Bad URI")
    scheme, rest = match[1].lower(), text[match.end() :]
    if scheme not in SIP_SCHEMES:
        return Uri(scheme, opaque=rest)
    user, at, address = rest.rpartition("@")
    match = _HOST_PORT.fullmatch(address)
    if match is None:
        raise ProtocolError(400, "Bad host in URI")
    return Uri(
        scheme,
        user if at else None,
        match[1],
        parse_port(match[2]),
        parse_params(match[3] or ""),
        match[4],
    )
