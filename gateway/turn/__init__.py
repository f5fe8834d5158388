"""ONE TURN: (arrival, unit, now) -> deliveries. No Twisted, no SQL. The only loop is query and
answer, with a limit. Nothing leaves before it is stored.

Beside menu, accounts, render and domain it imports two pure rings on purpose: `wire.gsm`, which
tells what a dialled string means (3GPP TS 22.030), and `charging`, since a use is rated where it
is known.
"""
