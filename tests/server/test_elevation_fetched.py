"""Elevation tiles fetched from a server: in the background, once, and whatever that server does."""

import asyncio
import random
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from paceline_server.activities import store
from paceline_server.elevation.keeping import FAILED_S, TileCache
from paceline_server.elevation.model import TileError
from paceline_server.elevation.refining import every
from paceline_server.elevation.source import TileSource
from paceline_server.elevation.tiles import Tiles
from paceline_server.events import store as events
from paceline_server.events.backfill import backfill
from paceline_server.events.declared import ORIGINAL_WANTED
from paceline_server.keys import DATABASE
from server.running_server import Person, RunningServer, StandingClock, shared_apart
from server.sent_files import send_file
from server.tile_server import (
    ABSENT,
    BROKEN,
    CUT,
    ENDLESS,
    MOVED,
    RUBBISH,
    SLOW,
    WHOLE,
    TileServer,
    tile_server,
)

PLACE, BESIDE = (46, 7), (46, 8)
QUICK = aiohttp.ClientTimeout(total=0.4)
PATIENT = aiohttp.ClientTimeout(total=60)
# What a worker does, in a process that dies of it.
WORKER = """
import sys
from pathlib import Path
from paceline_server.elevation.keeping import TileCache
from paceline_server.elevation.source import tile_source
TileCache(Path(sys.argv[2]), 1 << 30, lambda: 0.0).keep((46, 7), tile_source(sys.argv[1]).ask((46, 7)))
"""


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def tiles(asked: TileServer, folder: Path, clock: Callable[[], float], timeout: aiohttp.ClientTimeout) -> Tiles:
    source = TileSource(asked.template, timeout)
    return Tiles(None, TileCache(folder, 1 << 30, clock), source, shared_apart())


async def test_whatever_the_server_does_a_tile_is_there_whole_or_not(tmp_path: Path) -> None:
    clock = StandingClock()
    async with tile_server() as asked:
        for behaves, said in (
            (BROKEN, "answered 500"),
            (MOVED, "answered 302"),
            (CUT, "cannot be read"),
            (ENDLESS, "more than a tile"),
            (RUBBISH, "no tile"),
            (SLOW, "TimeoutError"),
        ):
            asked.behaves = behaves
            mine = tiles(asked, tmp_path, clock, QUICK if behaves == SLOW else PATIENT)
            with pytest.raises(TileError, match=said):
                await asyncio.to_thread(mine.fetch, [PLACE])
            with pytest.raises(TileError, match="failed just now"):  # nor is it asked at once for another activity
                await asyncio.to_thread(mine.fetch, [PLACE])
            assert mine.here([PLACE]) == {}
            clock.now_s += FAILED_S
        assert asked.asked == ["/skadi/N46/N46E007.hgt.gz"] * 6
        mine = tiles(asked, tmp_path, clock, PATIENT)
        asked.behaves = ABSENT
        await asyncio.to_thread(mine.fetch, [BESIDE])
        await asyncio.to_thread(mine.fetch, [BESIDE])  # the sea: it is known that there is none
        asked.behaves = WHOLE
        await asyncio.to_thread(mine.fetch, [PLACE, BESIDE])
        await asyncio.to_thread(mine.fetch, [PLACE])
        assert len(asked.asked) == 8 and list(mine.here([PLACE, BESIDE])) == [PLACE]
        assert names_in(tmp_path) == ["N46E007.hgt", "N46E008.absent"]
        few = replace(mine, most=1)
        assert few.missing([(40, 1), (40, 2)]) == []  # a flight


async def test_a_worker_that_is_killed_in_the_middle_leaves_nothing_behind(tmp_path: Path) -> None:
    async with tile_server() as asked:
        asked.behaves = SLOW
        command = (sys.executable, "-c", WORKER, asked.template, str(tmp_path))
        process = await asyncio.create_subprocess_exec(*command)
        async with asyncio.timeout(120):
            await asked.begun.wait()
            process.kill()
            await process.wait()
        assert names_in(tmp_path) == []
        asked.behaves = WHOLE
        mine = tiles(asked, tmp_path, StandingClock(), PATIENT)
        await asyncio.to_thread(mine.fetch, [PLACE])
        assert list(mine.here([PLACE])) == [PLACE] and len(asked.asked) == 2


def ridge(day: int, ele: Callable[[], str] = str) -> bytes:
    """A run 300 s up to the north over the plane and back: 30 m up and down."""
    rows = "".join(
        f'<trkpt lat="{46.5 + (300 - abs(number - 300)) / 10_000:.6f}" lon="7.5">{ele()}'
        f"<time>2025-10-{day:02}T08:{number // 60:02}:{number % 60:02}Z</time></trkpt>"
        for number in range(601)
    )
    return f'<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{rows}</trkseg></trk></gpx>'.encode()


def climb(activity: dict[str, Any]) -> tuple[Any, ...]:
    return activity["ascent_m"], activity["descent_m"], activity["splits"], activity["analysis"]


async def test_workouts_get_the_climb_of_their_tiles_and_get_it_again(server: RunningServer, ann: Person) -> None:
    async with tile_server() as asked:
        await send_file(server, ann, ridge(1))
        (before,) = await server.activities(ann)
        assert before["ascent_m"] is None and before["analysis"]["climb_by_tiles"] is False
        await server.stop()
        server.config = replace(server.config, elevation_url=asked.template)
        await server.start()
        database = server.app[DATABASE]
        backfill(database, {"elevation": every}, ["elevation"], server.clock.now_s)
        chance = random.Random(4)
        await send_file(server, ann, ridge(2, lambda: f"<ele>{800 + chance.gauss(0, 3):.1f}</ele>"))  # a receiver's
        await send_file(server, ann, ridge(3, lambda: "<ele>812.4</ele>"))
        flat, *both = await server.activities(ann)
        assert flat["ascent_m"] == 0 and flat["analysis"]["climb_by_tiles"] is False  # its own altitudes stay
        for one in both:
            assert (one["ascent_m"], one["descent_m"]) == (pytest.approx(30, abs=2), pytest.approx(30, abs=2))
            assert sum(split["ascent_m"] for split in one["splits"]) == pytest.approx(one["ascent_m"], abs=0.2)
            assert one["analysis"]["climb_by_tiles"] is True
        reasons = ("what was recorded, as the chart shows it, is rough", "no altitude was recorded")
        for one, reason in zip(both, reasons, strict=True):
            async with server.http.get(f"/activities/{one['activity_id']}", headers=ann.headers) as response:
                page = await response.text()
            assert "from an elevation model" in page and reason in page
        assert asked.asked == ["/skadi/N46/N46E007.hgt.gz"]
        assert database.read_now(lambda connection: list(every(connection))) == []
        _, stats = await server.get(ann, f"/users/{ann.owner_id}/stats")
        assert stats["lifetime"]["ascent_m"] == pytest.approx(sum(one["ascent_m"] for one in both), abs=0.2)
        # Made anew of their files they are the same, and nobody is asked again.
        database.write_now(store.let_be_made_anew, ann.owner_id)
        for one in both:
            database.write_now(events.emit, ORIGINAL_WANTED, ann.owner_id, one["activity_id"], server.clock.now_s)
        _, *again = await server.activities(ann)
        assert [climb(one) for one in again] == [climb(one) for one in both]
        assert len(asked.asked) == 1
        # An edit measures by the recording, and the tiles follow.
        url = f"/api/v1/activities/{both[0]['activity_id']}"
        cut = {"crop": {"from_s": 0, "to_s": 300}}
        async with server.http.patch(url, json=cut, headers=ann.headers) as response:
            assert response.status == 200
        _, edited, _ = await server.activities(ann)
        assert (edited["ascent_m"], edited["analysis"]["climb_by_tiles"]) == (pytest.approx(30, abs=2), True)
