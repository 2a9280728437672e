"""Motion of a wrist that is made up, at 26 Hz in LSB of 0.244 mg, for both interpreters: strokes, turns, repetitions.

Shapes after the published descriptions named in the code under test; no swimmer and no lifter was measured.
"""

import math
from array import array

from firmware.nor_flash import Dice

RATE_HZ = 26
G = 4098


class Samples:
    """Samples as (x, y, z), kept small."""

    def __init__(self) -> None:
        self._axes = array("h")

    def __len__(self) -> int:
        return len(self._axes) // 3

    def __iter__(self):
        axes = self._axes
        for i in range(0, len(axes), 3):
            yield axes[i], axes[i + 1], axes[i + 2]

    def add(self, value: int) -> None:
        """Add an axis of a sample."""
        self._axes.append(value)


class Motion:
    """Samples in the making, with a little noise on each."""

    def __init__(self, seed: int = 1, noise: int = 90) -> None:
        self.samples = Samples()
        self._dice = Dice(seed)
        self._noise = noise
        self._at = (0.0, 0.3, 0.9)

    @property
    def seconds(self) -> float:
        """Made so far."""
        return len(self.samples) / RATE_HZ

    def add(self, x_g: float, y_g: float, z_g: float) -> None:
        """Add a sample in g."""
        self._at = (x_g, y_g, z_g)
        noise = self._noise
        for value in self._at:
            self.samples.add(int(G * value) + self._dice.below(2 * noise + 1) - noise)

    def rest(self, seconds: float, restless_g: float = 0.02) -> None:
        """Hold on to the wall, or sit: the arm drifts a little."""
        x, y, z = self._at
        for i in range(int(seconds * RATE_HZ)):
            sway = restless_g * math.sin(i / 9)
            self.add(x + sway, y - sway, z)

    def crawl(self, strokes: int, period_s: float = 1.5, turn_s: float = 3.5) -> None:
        """Swim a length: push off, glide, stroke."""
        push = int(0.3 * RATE_HZ)
        for _ in range(push):
            self.add(1.2, 0.1, 0.9)
        for _ in range(int(turn_s * RATE_HZ * 0.6) - push):
            self.add(0.1, 0.05, 0.97)
        for i in range(int(strokes * period_s * RATE_HZ)):
            turn = 2 * math.pi * i / (period_s * RATE_HZ)
            pull = 0.3 * math.sin(2 * turn + 0.7)
            self.add(0.15 + 0.75 * math.sin(turn), 0.5 * math.cos(turn) + pull, 0.2 + 0.5 * math.sin(turn + 2))

    def tumble(self, turn_s: float = 3.5) -> None:
        """Turn at the wall; the push-off belongs to the next length."""
        for i in range(int(turn_s * RATE_HZ * 0.4)):
            turn = 2 * math.pi * i / (turn_s * RATE_HZ * 0.4)
            self.add(0.3 * math.cos(turn), 0.2, 0.6 + 0.3 * math.sin(turn))

    def breaststroke(self, strokes: int, period_s: float = 2.4, glide_s: float = 2.5) -> None:
        """Swim a length: push off, a long glide, then strokes that each end in a short one."""
        for _ in range(int(0.3 * RATE_HZ)):
            self.add(1.1, 0.2, 0.9)
        for _ in range(int(glide_s * RATE_HZ)):
            self.add(0.05, 0.1, 0.98)
        for i in range(int(strokes * period_s * RATE_HZ)):
            phase = i / (period_s * RATE_HZ) % 1
            swing = math.sin(math.pi * min(1.0, phase / 0.6)) if phase < 0.6 else 0.0
            self.add(0.05 + 0.8 * swing, 0.1 + 0.4 * swing * math.cos(6 * phase), 0.98 - 0.6 * swing)

    def curls(self, count: int, period_s: float = 3.0, pause_s: float = 0.5) -> None:
        """Lift and lower the forearm: gravity wanders from one axis to another and back."""
        for _ in range(count):
            for i in range(int(period_s * RATE_HZ)):
                lifted = 0.5 - 0.5 * math.cos(2 * math.pi * i / (period_s * RATE_HZ))
                angle = lifted * 2.2
                self.add(math.cos(angle), 0.1, math.sin(angle))
            self.rest(pause_s)

    def presses(
        self, count: int, move_s: float = 0.8, top_s: float = 0.4, bottom_s: float = 0.6, way_m: float = 0.5
    ) -> None:
        """Push up and let down without turning the wrist: speeding up and slowing down is all there is."""
        peak_g = 2 * math.pi * way_m / (move_s * move_s) / 9.81
        for _ in range(count):
            for direction, hold_s in ((1, top_s), (-1, bottom_s)):
                for i in range(int(move_s * RATE_HZ)):
                    self.add(0.1, 0.1, 1 + direction * peak_g * math.sin(2 * math.pi * i / (move_s * RATE_HZ)))
                for _ in range(int(hold_s * RATE_HZ)):
                    self.add(0.1, 0.1, 1.0)

    def fumble(self, seconds: float) -> None:
        """Adjust a weight, wipe the face, press a button: no rhythm."""
        x, y, z = self._at
        wait = 0
        for _ in range(int(seconds * RATE_HZ)):
            if wait == 0:
                wait = 6 + self._dice.below(50)
                x, y, z = (self._dice.below(200) / 100 - 1 for _ in range(3))
            wait -= 1
            now = self._at
            self.add(now[0] + (x - now[0]) / 5, now[1] + (y - now[1]) / 5, now[2] + (z - now[2]) / 5)
