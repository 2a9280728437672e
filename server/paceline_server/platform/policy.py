"""The one function that decides who may do what; pure. Pages, API and live views all ask it, through platform/gate.py.

What is refused to somebody who has no business to know of it answers as if it were not there (HIDE).
"""

from dataclasses import dataclass
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


class Scope(StrEnum):
    """How far a log-in reaches; tokens are kept with it."""

    SESSION = "session"  # a person who gave the password
    API = "api"  # a program of the user's: everything but the account itself
    GATEWAY = "gateway"  # a hub that carries


class Role(StrEnum):
    """What a user is on this server."""

    USER = "user"
    COACH = "coach"
    MODERATOR = "moderator"
    ADMIN = "admin"


class Visibility(StrEnum):
    """To whom the owner shows a thing."""

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
    scope: Scope | None = None
    role: Role = Role.USER


@dataclass(frozen=True, slots=True)
class Facts:
    """What the decision needs to know of the thing that is asked for; `owner_id` None: nobody's, or not there."""

    owner_id: str | None = None
    visibility: Visibility = Visibility.PRIVATE
    followed: bool = False  # the owner has accepted the viewer as a follower


ANONYMOUS = Viewer()
_REACH = {
    Scope.SESSION: frozenset(Action),
    Scope.API: frozenset(Action) - {Action.ACCOUNT},
    Scope.GATEWAY: frozenset({Action.OPEN, Action.CARRY, Action.CLAIM, Action.LEAVE}),
}


def decide(viewer: Viewer, action: Action, facts: Facts) -> Verdict:
    """Decide. An admin looks after the server, which opens nobody's workouts to him."""
    if action is Action.OPEN:
        return Verdict.ALLOW
    if action is Action.READ and facts.owner_id is not None and facts.visibility is Visibility.PUBLIC:
        return Verdict.ALLOW
    if viewer.owner_id is None or viewer.scope is None:
        return Verdict.LOG_IN
    if action not in _REACH[viewer.scope]:
        return Verdict.FORBID
    if action is Action.OPERATE:
        return Verdict.ALLOW if viewer.role is Role.ADMIN else Verdict.HIDE
    if facts.owner_id == viewer.owner_id:
        return Verdict.ALLOW
    shared = facts.owner_id is not None and facts.visibility is Visibility.FOLLOWERS and facts.followed
    return Verdict.ALLOW if action is Action.READ and shared else Verdict.HIDE
