"""The grammar of SMS: what each number makes of a text, however it was typed; a wrong grammar is
told."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.menu.source import load, render
from gateway.turn.short_codes import load_short_codes
from gateway.turn.short_codes.grammar import Parameter, Part, fold, ways, words_of
from tests.turn.house import ROOT, Menus, content

CODES = content().codes
WHOLE = "000105"
"""The number that understands the whole grammar."""

# number | text | state | claim, - for none | variables, or keys of a path
WRITTEN = """
000110  00                        set.pwd.new          word
000-110 00                        set.pwd.new          word
000110  <empty>                   set.pwd.new          word
000110  _00_                      set.pwd.new          word
000110  пароль                    set.pwd.new          word
000110  41                        set.pwd.unlock       code
000110  привет                    sms.desk             -
000105  Pass                      set.pwd.new          word
000105  б                         sms.balance          word
000105  B                         sms.balance          word
000105  баланс!                   sms.balance          word
000105  БAЛAHC                    sms.balance          word
000105  5041                      sms.spend.day        code
000105  РАСХОД__день              sms.spend.day        word
000105  spend                     sms.spend.month      word
000105  753                       set.app              code
000105  ?                         sms.help             word
000105  help                      sms.help             word
000105  помощь_перевод            sms.help.word        word   word=transfer
000105  HELP_fwd                  sms.help.word        word   word=forwarding
000105  помощь_чушь               sms.help             -
000105  <empty>                   sms.bad              -
000105  чушь                      sms.bad              -
000105  перевод                   sms.help.word        -      word=transfer
000105  перевод_500               sms.help.word        -      word=transfer
000105  ПЕРЕВОД_500_9221234567    acct.transfer.quote  word   amount=50000 recipient=79221234567
000105  send_10,5_+7_922_123-45-67  acct.transfer.quote  word   amount=1050 recipient=79221234567
000105  Перевод_500_9221234       sms.help.word        -      word=transfer
000105  ОП                        acct.promised        word
000105  OП_300                    acct.promised.do     word   amount=30000
000105  карта_1050_0000_0300      sms.voucher          word   code=105000000300
000105  карта_10_50#9221234567    acct.topup.voucher.other  word  code=1050 recipient=79221234567
000105  пополнить_500             acct.topup.quote     word   amount=50000
000105  topup_500_89221234567     acct.topup.other.quote  word  amount=50000 recipient=79221234567
000105  авто_20_500               acct.auto.quote.period  word  period=days20 amount=50000
000105  AUTO_week_500             acct.auto.quote.period  word  period=week amount=50000
000105  авто_<50_500              acct.auto.quote.thr  word   threshold=5000 amount=50000
000105  АВТО<50_500               acct.auto.quote.thr  word   threshold=5000 amount=50000
000105  авто_стоп                 acct.auto.off        word
000105  авто_месяц                sms.help.word        -      word=autopay
000105  просьба_100_9221234567    acct.ask.quote       word   amount=10000 recipient=79221234567
000105  бонус_101                 bonus.quote          word   reward=101
000105  бонус_101_922_123_45_67   bonus.quote.other    word   reward=101 recipient=79221234567
000105  bonus_gift_50_9221234567  bonus.gift.quote     word   recipient=79221234567 points=50
000105  расход_5                  acct.spend.last5     word
000105  пакет_мб                  pkg.quote            word   kind=megabytes
000105  переадр                   svc.fwd.show         word
000105  переадр_?                 svc.fwd.show         word
000105  переадр_21_9221234567     svc.fwd.price        word   kind=all number=79221234567
000105  FWD_all_off               mmi.fwd.apply        word   kind=every number= action=erase
000105  запрет_33_вкл_0000        svc.bar.set  word  kind=outgoing password=0000 action=activate
000105  BAR_ВСЕ_OFF_0000          svc.bar.set  word  kind=every password=0000 action=deactivate
000105  роуминг_выкл              roam.toggle.off      word
000105  язык_en                   set.lang.set         word   language=en
000105  1                         main                 -      keys=1
000105  1_2                       main                 code   keys=1,2
000105  1.2                       main                 code   keys=1,2
000105  1*2                       main                 code   keys=1,2
000105  *105*1*2#                 main                 code   keys=1,2
000105  1_9                       sms.bad              -
000105  ДА_4821                   sms.confirm.late     answer code=4821
000105  no                        sms.confirm.late     answer
000100  Б                         sms.balance          word
000100  <empty>                   sms.balance          -
000100  1                         sms.balance          -
000100  остатки                   sms.packages         word
000100  00                        set.pwd.new          word
000100  помощь                    sms.help             word
000511  <empty>                   sms.company          -
000511  ООО_Ромашка               sms.company          -
000511  рег_Ivan@Example.ru       sms.company.mail     word   email=Ivan@Example.ru
1100    105000000100              sms.voucher          code   code=105000000100
1100    1050-0000-01              sms.voucher          code   code=1050000001
1100    1050#9221234567           acct.topup.voucher.other  code  code=1050 recipient=79221234567
1100    спасибо                   sms.voucher.how      -
5037    00                        set.pwd.new          word
1410    ПЕРЕАДР                   svc.fwd.show         word
000500  2002                      tariff.quote         code   code=2002
000500  тариф                     tariff.mine          word
1410    услуги                    svc.mine             word
1410    стоп_все                  svc.subs.delall      word
000105  503                       svc.mine             code
000105  801                       svc.quote            code   code=801
000105  801_0                     svc.removal          code   code=801
000105  ВКЛ_3351                  svc.quote            word   code=3351
000105  156                       svc.block.temp       code
000105  156_0                     svc.block.off        code
000105  блок_утеря                svc.block.lost       word
000105  СИМ_замена                svc.sim              word
000105  тариф_2002                tariff.quote         word   code=2002
000105  stop                      svc.subs.del         word
1410    баланс                    sms.services         -
000999  00                        sms.number           -
112     00                        sms.number           -
"""


@pytest.mark.parametrize("row", WRITTEN.strip().splitlines())
def test_written(row: str) -> None:
    number, text, state, claim, *given_ = row.split()
    route = CODES.route_sms(number, "" if text == "<empty>" else text.replace("_", " "))
    wanted = dict(pair.split("=") for pair in given_)
    keys = tuple(wanted.pop("keys").split(",")) if "keys" in wanted else ()
    assert (route.state, route.claim, route.keys) == (state, claim.strip("-"), keys)
    assert {name: str(value) for name, value in route.variables.items()} == wanted
    assert route.charge == "service_sms"


# --- properties ----------------------------------------------------------------------------------

VALUES = {
    "digits": ["105000000100", "1050 0000 0100", "4821"],
    "code": ["3382", "15600"],
    "number": ["50", "1"],
    "amount": ["500", "10,50", "12.5"],
    "msisdn": ["9221234567", "+79221234567", "8 922 123-45-67", "79221234567"],
    "pin": ["0000", "482913"],
    "email": ["ivan@example.ru", "a.b+c@mail.example.com"],
}
TWINS = {
    **dict(zip("ABEKMHOPCTXY", "АВЕКМНОРСТХУ", strict=True)),
    **dict(zip("АВЕКМНОРСТХУ", "ABEKMHOPCTXY", strict=True)),
    "Е": "Ё",
}


def grammar() -> list[tuple[str, tuple[Part, ...]]]:
    """Every way to write every row that 000105 understands, with the row's state."""
    data = load(ROOT / "short_codes.yaml").data
    [number] = [each for each in data["routes"]["sms"] if each.get("number") == WHOLE]
    rows = [*number.get("texts", ())]
    for group in number["commands"]:
        rows += data["commands"][group]
    return [
        (row["go"], parts)
        for row in rows
        for text in row["match"]
        for parts, _ in ways(text, data["words"])
    ]


GRAMMAR = grammar()


@st.composite
def written(draw: st.DrawFn) -> tuple[str, str]:
    """A way to write a row as a handset may send it, and the row's state."""
    state, parts = draw(st.sampled_from(GRAMMAR))
    words = [
        draw(st.sampled_from(VALUES[part.kind])) if isinstance(part, Parameter) else part
        for part in parts
    ]
    typed = "".join(
        draw(st.sampled_from([char, char.upper(), TWINS.get(char.upper(), char)]))
        if isinstance(part, str)
        else char
        for part, word in zip(parts, words, strict=True)
        for char in [*word, " "]
    )
    blanks = draw(st.sampled_from(["", " ", "\n"]))
    return blanks + typed.replace(" ", draw(st.sampled_from([" ", "  "]))) + blanks, state


@given(written())
def test_every_row_is_understood_however_it_is_typed(case: tuple[str, str]) -> None:
    text, state = case
    assert CODES.route_sms(WHOLE, text).state == state


@given(st.text(max_size=300), st.sampled_from([WHOLE, "000110", "1100", "000-105", "777", ""]))
def test_any_sms_has_a_route(text: str, number: str) -> None:
    assert CODES.route_sms(number, text).state in CODES.roots()


@given(st.lists(st.sampled_from([*"0123 #<", "ПЕРЕВОД", "500", "9221234567"]), max_size=60))
def test_any_words_have_a_route_with_the_variables_its_state_needs(words: list[str]) -> None:
    route = CODES.route_sms(WHOLE, " ".join(words))
    assert set(CODES.roots()[route.state]) <= set(route.variables)


def test_folding_twice_is_folding_once() -> None:
    for _, parts in GRAMMAR:
        for part in parts:
            assert isinstance(part, Parameter) or fold(part) == part


@pytest.mark.parametrize("text", ["ПЕРЕВОД " * 24, "1 " * 100, "# " * 90, "9" * 200, "< 1 " * 50])
def test_a_long_text_takes_no_longer_by_its_shape(text: str) -> None:
    """The tree is as deep as its longest row: steps are counted, not seconds."""
    number = CODES.sms[WHOLE]
    visits = 0

    class Counting(list):  # type: ignore[type-arg]
        def __getitem__(self, at):  # type: ignore[no-untyped-def]
            nonlocal visits
            visits += 1
            return super().__getitem__(at)

    number.tree.find(Counting(words_of(text)[:32]))
    assert visits < 200


# --- mistakes ------------------------------------------------------------------------------------

FILE = """
version: 1
charging: {service_sms: {else: {free: "CH03"}}}
replies: {"yes": ["YES"], "no": ["NO"], late: "main"}
words: {period: {day: ["DAY"], week: ["WEEK"]}}
commands:
  some:
    - {match: ["SPEND [{period:period}]"], go: "main", set: {period: "day"}}
    - {match: ["PAY {amount:amount}"], go: "main"}
ROW
routes:
  ussd:
    - {default: true, go: "main", charge: "service_sms"}
  sms:
    - {number: "105", charge: "service_sms", commands: ["some"], else: "main"}
    - {default: true, go: "main", charge: "service_sms"}
"""


def told(tmp_path: Path, row: str) -> str:
    path = tmp_path / "codes.yaml"
    path.write_text(FILE.replace("ROW", f"    - {row}"), encoding="utf-8")
    _, problems = load_short_codes(path, Menus(states=("main",), variables=("period", "amount")))
    return render(problems)


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ('{match: ["GO {amount:amount}"], go: "main"}', ""),
        ('{match: ["SPEND DAY"], go: "main"}', "'SPEND DAY' says what line 8 says"),
        ('{match: ["SP\u0415ND"], go: "main"}', "'SP\u0415ND' says what line 8 says"),
        (
            '{match: ["PAY {number:msisdn}"], go: "main"}',
            "'PAY {number:msisdn}' has a parameter where another row has {amount:amount}",
        ),
        ('{match: ["GO {amount:sum}"], go: "main"}', "'sum' is no type of parameter: use digits"),
        ('{match: ["GO {a-b:digits}"], go: "main"}', "'a-b' is not the name of a variable"),
        ('{match: ["GO [{amount:amount}"], go: "main"}', "brackets stand in pairs"),
        ('{match: ["GO"], go: "mein"}', "there is no state 'mein'"),
        ('{match: ["GO"], go: "main", set: {perod: "day"}}', "no state reads a variable 'perod'"),
        ('{match: ["GO {amont:amount}"], go: "main"}', "no state reads a variable 'amont'"),
        ('{match: ["GO"], goes: "main"}', "goes"),
    ],
)
def test_a_mistake_is_told_at_its_row(tmp_path: Path, row: str, line: str) -> None:
    found = told(tmp_path, row)
    assert line in found
    assert bool(line) == bool(found)
    assert not line or "codes.yaml:10:" in found


def test_a_group_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "codes.yaml"
    text = FILE.replace("ROW\n", "").replace('["some"]', '["same"]')
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    _, problems = load_short_codes(path, Menus())
    assert "there is no group of commands 'same'" in render(problems)
