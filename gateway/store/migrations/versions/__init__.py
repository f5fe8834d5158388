"""Revisions of the schema, one linear history."""
