"""Solutions out of NMEA 0183 sentences, for receivers that speak no UBX: RMC, GGA and GSA, the rest is passed over.

The sentences of one second are put together by their time. A solution is complete as soon as those have come that the
receiver sends, so that it is news; one of which a sentence was lost is told when the next second begins. Date, time
and Doppler speed are RMC's, position, height, satellites and HDOP GGA's, flat or in space GSA's (of the second before
where it comes behind). NMEA tells no accuracy in metres: HDOP times 10 m stands for it.
"""

from .. import calendar
from ..gps.solution import Solution
from .nmea_numbers import BAD
from .nmea_sentence import GSA, RMC, NmeaSentence

_HDOP_DM = 100  # cautious: with few satellites HDOP flatters (see docs/GPS.md)
_SEEN_RMC = 1
_SEEN_GGA = 2
_BOTH = _SEEN_RMC | _SEEN_GGA
_NO_TIME = -1
_ABSENT_AFTER = 3  # seconds without a kind of sentence until it is waited for no more
_HALF_DAY = 4_320_000  # hundredths of a second
_FIRST_YEAR = 20  # of the two digits: a date before 2020 is a receiver's that has lost count
_WORST_DOP = 9999

_A = 65
_MODES_WITHOUT_FIX = (69, 77, 78, 83)  # E estimated, M manual, N none, S simulated
_QUALITIES_WITHOUT_FIX = (0, 6, 7, 8)  # none, estimated, manual, simulated


class NmeaParser:
    """Bytes in, solutions out; `solution` stays until the next put() that tells of another."""

    def __init__(self, solution: Solution, first_year: int = _FIRST_YEAR) -> None:
        self.solution = solution
        self.sentence = NmeaSentence()
        self._first_year = first_year
        self._time = _NO_TIME  # of the second that is being put together, hundredths since midnight
        self._seen = 0
        self._told = False
        self._expected = _BOTH
        self._missing = 0
        self._again = False  # the sentence behind an incomplete second completes the next one
        self._days = 0  # since 2020, of the newest date
        self._dated_time = _NO_TIME
        self._date_known = False
        self._status = False
        self._quality = False
        self._has_height = False
        self._mode = 0  # GSA's: 0 not sent, 1 none, 2 flat, 3 in space
        self._mode_time = _NO_TIME
        self._latitude = self._longitude = self._altitude = self._speed = BAD
        self._satellites = 0
        self._dop = 0

    def put(self, data, at: int, count: int) -> int:
        """Take data[at:count] up to the end of a solution and return the index behind it, -1 without one."""
        if self._again:
            self._again = False
            self._tell()
            return at
        sentence = self.sentence
        at = sentence.put(data, at, count)
        while at >= 0 and not self._take():
            at = sentence.put(data, at, count)
        return at

    def _take(self) -> bool:
        kind = self.sentence.kind
        if kind == GSA:
            self._take_mode()
            return False
        time = self.sentence.hundredths_of_day(1)
        if time == BAD:
            return kind == RMC and self.sentence.blank(1) and self._tell_nothing()
        late = False
        if time != self._time:
            late = self._begin(time)
        fitting = self._take_rmc() if kind == RMC else self._take_gga()
        if not fitting:
            return late
        self._seen |= _SEEN_RMC if kind == RMC else _SEEN_GGA
        if self._told:
            self._expected |= self._seen
            return False
        complete = self._seen & self._expected == self._expected
        if late:
            self._again = complete
            return True
        if complete:
            self._tell()
        return complete

    def _begin(self, time: int) -> bool:
        """Begin another second; True when the one before was incomplete and is told now."""
        late = self._seen != 0 and not self._told
        if late:
            self._tell()
            self._missing += 1
            if self._missing >= _ABSENT_AFTER:
                self._expected = self._seen
        else:
            self._missing = 0
        self._time = time
        self._seen = 0
        self._told = self._status = self._quality = False
        self._latitude = self._longitude = self._altitude = self._speed = BAD
        return late

    def _take_rmc(self) -> bool:
        sentence = self.sentence
        if sentence.fields < 9:
            sentence.rejected += 1
            return False
        if sentence.letter(2) == _A and sentence.letter(12) not in _MODES_WITHOUT_FIX:
            self._status = self._take_place(3)
            self._take_date(sentence.number(9, 0))
            knots_e3 = sentence.number(7, 3)
            if 0 <= knots_e3 < 2_000_000:
                self._speed = (knots_e3 * 463 + 4500) // 9000  # 1852 m/h in cm/s
        return True

    def _take_gga(self) -> bool:
        sentence = self.sentence
        if sentence.fields < 9:
            sentence.rejected += 1
            return False
        self._satellites = min(max(sentence.number(7, 0), 0), 255)
        self._dop = min(max(sentence.number(8, 2), 0), _WORST_DOP)
        quality = sentence.number(6, 0)
        if quality > 0 and quality not in _QUALITIES_WITHOUT_FIX:
            self._quality = self._take_place(2)
            self._altitude = sentence.number(9, 3)
        return True

    def _take_place(self, field: int) -> bool:
        self._latitude = self.sentence.angle(field, 90)
        self._longitude = self.sentence.angle(field + 2, 180)
        return self._latitude > BAD and self._longitude > BAD

    def _take_date(self, ddmmyy: int) -> None:
        day, month, year = ddmmyy // 10_000, ddmmyy // 100 % 100, ddmmyy % 100
        if ddmmyy > 0 and 1 <= day <= 31 and 1 <= month <= 12 and self._first_year <= year < 80:
            self._days = calendar.days_since_2020(2000 + year, month, day)
            self._dated_time = self._time
            self._date_known = True

    def _take_mode(self) -> None:
        # Each constellation has its GSA; the best of a second counts.
        mode = self.sentence.number(2, 0)
        if 1 <= mode <= 3:
            self._mode = max(mode, self._mode) if self._mode_time == self._time else mode
            self._mode_time = self._time

    def _tell(self) -> None:
        self._told = True
        solution = self.solution
        solution.time_valid = self._date_known
        if self._date_known:
            if self._dated_time - self._time > _HALF_DAY:
                self._days += 1
                self._dated_time = self._time
            solution.time_2020_s = self._days * calendar.DAY_S + self._time // 100
        solution.satellites = self._satellites
        solution.dop_hundredths = self._dop
        solution.horizontal_accuracy_dm = self._dop * _HDOP_DM // 100
        if not solution.judge(self._reported_fix()):
            return
        solution.latitude_udeg = self._latitude
        solution.longitude_udeg = self._longitude
        if self._altitude != BAD:
            solution.altitude_2dm = (self._altitude + 100) // 200
        if self._speed != BAD:
            solution.speed_cm_s = self._speed

    def _reported_fix(self) -> int:
        if (self._seen & _SEEN_RMC and not self._status) or (self._seen & _SEEN_GGA and not self._quality):
            return 0
        if self._seen & _SEEN_GGA:
            self._has_height = self._altitude != BAD
        return 3 if self._has_height and self._mode != 2 else 2

    def _tell_nothing(self) -> bool:
        """A receiver that does not know the time yet lives, that is all."""
        self._time = _NO_TIME
        self._seen = 0
        self.solution.time_valid = False
        self.solution.satellites = 0
        self.solution.judge(0)
        return True
