"""Health Connect's export: workouts with route and heart rate, days by the app that said them, hostile databases."""

import io
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from paceline_server.formats.archives.archive import Entry
from paceline_server.formats.archives.health_connect_kinds import KINDS, kind_of
from paceline_server.formats.archives.opening import open_archive
from paceline_server.formats.errors import FormatError
from paceline_server.formats.read import read_contents
from paceline_server.formats.sports import sport_of

START_MS = 1_714_557_600_000
SCHEMA = """
CREATE TABLE application_info_table (row_id INTEGER PRIMARY KEY, package_name TEXT, app_name TEXT, app_icon BLOB);
CREATE TABLE steps_record_table (row_id INTEGER PRIMARY KEY, app_info_id, start_time, end_time, count);
CREATE TABLE distance_record_table (row_id INTEGER PRIMARY KEY, app_info_id, start_time, end_time, distance);
CREATE TABLE total_calories_burned_record_table (row_id INTEGER PRIMARY KEY, app_info_id, start_time, end_time, energy);
CREATE TABLE weight_record_table (row_id INTEGER PRIMARY KEY, app_info_id, time, zone_offset, weight);
CREATE TABLE sleep_session_record_table (row_id INTEGER PRIMARY KEY, app_info_id, start_time, end_time);
CREATE TABLE sleep_stages_table (parent_key, stage_start_time, stage_end_time, stage_type);
CREATE TABLE exercise_session_record_table
  (row_id INTEGER PRIMARY KEY, app_info_id, start_time, end_time, exercise_type, title, notes, start_zone_offset);
CREATE TABLE exercise_route_table (parent_key, timestamp_millis, latitude, longitude, altitude);
CREATE TABLE exercise_laps_table (parent_key, lap_start_time, lap_end_time);
CREATE TABLE heart_rate_record_table (row_id INTEGER PRIMARY KEY, app_info_id);
CREATE TABLE heart_rate_record_series_table (parent_key, epoch_millis, beats_per_minute);
CREATE VIEW resting_heart_rate_record_table AS SELECT 1 AS time, 1 AS app_info_id, 0 AS zone_offset, 50 AS
  beats_per_minute;
"""


def made(path: Path, more: str = "") -> bytes:
    with closing(sqlite3.connect(path)) as base:
        base.executescript(SCHEMA + more)
        insert = lambda table, rows: base.executemany(  # noqa: E731
            f"INSERT INTO {table} VALUES ({','.join('?' * len(rows[0]))})", rows
        )
        insert("application_info_table", [(1, "com.watch", "Watch", b"x" * 9), (2, "com.phone", None, None)])
        quarter = START_MS, START_MS + 900_000
        insert("steps_record_table", [(1, 1, *quarter, 900), (2, 2, *quarter, 700), (3, 1, "x", None, 4)])
        insert("distance_record_table", [(1, 1, START_MS, START_MS + 30_000, 90.0)])
        insert("total_calories_burned_record_table", [(1, 1, *quarter, 55_500.0)])
        insert("weight_record_table", [(1, 2, START_MS, 50_400, 71_500.0)])
        insert("sleep_session_record_table", [(4, 1, START_MS - 30_000_000, START_MS - 20_000_000)])
        night = START_MS - 30_000_000
        insert("sleep_stages_table", [(4, night, night + 3_600_000, 4), (4, night + 3_600_000, night + 7_200_000, 5)])
        insert(
            "exercise_session_record_table",
            [
                (7, 1, START_MS, START_MS + 40_000, 33, "Lake", "Slowly", 7200),
                (9, 1, START_MS, -5, 53, None, None, None),
            ],
        )
        insert(
            "exercise_route_table",
            [(7, START_MS + 1000 * n, 47 + n * 1e-5, 8.0, 400.0 if n else None) for n in range(30)] + [(8, 1, 1, 1, 1)],
        )
        insert("exercise_laps_table", [(7, START_MS, START_MS + 20_000)])
        insert("heart_rate_record_table", [(5, 1)])
        insert("heart_rate_record_series_table", [(5, START_MS + 5000 * n, 120 + n) for n in range(8)])
        base.commit()
    return path.read_bytes()


def opened(database: bytes) -> tuple[list[Entry], tuple[str, ...]]:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("health_connect_export.db", database)
    found = open_archive(file, "Health Connect.zip")
    assert found is not None
    assert found.kind == "Health Connect"
    return list(found.entries()), found.warnings


def test_workouts_and_days(tmp_path: Path) -> None:
    entries, warnings = opened(made(tmp_path / "a.db"))
    assert warnings == ()
    run, broken, *days = entries
    assert (run.name, run.said.title, run.said.notes) == ("running 2024-05-01 10.00.00.json", "Lake", "Slowly")
    assert broken.problem == "Its start or its end cannot be read."
    (one,) = read_contents(run.data, run.name).recordings
    assert (one.sport, one.source, one.duration_s, one.utc_offset_s) == ("running", "Watch", 40.0, 7200)
    assert np.isfinite(one.columns["latitude_deg"]).sum() == 30
    assert np.nanmax(one.columns["distance_m"]) == 90.0
    assert one.columns["heart_rate_bpm"][10] == 122
    assert [(lap.start_s, lap.end_s) for lap in one.laps] == [(0, 20)]
    found = {said.source: said for entry in days for said in read_contents(entry.data, entry.name).days}
    assert [(one.metric, one.value) for one in found["Watch"].counts] == [
        ("distance_m", 90.0),
        ("kilocalories", 55.5),
        ("steps", 900.0),
    ]
    assert [(one.metric, one.day, one.value) for one in found["com.phone"].values] == [
        ("weight_kg", "2024-05-02", 71.5)
    ]
    assert [stage for _, _, stage in found["Watch"].sleeps[0].stages] == ["light", "deep"]


def test_the_types_of_sessions_have_the_numbers_of_the_database() -> None:
    numbers = {4: "cycling", 21: "hiking", 33: "running", 45: "strength", 49: "swimming", 53: "walking", 57: "other"}
    assert {number: sport_of(kind_of(number)) for number in numbers} == numbers
    assert (len(KINDS), kind_of(57), kind_of(61), kind_of(99)) == (62, "yoga", "rowing machine", "exercise 99")


def test_a_hostile_database_is_refused_or_read_as_far_as_it_goes(tmp_path: Path) -> None:
    sound = made(tmp_path / "a.db")
    for damaged in (b"SQLite format 3\0", b"x" * 5000, sound[: len(sound) // 2]):
        with pytest.raises(FormatError):
            opened(damaged)
    bomb = """CREATE TABLE floors_climbed_record_table (start_time, end_time, app_info_id,
      floors AS (length(zeroblob(1000000000))));
      INSERT INTO floors_climbed_record_table VALUES (1, 2, 3);"""
    entries, warnings = opened(made(tmp_path / "b.db", bomb))
    assert entries[0].said.title == "Lake"
    assert warnings == () or "floors_climbed_record_table was left out" in warnings[0]
