"""VALUES AS THEY ARE SPOKEN. Pure: a value and a language -> phrases, each said by one recording.

Rule: a recording is found by its words, as a translation is found by its msgid; so a playlist
reads as what is heard, and a text that was changed never plays its old recording.
"""
