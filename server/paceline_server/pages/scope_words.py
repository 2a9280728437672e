"""Scopes as people read them."""

from collections.abc import Iterable

from paceline_server.platform.policy import Scope

WORDS = {
    Scope.ACTIVITIES_READ: "see your workouts, with where you were, and your statistics",
    Scope.ACTIVITIES_WRITE: "add, change and delete workouts",
    Scope.LIVE_READ: "follow you while you record",
    Scope.DAILY_READ: "see your days: steps, resting heart rate and the like",
    Scope.DAILY_WRITE: "add to and change your days",
    Scope.PROFILE_READ: "see who you are: name, birth date, e-mail address, weight and thresholds",
    Scope.PROFILE_WRITE: "change your profile",
    Scope.DEVICES_READ: "see your wearables and what they say",
    Scope.DEVICES_WRITE: "set up your wearables, and make wearables yours",
    Scope.NOTICES_READ: "see your notifications",
    Scope.NOTICES_WRITE: "mark notifications as read, delete them, and choose what you are told",
    Scope.GATEWAY: "bring the journals of your wearables here, and fetch what you set for them",
    Scope.ADMIN: "look after the server, as far as you may",
}


def in_words(scopes: Iterable[Scope] | None) -> list[str]:
    """Return what a log-in with these scopes may, in the order of the table; None: everything."""
    if scopes is None:
        return ["everything but your account itself"]
    given = frozenset(scopes)
    return [words for scope, words in WORDS.items() if scope in given]
