"""What a request causes later says which one it was: in the outbox, in what follows from it, in the log."""

import json
import logging
import threading

from paceline_server.events import store
from paceline_server.events.declared import GEAR, GEAR_CHANGED
from paceline_server.events.model import EVENTS, Turn
from paceline_server.json_lines import JsonLines
from paceline_server.platform import request_ids
from paceline_server.platform.database import Database
from sqlalchemy import Connection, select

ANN = "0199c000-0000-7000-8000-00000000000a"
FIRST, SECOND = ("0199c000-0000-7000-8000-00000000000" + end for end in "12")


async def test_a_write_carries_the_id_into_the_outbox_whatever_thread_it_runs_on(database_url: str) -> None:
    def emit(connection: Connection) -> int:
        store.emit(connection, GEAR_CHANGED, ANN, "all", 0.0)
        return threading.get_ident()

    def kept(connection: Connection) -> list[str | None]:
        return list(connection.execute(select(EVENTS.c.request_id).order_by(EVENTS.c.event_id)).scalars())

    with Database(database_url) as database:
        await database.write(emit)
        for cause in (FIRST, SECOND):
            with request_ids.done_for(cause):
                await database.write(emit)
        assert database.read_now(kept) == [None, FIRST, SECOND]
        with database.holding(store.claim, Turn(ANN, GEAR, "all")) as (claim, _):
            assert claim is not None
            assert (len(claim.event_ids), claim.request_id) == (3, SECOND)


def test_a_line_of_the_log_says_for_which_request_it_is() -> None:
    record = logging.makeLogRecord({"msg": "handler failed"})
    with request_ids.done_for(FIRST):
        assert request_ids.note(record)
    assert json.loads(JsonLines().format(record))["request_id"] == FIRST
    other = logging.makeLogRecord({"msg": "x", "fields": {"request_id": SECOND}})
    with request_ids.done_for(FIRST):
        request_ids.note(other)
    assert json.loads(JsonLines().format(other))["request_id"] == SECOND
    alone = logging.makeLogRecord({"msg": "x"})
    request_ids.note(alone)
    assert "request_id" not in json.loads(JsonLines().format(alone))
