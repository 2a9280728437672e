"""A board with a barometer, and what becomes of one that fails."""

from pathlib import Path

import pytest
from firmware.gps_board import IDENTITY, UTC_S, row
from firmware.power_board import all_until, worn
from paceline_protocol.journal_reader import JournalReader
from paceline_protocol.page import journal_key
from paceline_protocol.records import ALERT, ENVIRONMENT, SAMPLES, parse_fields
from paceline_protocol.sample_codec import SampleDecoder

BAROMETER = 5


@pytest.mark.parametrize("fitted", [True, False])
async def test_heights_and_air_are_recorded_where_a_barometer_is_fitted(tmp_path: Path, fitted: bool) -> None:
    async with worn(tmp_path, barometer=fitted) as wearable:
        if fitted:
            wearable.unplug("air", UTC_S + 900)
        pressed = wearable.press("start", at_utc_s=UTC_S + 40), wearable.end_workout(UTC_S + 960)
        await all_until(1000, wearable, *pressed)
        assert wearable.boots == 1
    records, samples = [], []
    decoder = SampleDecoder()
    for _, kind, payload in JournalReader(journal_key(IDENTITY.device_key)).feed(wearable.flash_path.read_bytes()):
        if kind == SAMPLES:
            samples += decoder.decode(payload)
        elif kind in (ENVIRONMENT, ALERT):
            records.append((kind, parse_fields(kind, payload)))
    air = [fields for kind, fields in records if kind == ENVIRONMENT and fields is not None]
    failed = [fields for kind, fields in records if kind == ALERT and fields is not None and fields.value == BAROMETER]
    assert len(air) == (2 if fitted else 0)
    assert len(failed) == (1 if fitted else 0), "told once, and the workout goes on"
    assert all(100_900 < fields.pressure_pa < 101_100 and fields.temperature_dk == 2947 for fields in air)
    assert len(samples) > 900
    for sample in samples[120:]:
        true_2dm = row(sample[0])[3] / 200
        assert abs(sample[4] - true_2dm) <= 5, "within a metre, also while there is no barometer any more"
