"""What the sports differ in, one row each: how moving is told, and how much energy an hour takes (docs/WORKOUTS.md)."""

from micropython import const
from paceline_protocol.code_tables import SPORTS

SWIMMING = SPORTS.index("swimming")
STRENGTH = SPORTS.index("strength")
_INDOORS = (SWIMMING, STRENGTH, SPORTS.index("indoor"))  # no GPS

# Columns: below this speed, in cm/s, one stands (0: speed tells nothing); from this one on one moves again; steps a
# minute that count as moving (0: steps tell nothing); seconds to the auto-pause and out of it (0: there is none);
# tenths of a MET where speed is not known, standing still (1.3) aside.
STILL_CM_S, MOVES_CM_S, MOVES_SPM, PAUSE_S, RESUME_S, MET10 = 0, 1, 2, 3, 4, 5
_COLUMNS = const(6)
_ROWS = (
    b"\x00\x00\x00\x00\x00\x28"  # other: 4.0
    b"\x32\x5a\x1e\x05\x02\x62"  # running: 9.8, as at 6 mph (Compendium 12050)
    b"\x28\x3c\x1e\x08\x03\x23"  # walking: 3.5, at 3 mph (17190)
    b"\x28\x3c\x1e\x0f\x03\x3c"  # hiking: 6.0 (17080)
    b"\x50\x78\x00\x04\x02\x4b"  # cycling: 7.5 (01015)
    b"\x00\x00\x00\x00\x00\x3a"  # swimming: 5.8 (18240)
    b"\x00\x00\x00\x00\x00\x23"  # strength: 3.5 (02054)
    b"\x00\x00\x00\x00\x00\x32"  # indoor: 5.0
)


def of(sport: int, column: int) -> int:
    """Return a number of the table; an unknown sport is another one."""
    at = sport * _COLUMNS + column
    return _ROWS[at] if at < len(_ROWS) else _ROWS[column]


def uses_gps(sport: int) -> bool:
    """Tell whether the samples of this sport are made of solutions."""
    return sport not in _INDOORS
