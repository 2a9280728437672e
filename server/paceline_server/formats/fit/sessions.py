"""The sessions of a FIT file (multisport has several): which rows are whose, and the sport."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paceline_server.formats.fit.messages import Messages, field
from paceline_server.formats.recording import Column, energy_kcal

SPORTS = {1: "running", 2: "cycling", 5: "swimming", 11: "walking", 17: "hiking", 4: "indoor", 10: "indoor"}
SUB_SPORT_STRENGTH = 20
LONGEST_STRAY_S = 86400.0
"""A record further than this outside its session has a broken clock."""


@dataclass(frozen=True, slots=True)
class Session:
    """Rows of the file (a mask), and what the session message says beside them; None where it says nothing.

    Of its totals only the energy is taken: what the rows tell is measured.
    """

    rows: NDArray[np.bool_]
    sport: str
    start_utc_s: float | None
    pool_m: float | None
    calories_kcal: float | None


def sessions_of(time_s: Column, messages: Messages) -> list[Session]:
    """Return the sessions in the order of time; one with all rows when the file names none."""
    starts = field(messages, "start_time")
    ends = np.fmax(field(messages, "timestamp"), starts + field(messages, "total_elapsed_time"))
    pairs = zip(field(messages, "sport"), field(messages, "sub_sport"), strict=True)
    sports = [_sport(*pair) for pair in pairs]
    pools = [float(pool_m) if pool_m > 0 else None for pool_m in field(messages, "pool_length")]
    energies = [energy_kcal(float(told)) for told in field(messages, "total_calories")]
    if not len(starts) or np.isnan(starts).any():
        everything = np.ones(len(time_s), dtype=bool)
        if not sports:
            return [Session(everything, "other", None, None, None)]
        return [Session(everything, sports[0], None, pools[0], energies[0])]
    order = np.argsort(starts, kind="stable")
    begins, lasts = starts[order], ends[order]
    owner = np.clip(np.searchsorted(begins, time_s, side="right") - 1, 0, None)
    # A row long after its session may be a little before the next one (of a chained file).
    after = np.minimum(owner + 1, len(order) - 1)
    owner = np.where((time_s > lasts[owner] + LONGEST_STRAY_S) & (time_s <= begins[after]), after, owner)
    stray = (time_s < begins[owner] - LONGEST_STRAY_S) | (time_s > lasts[owner] + LONGEST_STRAY_S)
    return [
        Session((owner == place) & ~stray, sports[number], float(starts[number]), pools[number], energies[number])
        for place, number in enumerate(order)
    ]


def _sport(sport: float, sub_sport: float) -> str:
    if sub_sport == SUB_SPORT_STRENGTH:
        return "strength"
    return "other" if np.isnan(sport) else SPORTS.get(int(sport), "other")
