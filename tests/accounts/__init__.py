"""Tests of what a subscriber has: the account core over a Book, no database."""
