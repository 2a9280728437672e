"""Finds the first chances of the sample codec (protocol/paceline_protocol/sample_prior.py) and prints them.

`python -m paceline_tools.bench.tune_codec FOLDER` counts the decisions of every rank tree, over all columns together,
on the tuning half of the corpus: the activities of even number in the corpus' order.
"""

import sys
from array import array
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from paceline_protocol.range_coder import RangeEncoder
from paceline_protocol.sample import COLUMNS
from paceline_protocol.sample_model import CHOICE, CONTEXT, HABITS, LATESTS, MODELS, SIGN, SampleModel, first_models

from paceline_tools.bench.corpus import Activity, read_corpus

PAGE_SAMPLES = 1600


class CountingCoder(RangeEncoder):
    """Takes decisions as an encoder does, and counts the zeros and ones of each model instead of writing them."""

    def __init__(self, models: int) -> None:
        super().__init__(0)
        self.counts: NDArray[np.int64] = np.zeros((models, 2), np.int64)

    def bit(self, chances: "array[int]", first: int, second: int, bit: int) -> int:
        """Count one decision for both models."""
        self.counts[first, bit] += 1
        self.counts[second, bit] += 1
        return bit

    def raw(self, value: int, bits: int) -> int:
        """Let raw bits pass."""
        return value


def tuning_half(activities: list[Activity]) -> list[Activity]:
    """Return the activities that the first chances are found on."""
    return activities[::2]


def count_decisions(activities: list[Activity]) -> NDArray[np.int64]:
    """Return zeros and ones by model, restarting as pages do."""
    model = SampleModel()
    coder = CountingCoder(first_models()[-1])
    for activity in activities:
        rows = np.stack([activity.columns[name] for name, _, _ in COLUMNS], axis=1).tolist()
        for number, row in enumerate(rows):
            if number % PAGE_SAMPLES == 0:
                model.restart()
            for column, value in enumerate(row):
                model.values[column] = value
            model.walk(coder)
    return coder.counts


def first_chances(counts: NDArray[np.int64]) -> tuple[bytes, bytes]:
    """Return the chances of a 0 in 1/256, by context and tree node: those by habit, those by latest surprise."""
    pooled = np.zeros((HABITS + LATESTS, SIGN, 2), np.int64)
    for (how, _, rests, _), first in zip(MODELS, first_models(), strict=False):
        if how != CHOICE:
            contexts = HABITS + LATESTS * (1 + rests)
            column = counts[first : first + contexts * CONTEXT].reshape(contexts, CONTEXT, 2)[:, :SIGN]
            pooled += column[: HABITS + LATESTS]
            if rests:
                pooled[HABITS:] += column[HABITS + LATESTS :]
    chances = np.round(256 * (pooled[..., 0] + 1) / (pooled.sum(axis=-1) + 2)).clip(8, 248).astype(np.uint8)
    return chances[:HABITS].tobytes(), chances[HABITS:].tobytes()


def main() -> None:
    """Print the two tables as Python, a line per context."""
    activities, _ = read_corpus(Path(sys.argv[1]))
    habit, latest = first_chances(count_decisions(tuning_half(activities)))
    for name, table in (("HABIT_PRIOR", habit), ("LATEST_PRIOR", latest)):
        print(f"{name} = bytes.fromhex(")
        for start in range(0, len(table), SIGN):
            print(f'    "{table[start : start + SIGN].hex(" ")}"')
        print(")")


if __name__ == "__main__":
    main()
