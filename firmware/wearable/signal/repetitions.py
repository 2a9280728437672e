"""Repetitions of a strength exercise from the acceleration of the wrist.

After Morris et al., RecoFit, CHI 2014: the movement along the axis that moves most repeats with the exercise; what
repeats in about the same time belongs to one set. There by peaks of a filtered recording, here by the turns of each
axis as they come, so that the count is live. Not shown on people: docs/NOT_YET_SHOWN.md.
"""

from .cycles import Cycles, Sixth

_LONGEST = 65  # samples: 10 s; a longer wait is the end of a run
_FEWEST = 3  # regular cycles before any is believed


class Repetitions:
    """`count` of the set, 0 while nothing repeats; feed it through a set, make it anew for the next."""

    def __init__(self) -> None:
        self._sixth = Sixth()
        self._axes = (_Axis(), _Axis(), _Axis())
        self.count = 0

    def put(self, x: int, y: int, z: int) -> None:
        """Take a sample at 26 Hz, in LSB of 0.244 mg."""
        sixth = self._sixth
        if not sixth.put(x, y, z):
            return
        axes = self._axes
        axes[0].put(sixth.x)
        axes[1].put(sixth.y)
        axes[2].put(sixth.z)
        best = axes[0]
        for i in range(1, 3):
            if axes[i].moved > best.moved:
                best = axes[i]
        # Another that moves as well may have seen one more; half as many again is the double of the rhythm.
        count = most = best.count
        for i in range(3):
            axis = axes[i]
            if 2 * axis.moved > best.moved and 2 * axis.count < 3 * most:
                count = max(count, axis.count)
        self.count = max(count, self.count)


class _Axis:
    def __init__(self) -> None:
        self._cycles = Cycles(_LONGEST)
        self._done = 0  # in runs that are over
        self._run = 0
        self.moved = 0  # in a rhythm, over the whole set: sixteenths of milli-g and sample
        self.count = 0

    def put(self, value: int) -> None:
        cycles = self._cycles
        began = cycles.put(value)
        if cycles.run >= _FEWEST and cycles.since < cycles.period * 2:
            self.moved += cycles.level >> 4
        if not began:
            return
        if cycles.run <= self._run:  # the regular run before is over
            self._done += self._run if self._run >= _FEWEST else 0
        self._run = cycles.run
        self.count = self._done + (self._run if self._run >= _FEWEST else 0)
