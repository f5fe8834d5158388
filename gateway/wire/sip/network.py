"""What a network says of a caller: identity and visited network (RFC 3325, RFC 7315,
3GPP TS 24.229 §7.2A.4). Whether to believe it is the application's affair; what cannot be read is
as if it were not there.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.wire.sip.errors import ProtocolError
from gateway.wire.sip.grammar import parse_params, unquote_string
from gateway.wire.sip.headers import parse_address
from gateway.wire.sip.message import Headers
from gateway.wire.sip.uri import parse_uri

# what follows MCC and MNC in a cell identity, hexadecimal digits (3GPP TS 24.229 §7.2A.4.3)
_CELL_DIGITS: Final = {
    "3GPP-GERAN": 4 + 4,
    "3GPP-UTRAN": 4 + 7,
    "3GPP-E-UTRAN": 4 + 7,
    "3GPP-NR": 6 + 9,
}
_CELLS: Final = ("cgi-3gpp", "utran-cell-id-3gpp")
# 3GPP TS 23.003 §13.2: the home network domain of a PLMN
_DOMAIN: Final = re.compile(r"mnc([0-9]{3})\.mcc([0-9]{3})", re.IGNORECASE)
_PLMN: Final = re.compile(r"[0-9]{5,6}")
_THREE_DIGIT_REGION: Final = "3"
"""North America and the Caribbean number their networks by three digits."""


def asserted_user(headers: Headers) -> str | None:
    """The number or name of the first P-Asserted-Identity that has one."""
    for value in headers.listed("p-asserted-identity"):
        try:
            number = parse_uri(parse_address(value, "P-Asserted-Identity").uri).number
        except ProtocolError:
            continue
        if number:
            return number
    return None


def visited_plmn(headers: Headers) -> str | None:
    """MCC and MNC, five or six digits, of the cell a call comes from, else of the visited network
    that is named."""
    for value in headers.listed("p-access-network-info"):
        plmn = _cell_plmn(value)
        if plmn is not None:
            return plmn
    for value in headers.listed("p-visited-network-id"):
        plmn = _network_plmn(unquote_string(value.partition(";")[0].strip()))
        if plmn is not None:
            return plmn
    return None


def _cell_plmn(value: str) -> str | None:
    access, _, rest = value.partition(";")
    kind = next((name for name in _CELL_DIGITS if access.strip().upper().startswith(name)), None)
    if kind is None:
        return None
    try:
        params = parse_params(rest)
    except ProtocolError:
        return None
    cell = next((unquote_string(params[name] or "") for name in _CELLS if name in params), "")
    plmn = cell[: max(0, len(cell) - _CELL_DIGITS[kind])]
    return plmn if _PLMN.fullmatch(plmn) else None


def _network_plmn(name: str) -> str | None:
    match = _DOMAIN.search(name)
    if match is None:
        return name if _PLMN.fullmatch(name) else None
    mnc, mcc = match.groups()
    padded = mnc.startswith("0") and not mcc.startswith(_THREE_DIGIT_REGION)
    return mcc + (mnc[1:] if padded else mnc)
