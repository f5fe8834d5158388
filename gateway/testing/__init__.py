"""The Python API of a test harness: a gateway of its own on free ports, phones, faults, captures.

    with Gateway.start() as gw:
        phone = gw.phone("79220000002")
        phone.dial("*105#").expect("My account", within=2).send("1").expect("1 Balance")
        phone.send("1").expect(money(1000))
        phone.call("0505").expect("Hello!").press("1").expect_prompt("menu/voice.acct/1").hang_up()
        gw.faults.sip("INVITE", status=503, every=2)

`tests/testing/test_example.py` is a file to copy.

Rule: it does what somebody outside could do, over the real ports; the gateway under test is the
one that `gateway serve` runs, and knows nothing of being tested.
"""

from __future__ import annotations

from gateway.testing.fate import Fault
from gateway.testing.gateway import Gateway
from gateway.testing.matchers import Matcher, contains, equal, like, money, regex
from gateway.testing.phone import Phone
from gateway.testing.story import Unexpected

__all__ = [
    "Fault",
    "Gateway",
    "Matcher",
    "Phone",
    "Unexpected",
    "contains",
    "equal",
    "like",
    "money",
    "regex",
]
