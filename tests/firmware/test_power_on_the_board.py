"""The power policy's decisions at the virtual board's chips, their interrupts, and a battery that runs down."""

from pathlib import Path

import pytest
from firmware.gps_board import IDENTITY, UTC_S
from firmware.power_board import State, all_until, states, worn
from paceline_protocol.code_tables import ALERTS
from paceline_protocol.journal_reader import JournalReader
from paceline_protocol.page import journal_key
from paceline_protocol.records import ALERT, SEAL, SESSION_END, parse_fields
from paceline_tools.virtual.settings import WIRING
from wearable import power
from wearable.motion_sense import IDLE_SAMPLES, LIVE_SAMPLES

STALLS = """
import time

async def stall():
    while True:
        await asyncio.sleep_ms(500)
        time.sleep_ms(80)

asyncio.create_task(stall())
"""


async def test_idle_and_workout_switch_the_chips(tmp_path: Path) -> None:
    async with worn(tmp_path) as wearable:
        begin, end, again = UTC_S + 40, UTC_S + 300, UTC_S + 1200
        pressed = wearable.press("start", at_utc_s=begin), wearable.end_workout(end)
        await all_until(1320, wearable, *pressed, wearable.press("start", at_utc_s=again))
        assert wearable.boots == 1
    run = states(wearable, 70, 295)
    assert run and not any(one.gps_sleeps or one.heart_sleeps or one.motion_saves for one in run)
    assert {one.motion_calls_at for one in run} == {LIVE_SAMPLES}
    idle = states(wearable, 300 + power.GPS_LINGER_S + 40, 1195)
    assert all(one.gps_sleeps for one in idle), "the receiver sleeps"
    asleep = [one for one in idle if one.heart_sleeps]
    assert 0.85 * len(idle) < len(asleep) < 0.95 * len(idle), "windows of 25 s in 5 minutes"
    assert all(one.motion_saves and one.motion_calls_at == IDLE_SAMPLES for one in asleep)
    assert not any(one.heart_bpm for one in asleep)
    awake = [one for one in idle if not one.heart_sleeps]
    assert max(one.heart_bpm for one in awake[-10:]) in range(86, 95), "a window is enough for a rate"
    again = states(wearable, 1240, 1310)
    assert again and not any(one.gps_sleeps or one.heart_sleeps for one in again)
    assert _whole(states(wearable))


def _whole(seen: list[State]) -> bool:
    last = seen[-1]
    return last.heart_lost == last.motion_overruns == 0


async def test_with_interrupts_nobody_looks_at_a_fifo_in_vain(tmp_path: Path) -> None:
    async with worn(tmp_path) as wearable:
        await all_until(240, wearable, wearable.press("start", at_utc_s=UTC_S + 40))
    last = states(wearable)[-1]
    assert _whole([last]) and last.heart_missed == last.motion_missed == 0
    assert last.heart_bpm in range(86, 95) and last.cadence_spm in range(160, 169)


@pytest.mark.parametrize("broken", ["pulse_interrupt", "motion_interrupt"])
async def test_a_broken_interrupt_wire_costs_no_sample(tmp_path: Path, broken: str) -> None:
    async with worn(tmp_path, STALLS, wiring={**WIRING, broken: None}) as wearable:
        pressed = wearable.press("start", at_utc_s=UTC_S + 40), wearable.end_workout(UTC_S + 400)
        await all_until(900, wearable, *pressed)
    seen = states(wearable)
    assert _whole(seen)
    assert (seen[-1].heart_missed if broken == "pulse_interrupt" else seen[-1].motion_missed) > 10
    run = states(wearable, 60, 390)
    assert all(86 <= one.heart_bpm < 95 for one in run) and all(one.cadence_spm for one in run)


async def test_a_low_battery_saves_and_a_critical_one_ends_the_workout(tmp_path: Path) -> None:
    async with worn(tmp_path, charge_percent=30) as wearable:
        wearable.set_charge(10, UTC_S + 200)
        wearable.set_charge(2.4, UTC_S + 400)
        await all_until(700, wearable, wearable.press("start", at_utc_s=UTC_S + 40))
        assert wearable.boots == 1
    assert not any(one.gps_saves for one in states(wearable, 100, 195))
    low = states(wearable, 270, 395)
    assert all(one.gps_saves and not one.gps_sleeps and not one.heart_sleeps for one in low)
    end = states(wearable, 600, 700)
    assert all(one.gps_sleeps and one.heart_sleeps for one in end)
    kinds, alerts = _kinds(wearable.flash_path)
    assert alerts == [("battery low", 10), ("battery low", 2)]
    at = kinds.index(SESSION_END)
    assert SEAL in kinds[at : at + 2], "sealed at once"


def _kinds(flash: Path) -> tuple[list[int], list[tuple[str, int]]]:
    kinds, alerts = [], []
    for _, kind, payload in JournalReader(journal_key(IDENTITY.device_key)).feed(flash.read_bytes()):
        kinds.append(kind)
        fields = parse_fields(kind, payload)
        if kind == ALERT and fields is not None:
            alerts.append((ALERTS[fields.code], fields.value))
    return kinds, alerts
