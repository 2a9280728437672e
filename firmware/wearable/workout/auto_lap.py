"""Auto-lap: when the lap under way is as long as the wearer's laps are to be (docs/WORKOUTS.md)."""

BY_DISTANCE, BY_TIME = 2, 3  # LAP_TRIGGERS


def lap_due(totals, lap_m: int, lap_s: int) -> int:
    """Return the trigger of the lap that ends now, 0 when none does; lengths of 0 are off."""
    if lap_m and totals.lap_distance_cm >= 100 * lap_m:
        return BY_DISTANCE
    return BY_TIME if lap_s and totals.lap_timer_s >= lap_s else 0


def begin_lap(totals, lap_m: int, trigger: int) -> None:
    """Count the next lap; behind one by distance what the second went beyond it belongs to the next."""
    totals.lap += 1
    beyond = trigger == BY_DISTANCE and lap_m
    totals.lap_distance_cm = totals.lap_distance_cm % (100 * lap_m) if beyond else 0
    totals.lap_timer_s = 0
