"""A receiver's solution of one second, the same from UBX and from NMEA, and the rule that says when it is no position.

A position that may be 50 m off, or a speed that may be 3 m/s off, is worse than none: it would lengthen the way and
make a pace of it. So fix becomes 0 when the receiver's own estimate (one sigma) is beyond one of the limits.
"""

WORST_HORIZONTAL_DM = 500
WORST_SPEED_CM_S = 300

UNKNOWN = 0  # an accuracy that the receiver does not tell is not held against it


class Solution:
    """In the units of a sample; filled anew by each decode. Position and speed change only when `fix` is not 0."""

    def __init__(self, worst_place_dm: int = WORST_HORIZONTAL_DM, worst_speed_cm_s: int = WORST_SPEED_CM_S) -> None:
        self._worst_place_dm = worst_place_dm
        self._worst_speed_cm_s = worst_speed_cm_s
        self.time_valid = False
        self.time_2020_s = 0  # seconds since 2020-01-01 UTC (see calendar)
        self.fix = 0  # 0 none, 2 flat, 3 in space
        self.reported_fix = 0  # the same, before the rule
        self.satellites = 0
        self.horizontal_accuracy_dm = UNKNOWN
        self.speed_accuracy_cm_s = UNKNOWN
        self.dop_hundredths = 0  # position DOP from UBX, horizontal DOP from NMEA
        self.latitude_udeg = 0
        self.longitude_udeg = 0
        self.altitude_2dm = 0
        self.speed_cm_s = 0

    def judge(self, reported_fix: int) -> bool:
        """Set `fix` from what the receiver reports and its accuracies, set before; return whether there is one."""
        self.reported_fix = reported_fix
        good = (
            self.horizontal_accuracy_dm <= self._worst_place_dm and self.speed_accuracy_cm_s <= self._worst_speed_cm_s
        )
        self.fix = reported_fix if good else 0
        return self.fix != 0
