"""WHO PAYS WHAT: (channel, address, zone) -> a rating with its explanation. Pure."""
