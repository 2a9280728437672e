"""Laps and pauses of a FIT file, from `lap` and `event` messages."""

import numpy as np

from paceline_server.formats.fit.messages import Messages, field
from paceline_server.formats.recording import Lap, Pause

TRIGGERS = {
    0: "manual",
    1: "time",
    2: "distance",
    3: "start",
    4: "lap",
    5: "waypoint",
    6: "marked",
    7: "end",
    8: "fitness",
}
EVENT_TIMER, TYPE_START, TYPES_STOP = 0, 0, (1, 4, 8, 9)
SAME_S = 2.0


def laps_of(messages: Messages, start_utc_s: float, end_s: float) -> tuple[Lap, ...]:
    """Return the laps that touch the recording, by their start."""
    begins = field(messages, "start_time") - start_utc_s
    ends = np.fmin(begins + field(messages, "total_elapsed_time"), field(messages, "timestamp") - start_utc_s)
    triggers = np.nan_to_num(field(messages, "lap_trigger"))
    found = []
    for begin, end, trigger in zip(begins.tolist(), ends.tolist(), triggers.tolist(), strict=True):
        if begin <= end_s and end >= 0 and begin <= end:
            found.append(Lap(max(begin, 0.0), end, TRIGGERS.get(int(trigger), "manual")))
    return tuple(sorted(found, key=lambda lap: lap.start_s))


def timer_span_s(events: Messages, start_utc_s: float) -> tuple[float | None, float | None]:
    """Return when the timer was first started and when it was stopped for good, in seconds since `start_utc_s`.

    None: not said. Devices stop again when the file is saved, minutes later: the first stop without a start counts.
    """
    steps = _timer_steps(events, start_utc_s)
    starts = [time for time, kind in steps if kind == TYPE_START]
    stops = [time for time, kind in steps if kind in TYPES_STOP and (not starts or time >= starts[-1])]
    return (starts[0] if starts else None), (stops[0] if stops else None)


def pauses_of(events: Messages, laps: Messages, start_utc_s: float, end_s: float) -> tuple[Pause, ...]:
    """Return the pauses: from each timer stop to the next timer start; the last stop is the end, not a pause.

    A stop that is a lap of its own whose timer ran on is a rest at the pool's edge, not a pause.
    """
    rests = _rests(laps, start_utc_s)
    pauses: list[Pause] = []
    stopped: float | None = None
    for time, kind in _timer_steps(events, start_utc_s):
        if kind in TYPES_STOP and stopped is None:
            stopped = time
        elif kind == TYPE_START and stopped is not None:
            rest = any(abs(stopped - begin) <= SAME_S and abs(time - end) <= SAME_S for begin, end in rests)
            if 0 <= stopped < time <= end_s and not rest:
                pauses.append(Pause(stopped, time))
            stopped = None
    return tuple(pauses)


def _timer_steps(events: Messages, start_utc_s: float) -> list[tuple[float, float]]:
    timer = field(events, "event") == EVENT_TIMER
    times = (field(events, "timestamp") - start_utc_s)[timer].tolist()
    kinds = field(events, "event_type")[timer].tolist()
    return sorted(zip(times, kinds, strict=True), key=lambda step: step[0])


def _rests(laps: Messages, start_utc_s: float) -> list[tuple[float, float]]:
    elapsed, ran = field(laps, "total_elapsed_time"), field(laps, "total_timer_time")
    begins = field(laps, "start_time") - start_utc_s
    whole = (field(laps, "total_distance") == 0) & (np.abs(elapsed - ran) <= SAME_S)
    return list(zip(begins[whole].tolist(), (begins + elapsed)[whole].tolist(), strict=True))
