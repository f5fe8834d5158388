"""A call dies with its process; the next process settles it at once, up to the last second told."""

from __future__ import annotations

from gateway.channels.desk import Desk, call_dialogue
from gateway.channels.ids import Ids
from gateway.turn.call import connected, extend
from tests.flows.calls import Telephone
from tests.flows.play import LINK, Player
from tests.flows.stores import MemoryStore

CALLER = "79220000002"


def test_a_call_is_settled_by_the_next_process() -> None:
    player = Player(MemoryStore())
    player.act_as(CALLER)
    player.read(lambda unit: unit.book.update_subscriber(CALLER, {"zone": "EUROPE"}))
    telephone: Telephone = player.telephone
    telephone.call("+79221110505")
    player.settle()
    trace = telephone.lines[CALLER].trace
    player.read(lambda unit: connected(unit, trace, player.now))
    player.read(lambda unit: extend(unit, trace, 50, player.now + 50))
    dialogue = call_dialogue(LINK, CALLER, trace)
    assert player.read(lambda unit: unit.load_session(dialogue))

    player.now += 75
    next_desk = Desk(player.world, player, lambda: player.now, lambda: 0.0, Ids(2))
    assert next_desk.restore([(dialogue, player.now + 1)]) == {"voice": 1}
    player.settle()
    assert player.read(lambda unit: unit.load_session(dialogue)) is None
    row = player.read(lambda unit: unit.book.charges(CALLER, 1))[0]
    assert (row.rule, row.units, row.amount) == ("CH09", 1, 5_900)
    assert player.read(lambda unit: unit.book.subscriber(CALLER)).available == 100_000 - 5_900
