"""The cards of lists as HTML; the same ones are shown again and again."""

from datetime import tzinfo
from functools import lru_cache

from markupsafe import Markup

from paceline_server.activities.model import ActivitySummary
from paceline_server.pages.render import fragment
from paceline_server.pages.view import card

KEPT = 512  # of about 10 kB each with their polylines


@lru_cache(KEPT)
def card_of(activity: ActivitySummary, polyline: str, zone: tzinfo) -> Markup:
    """Return the card of an activity; all that it shows is in the arguments, so that a kept one is never stale."""
    return fragment("card.html", card=card(activity, polyline, zone))
