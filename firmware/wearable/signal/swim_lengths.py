"""Lengths of a pool from the acceleration of the wrist: strokes are a rhythm, a turn is a break in it with a glide.

After Bächlin and Tröster (Pervasive and Mobile Computing 8, 2012) and Siirtola et al. (CIDM 2011), who found strokes by
the swing of the wrist's axes and turns between them. At the wall the strokes stop; behind the push-off the arms are
stretched out and still. A break without that glide, or after too few strokes or seconds, is none. An accelerometer has
no compass: that the swimmer comes back the other way is not seen. Not shown on swimmers: docs/NOT_YET_SHOWN.md.
"""

from array import array

from .cycles import Cycles, Sixth, alike

_LONGEST = 32  # samples of 6.5 Hz: 5 s from stroke to stroke
_SURE_RUN = 4  # strokes in a rhythm: swimming
_LATE = 4  # samples more than 1.6 periods without a stroke: a break
_GLIDE = 4  # samples of stillness: 0.6 s
_LONG_GLIDE = 6  # and so many more than usual where the push-off fits into the beat
_STILL_MG = 120  # change from sample to sample, of all axes together
_REST = 52  # samples: a break of 8 s is a rest at the wall
_PUSH_OFF = 13  # samples from a wall to the first stroke: 2 s
_TO_WALL = 40  # per cent of a break lie before the wall
_FASTEST_CM_S = 220
_FEWEST = 4  # strokes of a length
_FILLED = 50  # per cent of a length at least are strokes
_SIXTH_OF_TEN = 20  # tenths of a second are samples × 20 / 13
_OVER = 13


class SwimLengths:
    """Samples in; put() is true when a length is done: `duration_ds`, `strokes` and `ago_s`, when it ended, tell of it.

    `swimming` and `spm`, strokes a minute of this arm, tell of now.
    """

    def __init__(self, pool_cm: int) -> None:
        self._sixth = Sixth()
        self._axes = (Cycles(_LONGEST), Cycles(_LONGEST), Cycles(_LONGEST))
        self._axis = self._axes[0]
        self._before = array("h", (0, 0, 0))
        self._shortest = pool_cm * 13 // (2 * _FASTEST_CM_S)
        self.swimming = False
        self.spm = 0
        self.duration_ds = self.strokes = self.ago_s = 0
        self._length = 0  # samples since the wall
        self._taken = 0  # strokes since then
        self._glide = 0
        self._moving = 0  # samples since the last glide
        self._long = 0  # the longest glide since the last stroke
        self._usual_glide = 0  # between two strokes, × 4
        self._beat = 1  # samples from stroke to stroke
        self._quiet = 0  # samples since the last stroke in the beat
        self._usual = 0  # strokes of a length, × 4

    def put(self, x: int, y: int, z: int) -> bool:
        """Take a sample at 26 Hz, in LSB of 0.244 mg."""
        sixth = self._sixth
        if not sixth.put(x, y, z):
            return False
        axes = self._axes
        x, y, z = sixth.x, sixth.y, sixth.z
        began_x = axes[0].put(x)
        began_y = axes[1].put(y)
        began_z = axes[2].put(z)
        self._feel(x, y, z)
        if not self.swimming:
            self._look()
            return False
        self._length += 1
        self._quiet += 1
        axis = self._axis
        stroke = began_x if axis is axes[0] else began_y if axis is axes[1] else began_z
        return (stroke and self._in_beat() and self._stroke()) or self._stop()

    def _feel(self, x: int, y: int, z: int) -> None:
        before = self._before
        change = abs(x - before[0]) + abs(y - before[1]) + abs(z - before[2])
        before[0], before[1], before[2] = x, y, z
        self._glide = self._glide + 1 if change < _STILL_MG else 0
        self._long = max(self._long, self._glide)
        self._moving = 0 if self._glide >= _GLIDE else self._moving + 1

    def _look(self) -> None:
        # At the wall: the axis with the strongest rhythm begins the length.
        best = self._axes[0]
        for axis in self._axes:
            if axis.level > best.level:
                best = axis
        if best.run < _SURE_RUN or best.since > best.period:
            return
        self._axis = best
        self.swimming = True
        self._beat = best.period
        self._quiet = best.since
        strokes = best.since + (best.run - 1) * best.period
        if strokes < self._moving <= strokes + 3 * best.period:
            strokes = self._moving  # the first ones were not sure
        self._taken = strokes // best.period + 1
        self._length = _PUSH_OFF + strokes
        self._long = self._usual_glide = 0

    def _in_beat(self) -> bool:
        # A push-off swings the arm as well. Another style has another beat, sure after some strokes.
        axis = self._axis
        if alike(axis.last, self._beat):
            self._beat = (3 * self._beat + axis.last) >> 2
            return True
        if axis.run < _SURE_RUN:
            return False
        self._beat = axis.period
        return True

    def _stroke(self) -> bool:
        quiet = self._quiet
        glide = self._long
        self._quiet = self._long = 0
        self.spm = 390 // self._beat
        late = quiet > self._late()
        if not late and glide < max(_LONG_GLIDE, self._usual_glide >> 1) + 2:
            self._usual_glide += glide - (self._usual_glide >> 2)
            self._taken += 1
            return False
        # Behind a break, the stroke before this one was the first again; a push-off that fits the beat was the wall.
        again = 2 if late else 1
        ago = quiet - (quiet - self._axis.last) * _TO_WALL // 100 if late else quiet
        if glide < _GLIDE or not self._is_length(self._length - ago, self._fewest()):
            self._taken += again
            return False
        self._done(self._length - ago, ago)
        self._taken = again
        self._length = ago
        return True

    def _stop(self) -> bool:
        if self._quiet <= self._late():
            return False
        self.spm = 0
        if self._quiet < _REST:
            return False
        self.swimming = False
        ago = self._quiet - self._beat
        if not self._is_length(self._length - ago, _FEWEST):
            return False
        self._done(self._length - ago, ago)
        return True

    def _late(self) -> int:
        return self._beat * 8 // 5 + _LATE

    def _is_length(self, samples: int, fewest: int) -> bool:
        strokes = self._taken
        return samples >= self._shortest and strokes >= fewest and 100 * strokes * self._beat >= _FILLED * samples

    def _done(self, samples: int, ago: int) -> None:
        strokes = self._taken
        self.duration_ds = samples * _SIXTH_OF_TEN // _OVER
        self.strokes = min(strokes, 255)
        self.ago_s = ago * 2 // _OVER
        self._usual = self._usual + strokes - (self._usual >> 2) if self._usual else 4 * strokes

    def _fewest(self) -> int:
        # What is much shorter than the lengths before is a break in the middle of the pool.
        return max(_FEWEST, self._usual * 5 >> 5)
