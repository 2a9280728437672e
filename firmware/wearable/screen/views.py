"""Which function draws which view."""

from . import coach_views, idle_views, navigation, workout_views
from .canvas import Canvas
from .snapshot import Snapshot

_VIEWS = {
    navigation.CLOCK: idle_views.clock,
    navigation.SPORT: idle_views.sport,
    navigation.SYNC: idle_views.sync,
    navigation.SETTINGS: idle_views.settings,
    navigation.PAGE_1: workout_views.page_1,
    navigation.PAGE_2: workout_views.page_2,
    navigation.PLAN: coach_views.plan,
    navigation.GOALS: coach_views.goals,
    navigation.LAP: workout_views.lap,
    navigation.SUMMARY: workout_views.summary,
}


def draw(canvas: Canvas, view: int, model: Snapshot) -> None:
    """Draw a view; what the canvas held before is gone."""
    canvas.clear()
    if view not in _VIEWS:  # seldom needed
        if view == navigation.NOTICE:
            from .notice_view import notice as found
        else:
            from .claim_view import claim as found
        _VIEWS[view] = found
    _VIEWS[view](canvas, model)
