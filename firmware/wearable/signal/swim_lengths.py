"""Lengths of a pool from the acceleration of the wrist: strokes are a rhythm, a turn is a break in it with a glide.

After Bächlin and Tröster (Pervasive and Mobile Computing 8, 2012) and Siirtola et al. (CIDM 2011), who found strokes by
the swing of the wrist's axes and turns between them. At the wall the strokes stop; behind the push-off the arms are
stretched out and still. A break without that glide, or after too few strokes or seconds, is none. An accelerometer has
no compass: that the swimmer comes back the other way is not seen. Not shown on swimmers: docs/NOT_YET_SHOWN.md.
"""

from array import array

from .cycles import NEVER, Cycles, Sixth

_LONGEST = 32  # samples of 6.5 Hz: 5 s from stroke to stroke
_SURE_RUN = 3  # strokes in a rhythm: swimming
_LATE = 4  # samples more than 1.6 periods without a stroke: a break
_GLIDE = 4  # samples of stillness: 0.6 s
_STILL_MG = 120  # change from sample to sample, of all axes together
_REST = 52  # samples: a break of 8 s is a rest at the wall
_PUSH_OFF = 13  # samples from a wall to the first stroke: 2 s
_FASTEST_CM_S = 220
_FEWEST = 3  # strokes of a length
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
        self._glided = False  # in this break
        self._break = 0  # samples since the last stroke before the break, 0: there is none
        self._at_break = 0  # strokes by then
        self._usual = 0  # strokes of a length, × 4

    def put(self, x: int, y: int, z: int) -> bool:
        """Take a sample at 26 Hz, in LSB of 0.244 mg."""
        sixth = self._sixth
        if not sixth.put(x, y, z):
            return False
        axes = self._axes
        began = axes[0].put(sixth.x), axes[1].put(sixth.y), axes[2].put(sixth.z)
        self._feel(sixth.x, sixth.y, sixth.z)
        if not self.swimming:
            self._look()
            return False
        self._length += 1
        if self._break:
            self._break += 1
        stroke = began[0 if self._axis is axes[0] else 1 if self._axis is axes[1] else 2]
        return self._stroke() if stroke else self._pause()

    def _feel(self, x: int, y: int, z: int) -> None:
        before = self._before
        change = abs(x - before[0]) + abs(y - before[1]) + abs(z - before[2])
        before[0], before[1], before[2] = x, y, z
        self._glide = self._glide + 1 if change < _STILL_MG else 0
        if self._glide >= _GLIDE:
            self._glided = True

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
        self._taken = best.run
        self._length = _PUSH_OFF + best.since + (best.run - 1) * best.period
        self._break = 0
        self._show()

    def _stroke(self) -> bool:
        self._taken += 1
        self._show()
        if not self._break:
            self._glided = False
            return False
        turned = self._glided and self._at_break >= self._fewest() and self._length - self._break >= self._shortest
        gap = self._break
        if not turned:
            self._break = 0
            self._glided = False
            return False
        if self._axis.run < 2:  # one stroke may be the turn's own: the next tells
            return False
        self._glided = False
        self._break = 0
        # The wall is taken for the first third of what lies between the strokes, but for the one just made.
        wall = (gap - self._axis.period) * 2 // 3 + self._axis.period
        self._done(self._length - wall, self._at_break, wall)
        self._taken -= self._at_break
        self._length = wall
        return True

    def _pause(self) -> bool:
        axis = self._axis
        since = axis.since
        if not self._break:
            if since > axis.period * 8 // 5 + _LATE:
                self._break = since
                self._at_break = self._taken
                self.spm = 0
            return False
        if self._break < _REST or since < _REST // 2:
            return False
        self.swimming = False
        self.spm = 0
        wall = max(0, self._break - axis.period)
        length = self._length - wall
        if length < self._shortest or self._at_break < _FEWEST:
            return False
        self._done(length, self._at_break, wall)
        return True

    def _done(self, samples: int, strokes: int, ago: int) -> None:
        self.duration_ds = samples * _SIXTH_OF_TEN // _OVER
        self.strokes = min(strokes, 255)
        self.ago_s = ago * 2 // _OVER
        self._usual = self._usual + strokes - (self._usual >> 2) if self._usual else 4 * strokes

    def _fewest(self) -> int:
        # What is much shorter than the lengths before is a break in the middle of the pool.
        return max(_FEWEST, self._usual * 5 >> 5)

    def _show(self) -> None:
        period = self._axis.period
        self.spm = 390 // period if period and self._axis.since < NEVER else 0
