"""More wearables than connections: who has nothing more to send gives way at once, who is in a workout does not."""

import asyncio
from pathlib import Path

from gateway.journal_server import JournalServer
from gateway.on_the_air import LIMIT_S, Start, config, id_of, key_of, running, server_holds, some_bytes
from gateway.stand_in import Wearable
from paceline_gateway.config import Server
from paceline_gateway.visits import TURN_S


async def test_idle_wearables_give_way_and_all_are_synced_long_before_a_turn_is_over(
    tmp_path: Path, wear: Start, server: tuple[JournalServer, Server]
) -> None:
    radios = [await wear(Wearable(some_bytes(9000, seed), key_of(seed), id_of(seed))) for seed in range(5)]
    begun_s = asyncio.get_running_loop().time()
    async with running(config(tmp_path, list(range(5)), server[1], connections=1)):
        for radio in radios:
            await server_holds(server[0], radio)
        assert asyncio.get_running_loop().time() - begun_s < TURN_S / 3
        assert sum(radio.connections for radio in radios) <= 6, "who gave way is let alone for a while"


async def test_a_workout_is_followed_although_others_wait(
    tmp_path: Path, wear: Start, server: tuple[JournalServer, Server]
) -> None:
    athlete = Wearable(some_bytes(2000), key_of(0), id_of(0))
    athlete.recording = 1
    recording = await wear(athlete)
    async with running(config(tmp_path, [0, 1], server[1], connections=1)):
        await server_holds(server[0], recording)
        waiting = await wear(Wearable(some_bytes(2000, 2), key_of(1), id_of(1)))
        await asyncio.sleep(1)
        recording.grow(some_bytes(200, 3))
        await server_holds(server[0], recording)
        assert (recording.connections, waiting.connections) == (1, 0)
        athlete.recording = 0
        async with asyncio.timeout(LIMIT_S):
            await server_holds(server[0], waiting)
