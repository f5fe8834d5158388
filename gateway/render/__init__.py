"""A SCREEN AS EACH CHANNEL CAN CARRY IT. Pure: counts octets after encoding; knows no menu."""
