"""How it is known whose activity a request is about, and whether its owner shows it."""

from aiohttp import web

from paceline_server.keys import ACTIVITIES
from paceline_server.platform.gate import SIGHT, Rule, Sight
from paceline_server.platform.ids import is_id
from paceline_server.platform.policy import Action, Facts, Viewer


async def of_named_activity(request: web.Request, viewer: Viewer) -> Facts:
    """Facts of the activity that the path names: the viewer's own of that id, else the one that was shown to others.

    Nobody follows anybody yet.
    """
    activity_id = request.match_info["activity_id"]
    return await request.app[ACTIVITIES].facts(viewer.owner_id, activity_id) if is_id(activity_id) else Facts()


def sight_of(request: web.Request, as_who: str | None = None) -> Sight:
    """Return who looks; `as_who` "stranger": as if it were anybody, so that owners see what others see."""
    sight = request[SIGHT]
    return sight if as_who is None else sight.of_stranger()


READ_ACTIVITY = Rule(Action.READ, of_named_activity, shareable=True)
