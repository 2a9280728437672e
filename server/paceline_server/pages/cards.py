"""The cards of lists as HTML; the same ones are shown again and again."""

from datetime import tzinfo
from functools import lru_cache

from markupsafe import Markup

from paceline_server.activities.model import ActivitySummary
from paceline_server.pages.render import fragment
from paceline_server.pages.view import card
from paceline_server.words.reader import Reader, reader

KEPT = 512  # of about 10 kB each with their polylines


def card_of(activity: ActivitySummary, polyline: str, zone: tzinfo) -> Markup:
    """Return the card of an activity, for who reads."""
    return _card_for(reader(), activity, polyline, zone)


@lru_cache(KEPT)
def _card_for(_reader: Reader, activity: ActivitySummary, polyline: str, zone: tzinfo) -> Markup:
    """Make it; all that it shows is in the arguments, so that a kept one is never stale."""
    return fragment("card.html", card=card(activity, polyline, zone))
