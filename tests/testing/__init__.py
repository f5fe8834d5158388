"""Tests of the Python API for harnesses: a gateway of one's own, its faults and captures."""
