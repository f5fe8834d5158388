"""COMMANDS: one module each, imported when it is called, so that `gateway --help` stays quick."""
