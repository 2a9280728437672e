"""Strength: what was lifted in all, and the load that could be lifted once.

Epley, Boyd Epley Workout (1985): load × (1 + repetitions / 30). Brzycki, JOPERD 64 (1993) 88-90: load × 36 / (37 -
repetitions). Both were made for few repetitions: beyond 10 they part, and nothing is estimated.
"""

from collections.abc import Iterable

MOST_REPETITIONS = 10


def volume_kg(sets: Iterable[tuple[float, int]]) -> float:
    """Return load × repetitions, summed over sets of (load_kg, repetitions)."""
    return sum(load_kg * repetitions for load_kg, repetitions in sets)


def one_repetition_maximum_kg(load_kg: float, repetitions: int) -> float | None:
    """Return the mean of the two formulas; the load itself for one repetition, None for none or more than 10."""
    if not 1 <= repetitions <= MOST_REPETITIONS:
        return None
    if repetitions == 1:
        return load_kg
    return load_kg * (1 + repetitions / 30 + 36 / (37 - repetitions)) / 2
