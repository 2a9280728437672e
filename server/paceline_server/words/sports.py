"""Sports by name; what is not among them is called by its code."""

from paceline_server.words.speech import N_
from paceline_server.words.speech import gettext as _

SPORTS = {
    "running": N_("running"),
    "walking": N_("walking"),
    "hiking": N_("hiking"),
    "cycling": N_("cycling"),
    "swimming": N_("swimming"),
    "strength": N_("strength"),
    "indoor": N_("indoor"),
    "other": N_("other"),
}
_PLURALS = {
    "running": N_("Runs"),
    "walking": N_("Walks"),
    "hiking": N_("Hikes"),
    "cycling": N_("Rides"),
    "swimming": N_("Swims"),
    "strength": N_("Strength"),
    "indoor": N_("Indoor sessions"),
    "other": N_("Others"),
}


def sport_name(sport: str) -> str:
    """Return what people call a sport."""
    return _(SPORTS.get(sport, sport).replace("%", "%%"))


def workouts_of(sport: str) -> str:
    """Return what people call workouts of a sport: Runs, Rides."""
    return _(_PLURALS[sport]) if sport in _PLURALS else sport_name(sport).capitalize()
