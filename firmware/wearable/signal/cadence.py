"""Steps and steps per minute from a worn accelerometer at 26 Hz and ±8 g: the stages in a row."""

from .step_evidence import evidence
from .step_motion import StepMotion
from .step_rhythm import RATE_HZ, StepRhythm
from .steps import StepCounter

SAMPLE_RATE_HZ = 2 * RATE_HZ


class Cadence:
    """`spm` (steps per minute, 0 when still or without rhythm) and `steps` (since it was made), renewed each second.

    `spm` follows within 8 s of the first step; the steps before walking was certain are credited then.
    """

    def __init__(self) -> None:
        self._motion = StepMotion()
        self._rhythm = StepRhythm()
        self._counter = StepCounter()
        self._countdown = RATE_HZ
        self._change = 0
        self._total = 0
        self.spm = 0
        self.steps = 0

    def restart(self) -> None:
        """Samples were lost: forget the walk; `steps` stays."""
        self._motion.restart()
        self._rhythm.restart()
        self._counter.restart()
        self._countdown = RATE_HZ
        self._change = self._total = 0
        self.spm = 0

    def put(self, x: int, y: int, z: int) -> None:
        """Take one sample, in LSB of 0.244 mg."""
        motion = self._motion
        if not motion.put(x, y, z):
            return
        self._rhythm.put(motion.levelled)
        self._countdown -= 1
        if self._countdown == 0:
            self._countdown = RATE_HZ
            self._second()

    def _second(self) -> None:
        motion = self._motion
        rhythm = self._rhythm
        counter = self._counter
        level = motion.level
        rhythm.ask(level)
        # Over two seconds: a single one holds too few movements to tell.
        hurry = 100 * (self._change + motion.change) // (self._total + motion.total + 1)
        self._change = motion.change
        self._total = motion.total
        weight = evidence(level, motion.peak, hurry, rhythm.rate, rhythm.quality)
        counter.second(weight, motion.peak, level, rhythm.rate, rhythm.quality)
        motion.begin_second()
        self.spm = counter.spm
        self.steps = counter.steps
