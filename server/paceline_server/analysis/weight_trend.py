"""Weight without the water: what scales say, smoothed."""

from collections.abc import Sequence

DAILY_SHARE = 0.1
"""How much of the way to a day's weight the trend goes: the exponentially smoothed moving average of Walker, The
Hacker's Diet (1991), chapter "Signal and noise", which lags a steady change by nine days."""


def weight_trend_kg(days: Sequence[int], weights_kg: Sequence[float]) -> list[float]:
    """Return the trend at each weight; days are numbers that rise strictly.

    It begins at the first weight. A day without a weight counts as one on which the next weight was true: after n days
    the trend goes 1 - 0.9^n of the way.
    """
    trend: list[float] = []
    for place, (day, weight_kg) in enumerate(zip(days, weights_kg, strict=True)):
        if place == 0:
            trend.append(weight_kg)
            continue
        share = 1 - (1 - DAILY_SHARE) ** (day - days[place - 1])
        trend.append(trend[-1] + share * (weight_kg - trend[-1]))
    return trend


def change_a_week_kg(days: Sequence[int], trend_kg: Sequence[float], over_days: int = 28) -> float | None:
    """Return by how much the trend changed in a week, over the last days; None where it is shorter than a week."""
    if not days:
        return None
    first = next(place for place, day in enumerate(days) if day >= days[-1] - over_days)
    span = days[-1] - days[first]
    return None if span < 7 else (trend_kg[-1] - trend_kg[first]) / span * 7
