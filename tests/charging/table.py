"""The charging table of the service guide (CH01-CH12), as `short_codes.yaml` brings it."""

from __future__ import annotations

from gateway.charging.rating import ChargeRule, ChargeTable
from gateway.charging.tariff import default_terms

PRICES = default_terms().zones

_FREE_IN_RUSSIA = ChargeRule("free", "CH11")

TABLE: ChargeTable = {
    "ussd": {"else": ChargeRule("free", "CH01")},
    "service_sms": {
        "HOME": ChargeRule("free", "CH03"),
        "else": ChargeRule("tariff", "CH04", price="sms"),
    },
    "voice_home": {
        "HOME": ChargeRule("free", "CH06"),
        "else": ChargeRule("not_reachable", "CH07", hint="sms.0505"),
    },
    "voice_federal": {
        "HOME": ChargeRule("free", "CH08"),
        "else": ChargeRule("tariff", "CH09", price="out"),
    },
    "operator": {
        "HOME": ChargeRule("free", "CH10"),
        "else": ChargeRule("not_reachable", "CH10", hint="sms.0500"),
    },
    "operator_russia": {
        "HOME": _FREE_IN_RUSSIA,
        "RU_NET": _FREE_IN_RUSSIA,
        "RU_OTHER": _FREE_IN_RUSSIA,
        "else": ChargeRule("not_reachable", "CH11"),
    },
    "operator_world": {"else": ChargeRule("free", "CH12")},
}
