"""Tests of load: its schedule, its numbers, its report, and the command against a gateway."""
