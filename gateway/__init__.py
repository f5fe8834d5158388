"""An operator's self-service over USSD, SMS and voice.

Rings: bytes at one end (`wire`, `channels`), SQL at the other (`store`); everything between is
pure and takes `now` as an argument. `tests/test_layers.py` holds the import directions.
"""
