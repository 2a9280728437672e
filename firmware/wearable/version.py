"""The firmware's version, as BOOT records and STATUS messages carry it."""

VERSION = (0, 1, 0)
