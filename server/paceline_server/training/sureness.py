"""How sure a recommendation can be: how much of what its rule looks at is known."""

from paceline_server.analysis.recent_training import SPAN_DAYS, RecentTraining

MINUTES_ONLY = 0.7  # minutes know nothing of how hard they were


def of_load(recent: RecentTraining) -> float:
    """Return the confidence of what follows from loads: by how much of six weeks is known, and how."""
    weeks = min(1.0, recent.known_days / SPAN_DAYS)
    return round(weeks * (recent.heart_part if recent.by_heart else MINUTES_ONLY), 2)
