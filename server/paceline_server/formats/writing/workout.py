"""What a file says of a workout."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from paceline_server.formats.recording import Column, Recording

SURE = 2  # of 0 none, 1 unsure, 2 fair, 3 good: other programs know no confidence, so they get what can be trusted


@dataclass(frozen=True, eq=False)
class Workout:
    """A recording with what was measured of it; `distance_m` is the distance since the start at every row."""

    recording: Recording
    distance_m: Column
    timer_s: float
    title: str = ""
    notes: str = ""
    calories_kcal: float | None = None
    ascent_m: float | None = None
    descent_m: float | None = None
    heart_rate_avg_bpm: float | None = None
    heart_rate_max_bpm: float | None = None

    @property
    def sure_heart_rate_bpm(self) -> Column:
        """The heart rate where it can be trusted, NaN elsewhere."""
        columns = self.recording.columns
        confidence = columns["heart_rate_confidence"]
        return np.where(np.isnan(confidence) | (confidence >= SURE), columns["heart_rate_bpm"], np.nan)

    @property
    def power_w(self) -> Column:
        """The power, NaN where it was not measured."""
        power_w = self.recording.columns.get("power_w")
        return power_w if power_w is not None else np.full(self.recording.points, np.nan)

    def stretches(self) -> list[NDArray[np.intp]]:
        """Return the rows between the pauses, stretch by stretch; a stretch without rows is left out."""
        time_s = self.recording.columns["time_s"]
        starts = sorted({pause.end_s for pause in self.recording.pauses})
        edges = [0, *np.searchsorted(time_s, starts).tolist(), len(time_s)]
        parts = [np.arange(first, last) for first, last in pairwise(edges) if last > first]
        return [rows[~self._paused(time_s[rows])] for rows in parts]

    def _paused(self, time_s: Column) -> NDArray[np.bool_]:
        paused = np.zeros(len(time_s), bool)
        for pause in self.recording.pauses:
            paused |= (time_s > pause.start_s) & (time_s < pause.end_s)
        return paused
