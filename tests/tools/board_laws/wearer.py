# pyright: reportMissingImports=false, reportMissingParameterType=false
"""For the chips' laws: a world clock that is set by hand, and track files of invented rows. Runs on MicroPython."""

import struct

from silicon.body import Body
from silicon.track import Track

START_US = 1_700_000_000_000_000


class WorldClock:
    """The world's time, moved by the test."""

    def __init__(self, us=START_US):
        self.us = us

    def __call__(self):
        return self.us

    def pass_ms(self, ms):
        self.us += ms * 1000


def write_track(path, rows):
    """Write (second, latitude_e7, longitude_e7, altitude_mm, speed_mm_s, fix, heart_rate, cadence) rows."""
    with open(path, "wb") as file:
        file.write(b"PTRK" + struct.pack("<I", len(rows)))
        for row in rows:
            file.write(struct.pack("<IiiiHBBBB", *row, 0))
    return path


def wearer(path, rows, start_us=START_US):
    """A body that plays the rows."""
    return Body(Track(write_track(path, rows), start_us))


def steady(seconds=600, heart_rate=72, cadence=160):
    """Rows of a steady run."""
    return [(s, 520_000_000 + s * 100, 43_000_000, 12_000 + s, 2_800, 3, heart_rate, cadence) for s in range(seconds)]
