"""What only we write, sound and small: archives of an account, journals, kept telemetry, points that programs send."""

import base64
import json
from typing import Any

from paceline_protocol.code_tables import SPORTS
from paceline_protocol.records import (
    ALERT,
    BATTERY,
    BOOT,
    CLOCK,
    CRASH,
    DAY,
    DISMISSED,
    LAP,
    LENGTH,
    PAUSE,
    RESUME,
    SAMPLES,
    SESSION_END,
    SESSION_START,
    SET,
    pack_fields,
)
from paceline_protocol.sample_codec import SampleEncoder
from paceline_server.archive_tables.model import BYTES, ID, REAL, TEXT, VALUE, WHOLE, Field
from paceline_server.archives.checking import tables

from paceline_tools.fuzz.files import START_S
from paceline_tools.fuzz.mutating import Seed, plain
from paceline_tools.fuzz.packing import archive_packed, journal_packed

_DEVICE, _EPOCH = "0011223344556677", 0xC0FFEE01
_ID = "018f3a00-0000-7000-8000-0000000000{:02}"
_RECEIPT = {"recorded": 5, "received": 5, "gaps": [{"from": 0, "to": 9}], "sealed": True, "problems": []}
_DETAIL = {
    "receipt": _RECEIPT,
    "laps": [[0.0, 9.0, "manual"]],
    "pauses": [[2.0, 3.0]],
    "splits": [[1000.0, 300.0, 290.0, 5.0, 140.0, 3.0]],
    "lengths": [[0.0, 9.0, 7, 25.0]],
    "sets": [[0.0, 9.0, 8, "squat", 60.0, None]],
    "findings": None,
}
_SAID: dict[tuple[str, str], Any] = {
    ("activities", "detail"): _DETAIL,
    ("activities", "edits"): {"title": "Lake", "crop_s": [1.0, 8.0], "field_visibility": {"route": "private"}},
    ("activities", "visibility"): "private",
    ("activity_tombstones", "kept"): None,
    ("uploads", "said"): {"sport": "running", "source": "app", "start_utc_s": 1.7e9},
    ("journals", "epoch"): _EPOCH,
    ("journals", "start_position"): 0,
    ("journals", "held_position"): 64,
}
_NAMED = {
    "device_id": _DEVICE,
    "telemetry_sha256": "",
    "day": "2024-05-01",
    "start_date": "2024-05-01",
    "end_date": "2024-12-31",
    "period": "weekly",
    "metric": "distance_m",
    "later_weekdays": None,
}
_TABLES = (
    "activities",
    "activity_tombstones",
    "daily_parts",
    "day_values",
    "devices",
    "goals",
    "goals_reached",
    "journals",
)


def archive_seed(telemetry: bytes) -> Seed:
    """Return an archive of an account, a row in each of its tables that refer to others."""
    parts = {"README.txt": b"Keep it.\n", f"journals/{_DEVICE}/{_EPOCH:08x}.journal": bytes(64)}
    for table in tables():
        if table.name in (*_TABLES, "uploads", "upload_parts"):
            row = {field.name: _value(table.name, field) for field in table.fields}
            parts[f"tables/{table.name}.jsonl"] = json.dumps(row).encode() + b"\n"
    parts[f"telemetry/{_ID.format(1)}.plt"] = telemetry
    parts["originals/" + "0" * 64] = b"original"
    return Seed(parts, archive_packed)


def _value(table: str, field: Field) -> Any:
    if (table, field.name) in _SAID:
        return _SAID[table, field.name]
    if field.name in _NAMED:
        return _NAMED[field.name]
    if field.nullable:
        return None
    kinds = {ID: _ID.format(1), WHOLE: 1, REAL: 60.0, TEXT: "running"[: field.most], VALUE: {}}
    return base64.b64encode(bytes(32)).decode() if field.kind == BYTES else kinds.get(field.kind, True)


def journal_seed() -> Seed:
    """Return a journal with a workout of each record that a wearable writes, and a day."""
    encoder, buffer = SampleEncoder(), bytearray(4096)
    for second in range(12):
        encoder.put(10 + second, 3, 47_000_000 + 90 * second, 8_000_000, 2000, 300, 140, 3, 170)
    samples = bytes(buffer[: encoder.close(buffer, 0)])
    records = [
        (BOOT, pack_fields(BOOT, 1, 1, bytes(3))),
        (CLOCK, pack_fields(CLOCK, 5, START_S + 5, 1)),
        (SESSION_START, pack_fields(SESSION_START, 10, START_S + 10, 1, SPORTS.index("running"), 0, 0)),
        (SAMPLES, samples),
        (LAP, pack_fields(LAP, 14, 1, 1)),
        (PAUSE, pack_fields(PAUSE, 15, 1)),
        (RESUME, pack_fields(RESUME, 16, 1)),
        (LENGTH, pack_fields(LENGTH, 18, 1, 90, 7, 2500)),
        (SET, pack_fields(SET, 20, 1, 8, 9, 3)),
        (SESSION_END, pack_fields(SESSION_END, 22, 1, 12, 12, 12, 36, 0, 140, 150, 9)),
        (BATTERY, pack_fields(BATTERY, 23, 3900, 80)),
        (DAY, pack_fields(DAY, 24, START_S + 24, 9000, 2000, 50, 0, 900, 30, 800)),
        (ALERT, pack_fields(ALERT, 25, 1, 2)),
        (CRASH, pack_fields(CRASH, 26, "why")),
        (DISMISSED, pack_fields(DISMISSED, 27, 1, 0)),
    ]
    return Seed({f"{at:02}": bytes([kind]) + payload for at, (kind, payload) in enumerate(records)}, journal_packed)


def points_seed() -> Seed:
    """Return points as a program sends them."""
    points = [
        {"time": second, "lat": 47 + second / 1e5, "lng": 8.0, "altitude": 400, "heart_rate": 140, "distance": second}
        for second in range(5)
    ]
    return plain(json.dumps([*points, {"time": 4.5, "speed": 3, "power": 200, "cadence": 80}]).encode())
