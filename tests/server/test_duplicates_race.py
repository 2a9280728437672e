"""Two workers put recordings of one workout in order at once: one group, as if one had done it after the other."""

import asyncio
import os
import threading
from collections.abc import Sequence

import pytest
from paceline_server.activities import store as activities
from paceline_server.activities.model import ACTIVITIES
from paceline_server.backstage import make_backstage
from paceline_server.duplicates.model import ACTIVITY_GROUPS, ACTIVITY_PAIRS
from paceline_server.events.declared import DUPLICATES
from paceline_server.events.model import Turn
from paceline_server.keys import DATABASE
from paceline_server.platform.database import Connection, Database
from paceline_server.stats import store as sums
from server.running_server import Person, RunningServer, shared_apart
from server.test_duplicates import START, counted, listed, upload
from sqlalchemy import delete, select, update


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_two_workers_make_one_group_of_one_workout(server: RunningServer, ann: Person) -> None:
    ids = [await upload(server, ann, START, "gps", title=str(number)) for number in range(4)]
    owner_id, database = ann.owner_id, server.app[DATABASE]

    def forget(connection: Connection) -> None:
        for table in (ACTIVITY_PAIRS, ACTIVITY_GROUPS):
            connection.execute(delete(table).where(table.c.owner_id == owner_id))
        connection.execute(update(ACTIVITIES).where(ACTIVITIES.c.owner_id == owner_id).values(behind=None))
        sums.rebuild(connection, owner_id, activities.every(connection, owner_id))

    def work(order: Sequence[str], together: threading.Barrier) -> None:
        with Database(server.config.url) as own:
            stage = make_backstage(server.config, own, server.clock, os.urandom, shared_apart())
            for each in order:
                together.wait(60)
                stage.runs[DUPLICATES](Turn(owner_id, DUPLICATES, each), own.write_now)

    for order in (ids[::-1], [*ids[2:], *ids[:2]]):
        await database.write(forget)
        together = threading.Barrier(2)
        await asyncio.gather(*(asyncio.to_thread(work, each, together) for each in (ids, order)))
        assert len(await listed(server, ann)) == 1 == await counted(server, ann)
        assert await listed(server, ann, "?recordings=all") == set(ids)
        groups = select(ACTIVITY_GROUPS.c.shown_id).where(ACTIVITY_GROUPS.c.owner_id == owner_id)
        held = await database.read(lambda each, query=groups: each.execute(query).scalars().all())
        assert set(held) == await listed(server, ann) and len(held) == 1
