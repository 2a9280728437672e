"""NMEA 0183 sentences out of a stream: $ address , fields * check sum. Only those that are asked for are kept.

A $ always begins anew and the second digit of the check sum ends, so that damage before or behind a good sentence
never costs it. Nothing is allocated per sentence.
"""

from micropython import const

from .nmea_numbers import angle, decimal, second_of_day

RMC = 1
GGA = 2
GSA = 3

LONGEST = const(120)  # 79 by the standard; receivers with many digits send more
_FIELDS = 32

_DOLLAR = const(36)
_STAR = const(42)
_COMMA = const(44)
_IDLE = -1
_NO_SUM = -1


class NmeaSentence:
    """The sentence last read: `kind` and its fields, counted from 1 behind the address."""

    def __init__(self) -> None:
        self._line = bytearray(LONGEST)
        self._starts = bytearray(_FIELDS)
        self._length = _IDLE  # of the sentence that is coming
        self._end_of_line = 0  # of the one last read
        self._sum = 0
        self._given = _NO_SUM  # the check sum's digits so far
        self._digits = 0
        self.fields = 0
        self.kind = 0
        self.read = 0  # good sentences of the kinds asked for
        self.rejected = 0  # sentences asked for that were damaged

    def put(self, data, at: int, count: int) -> int:
        """Take data[at:count] up to the end of a good sentence that is asked for; return the index behind it, or -1."""
        line = self._line
        length = self._length
        total = self._sum
        given = self._given
        while at < count:
            byte = data[at]
            at += 1
            if length < 0:
                if byte != _DOLLAR:
                    continue
            elif _COMMA < byte < 127 and given < 0 and length < LONGEST:
                line[length] = byte
                total ^= byte
                length += 1
                continue
            # What is not a plain character of a field is rare and may take its time.
            self._length = length
            self._sum = total
            if self._put_mark(byte):
                return at
            length = self._length
            total = self._sum
            given = self._given
        self._length = length
        self._sum = total
        return -1

    def _put_mark(self, byte: int) -> bool:
        """Take a byte that is no plain character of a field; True when it ended a good sentence."""
        length = self._length
        if byte == _DOLLAR:
            if length >= 0:
                self._drop()
            self._length = self._sum = self._digits = self.fields = 0
            self._given = _NO_SUM
            return False
        if self._given >= 0:
            return self._put_digit(byte)
        if byte == _STAR:
            self._given = 0
            return False
        if byte < 32 or byte > 126 or length == LONGEST:
            self._drop()
            return False
        self._line[length] = byte
        self._sum ^= byte
        self._length = length + 1
        if byte == _COMMA:
            self._put_comma(length + 1)
        return False

    def blank(self, field: int) -> bool:
        """Whether there is nothing in a field, or no such field."""
        return self._end(field) <= self._start(field)

    def letter(self, field: int) -> int:
        """Return the only character of a field, or 0."""
        start = self._start(field)
        return self._line[start] if self._end(field) == start + 1 else 0

    def number(self, field: int, places: int) -> int:
        """Return a field times 10^places, or BAD."""
        return decimal(self._line, self._start(field), self._end(field), places)

    def angle(self, field: int, most_degrees: int) -> int:
        """Return a field and the hemisphere behind it as 1e-6 degrees, or BAD."""
        return angle(self._line, self._start(field), self._end(field), self.letter(field + 1), most_degrees)

    def hundredths_of_day(self, field: int) -> int:
        """Return a time of day in hundredths of a second, or BAD."""
        return second_of_day(self._line, self._start(field), self._end(field))

    def _start(self, field: int) -> int:
        return self._starts[field - 1] if field <= self.fields else 0

    def _end(self, field: int) -> int:
        if field > self.fields:
            return 0
        return self._end_of_line if field == self.fields else self._starts[field] - 1

    def _put_comma(self, length: int) -> None:
        fields = self.fields
        if fields == 0:
            self.kind = _kind(self._line) if length == 6 else 0
            if not self.kind:
                self._length = _IDLE
                return
        if fields == _FIELDS:
            self._drop()
            return
        self._starts[fields] = length
        self.fields = fields + 1

    def _put_digit(self, byte: int) -> bool:
        if 48 <= byte <= 57:
            digit = byte - 48
        elif 65 <= byte <= 70:
            digit = byte - 55
        elif 97 <= byte <= 102:
            digit = byte - 87
        else:
            self._drop()
            return False
        self._given = self._given << 4 | digit
        self._digits += 1
        if self._digits < 2:
            return False
        if self._given != self._sum or not self.fields:
            self._drop()
            return False
        self.read += 1
        self._end_of_line = self._length
        self._length = _IDLE
        return True

    def _drop(self) -> None:
        self.rejected += self.fields > 0
        self._length = _IDLE


def _kind(line) -> int:
    # "GNRMC,": two letters of the talker, of which P would be a maker's own sentence, then the sentence.
    if line[0] == 80 or line[5] != 44:
        return 0
    if line[2] == 82 and line[3] == 77 and line[4] == 67:
        return RMC
    if line[2] == 71 and line[3] == 71 and line[4] == 65:
        return GGA
    if line[2] == 71 and line[3] == 83 and line[4] == 65:
        return GSA
    return 0
