"""Flows for QA: conversations written down once, replayed in process or over the real protocols.

A flow is data (`model`, `script`), a handset is whatever carries it (`handset`), and the player
knows neither SMPP nor the store. The ring reads flow files with the reader of the menus, so that
their mistakes are shown in the same caret form; it composes nothing: `service` does.
"""
