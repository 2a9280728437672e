"""Personal bests with their history: each effort that beat all before it."""

from collections.abc import Iterable
from typing import NamedTuple


class Try(NamedTuple):
    """One activity's effort: `duration_s` for a distance, at `start_utc_s`."""

    start_utc_s: float
    activity_id: str
    duration_s: float


def best_history(tries: Iterable[Try]) -> list[Try]:
    """Return the bests in the order in which they were set; the last one stands. In whatever order the tries come."""
    history: list[Try] = []
    for one in sorted(tries):
        if not history or one.duration_s < history[-1].duration_s:
            history.append(one)
    return history
