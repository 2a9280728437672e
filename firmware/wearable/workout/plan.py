"""Follows a plan through a workout: which step is under way, what is left of it, when the next begins.

The plan stays in its bytes (docs/WRIST.md). Nothing here knows the recorder: it is told the workout's figures.
"""

import struct

from paceline_protocol.wrist_plan import STEP_FORMAT, step_at

BY_BUTTON, BY_TIME, BY_DISTANCE, BY_REPETITIONS = 0, 1, 2, 3  # STEP.until
NO_TARGET, ZONE, HEART_RATE, PACE = 0, 1, 2, 3  # STEP.target


class Plan:
    """`step` counts from 0 to `steps`, which means done; `kind`, `until`, `amount`, `target`, `low`, `high` are its.

    `round` counts the rounds of the block under way from 1, `left` what remains of the amount.
    """

    def __init__(self, data: bytes) -> None:
        """Take one plan of a blob that passed its check."""
        self._data = data
        self.steps = data[2]
        self.name = data[3:23].rstrip(b"\0")
        self.begin(0, 1, 0)

    def begin(self, step: int, round_: int, distance_m: int) -> None:
        """Begin a step, at this distance of the workout."""
        self.step = step
        self.round = round_
        self.seconds = 0
        self._start_m = distance_m
        if step < self.steps:
            fields = struct.unpack_from(STEP_FORMAT, self._data, step_at(0, step))
            self.kind, self.until, self.amount, self.target, self.low, self.high, self._times, self._back = fields
        else:
            self.kind = self.until = self.amount = self.target = self.low = self.high = self._times = self._back = 0
        self.left = self.amount

    @property
    def rounds(self) -> int:
        """How often the block under way is done, 1 outside of one."""
        step = self.step
        while step < self.steps:
            times, back = self._data[step_at(0, step) + 9], self._data[step_at(0, step) + 10]
            if times:
                return times if step - back <= self.step else 1
            step += 1
        return 1

    @property
    def following(self) -> int:
        """The kind of the step behind this one, −1 when there is none."""
        step = self.step - self._back if self._times > self.round else self.step + 1
        return self._data[step_at(0, step)] if step < self.steps else -1

    @property
    def done(self) -> bool:
        """Whether all steps are over."""
        return self.step == self.steps

    def next(self, distance_m: int) -> None:
        """End the step."""
        if self.done:
            return
        if self._times > self.round:
            self.begin(self.step - self._back, self.round + 1, distance_m)
        elif self._times:
            self.begin(self.step + 1, 1, distance_m)
        else:
            self.begin(self.step + 1, self.round, distance_m)

    def second(self, passed_s: int, distance_m: int, repetitions: int) -> bool:
        """Take the workout's next seconds, without pauses; True when the step is over and next() shall be called."""
        self.seconds += passed_s
        if self.until == BY_TIME:
            self.left = self.amount - self.seconds
        elif self.until == BY_DISTANCE:
            self.left = self.amount - (distance_m - self._start_m)
        elif self.until == BY_REPETITIONS:
            self.left = self.amount - repetitions
        else:
            return False
        return self.left <= 0
