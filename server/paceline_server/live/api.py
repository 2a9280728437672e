"""The WebSocket of a live activity: what is there, then what grows."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import orjson
from aiohttp import WSCloseCode, web

from paceline_server.activities.access import sight_of
from paceline_server.activities.fields import activity_fields
from paceline_server.activities.model import FINISHED
from paceline_server.activities.shown import columns_shown, shown_to
from paceline_server.errors import NotFoundError
from paceline_server.keys import ACTIVITIES, HUB
from paceline_server.live.hub import Growth, Watcher
from paceline_server.live.shapes import WatchQuery
from paceline_server.platform.auth import AUTHENTICATOR, identify
from paceline_server.platform.gate import Sight
from paceline_server.platform.ids import parse_id
from paceline_server.platform.openapi.contract import gives

HEARTBEAT_S = 20.0
SEND_TIMEOUT_S = 10.0  # a client that takes nothing for so long is dropped


@gives(101)
async def watch(request: web.Request, query: WatchQuery) -> web.WebSocketResponse:
    """Watch an activity by WebSocket: the rows that the client lacks, then what grows.

    {"type": "append", "from_row": n, "streams": {…new rows…}, "activity": {…}} and, last,
    {"type": "finished", "activity": {…}}. A `from_row` below what the client has means that rows changed: they replace.
    {"type": "beat"} comes where the client asks for it: a script sees neither pings nor a connection that died.
    """
    sight = sight_of(request)
    topic = (sight.owner_id, parse_id(request.match_info["activity_id"]))
    shown_to(sight, await request.app[ACTIVITIES].get(*topic))
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=4096)
    await socket.prepare(request)
    with request.app[HUB].watch(topic) as watcher:
        sending = asyncio.create_task(_send(request, socket, watcher, topic, query))
        try:
            async for _message in socket:
                pass  # the client has nothing to say; reading answers pings and notices the close
        finally:
            sending.cancel()
            with suppress(asyncio.CancelledError):
                await sending
    return socket


async def _send(
    request: web.Request, socket: web.WebSocketResponse, watcher: Watcher, topic: tuple[str, str], query: WatchQuery
) -> None:
    sight, logged_in = sight_of(request), await identify(request) is not None
    try:
        rows, finished = await _send_held(request, socket, topic, query.rows)
        while not finished:
            growth = await _next(watcher, socket, query.beat_s)
            if growth is None:
                await socket.close(code=WSCloseCode.TRY_AGAIN_LATER, message=b"watching ended")
                return
            if logged_in and not await request.app[AUTHENTICATOR].still_holds(request):
                await socket.close(code=WSCloseCode.POLICY_VIOLATION, message=b"logged out")
                return
            rows = await _send_growth(socket, sight, growth, rows)
            finished = growth.finished
        await socket.close(code=WSCloseCode.OK)
    except NotFoundError:
        await socket.close(code=WSCloseCode.POLICY_VIOLATION, message=b"no longer shown")
    except (ConnectionError, TimeoutError):
        # The client has gone or takes nothing; the reader of the socket then ends as well.
        await socket.close(code=WSCloseCode.GOING_AWAY, drain=False)


async def _next(watcher: Watcher, socket: web.WebSocketResponse, beat_s: int | None) -> Growth | None:
    while True:
        try:
            async with asyncio.timeout(beat_s):
                return await watcher.next()
        except TimeoutError:
            await _send_message(socket, {"type": "beat"})


async def _send_held(
    request: web.Request, socket: web.WebSocketResponse, topic: tuple[str, str], rows: int
) -> tuple[int, bool]:
    activities = request.app[ACTIVITIES]
    activity = await activities.get(*topic)
    streams = await activities.streams_of(activity)
    # Rows of the streams that are newer than the activity's row come with the growth that tells of them.
    held = min(len(streams["time_s"]), activity.points_count)
    finished = activity.status == FINISHED
    # A client that claims more rows than there are is given all of them anew.
    start = rows if rows <= held else 0
    tail = {name: column[start:held] for name, column in streams.items()}
    growth = Growth(start, tail, activity, finished, replaces=rows > held)
    return await _send_growth(socket, sight_of(request), growth, rows), finished


async def _send_growth(socket: web.WebSocketResponse, sight: Sight, growth: Growth, rows: int) -> int:
    """Send what the client with so many rows lacks of a growth; return how many rows it then has.

    NotFoundError when the activity is not shown to it any more.
    """
    shown = shown_to(sight, growth.activity)
    fields = activity_fields(shown)
    total = growth.from_row + len(growth.streams["time_s"])
    start = growth.from_row if growth.replaces else max(rows, growth.from_row)
    if total > start or growth.replaces:
        lacking = {name: column[start - growth.from_row :] for name, column in growth.streams.items()}
        streams = columns_shown(shown.hidden, lacking)
        await _send_message(socket, {"type": "append", "from_row": start, "streams": streams, "activity": fields})
        rows = total
    if growth.finished:
        await _send_message(socket, {"type": "finished", "activity": fields})
    return rows


async def _send_message(socket: web.WebSocketResponse, message: Mapping[str, object]) -> None:
    text = orjson.dumps(message, option=orjson.OPT_SERIALIZE_NUMPY).decode()
    async with asyncio.timeout(SEND_TIMEOUT_S):
        await socket.send_str(text)
