"""When what happens: pure sums about real time, the wearable's time and its speed."""

from dataclasses import dataclass

LEAD_S = 12.0
"""The wearable boots this long before the recording begins, in its own time, so that its receiver has a fix."""
TAIL_S = 3.0
"""After the last row the wearer stands still this long, then presses stop."""
AGO_S = 90.0
"""The first workout ended this long before the line was started."""
PLAY_WITHIN_S = 14.0
"""Real seconds that the first workout may take to play, of the 60 in which the page shows both."""
USUAL_SPEED = 60.0
FASTEST_SPEED = 1000.0


@dataclass(frozen=True)
class Plan:
    """Unix seconds of the wearable's world: switched on, recording begins, recording ends; and its speed till then."""

    boot_utc_s: int
    start_utc_s: int
    end_utc_s: int
    speed: float


def plan_finished(now_s: float, duration_s: float, speed: float | None = None) -> Plan:
    """Place a workout so that it ended shortly before `now_s`, played as fast as it must be to be ready in time."""
    end = int(now_s - AGO_S)
    start = int(end - duration_s)
    needed = (duration_s + LEAD_S + TAIL_S + AGO_S) / PLAY_WITHIN_S
    chosen = speed if speed else min(max(USUAL_SPEED, needed), FASTEST_SPEED)
    return Plan(start - int(LEAD_S), start, end, chosen)
