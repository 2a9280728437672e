"""The one function that decides who may do what; pure. Pages, API and live views all ask it, through platform/gate.py.

What is refused to somebody who has no business to know of it answers as if it were not there (HIDE).
"""

from dataclasses import dataclass, replace
from enum import StrEnum


class Action(StrEnum):
    """What a request wants to do."""

    OPEN = "open"  # what everybody may: log in, styles, health
    READ = "read"  # see what is somebody's
    WRITE = "write"  # make, change or delete it
    CARRY = "carry"  # what a gateway does: journals up, what should be on a wearable down
    CLAIM = "claim"  # make a wearable one's own
    LEAVE = "leave"  # end the session or give the token back
    ACCOUNT = "account"  # see and change how the account is entered: sessions, tokens, approvals, deletion
    OPERATE = "operate"  # look after the server


class Kind(StrEnum):
    """What a log-in is; tokens are kept with it."""

    SESSION = "session"  # a person: all scopes, and the account itself
    API = "api"  # a key that its owner made for a program: the scopes that were chosen, or all
    GATEWAY = "gateway"  # a hub that was let in by its code
    APP = "app"  # a program of somebody's that the owner let in, for the scopes that were agreed to


class Scope(StrEnum):
    """What a log-in may be for, by the names that programs ask with (RFC 6749, 3.3); none reaches the account itself.

    Each route's rule names those of which one is enough.
    """

    ACTIVITIES_READ = "activities:read"
    ACTIVITIES_WRITE = "activities:write"
    LIVE_READ = "live:read"  # where somebody is now
    DAILY_READ = "daily:read"  # steps, sleep, resting heart rate of days
    DAILY_WRITE = "daily:write"
    PROFILE_READ = "profile:read"
    PROFILE_WRITE = "profile:write"
    DEVICES_READ = "devices:read"
    DEVICES_WRITE = "devices:write"
    NOTICES_READ = "notices:read"  # what the owner is told
    NOTICES_WRITE = "notices:write"
    GATEWAY = "gateway"  # journals up, what should be on a wearable down, claiming
    ADMIN = "admin"  # look after the server; good for nothing where the owner is no admin


class Role(StrEnum):
    """What a user is on this server."""

    USER = "user"
    COACH = "coach"
    MODERATOR = "moderator"
    ADMIN = "admin"


class Visibility(StrEnum):
    """To whom the owner shows a thing; the narrowest first."""

    PRIVATE = "private"
    FOLLOWERS = "followers"
    PUBLIC = "public"


class Verdict(StrEnum):
    """The answer, and how a refusal is told."""

    ALLOW = "allow"
    LOG_IN = "log in"
    FORBID = "forbid"
    HIDE = "hide"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks; all None for somebody who is not logged in."""

    owner_id: str | None = None
    kind: Kind | None = None
    role: Role = Role.USER
    scopes: frozenset[Scope] | None = None  # None: all


@dataclass(frozen=True, slots=True)
class Facts:
    """What the decision needs to know of the thing that is asked for; `owner_id` None: nobody's, or not there."""

    owner_id: str | None = None
    visibility: Visibility = Visibility.PRIVATE
    followed: bool = False  # the owner has accepted the viewer as a follower


ANONYMOUS = Viewer()


def decide(viewer: Viewer, action: Action, facts: Facts, needed: frozenset[Scope] = frozenset()) -> Verdict:
    """Decide; `needed` are the scopes of which one is enough, none: only a log-in that has all will do.

    An admin looks after the server, which opens nobody's workouts to him.
    """
    if action is Action.OPEN:
        return Verdict.ALLOW
    if action is Action.READ and facts.owner_id is not None and facts.visibility is Visibility.PUBLIC:
        return Verdict.ALLOW
    if viewer.owner_id is None or viewer.kind is None:
        return Verdict.LOG_IN
    if not _reaches(viewer, action, needed):
        return Verdict.FORBID
    if action is Action.OPERATE:
        return Verdict.ALLOW if viewer.role is Role.ADMIN else Verdict.HIDE
    if facts.owner_id == viewer.owner_id:
        return Verdict.ALLOW
    shared = facts.owner_id is not None and facts.visibility is Visibility.FOLLOWERS and facts.followed
    return Verdict.ALLOW if action is Action.READ and shared else Verdict.HIDE


def narrowest_seen(viewer: Viewer, facts: Facts, needed: frozenset[Scope] = frozenset()) -> Visibility | None:
    """Return how far a viewer sees into a thing that the facts are of, whose parts may be shown to fewer; None: not.

    PRIVATE is all of it. Who lacks a scope sees what is public, as does anybody, be it his own.
    """
    if decide(viewer, Action.READ, facts, needed) is not Verdict.ALLOW:
        return None
    asked = (replace(facts, visibility=visibility) for visibility in Visibility)
    return next(one.visibility for one in asked if decide(viewer, Action.READ, one, needed) is Verdict.ALLOW)


def _reaches(viewer: Viewer, action: Action, needed: frozenset[Scope]) -> bool:
    if viewer.kind is Kind.SESSION or action is Action.LEAVE:
        return True
    if action is Action.ACCOUNT:
        return False
    return viewer.scopes is None or not needed.isdisjoint(viewer.scopes)
