"""22.030 as a table: what is dialled, and what it means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wire.gsm.mmi import DIALLED_MAX, SERVICES, dial_string, network_range, parse

# dialled | action | service code | family | which | SIA | SIB | SIC
SUPPLEMENTARY = """
*21#              | activate    | 21  | forwarding  | all                       |           |  |
*21*9220000002#   | register    | 21  | forwarding  | all                       | 9220000002 |  |
**21*9220000002#  | register    | 21  | forwarding  | all                       | 9220000002 |  |
**61*+79220000002*11*20# | register | 61 | forwarding | no_reply            | +79220000002 | 11 | 20
**61*+79220000002**20# | register | 61 | forwarding | no_reply               | +79220000002 |  | 20
#21#              | deactivate  | 21  | forwarding  | all                       |           |  |
*#21#             | interrogate | 21  | forwarding  | all                       |           |  |
##002#            | erase       | 002 | forwarding  | every                     |           |  |
##004#            | erase       | 004 | forwarding  | conditional               |           |  |
*#67#             | interrogate | 67  | forwarding  | busy                      |           |  |
##62#             | erase       | 62  | forwarding  | not_reachable             |           |  |
*33*0000#         | activate    | 33  | barring     | outgoing                  | 0000      |  |
#330*0000#        | deactivate  | 330 | barring     | every                     | 0000      |  |
*331*0000*11#     | activate    | 331 | barring     | international             | 0000      | 11 |
*332*0000#        | activate    | 332 | barring     | international_except_home | 0000      |  |
*35*0000#         | activate    | 35  | barring     | incoming                  | 0000      |  |
*#351#            | interrogate | 351 | barring     | incoming_roaming          |           |  |
#333*0000#        | deactivate  | 333 | barring     | every_outgoing            | 0000      |  |
#353*0000#        | deactivate  | 353 | barring     | every_incoming            | 0000      |  |
*43#              | activate    | 43  | not_offered | waiting                   |           |  |
*#30#             | interrogate | 30  | not_offered | clip                      |           |  |
**03*330*0000*1234*1234# | register | 03 | not_offered | password               | 330 | 0000 | 1234
*591#             | activate    | 591 | not_offered | multiple_profile          |           |  |
* 2 1 #           | activate    | 21  | forwarding  | all                       |           |  |
"""


@pytest.mark.parametrize("row", SUPPLEMENTARY.strip().splitlines())
def test_supplementary_services(row: str) -> None:
    dialled, *expected = (cell.strip() for cell in row.split("|"))
    mmi = parse(dialled)
    assert mmi.kind == "supplementary"
    got = [mmi.action, mmi.service_code, *mmi.service, mmi.sia, mmi.sib, mmi.sic]
    assert got == expected
    assert (mmi.code, mmi.tokens) == ("", ())


# dialled | prefix | code | tokens
USSD = """
*105#          | *  | 105  |
*105*00#       | *  | 105  | 00
*105*753#      | *  | 105  | 753
*105*1*2#      | *  | 105  | 1 2
*105#7501#     | *  | 105  | 7501
* 105 * 1 #    | *  | 105  | 1
*105           | *  | 105  |
*105*1         | *  | 105  | 1
105#           |    | 105  |
#105#          | #  | 105  |
*#100#         | *# | 100  |
**105#         | ** | 105  |
***105#        | *** | 105 |
*133*100*9220000002# | * | 133 | 100 9220000002
*105*привет#   | *  | 105  | привет
*105##         | *  | 105  |
7              |    | 7    |
00             |    | 00   |
*21*1*2*3*4*5# | *  | 21   | 1 2 3 4 5
*21            | *  | 21   |
*21#5#         | *  | 21   | 5
*2#            | *  | 2    |
*              | *  |      |
#              | #  |      |
*#             | *# |      |
*²¹#           | *  | ²¹   |
"""


@pytest.mark.parametrize("row", USSD.strip().splitlines())
def test_ussd(row: str) -> None:
    dialled, prefix, code, tokens = (cell.strip() for cell in row.split("|"))
    mmi = parse(dialled)
    assert mmi.kind == "ussd"
    assert (mmi.prefix, mmi.code, list(mmi.tokens)) == (prefix, code, tokens.split())
    assert (mmi.service_code, mmi.action, mmi.service.family) == ("", "", "")


def test_an_empty_token_keeps_its_place() -> None:
    assert parse("*105**1#").tokens == ("", "1")


@pytest.mark.parametrize("dialled", ["*#06#", "**04*1111*2222*2222#", "**05*12345678*1111*1111#"])
def test_what_stays_in_the_handset(dialled: str) -> None:
    assert parse(dialled).kind == "local"


@pytest.mark.parametrize(
    ("dialled", "number"),
    [
        ("*31#+79220000002", "+79220000002"),
        ("#31#0505", "0505"),
        ("+7 922 111 05 05", "+79221110505"),
        ("0505", "0505"),
        ("105", "105"),
        ("", ""),
    ],
)
def test_calls(dialled: str, number: str) -> None:
    mmi = parse(dialled)
    assert (mmi.kind, mmi.code) == ("call", number)


def test_a_string_too_long_is_ussd_of_no_code() -> None:
    assert parse("*105*" + "1" * (DIALLED_MAX - 6) + "#").code == "105"
    longer = parse("*105*" + "1" * DIALLED_MAX + "#")
    assert (longer.kind, longer.code, len(longer.text)) == ("ussd", "", DIALLED_MAX)


@pytest.mark.parametrize(
    ("code", "text", "dialled"),
    [
        ("105", "", "*105#"),
        ("*105#", "", "*105#"),
        ("", "105", "*105#"),
        ("105", "105", "*105#"),
        ("*105#", "105#", "*105#"),
        ("105", "*105*1#", "*105*1#"),
        ("105", "*100#", "*100#"),
        ("105", "1*2", "*105*1*2#"),
        ("105", "#31#0505", "#31#0505"),
        ("", "", ""),
        ("*#", " ", ""),
    ],
)
def test_dial_string(code: str, text: str, dialled: str) -> None:
    assert dial_string(code, text) == dialled


@pytest.mark.parametrize(
    ("dialled", "whose"),
    [
        ("*105#", "home"),
        ("*105*00#", "home"),
        ("#100#", "home"),
        ("*#149#", "home"),
        ("***10#", "home"),
        ("*14*any thing#", "home"),
        ("7", "home"),
        ("70", "home"),
        ("*150#", "visited"),
        ("*155*1#", "visited"),
        ("*#19#", "visited"),
        ("****105#", "any"),
        ("*1055#", "any"),
        ("*1#", "any"),
        ("*205#", "any"),
        ("*105", "any"),
        ("*1²5#", "any"),
        ("105#", "any"),
        ("*512#", "any"),
        ("700", "any"),
        ("", "any"),
    ],
)
def test_network_range(dialled: str, whose: str) -> None:
    assert network_range(dialled) == whose


signs = st.text(st.sampled_from("*#0123456789 +aя²"), max_size=30)


@given(signs | st.text(max_size=250), signs)
def test_any_string_means_something(text: str, other: str) -> None:
    mmi = parse(text)
    assert (mmi.service_code in SERVICES or mmi.service_code[:2] == "59") == (
        mmi.kind in ("supplementary", "local")
    )
    assert parse(mmi.text) == mmi
    assert network_range(text) == network_range(mmi.text) or len(text) > DIALLED_MAX
    parse(dial_string(other, text))
