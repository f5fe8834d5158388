"""WORDS: the values every ring speaks. Imports nothing of ours, does nothing, knows no channel."""
