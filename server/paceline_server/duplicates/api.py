"""HTTP of the duplicates."""

from aiohttp import web
from msgspec import UNSET

from paceline_server.activities.fields import summary_fields
from paceline_server.duplicates.service import Together
from paceline_server.duplicates.shapes import Recordings, RecordingsChange
from paceline_server.keys import DUPLICATES
from paceline_server.platform.answers import json_response
from paceline_server.platform.auth import require
from paceline_server.platform.openapi.contract import gives


@gives(200, Recordings)
async def get_recordings(request: web.Request) -> web.Response:
    """The recordings of a workout, and which others may be of it."""
    identity = await require(request)
    found = await request.app[DUPLICATES].get(identity.owner_id, request.match_info["activity_id"])
    return json_response(_fields(found))


@gives(200, Recordings, refuses=(409,))
async def patch_recordings(request: web.Request, body: RecordingsChange) -> web.Response:
    """Say what is of the same workout, and what is not."""
    identity, activity_id = await require(request), request.match_info["activity_id"]
    streams = {
        name: value for name in body.streams.__struct_fields__ if (value := getattr(body.streams, name)) is not UNSET
    }
    changed = await request.app[DUPLICATES].change(identity.owner_id, activity_id, body.join, body.part, streams)
    return json_response(_fields(changed))


def _fields(found: Together) -> dict[str, object]:
    return {
        "shown_id": found.shown.activity_id,
        "group_id": found.group.group_id if found.group is not None else None,
        "merged": found.group is not None and found.group.merged,
        "recordings": [summary_fields(one) for one in found.members],
        "proposed": [summary_fields(one) for one in found.proposed],
        "streams": []
        if found.group is None
        else [
            {
                "stream": stream,
                "activity_id": used["from"],
                "chosen": found.group.choices.get(stream) == used["from"],
                "parts": used["parts"],
            }
            for stream, used in found.group.used.items()
        ],
        "said": [
            {
                "one_id": pair.one_id,
                "other_id": pair.other_id,
                "same": str(pair.same),
                "said_by": pair.said_by,
                "reasons": list(pair.reasons),
            }
            for pair in found.pairs
        ],
    }
