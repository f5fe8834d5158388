"""Services of a number: roaming, call forwarding, call barring."""
