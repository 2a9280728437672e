"""Goals in words."""

from paceline_server.goals.model import Goal

METRICS = {
    "distance": ("Distance", "km", 1000.0),
    "time": ("Time", "h", 3600.0),
    "count": ("Workouts", "workouts", 1.0),
    "calories": ("Energy of workouts", "kcal", 1.0),
    "ascent": ("Climb", "m", 1.0),
    "volume": ("Lifted", "kg", 1.0),
    "steps": ("Steps", "steps", 1.0),
    "active_minutes": ("Active minutes", "min", 1.0),
    "floors": ("Floors", "floors", 1.0),
    "streak": ("Days in a row", "days", 1.0),
    "weight": ("Weight", "kg", 1.0),
}
"""Of each metric: its name, the unit in which people say it, and how many of the goal's own unit that is."""
PERIODS = {"daily": "a day", "weekly": "a week", "monthly": "a month", "yearly": "a year", "total": "in all"}


def goal_name(goal: Goal) -> str:
    """Return a goal's title, or what it is about."""
    name = METRICS[goal.metric][0]
    if goal.title:
        return goal.title
    of_sport = f", {goal.sport}" if goal.sport else ""
    if goal.metric in ("streak", "weight"):
        return name + of_sport
    return f"{name} {PERIODS[goal.period]}{of_sport}"
