"""When what happens: pure sums about real time, the wearable's time and its speed."""

from dataclasses import dataclass

LEAD_S = 12.0
"""The wearable boots this long before the recording begins, in its own time, so that its receiver has a fix."""
TAIL_S = 1.0
"""After the last row the wearer stands still this long, then presses stop."""
AGO_S = 90.0
"""The first workout ended this long before the line was started."""
FASTEST_SPEED = 1000.0
SHORTEST_TOLD_S = 3.0


@dataclass(frozen=True)
class Plan:
    """Unix seconds of the wearable's world: switched on, recording begins, recording ends; and its speed till then."""

    boot_utc_s: int
    start_utc_s: int
    end_utc_s: int
    speed: float


def plan_finished(now_s: float, duration_s: float, speed: float = FASTEST_SPEED) -> Plan:
    """Place a workout so that it ended shortly before `now_s`, played at most at that speed."""
    end = int(now_s - AGO_S)
    start = int(end - duration_s)
    return Plan(start - int(LEAD_S), start, end, speed)


def time_left(part: float, took_s: float) -> str:
    """Say how long the rest takes at the pace of the part that is done; nothing when that is not known or soon over."""
    if part <= 0:
        return ""
    left_s = took_s * (1 - part) / part
    if left_s < SHORTEST_TOLD_S:
        return ""
    return f"about {left_s:.0f} s to go" if left_s < 100 else f"about {left_s / 60:.0f} min to go"
