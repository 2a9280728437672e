"""Running totals of one workout, in integers, sample by sample."""

import struct

_FORMAT = "<HHIIIIIIIBBIIHIHIH"
SIZE = struct.calcsize(_FORMAT)

_WITH_ALTITUDE = 3  # a flat fix has no height of its own
_MOVING_CM_S = 30
_MOVING_SPM = 30
_HIGHEST_BPM = 255  # what SESSION_END holds
_LONGEST_STEP_S = 5  # a longer silence is not filled with the last speed
_ASCENT_HYSTERESIS_2DM = 10  # 2 m: a receiver's height wanders by less while one stands


class Totals:
    """Totals of one session; `elapsed_s` counts running seconds of earlier boots, the recorder adds this one's.

    `moving` tells whether the last sample's second was spent moving, by the sport's `moving_cm_s`; in a `paused` one
    nothing moves. `count` has lengths swum or sets done, `mark_s` the elapsed second at which the
    set or rest under way began, `rest_s` is the rest before the set.
    """

    def __init__(self, session: int) -> None:
        self._packed = bytearray(SIZE)
        self.session = session
        self.lap = 1
        self.samples = 0
        self.elapsed_s = 0
        self.moving_s = 0
        self.distance_cm = 0
        self.ascent_2dm = 0
        self._heart_sum = 0
        self._heart_count = 0
        self.heart_rate_max_bpm = 0
        self.lap_distance_cm = 0
        self.lap_timer_s = 0  # pauses left out
        self.kilocalories = 0
        self._energy = 0  # less than a kilocalorie
        self.count = 0
        self.mark_s = 0
        self.rest_s = 0
        self.resting = False
        self.moving_cm_s = _MOVING_CM_S
        self.moving = False
        self.paused = False
        self._altitude_known = 0
        self._altitude_2dm = 0

    def add(self, step_s: int, fix: int, altitude_2dm: int, speed_cm_s: int, heart_bpm: int, cadence_spm: int) -> None:
        """Take one sample, `step_s` after the one before it."""
        step_s = min(step_s, _LONGEST_STEP_S)
        self.samples += 1
        if fix:
            if speed_cm_s >= _MOVING_CM_S:
                self.distance_cm += speed_cm_s * step_s
                self.lap_distance_cm += speed_cm_s * step_s
            if fix == _WITH_ALTITUDE:
                self._climb(altitude_2dm)
        else:
            speed_cm_s = 0
        self.moving = not self.paused and (speed_cm_s >= self.moving_cm_s or cadence_spm >= _MOVING_SPM)
        if self.moving:
            self.moving_s += step_s
        if not self.paused:
            self.lap_timer_s += step_s
        if heart_bpm:
            heart_bpm = min(heart_bpm, _HIGHEST_BPM)
            self._heart_sum += heart_bpm
            self._heart_count += 1
            self.heart_rate_max_bpm = max(self.heart_rate_max_bpm, heart_bpm)

    def burn(self, units: int, in_a_kilocalorie: int) -> None:
        """Add energy."""
        self._energy += units
        self.kilocalories += self._energy // in_a_kilocalorie
        self._energy %= in_a_kilocalorie

    @property
    def heart_rate_avg_bpm(self) -> int:
        """The mean heart rate, 0 without any."""
        return (self._heart_sum + self._heart_count // 2) // self._heart_count if self._heart_count else 0

    def pack(self, elapsed_s: int) -> bytearray:
        """Return the totals as SIZE bytes, which the next call overwrites."""
        struct.pack_into(
            _FORMAT,
            self._packed,
            0,
            self.session,
            self.lap,
            self.samples,
            elapsed_s,
            self.moving_s,
            self.distance_cm,
            self.ascent_2dm,
            self._heart_sum,
            self._heart_count,
            self.heart_rate_max_bpm,
            self.resting,
            self.lap_distance_cm,
            self.lap_timer_s,
            min(self.kilocalories, 0xFFFF),
            self._energy,
            self.count,
            self.mark_s,
            self.rest_s,
        )
        return self._packed

    def _climb(self, altitude_2dm: int) -> None:
        if not self._altitude_known:
            self._altitude_known = 1
            self._altitude_2dm = altitude_2dm
        climbed = altitude_2dm - self._altitude_2dm
        if climbed >= _ASCENT_HYSTERESIS_2DM:
            self.ascent_2dm += climbed
        if climbed >= _ASCENT_HYSTERESIS_2DM or climbed <= -_ASCENT_HYSTERESIS_2DM:
            self._altitude_2dm = altitude_2dm


def unpack(data: bytes) -> Totals:
    """Return the totals of packed bytes; the height of the last sample is not among them."""
    fields = struct.unpack(_FORMAT, data)
    totals = Totals(fields[0])
    totals.lap, totals.samples, totals.elapsed_s, totals.moving_s = fields[1:5]
    totals.distance_cm, totals.ascent_2dm = fields[5:7]
    totals._heart_sum, totals._heart_count, totals.heart_rate_max_bpm = fields[7:10]
    totals.resting = bool(fields[10])
    totals.lap_distance_cm, totals.lap_timer_s, totals.kilocalories = fields[11:14]
    totals._energy, totals.count, totals.mark_s, totals.rest_s = fields[14:18]
    return totals
