"""On MicroPython only: the hot paths allocate nothing per sample once they run."""

import gc

from firmware.heap_taken import heap_taken
from firmware.nor_flash import NorFlash
from wearable.drivers.nav_pvt import NavPvt
from wearable.drivers.ubx import UbxParser, pack_frame
from wearable.journal.writer import Journal
from wearable.link import measurements
from wearable.signal.beats import Beats
from wearable.signal.cadence import Cadence
from wearable.signal.heart_rate import HeartRate
from wearable.signal.repetitions import Repetitions
from wearable.signal.swim_lengths import SwimLengths
from wearable.totals import Totals
from wearable.workout.auto_lap import lap_due
from wearable.workout.rules import Anybody, Rules

_ROUNDS = 100


def test_the_heart_rate_takes_nothing_from_the_heap() -> None:
    heart = HeartRate()
    assert heap_taken(lambda i: heart.put(60_000 + i % 25 * 30), _ROUNDS) == 0


def test_beats_take_nothing_from_the_heap() -> None:
    found = [0]

    def take(interval: int) -> None:
        found[0] = interval

    beats = Beats(take)

    def step(i: int) -> None:
        beats.expect(75)
        beats.put(60_000 - max(0, 10 - i % 20) * 80)

    assert heap_taken(step, _ROUNDS) == 0 and found[0] == 819


def test_the_cadence_takes_nothing_from_the_heap() -> None:
    cadence = Cadence()
    assert heap_taken(lambda i: cadence.put(i % 9 * 300, 4098, -i), _ROUNDS) == 0


def test_live_values_take_nothing_from_the_heap() -> None:
    pvt = NavPvt()
    pvt.latitude_udeg, pvt.longitude_udeg, pvt.altitude_2dm, pvt.speed_cm_s = -33_000_000, 151_000_000, 200, 400
    buffer = bytearray(measurements.SIZE)
    date = (2026, 5, 4)

    def step(i: int) -> None:
        measurements.pack_heart_rate(buffer, 150, True, buffer, 4)
        measurements.pack_running(buffer, 300 + i, 170, 4_000_000 + i)
        measurements.pack_location(buffer, 3, pvt, 4_000_000 + i)
        measurements.pack_moment(buffer, 3, pvt, date, 200_000_000 + i)

    assert heap_taken(step, _ROUNDS) == 0


def test_strokes_and_repetitions_take_nothing_from_the_heap() -> None:
    swim = SwimLengths(2500)
    repetitions = Repetitions()
    assert heap_taken(lambda i: swim.put(i % 39 * 200, 4098, -i), _ROUNDS) == 0
    assert heap_taken(lambda i: repetitions.put(i % 39 * 200, 4098, -i), _ROUNDS) == 0


def test_the_rules_of_a_sport_take_nothing_from_the_heap() -> None:
    totals = Totals(1)
    rules = Rules(1, Anybody, 40, True)

    def step(i: int) -> None:
        totals.add(1, 3, 2000 + i, 300, 150, 170)
        rules.burn(totals, 1, True, 3, 300, 150, 3)
        rules.auto_pause.second(i, 3, i % 7 * 50, 0)
        lap_due(totals, 1000, 60)

    assert heap_taken(step, _ROUNDS) == 0


def test_totals_take_nothing_from_the_heap() -> None:
    totals = Totals(1)
    assert heap_taken(lambda i: totals.add(1, 3, 2000 + i, 300, 150, 170), _ROUNDS) == 0


def test_the_receivers_frames_take_nothing_from_the_heap() -> None:
    parser = UbxParser()
    pvt = NavPvt()
    payload = bytearray(92)
    payload[4], payload[5], payload[6], payload[7] = 0xE8, 0x07, 6, 9
    payload[11], payload[20], payload[21], payload[27], payload[31] = 7, 3, 1, 0x55, 0x15
    frame = pack_frame(1, 7, payload)

    def step(_: int) -> None:
        parser.put(frame, len(frame))
        assert parser.next_frame()
        pvt.decode(parser.payload)

    assert heap_taken(step, _ROUNDS) == 0
    assert pvt.fix == 3


def test_a_sample_into_the_open_chunk_takes_nothing_from_the_heap() -> None:
    journal = Journal(NorFlash(3), bytes(32), lambda: 5)
    worst = 0
    for chunk in range(8):
        journal.flush()
        gc.collect()
        gc.disable()
        before = gc.mem_alloc()
        for i in range(24):
            second = 24 * chunk + i
            journal.append_sample(
                second, 3, 47_000_000 + 31 * second, 8_000_000 - i, 2000 + i, 300 + i, 140 + i, 3, 168
            )
        worst = max(worst, gc.mem_alloc() - before) if chunk else 0
        gc.enable()
    assert worst == 0, worst
