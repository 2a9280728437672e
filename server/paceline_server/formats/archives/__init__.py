"""Exports of other platforms: all that one keeps of a user, in one file → entries that can be read alone."""
