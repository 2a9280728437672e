"""Made-up runs at the wrist, as no recording of a run with a known cadence is at hand."""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from paceline_tools.bench.steps_recordings import LSB_PER_G, RATE_HZ

CADENCES_SPM = range(140, 211, 5)
_SECONDS = 60


def runs(seed: int = 1) -> Iterator[tuple[int, float, NDArray[np.int64]]]:
    """Yield cadence, swing of the arm in g and samples: impacts of 1 g with an overtone, an arm that swings once in two
    steps, cadence that wanders by 1 spm, noise."""
    dice = np.random.default_rng(seed)
    for spm in CADENCES_SPM:
        for swing_g in (0.0, 0.5, 1.0):
            yield spm, swing_g, _run(spm, swing_g, dice)


def _run(spm: int, swing_g: float, dice: np.random.Generator) -> NDArray[np.int64]:
    rows: list[tuple[float, float, float]] = []
    turn = 0.0
    for i in range(_SECONDS * RATE_HZ):
        turn += 2 * math.pi * (spm + math.sin(i / 200)) / (60 * RATE_HZ)
        impact = 1 + math.sin(turn) + 0.4 * math.sin(2 * turn + 0.6)
        arm = swing_g * math.sin(turn / 2)
        rows.append(
            (0.6 * impact + dice.normal(0, 0.05), 0.8 * impact + dice.normal(0, 0.05), arm + dice.normal(0, 0.05))
        )
    return np.clip(np.rint(np.array(rows) * LSB_PER_G), -32768, 32767).astype(np.int64)
