"""What tiles are named by, and what may be wrong with them."""

from paceline_server.events.model import AwayError

Corner = tuple[int, int]
"""The south-western corner of a tile in whole degrees: latitude, longitude."""


class TileError(AwayError):
    """A tile could not be had now; says which and why, and no more than its name of the place."""
