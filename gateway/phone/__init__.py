"""A HANDSET: what is dialled and shown, over any link to the gateway."""
