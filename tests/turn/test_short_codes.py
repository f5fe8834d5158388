"""What is dialled, written to and called leads where the table says, and a wrong table is told."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.charging.rating import Rater
from gateway.charging.tariff import default_terms
from gateway.domain.catalogue import FORWARDING_KINDS, SUPPLEMENTARY_ACTIONS, ZONES
from gateway.menu.source import render
from gateway.turn.short_codes import ShortCodes, load_short_codes
from tests.turn.house import Menus

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"


def read() -> ShortCodes:
    codes, problems = load_short_codes(ROOT / "short_codes.yaml", Menus())
    assert codes is not None, render(problems)
    return codes


CODES = read()

# dialled | state | variables, or keys of a path
DIALLED = """
*105#                       main
105                         main
*105                        main
* 105 * 00 #                set.pwd.new
*105*00#                    set.pwd.new
*105#00#                    set.pwd.new
*105*01#                    set.pwd.own
*105*753#                   set.app
*105*801*0#                 svc.removal           code=801
*105*1*2#                   main                  keys=1,2
*105#1#2#                   main                  keys=1,2
*105*8#                     main                  keys=8
*105*9#                     err.code  range=home
*105*0#                     err.code  range=home
*105*1*10#                  err.code  range=home
*105*84#                    err.code  range=home
*105*1*1*1*1*1*1*1*1*1*1*1*1*1#  err.code  range=home
**105#                      err.code  range=home
#105#                       err.code  range=home
*100#                       code.balance
100                         code.balance
*106#                       acct.promised
*512#                       acct.spend.last5
*558#                       pkg.show
*990#                       code.company
*110*105000000100#          acct.topup.voucher.use  code=105000000100
*110*1234*89221234567#      acct.topup.voucher.other  code=1234 recipient=79221234567
*110*12a4#                  err.code  range=home
*133*500*9221234567#        acct.transfer.quote   amount=50000 recipient=79221234567
*133*10,5*+79221234567#     acct.transfer.quote   amount=1050 recipient=79221234567
*133*500*922123456#         err.code  range=home
*133*-5*9221234567#         err.code  range=home
*143*9221234567#            acct.ask.sum          recipient=79221234567
**21*9221234567#            mmi.fwd      action=register kind=all number=9221234567
*21*+79221234567#           mmi.fwd      action=register kind=all number=+79221234567
* 21 #                      mmi.fwd      action=activate kind=all number=
*#21#                       mmi.fwd      action=interrogate kind=all number=
#21#                        mmi.fwd      action=deactivate kind=all number=
**61*9221234567**20#        mmi.fwd      action=register kind=no_reply number=9221234567
*#62#                       mmi.fwd      action=interrogate kind=not_reachable number=
##67#                       mmi.fwd      action=erase kind=busy number=
##002#                      mmi.fwd      action=erase kind=every number=
##004#                      mmi.fwd      action=erase kind=conditional number=
*33*0000#                   mmi.bar      action=activate kind=outgoing password=0000
#330*0000#                  mmi.bar      action=deactivate kind=every password=0000
*#331#                      mmi.bar      action=interrogate kind=international password=
*332#                       mmi.bar      action=activate kind=international_except_home password=
*35*0000#                   mmi.bar      action=activate kind=incoming password=0000
*351*0000#                  mmi.bar      action=activate kind=incoming_roaming password=0000
#333*0000#                  mmi.bar      action=deactivate kind=every_outgoing password=0000
#353*0000#                  mmi.bar      action=deactivate kind=every_incoming password=0000
**03*330*0000*1234*1234#    mmi.bar.password      old=0000 new=1234 again=1234
*03*330*0000*1234*1234#     mmi.bar.password      old=0000 new=1234 again=1234
** 03 ** 0000*1234*123#     mmi.bar.password      old=0000 new=1234 again=123
**03*330*0000*1234#         err.code  range=any
**03*21*0000*1234*1234#     err.code  range=any
##03*330*0000*1234*1234#    err.code  range=any
*#06#                       err.code  range=any
*43#                        err.code  range=any
*31#9221234567              err.code  range=any
*999#                       err.code  range=any
*150#                       err.code  range=visited
*#199*1#                    err.code  range=visited
*225#                       err.code  range=any
balance                     err.code  range=any
***                         err.code  range=any
#                           err.code  range=any
"""

CALLED = {
    "0505": ("voice.root", "voice_home"),
    "5005": ("voice.root", "voice_home"),
    "50-05": ("voice.root", "voice_home"),
    "+79221110505": ("voice.root", "voice_federal"),
    "89221110505": ("voice.root", "voice_federal"),
    "+7 (922) 111-05-05": ("voice.root", "voice_federal"),
    "0500": ("voice.op", "operator"),
    "8-800-550-05-00": ("voice.op", "operator_russia"),
    "+79261110500": ("voice.op", "operator_world"),
    "112": None,
    "": None,
}


def rows(table: str) -> list[str]:
    return table.strip().splitlines()


@pytest.mark.parametrize("row", rows(DIALLED))
def test_dialled(row):
    text, state, *rest = [cell.strip() for cell in row.split("  ") if cell.strip()]
    route = CODES.route_ussd(text)
    wanted = dict(pair.split("=") for pair in " ".join(rest).split())
    keys = tuple(wanted.pop("keys", "").split(",")) if "keys" in wanted else ()
    assert route.state == state
    assert {name: str(value) for name, value in route.variables.items()} == wanted
    assert (route.keys, route.charge) == (keys, "ussd")


@pytest.mark.parametrize(("number", "wanted"), CALLED.items())
def test_called(number, wanted):
    route = CODES.route_voice(number)
    assert (route and (route.state, route.charge)) == wanted


def test_an_empty_string_is_answered():
    assert CODES.route_ussd("").state == "err.code"


def test_amounts_are_kopecks_and_numbers_normal():
    route = CODES.route_ussd("*133*12.50*+79221234567#")
    assert route.variables == {"amount": 1250, "recipient": "79221234567"}
    assert CODES.route_sms("1100", "1050 0000 0100").variables == {"code": "105000000100"}


def test_a_region_dials_its_own_codes_first():
    assert CODES.route_ussd("*225#", "ural").state == "tariff.mine"
    assert CODES.route_ussd("* 225 #", "ural").state == "tariff.mine"
    assert CODES.route_ussd("*225#", "volga").state == "err.code"
    assert CODES.route_ussd("*105#", "ural").state == "main"


def test_the_service_code_is_told():
    told = {text: CODES.route_ussd(text).code for text in ("*105*1*2#", "105", "*#21#", "*999#")}
    assert told == {"*105*1*2#": "105", "105": "105", "*#21#": "21", "*999#": "999"}
    assert CODES.route_ussd("not a code").code == ""
    assert CODES.route_sms("000-110", "00").code == "000110"


def test_exact_routes_are_made_once():
    assert CODES.route_ussd("*100#") is CODES.route_ussd("*100#")


def test_roots_tell_the_variables_that_every_way_gives():
    roots = CODES.roots()
    assert roots["acct.transfer.quote"] == {"amount": "money", "recipient": "msisdn"}
    assert roots["sms.bad"] == {}
    assert roots["mmi.fwd"] == {
        "action": SUPPLEMENTARY_ACTIONS,
        "kind": FORWARDING_KINDS,
        "number": "text",
    }
    assert {"main", "err.code", "sms.number", "voice.op"} <= set(roots)


@given(st.text(alphabet="*#0123456789 +абab", max_size=40), st.sampled_from(["", "ural"]))
def test_any_string_dialled_has_a_route(text, region):
    route = CODES.route_ussd(text, region)
    assert route.state in CODES.roots()
    assert set(CODES.roots()[route.state]) <= set(route.variables)


# --- charging: section 3.7 of the service guide ------------------------------------------------

# class: HOME RU_NET RU_OTHER CIS EUROPE WORLD; rule and price, or - where it is not reachable
CHARGES = """
ussd             CH01 0     CH01 0     CH01 0     CH01 0      CH01 0      CH01 0
service_sms      CH03 0     CH04 490   CH04 990   CH04 1400   CH04 1900   CH04 1900
voice_home       CH06 0     CH07 -     CH07 -     CH07 -      CH07 -      CH07 -
voice_federal    CH08 0     CH09 300   CH09 4500  CH09 4900   CH09 5900   CH09 7900
operator    CH10 0     CH10 -     CH10 -     CH10 -      CH10 -      CH10 -
operator_russia  CH11 0     CH11 0     CH11 0     CH11 -      CH11 -      CH11 -
operator_world   CH12 0     CH12 0     CH12 0     CH12 0      CH12 0      CH12 0
"""


@pytest.mark.parametrize("row", rows(CHARGES))
def test_charges(row):
    rater = Rater(CODES.charge_table, default_terms().zones)
    charge_class, *cells = row.split()
    for zone, rule, price in zip(ZONES, cells[::2], cells[1::2], strict=True):
        rating = rater.rate(charge_class, zone)
        shown = str(rating.amount) if rating.allowed else "-"
        assert (rating.rule, shown) == (rule, price), zone


# --- mistakes ----------------------------------------------------------------------------------


REPLIES = "replies: {'yes': ['YES'], 'no': ['NO'], late: main}"


def told(path: Path) -> str:
    codes, problems = load_short_codes(path, Menus(states=("main", "balance"), texts=()))
    assert codes is None
    return render(problems).replace(str(path.parent) + "/", "")


def test_every_mistake_is_told_at_once():
    golden = (DATA / "bad_codes.txt").read_text(encoding="utf-8")
    assert told(DATA / "bad_codes.yaml") == golden


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "a mapping"),
        ("version: 2", "'2' is not one of: 1"),
        (f"version: 1\n{REPLIES}\nroutes: {{ussd: [], sms: []}}", "'charging' is missing"),
        ("- a", "a mapping"),
        (
            f"version: 1\ncharging: {{ussd: {{else: {{free: 'CH01'}}}}}}\n{REPLIES}\n"
            "routes: {ussd: [], sms: []}",
            "there is no default",
        ),
    ],
)
def test_a_file_that_is_no_table_is_told(tmp_path, text, line):
    path = tmp_path / "codes.yaml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    assert line in told(path)


def test_what_stands_without_quotes_is_told_once(tmp_path):
    path = tmp_path / "codes.yaml"
    text = (ROOT / "short_codes.yaml").read_text(encoding="utf-8")
    text = text.replace('"*100#"', "*100#").replace('number: "000110"', "number: 000110")
    path.write_text(text, encoding="utf-8")
    codes, problems = load_short_codes(path, Menus())
    assert codes is None
    assert [each.code for each in problems] == ["M105", "M105"]
    assert [each.source_line.strip()[:14] for each in problems] == [
        "- {code: *100#",
        "- number: 0001",
    ]


def test_a_missing_file_is_told(tmp_path):
    assert "cannot be read" in told(tmp_path / "none.yaml")


def test_the_version_is_that_of_the_bytes(tmp_path):
    path = tmp_path / "codes.yaml"
    text = (ROOT / "short_codes.yaml").read_text(encoding="utf-8")
    path.write_text(text + "# one more line\n", encoding="utf-8")
    codes, _ = load_short_codes(path, Menus())
    assert codes is not None
    assert codes.version != CODES.version
