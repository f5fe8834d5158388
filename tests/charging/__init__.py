"""Tests of who pays what."""
