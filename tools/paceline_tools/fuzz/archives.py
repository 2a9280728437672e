"""Small sound exports of other platforms and documents of ours, to be mutated; zips stored, so that members are hit."""

import json
import sqlite3
from contextlib import closing

from paceline_server.formats.days import DayFigure, DaysSaid, SleepSpan, SpanFigure
from paceline_server.formats.days_document import write_days
from paceline_server.formats.workout_document import Series, Values, Workout, write_workout

from paceline_tools.fuzz.mutating import Parts
from paceline_tools.fuzz.packing import zip_packed

START_S = 1_714_557_600
_QUANTITY = "HKQuantityTypeIdentifier"
_TABLE = "Date,Step count,Average weight (kg)\n2024-05-01,8000,71.5\n"


def made_archives(fit: bytes, gpx: bytes, tcx: bytes) -> list[bytes]:
    """Return one of each; the files are of the same run."""
    parts = archive_parts(fit, gpx, tcx)
    zips = [zip_packed(parts[name]) for name in ("apple", "strava", "garmin", "google", "health-connect")]
    return [_apple(), *zips, _TABLE.encode(), _document(), _days()]


def archive_parts(fit: bytes, gpx: bytes, tcx: bytes) -> dict[str, Parts]:
    """Return the files of each platform's export, by name."""
    strava = "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance,"
    strava += 'Activity Gear,Filename\n1,"May 1, 2024, 10:00:00 AM",Lake,Run,Slowly,40,0.1,Red shoes,activities/1.fit\n'
    strava += '2,"May 2, 2024, 10:00:00 AM",,Swim,,9,1,,\n'
    summary = {"activityId": 1, "name": "Lake", "activityType": "running", "beginTimestamp": START_S * 1000}
    day = {"calendarDate": "2024-05-01", "totalSteps": 9000, "restingHeartRate": 47}
    quarters = "Start time,End time,Step count\n06:00:00.000+02:00,06:15:00.000+02:00,150\n"
    night = {"fitnessActivity": "sleep", "startTime": "2024-05-01T21:00:00Z", "endTime": "2024-05-02T05:00:00Z"}
    return {
        "apple": {"apple_health_export/export.xml": _apple(), "apple_health_export/workout-routes/r.gpx": gpx},
        "strava": {"activities.csv": strava.encode(), "activities/1.fit": fit},
        "garmin": {
            "DI_CONNECT/me_summarizedActivities.json": _json([{"summarizedActivitiesExport": [summary]}]),
            "DI_CONNECT/UploadedFiles_0.zip/me_1.fit": fit,
            "DI_CONNECT/UDSFile_1.json": _json([day]),
        },
        "google": {
            "Takeout/Fit/Activities/1.tcx": tcx,
            "Takeout/Fit/D/Daily activity metrics.csv": _TABLE.encode(),
            "Takeout/Fit/D/2024-05-01.csv": quarters.encode(),
            "Takeout/Fit/S/1_SLEEP.json": _json(night),
        },
        "health-connect": {"health_connect_export.db": _health_connect()},
    }


def day_tables() -> list[bytes]:
    """Return tables of days: Google Fit's, our own, WHOOP's."""
    ours = "date;steps;weight_kg;sleep_minutes;source\n2024-05-01;4000;70,5;400;Watch\n2024-05-02;5000;71;;\n"
    whoop = "Cycle start time,Wake onset,Resting heart rate (bpm),Energy burned (cal),Asleep duration (min)\n"
    whoop += "2024-05-01 23:00:00,2024-05-02 07:00:00,50,2200,430\n"
    return [_TABLE.encode(), ours.encode(), whoop.encode()]


def documents() -> list[bytes]:
    """Return a document of ours of a workout, and one of days."""
    return [_document(), _days()]


def _apple() -> bytes:
    def record(kind: str, second: int, value: object, unit: str) -> str:
        at = f"2024-05-01 10:00:{second:02} +0000"
        times = f'startDate="{at}" endDate="{at}"'
        return f'<Record type="{kind}" sourceName="Watch" unit="{unit}" {times} value="{value}"/>\n'

    records = "".join(record(f"{_QUANTITY}HeartRate", second, 120 + second, "count/min") for second in range(0, 40, 5))
    records += record(f"{_QUANTITY}StepCount", 5, 80, "count") + record(f"{_QUANTITY}BodyMass", 6, 160, "lb")
    asleep = "HKCategoryValueSleepAnalysisAsleepDeep"
    records += (
        '<Record type="HKCategoryTypeIdentifierSleepAnalysis" sourceName="Watch" startDate="2024-04-30 22:00:00 +0000" '
        f'endDate="2024-05-01 05:00:00 +0000" value="{asleep}"/>\n'
    )
    workout = (
        '<Workout workoutActivityType="HKWorkoutActivityTypeRunning" sourceName="Watch" totalDistance="0.1" '
        'totalDistanceUnit="km" startDate="2024-05-01 10:00:00 +0000" endDate="2024-05-01 10:00:39 +0000">'
        '<WorkoutEvent type="HKWorkoutEventTypePause" date="2024-05-01 10:00:10 +0000"/>'
        '<WorkoutEvent type="HKWorkoutEventTypeResume" date="2024-05-01 10:00:12 +0000"/>'
        '<WorkoutRoute><FileReference path="/workout-routes/r.gpx"/></WorkoutRoute></Workout>'
    )
    return f'<?xml version="1.0"?><HealthData locale="en">{records}{workout}</HealthData>'.encode()


def _health_connect() -> bytes:
    millis = START_S * 1000
    with closing(sqlite3.connect(":memory:")) as base:
        base.execute("CREATE TABLE application_info_table (row_id, app_name, package_name)")
        base.execute("CREATE TABLE steps_record_table (start_time, end_time, count, app_info_id)")
        columns = "row_id, start_time, end_time, exercise_type, app_info_id, title, notes"
        base.execute(f"CREATE TABLE exercise_session_record_table ({columns})")
        base.execute("CREATE TABLE exercise_route_table (parent_key, timestamp_millis, latitude, longitude, altitude)")
        base.execute("INSERT INTO application_info_table VALUES (1, 'Watch', '')")
        base.execute("INSERT INTO steps_record_table VALUES (?, ?, 900, 1)", (millis, millis + 900_000))
        run = (millis, millis + 39_000)
        base.execute("INSERT INTO exercise_session_record_table VALUES (1, ?, ?, 33, 1, 'Lake', '')", run)
        route = [(millis + 1000 * n, 47 + n * 1e-5) for n in range(30)]
        base.executemany("INSERT INTO exercise_route_table VALUES (1, ?, ?, 8.0, 400)", route)
        base.commit()
        return base.serialize()


def _document() -> bytes:
    seconds = [float(second) for second in range(30)]
    track: dict[str, Values] = {"time_s": [*seconds], "latitude_deg": [47.0] * 30, "longitude_deg": [8.0] * 30}
    series = {"heart_rate_bpm": Series(seconds, [120.0] * 30), "distance_m": Series([10.0, 29.0], [30.0, 90.0])}
    return write_workout(
        Workout(1, "Watch", "Running", float(START_S), 39.0, 100.0, [(5.0, 7.0)], [(0.0, 20.0)], series, track)
    )


def _days() -> bytes:
    counts = (SpanFigure("steps", START_S, START_S + 900, 100.0, START_S + 900),)
    sleeps = (SleepSpan("1", START_S, START_S + 7200, ((0, 3600, "light"), (3600, 7200, "deep")), START_S + 7200),)
    return write_days(DaysSaid("Watch", (DayFigure("weight_kg", "2024-05-01", 71.5, START_S),), counts, sleeps))


def _json(value: object) -> bytes:
    return json.dumps(value).encode()
