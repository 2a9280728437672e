"""What hosts make of notifications: some come twice, some late, some never, some after what came behind them."""

import random
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from gateway.desk import Desk
from gateway.on_the_air import Start, config, id_of, key_of, some_bytes, world
from gateway.stand_in import Wearable, Wire
from paceline_gateway.daemon import pull_once
from paceline_gateway.spool import spooled_journals

Wired = Callable[[Wearable], Wire]
Callback = Callable[[BleakGATTCharacteristic, bytearray], None]
GREETING_FRAMES = 6


class Shuffle:
    """Holds a frame back now and then, until so many others have passed it; `again` is the chance that one repeats."""

    def __init__(self, seed: int, held_back: float, again: float = 0.0, lost: float = 0.0) -> None:
        self.late = 0
        self._chance = random.Random(seed)
        self._held_back, self._again, self._lost = held_back, again, lost
        self._held: list[tuple[int, bytes]] = []

    def pass_on(self, frame: bytes) -> list[bytes]:
        """Return what arrives when this frame is sent."""
        if self._chance.random() < self._held_back:
            self._held.append((self._chance.randint(1, 12), frame))
            self.late += 1
            arriving = []
        else:
            arriving = [frame] * (self._chance.random() >= self._lost) * (1 + (self._chance.random() < self._again))
        due = [held for others, held in self._held if others <= 1]
        self._held = [(others - 1, held) for others, held in self._held if others > 1]
        return arriving + due


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("again_and_lost", [(0.0, 0.0), (0.1, 0.02)], ids=["late", "late, twice and never"])
async def test_frames_that_overtake_one_another_end_in_the_same_bytes(
    desk: Desk, wired: Wired, seed: int, again_and_lost: tuple[float, float]
) -> None:
    wearable = Wearable(some_bytes(60_000, seed))
    wire = wired(wearable)
    shuffle = Shuffle(seed, 0.03, *again_and_lost)
    wire.spoil = lambda frame: [frame] if wire.passed < GREETING_FRAMES else shuffle.pass_on(frame)
    pull = await desk.sync(wire)
    assert desk.held() == bytes(wearable.journal)
    assert shuffle.late and pull.lost and pull.link.replayed, "who comes late is not taken for new"
    assert pull.lost <= 3 * shuffle.late + 20
    assert not pull.link.rejected


async def test_a_host_that_calls_back_twice_and_out_of_order_changes_nothing(
    tmp_path: Path, wear: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    radio = await wear(Wearable(some_bytes(50_000), key_of(0), id_of(0)))
    shuffle = Shuffle(4, held_back=0.02)
    start_notify = BleakClient.start_notify

    def twice(self: BleakClient, which: Any, callback: Callback, **options: Any) -> Coroutine[Any, Any, None]:
        told = 0

        def unruly(sender: BleakGATTCharacteristic, value: bytearray) -> None:
            nonlocal told
            told += 1
            arriving = [bytes(value)] if told < GREETING_FRAMES else shuffle.pass_on(bytes(value))
            for frame in arriving * 2:
                callback(sender, bytearray(frame))

        return start_notify(self, which, unruly, **options)

    monkeypatch.setattr(BleakClient, "start_notify", twice)
    assert await pull_once(config(tmp_path, [0]), world(), timeout_s=40) == set()
    ((_, _, _, path),) = spooled_journals(tmp_path / "spool")
    assert path.read_bytes() == bytes(radio.wearable.journal)
    assert shuffle.late > 3
    assert radio.connections == 1
