"""All day on the virtual board: a walk, a rest, a workout; DAY, RR and PPG records in the journal."""

from pathlib import Path

import numpy as np
from firmware.gps_board import IDENTITY, UTC_S
from firmware.power_board import all_until, until, worn
from paceline_protocol.journal_reader import JournalReader
from paceline_protocol.layout import Fields
from paceline_protocol.page import journal_key
from paceline_protocol.records import DAY, PPG, RR, parse_fields
from paceline_protocol.wrist_pack import pack_settings
from paceline_protocol.wrist_settings import RECORD_PPG, RECORD_RR
from paceline_tools.track import ROW, pack_track
from paceline_tools.virtual.settings import TrackInput
from paceline_tools.virtual.wearable import VirtualWearable

WALK_SPM = 110
REST_BPM = 60
WALK_ENDS_S = 600
LEAVE_SETTINGS = """
import os, struct
os.mkdir("blobs")
with open("blobs/1.blob", "wb") as file:
    file.write(struct.pack("<II", 1, {size}) + {data})
"""


def _settings(flags: int) -> str:
    data = pack_settings([{"slot": 0}], flags)
    return LEAVE_SETTINGS.format(size=len(data), data=repr(data))


def _track(folder: Path, seconds: int) -> TrackInput:
    rows = np.zeros(seconds, ROW)
    rows["second"] = np.arange(seconds)
    rows["latitude_e7"], rows["longitude_e7"], rows["altitude_mm"], rows["fix"] = 470_000_000, 80_000_000, 400_000, 3
    walking = rows["second"] < WALK_ENDS_S
    rows["heart_rate_bpm"] = np.where(walking, 95, REST_BPM)
    rows["cadence_spm"] = np.where(walking, WALK_SPM, 0)
    path = folder / "day.track"
    path.write_bytes(pack_track(rows))
    return TrackInput(path, UTC_S)


def _records(wearable: VirtualWearable) -> list[tuple[int, Fields]]:
    reader = JournalReader(journal_key(IDENTITY.device_key))
    found = [(kind, parse_fields(kind, payload)) for _, kind, payload in reader.feed(wearable.flash_path.read_bytes())]
    return [(kind, fields) for kind, fields in found if fields is not None]


async def test_a_walk_and_a_rest_are_in_the_days_records(tmp_path: Path) -> None:
    async with worn(tmp_path, _settings(RECORD_RR), track=_track(tmp_path, 3600)) as wearable:
        await until(wearable, 2800)
        assert wearable.boots == 1
    records = _records(wearable)
    days = [fields for kind, fields in records if kind == DAY and fields.utc_s - UTC_S <= 3600]
    assert 3 <= len(days) <= 4 and all(day.utc_s % 900 in (0, 1) for day in days)
    walked = WALK_SPM * WALK_ENDS_S / 60
    assert abs(sum(day.steps for day in days) - walked) < 0.08 * walked
    assert 8 <= sum(day.active_minutes for day in days) <= 12
    assert sum(day.worn_minutes for day in days) >= 35
    resting = [day.resting_heart_rate_bpm for day in days if day.resting_heart_rate_bpm]
    assert resting and all(abs(bpm - REST_BPM) <= 2 for bpm in resting)
    intervals = [
        int.from_bytes(fields.intervals[at : at + 2], "little")
        for kind, fields in records
        if kind == RR
        for at in range(0, len(fields.intervals), 2)
    ]
    sure = [interval for interval in intervals if interval]
    assert len(sure) >= 30 and abs(np.median(sure) - 1024 * 60 / REST_BPM) < 20
    assert not [kind for kind, _ in records if kind == PPG]


async def test_every_count_of_light_of_a_workout_is_recorded(tmp_path: Path) -> None:
    async with worn(tmp_path, _settings(RECORD_PPG), track=_track(tmp_path, 900)) as wearable:
        pressed = [wearable.press("start", at_utc_s=UTC_S + second) for second in (30, 40)]
        await all_until(430, wearable, *pressed, wearable.end_workout(UTC_S + 400))
    counts = [fields for kind, fields in _records(wearable) if kind == PPG]
    light = [
        int.from_bytes(each.counts[at : at + 3], "little") for each in counts for at in range(0, len(each.counts), 3)
    ]
    assert len(light) >= 25 * 350 and 0xFFFFFF not in light
    assert all(each.rate_hz == 25 and len(each.counts) == 240 for each in counts[:-1])
    seconds = counts[-1].t_s - counts[0].t_s
    assert abs(len(light) - 25 * seconds) <= 0.02 * len(light) + 80
