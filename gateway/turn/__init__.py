"""ONE TURN: (arrival, unit, now) -> deliveries. No Twisted, no SQL. The only loop is query and
answer, with a limit. Nothing leaves before it is stored."""
