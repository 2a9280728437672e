"""Scopes as people read them."""

from collections.abc import Iterable

from paceline_server.platform.policy import Scope
from paceline_server.words.speech import N_
from paceline_server.words.speech import gettext as _

WORDS = {
    Scope.ACTIVITIES_READ: N_("see your workouts, with where you were, and your statistics"),
    Scope.ACTIVITIES_WRITE: N_("add, change and delete workouts"),
    Scope.LIVE_READ: N_("follow you while you record"),
    Scope.DAILY_READ: N_("see your days: steps, resting heart rate and the like"),
    Scope.DAILY_WRITE: N_("add to and change your days"),
    Scope.PROFILE_READ: N_("see who you are: name, birth date, e-mail address, weight and thresholds"),
    Scope.PROFILE_WRITE: N_("change your profile"),
    Scope.DEVICES_READ: N_("see your wearables and what they say"),
    Scope.DEVICES_WRITE: N_("set up your wearables, and make wearables yours"),
    Scope.NOTICES_READ: N_("see your notifications"),
    Scope.NOTICES_WRITE: N_("mark notifications as read, delete them, and choose what you are told"),
    Scope.GATEWAY: N_("bring the journals of your wearables here, and fetch what you set for them"),
    Scope.ADMIN: N_("look after the server, as far as you may"),
}


def in_words(scopes: Iterable[Scope] | None) -> list[str]:
    """Return what a log-in with these scopes may, in the order of the table; None: everything."""
    if scopes is None:
        return [_("everything but your account itself")]
    given = frozenset(scopes)
    return [_(words) for scope, words in WORDS.items() if scope in given]
