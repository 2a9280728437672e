"""What goes wrong on the air: lost advertisements and links cut after a chosen or a random number of frames."""

import random


class Faults:
    """Decides the fate of each frame; the same seed and the same traffic give the same faults.

    `cut_probability` is the chance that a data frame is lost together with its link; `advertisement_loss` the chance
    that one receiver misses one advertisement.
    """

    def __init__(self, seed: int = 0, cut_probability: float = 0.0, advertisement_loss: float = 0.0) -> None:
        self.cut_probability = cut_probability
        self.advertisement_loss = advertisement_loss
        self.frames = 0
        self.cuts = 0
        self._random = random.Random(seed)  # noqa: S311 -- a reproducible fault, not a secret
        self._cut_at: int | None = None

    def cut_after(self, frames: int) -> None:
        """Let that many more data frames (L2CAP units, both directions) through; the next is lost with its link."""
        self._cut_at = self.frames + frames

    def loses_advertisement(self) -> bool:
        """Whether one receiver misses this advertisement."""
        return self.advertisement_loss > 0 and self._random.random() < self.advertisement_loss

    def cuts_link(self) -> bool:
        """Whether the link breaks at this data frame, which is then lost."""
        due = self._cut_at is not None and self.frames >= self._cut_at
        if not due and self.cut_probability > 0:
            due = self._random.random() < self.cut_probability
        if not due:
            self.frames += 1
            return False
        self._cut_at = None
        self.cuts += 1
        return True
