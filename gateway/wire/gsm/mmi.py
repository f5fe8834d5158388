"""3GPP TS 22.030 §6.5.2 and TS 22.090 §5.1.2: what a string dialled with `*` and `#` means.

Total: any string gives an `Mmi`, never an exception. `*105*00#` has the shape of a supplementary
service too; it is USSD only because 105 is no assigned service code, so the table decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

DIALLED_MAX = 182
"""Characters: a ussd-String holds no more; a longer one is USSD without a code."""

Kind = Literal["supplementary", "ussd", "local", "call"]
Action = Literal["", "activate", "deactivate", "interrogate", "register", "erase"]
Family = Literal["", "forwarding", "barring", "local", "not_offered"]
Range = Literal["home", "visited", "any"]


class Service(NamedTuple):
    """A row of TS 22.030 Annex B: what the code belongs to, and which of its family it is."""

    family: Family
    name: str


SERVICES: Mapping[str, Service] = {
    "21": Service("forwarding", "all"),
    "67": Service("forwarding", "busy"),
    "61": Service("forwarding", "no_reply"),
    "62": Service("forwarding", "not_reachable"),
    "002": Service("forwarding", "every"),
    "004": Service("forwarding", "conditional"),
    "33": Service("barring", "outgoing"),
    "331": Service("barring", "international"),
    "332": Service("barring", "international_except_home"),
    "35": Service("barring", "incoming"),
    "351": Service("barring", "incoming_roaming"),
    "330": Service("barring", "every"),
    "333": Service("barring", "every_outgoing"),
    "353": Service("barring", "every_incoming"),
    "06": Service("local", "imei"),
    "04": Service("local", "pin"),
    "042": Service("local", "pin2"),
    "05": Service("local", "unblock_pin"),
    "052": Service("local", "unblock_pin2"),
    "03": Service("not_offered", "password"),
    "30": Service("not_offered", "clip"),
    "31": Service("not_offered", "clir"),
    "76": Service("not_offered", "colp"),
    "77": Service("not_offered", "colr"),
    "300": Service("not_offered", "cnap"),
    "43": Service("not_offered", "waiting"),
    "360": Service("not_offered", "uus"),
    "361": Service("not_offered", "uus1"),
    "362": Service("not_offered", "uus2"),
    "363": Service("not_offered", "uus3"),
    "75": Service("not_offered", "emlpp"),
    "66": Service("not_offered", "deflection"),
    "96": Service("not_offered", "transfer"),
    "37": Service("not_offered", "ccbs"),
    "214": Service("not_offered", "follow_me"),
    "88": Service("not_offered", "multicall"),
    "59": Service("not_offered", "multiple_profile"),
}
"""Service codes that are not USSD (TS 22.030 Annex B); `local` never leaves the handset."""

_NO_SERVICE = Service("", "")
_MULTIPLE_PROFILE = frozenset(f"59{profile}" for profile in range(1, 10))

# Longest first: `**` before `*`.
_ACTIONS: tuple[tuple[str, Action], ...] = (
    ("**", "register"),
    ("##", "erase"),
    ("*#", "interrogate"),
    ("*", "activate"),
    ("#", "deactivate"),
)
_SUPPLEMENTARY_INFORMATION_MAX = 4  # SIA, SIB, SIC and one more, that of the new password


@dataclass(frozen=True, slots=True)
class Mmi:
    """A string dialled, taken apart. Fields that do not belong to its kind are empty."""

    kind: Kind
    text: str
    """As dialled, without blanks."""
    action: Action = ""
    service_code: str = ""
    service: Service = _NO_SERVICE
    sia: str = ""
    """Forwarding: the number; barring: the password."""
    sib: str = ""
    """The basic service group (TS 22.030 Annex C); barring has it here too."""
    sic: str = ""
    """Forwarding on no reply: the seconds."""
    prefix: str = ""
    """USSD: the signs in front, `*` or `#` and so on."""
    code: str = ""
    """USSD: `105` of `*105*1*2#`; a call: the number."""
    tokens: tuple[str, ...] = ()
    """USSD: what follows the code, `("1", "2")`."""


def parse(text: str) -> Mmi:
    """What was dialled. Blanks are ignored; within USSD a `#` separates as `*` does, and the last
    `#` may be missing (3GPP TS 22.030 §6.5.2, discrimination as handsets do it)."""
    dialled = "".join(text.split()) if not text.isalnum() else text
    if len(dialled) > DIALLED_MAX:
        return Mmi("ussd", dialled[:DIALLED_MAX])
    for prefix, action in _ACTIONS:
        if dialled.startswith(prefix):
            return _service(dialled, prefix, action) or _ussd(dialled)
    if dialled.endswith("#") or 0 < len(dialled) <= 2:
        return _ussd(dialled)
    return Mmi("call", dialled, code=dialled)


def _service(dialled: str, prefix: str, action: Action) -> Mmi | None:
    """The supplementary service it names, or the call that follows one; None where it is USSD."""
    body, _, called = dialled[len(prefix) :].partition("#")
    code, *information = body.split("*")
    service = SERVICES.get("59" if code in _MULTIPLE_PROFILE else code)
    finished = len(dialled) > len(prefix) + len(body)
    if service is None or not finished or len(information) > _SUPPLEMENTARY_INFORMATION_MAX:
        return None
    if called:
        # `*31#number` is a call; what ends in # again is USSD as a whole.
        return None if called.endswith("#") else Mmi("call", dialled, code=called)
    sia, sib, sic, *_ = (*information, "", "", "")
    if service.family == "forwarding" and action == "activate" and sia:
        action = "register"  # one * with a number registers it (§6.5.2)
    kind: Kind = "local" if service.family == "local" else "supplementary"
    return Mmi(kind, dialled, action, code, service, sia, sib, sic)


def _ussd(dialled: str) -> Mmi:
    body = dialled.lstrip("*#")
    code, *tokens = body.rstrip("*#").replace("#", "*").split("*")
    prefix = dialled[: len(dialled) - len(body)]
    return Mmi("ussd", dialled, prefix=prefix, code=code, tokens=tuple(tokens))


def dial_string(code: str, text: str) -> str:
    """The string dialled, where a link tells the service code and the rest apart.

    (`105`, ``) and (``, `105`) -> `*105#`; (`*105#`, `1*2`) -> `*105*1*2#`; a text that begins
    with a sign is the whole string already.
    """
    if text.lstrip()[:1] in ("*", "#"):
        return text
    base, rest = code.strip("*# "), text.strip("*# ")
    words = [word for word in (base, rest if rest != base else "") if word]
    return f"*{'*'.join(words)}#" if words else ""


def network_range(text: str) -> Range:
    """Whose code it is by TS 22.090 §5.1.2: `home` (`*105#`: the visited network passes it home),
    `visited` (`*150#`-`*199#`), or `any` (the visited network may handle it)."""
    dialled = "".join(text.split())
    if dialled[:1] == "7" and len(dialled) <= 2 and dialled.isascii() and dialled.isdigit():
        return "home"
    body = dialled.lstrip("*#")
    digits = body[:-1].partition("*")[0]
    if not (1 <= len(dialled) - len(body) <= 3 and body.endswith("#") and len(digits) in (2, 3)):
        return "any"
    if not (digits.isascii() and digits.isdigit() and digits[0] == "1"):
        return "any"
    return "home" if digits[1] <= "4" else "visited"
