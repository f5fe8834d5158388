"""(e) Memory of a live dialogue: the process before and after very many have been opened."""

from __future__ import annotations

from scripts.benchmarks.dialogues import PSSR_INDICATION
from scripts.benchmarks.gateways import FIRST_MSISDN, gateway
from scripts.benchmarks.load import (
    DELIVER_SM,
    DELIVER_SM_RESP,
    SUBMIT_SM,
    Connection,
    pdu,
    submit_body,
)
from scripts.benchmarks.report import Figure

DIALOGUES = 100_000
WINDOW = 200
WARM_UP = 2_000
TARGET_OCTETS = 1024


def measure(runs: int) -> list[Figure]:
    """Octets of resident memory a dialogue, all of them open and waiting for an answer. One run:
    a second would find the memory of the first."""
    with gateway(DIALOGUES) as server:
        connection = Connection(server.ports["smpp"])
        open_dialogues(connection, 0, WARM_UP)
        before = server.resident_octets()
        open_dialogues(connection, WARM_UP, DIALOGUES)
        grown = server.resident_octets() - before
    each = grown / (DIALOGUES - WARM_UP)
    note = f"{DIALOGUES} open"
    return [Figure("e", "live dialogue", "octets", (each,), note, TARGET_OCTETS, less=True)]


def open_dialogues(connection: Connection, first: int, last: int) -> None:
    """Dial `*105#` from each number once and leave the page unanswered."""
    sent, answered = first, first
    while answered < last:
        upto = min(last, answered + WINDOW)
        out = [
            pdu(
                SUBMIT_SM,
                n + 2,
                submit_body(str(FIRST_MSISDN + n), "105", b"*105#", PSSR_INDICATION),
            )
            for n in range(sent, upto)
        ]
        sent = max(sent, upto)
        for command, status, sequence, _ in connection.receive() if not out else ():
            if command == DELIVER_SM:
                answered += 1
                out.append(pdu(DELIVER_SM_RESP, sequence, b"\0"))
            elif status:
                raise SystemExit(f"submit_sm was refused: {status:#x}")
        if out:
            connection.send(b"".join(out))
