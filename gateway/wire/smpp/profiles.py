"""How each kind of USSD gateway speaks over SMPP: a row each, chosen in configuration.

Nothing here is code: a new vendor is a new row. Where the rows come from: the public sources of
the gateways' clients and captures; what a row does not name is as in `default`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final


class SessionKey(Enum):
    """Where a dialogue's session number travels. No number is global: key with bind and MSISDN."""

    ITS8 = "its_session_info: octet 1; octet 2 bits 7-1 count the units"
    ITS15 = "its_session_info: its top 15 bits"
    ITS16 = "its_session_info: all 16 bits, opaque"
    UMR = "user_message_reference, 16 bits"
    TLV1501 = "vendor TLV 0x1501, 32 bits"
    MSISDN = "nowhere: the MSISDN is the key"


class CodeIn(Enum):
    """Where a begin names the service."""

    DESTINATION = "destination_addr"
    MESSAGE = "the string dialled"


class Carrier(Enum):
    """The PDUs that carry the operations."""

    SHORT_MESSAGE = "deliver_sm and submit_sm"
    DATA_SM = "data_sm with message_payload, both ways"


@dataclass(frozen=True, slots=True)
class Profile:
    """One reading of USSD over SMPP; the `op_…` are what we write, all known ones are read."""

    name: str
    session_key: SessionKey = SessionKey.ITS8
    end_bit: bool = True
    """Whether bit 0 of its_session_info ends the session, read and written."""
    op_continue: int = 0x02
    op_end: int = 0x11
    op_abort: int = 0x81
    code_in: CodeIn = CodeIn.DESTINATION
    carrier: Carrier = Carrier.SHORT_MESSAGE
    service_types: frozenset[str] = frozenset(("USSD",))
    """A PDU of one of these is USSD even without ussd_service_op."""
    service_type: str = "USSD"
    gsm7: int = 0x0F
    ucs2: int = 0x48
    """data_coding written for the two alphabets."""
    code_ton_npi: tuple[int, int] = (0, 1)
    msisdn_ton_npi: tuple[int, int] = (1, 1)


DEFAULT: Final = Profile("default")

PROFILES: Final = MappingProxyType(
    {
        profile.name: profile
        for profile in (
            DEFAULT,
            # Always answers with op 2; only the bit ends.
            Profile("tata", SessionKey.ITS15, op_end=0x02, op_abort=0x02),
            Profile("mica", SessionKey.UMR, end_bit=False),
            Profile("sixdee", SessionKey.ITS15, code_in=CodeIn.MESSAGE),
            Profile("comverse", SessionKey.TLV1501, end_bit=False),
            Profile("msisdn", SessionKey.MSISDN, end_bit=False, gsm7=0x00),
            Profile(
                "p2",
                SessionKey.MSISDN,
                end_bit=False,
                code_in=CodeIn.MESSAGE,
                service_types=frozenset(("P2", "USSD")),
                service_type="P2",
            ),
            # its_session_info comes back as it went, its lowest bit included.
            Profile(
                "echo",
                SessionKey.ITS16,
                end_bit=False,
                code_ton_npi=(0, 0),
                msisdn_ton_npi=(0, 0),
            ),
            Profile("echo_data", SessionKey.ITS16, end_bit=False, carrier=Carrier.DATA_SM),
        )
    }
)
