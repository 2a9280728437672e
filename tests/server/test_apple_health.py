"""Apple Health: what a made export says is found again, a whole-file reader agrees, damage and tricks are bounded."""

import io
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from paceline_server.formats.archives.apple_walk import AppleClock, AppleWalk, without_declaration
from paceline_server.formats.archives.archive import Entry
from paceline_server.formats.archives.opening import open_archive
from paceline_server.formats.contents import Contents
from paceline_server.formats.errors import FormatError
from paceline_server.formats.read import read_contents
from paceline_tools.bench.made_apple_health import made_export

GPX = (
    '<gpx version="1.1" creator="Apple Health Export"><trk><trkseg>'
    + "".join(
        f'<trkpt lon="8.0000{n:02}" lat="47.000000"><ele>400.{n}</ele><time>2025-05-04T10:00:{n:02}Z</time>'
        f"<extensions><speed>2.5</speed><course>9</course></extensions></trkpt>"
        for n in range(30)
    )
    + "</trkseg></trk></gpx>"
)
WORKOUT = """
 <Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="1" durationUnit="min" sourceName="Watch"
   startDate="2025-05-04 12:00:00 +0200" endDate="2025-05-04 12:01:00 +0200">
  <MetadataEntry key="HKTimeZone" value="Asia/Kolkata"/>
  <WorkoutEvent type="HKWorkoutEventTypePause" date="2025-05-04 12:00:40 +0200"/>
  <WorkoutEvent type="HKWorkoutEventTypeResume" date="2025-05-04 12:00:50 +0200"/>
  <WorkoutEvent type="HKWorkoutEventTypeLap" date="2025-05-04 12:00:00 +0200" duration="0.5" durationUnit="min"/>
  <WorkoutStatistics type="HKQuantityTypeIdentifierActiveEnergyBurned" sum="41.84" unit="kJ"/>
  <WorkoutActivity><WorkoutStatistics type="HKQuantityTypeIdentifierActiveEnergyBurned" sum="7" unit="kcal"/>
  </WorkoutActivity>
  <WorkoutRoute sourceName="Watch"><FileReference path="/workout-routes/r.gpx"/></WorkoutRoute>
 </Workout>"""


def record(kind: str, begin: str, end: str, value: object, unit: str, source: str = "Watch") -> str:
    kind = kind if kind.startswith("HK") else f"HKQuantityTypeIdentifier{kind}"
    day = "2025-05-04"
    return (
        f'<Record type="{kind}" sourceName="{source}" unit="{unit}" startDate="{day} {begin} +0200" '
        f'endDate="{day} {end} +0200" value="{value}"/>'
    )


RECORDS = [
    record("HeartRate", "12:00:05", "12:00:05", 100, "count/min"),
    record("HeartRate", "12:00:25", "12:00:25", 140, "count/min"),
    record("HeartRate", "12:00:25", "12:00:25", 99, "count/min", "Strap"),
    record("HeartRate", "12:00:58", "12:00:58", 150, "count/min"),
    record("DistanceWalkingRunning", "12:00:00", "12:00:30", 0.09, "km"),
    record("DistanceWalkingRunning", "12:00:30", "12:01:00", 100, "m"),
    record("StepCount", "12:00:00", "12:01:00", 160, "count"),
    record("StepCount", "12:10:00", "12:20:00", 600, "count", "Phone"),
    record("RunningPower", "12:00:10", "12:00:10", 250, "W"),
    record("BodyMass", "07:00:00", "07:00:00", 160, "lb", "Scale"),
    record("BodyMass", "22:30:00", "22:30:00", 71, "kg", "Scale"),
    record("RestingHeartRate", "08:00:00", "08:00:00", 51, "count/min"),
    record("HKCategoryTypeIdentifierSleepAnalysis", "00:10:00", "06:00:00", "HKCategoryValueSleepAnalysisInBed", ""),
    record(
        "HKCategoryTypeIdentifierSleepAnalysis", "00:30:00", "03:00:00", "HKCategoryValueSleepAnalysisAsleepCore", ""
    ),
    record(
        "HKCategoryTypeIdentifierSleepAnalysis", "03:00:00", "05:00:00", "HKCategoryValueSleepAnalysisAsleepDeep", ""
    ),
    record("HeartRate", "no time", "12:00:00", 100, "count/min"),
    record("HeartRate", "12:00:00", "12:00:00", "x", "count/min"),
    record("HeartRate", "12:00:00", "12:00:00", 5, "furlongs"),
]


def export(body: str, declared: str = "") -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{declared}<HealthData locale="de_CH">{body}</HealthData>'.encode()


def zipped(**members: bytes | str) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file


def opened(file: io.BytesIO) -> tuple[list[tuple[Entry, Contents | None]], tuple[str, ...]]:
    archive = open_archive(file, "export.zip")
    assert archive is not None
    assert archive.kind == "Apple Health"
    found = [(entry, read_contents(entry.data, entry.name) if entry.data else None) for entry in archive.entries()]
    return found, archive.warnings


@pytest.fixture(scope="module")
def small() -> io.BytesIO:
    members = {"apple_health_export/exportar.xml": export("".join(RECORDS) + WORKOUT)}
    return zipped(
        **members, **{"apple_health_export/workout-routes/r.gpx": GPX, "apple_health_export/x_cda.xml": "<C/>"}
    )


def test_a_workout_has_its_route_heart_rate_distance_cadence_and_power(small: io.BytesIO) -> None:
    found, warnings = opened(small)
    entry, contents = found[0]
    assert entry.name == "Running 2025-05-04 10.00.00.json"
    assert entry.said.calories_kcal == 10.0
    assert contents is not None
    (one,) = contents.recordings
    assert (one.sport, one.source, one.duration_s) == ("running", "Watch", 60.0)
    assert one.utc_offset_s == 19_800  # of the workout, not of the phone when it exported
    rows = {time_s: row for row, time_s in enumerate(one.columns["time_s"].tolist())}
    at = lambda name, time_s: one.columns[name][rows[time_s]]  # noqa: E731
    assert at("heart_rate_bpm", 15.0) == 120.0  # of the watch, not of the strap
    assert (at("distance_m", 15.0), at("distance_m", 60.0)) == (45.0, 190.0)
    assert at("cadence_spm", 29.0) == 160.0
    assert (at("latitude_deg", 7.0), at("longitude_deg", 7.0), at("altitude_m", 7.0)) == (47.0, 8.000007, 400.7)
    assert [(pause.start_s, pause.end_s) for pause in one.pauses] == [(40.0, 50.0)]
    assert [(lap.start_s, lap.end_s) for lap in one.laps] == [(0.0, 30.0)]
    assert warnings == ("3 records were left out: their time, value or unit is unknown.",)


def test_days_have_what_each_source_counted(small: io.BytesIO) -> None:
    found, _ = opened(small)
    days = {days.source: days for _, contents in found if contents is not None for days in contents.days}
    assert [(one.metric, one.day, one.value) for one in days["Scale"].values] == [("weight_kg", "2025-05-04", 71.0)]
    assert [(one.metric, one.value) for one in days["Watch"].values] == [("resting_heart_rate_bpm", 51.0)]
    noon_s = AppleClock().utc_s("2025-05-04 12:00:00 +0200")
    assert [(one.metric, one.start_s - noon_s, one.value) for one in days["Watch"].counts] == [
        ("distance_m", 0, 190.0),
        ("steps", 0, 160.0),
    ]
    assert [(one.start_s - noon_s, one.value) for one in days["Phone"].counts] == [(0, 300.0), (900, 300.0)]
    (night,) = days["Watch"].sleeps
    assert (noon_s - night.start_s, night.end_s - night.start_s) == (11 * 3600 + 3000, 5 * 3600 + 3000)
    assert [(end - begin, stage) for begin, end, stage in night.stages] == [
        (1200, "in_bed"),
        (9000, "light"),
        (7200, "deep"),
        (3600, "in_bed"),
    ]


def test_the_same_export_gives_the_same_bytes(small: io.BytesIO) -> None:
    first, again = opened(small)[0], opened(small)[0]
    assert [entry for entry, _ in first] == [entry for entry, _ in again]
    assert len({entry.name for entry, _ in first}) == len(first)


def test_what_is_counted_agrees_with_a_reader_of_the_whole_file() -> None:
    document = b"".join(made_export(1_000_000))
    found, warnings = opened(io.BytesIO(document))
    assert warnings == ()
    counted: defaultdict[tuple[str, str], float] = defaultdict(float)
    for _, contents in found:
        for days in contents.days if contents is not None else ():
            for one in days.counts:
                counted[days.source, one.metric] += one.value
    root = ElementTree.fromstring(without_declaration(document) or b"")
    expected: defaultdict[tuple[str, str], float] = defaultdict(float)
    metrics = {
        "StepCount": ("steps", 1),
        "DistanceWalkingRunning": ("distance_m", 1000),
        "ActiveEnergyBurned": ("kilocalories", 1),
        "BasalEnergyBurned": ("kilocalories", 1),
    }
    for one in root.iter("Record"):
        metric = metrics.get(one.attrib["type"].removeprefix("HKQuantityTypeIdentifier"))
        if metric is not None:
            expected[one.attrib["sourceName"], metric[0]] += metric[1] * float(one.attrib["value"])
    assert counted == pytest.approx(expected, rel=1e-4)
    workouts = [contents.recordings[0] for _, contents in found if contents is not None and contents.recordings]
    assert len(workouts) == len(root.findall("Workout"))
    beats = [
        float(one.attrib["value"])
        for one in root.iter("Record")
        if one.attrib["type"].endswith("HeartRate") and "17:00:00" <= one.attrib["startDate"][11:19] <= "17:45:00"
    ]
    heart = np.concatenate([one.columns["heart_rate_bpm"] for one in workouts])
    assert np.nanmean(heart) == pytest.approx(np.mean(beats), abs=1.0)
    assert [(pause.start_s, pause.end_s) for pause in workouts[0].pauses] == [(1200.0, 1320.0)]


def test_of_a_cut_export_what_lies_before_is_had() -> None:
    whole = export("".join(RECORDS) + WORKOUT)
    found, warnings = opened(io.BytesIO(whole[: whole.index(b"<Workout")]))
    assert found
    assert "what lies before that was read" in warnings[0]


def endless(piece: bytes, times: int) -> Callable[[], Iterator[bytes]]:
    return lambda: iter([b"<HealthData>", *[piece] * times])


@pytest.mark.parametrize(
    ("pieces", "what"),
    [
        (endless(b"<a>", 50), "nest deeper"),
        (lambda: iter([b"<HealthData><Record type='", *[b"x" * (1 << 20)] * 8]), "element of more than"),
        (endless(b"&lol;", 1), "undefined entity"),
        (lambda: iter([b"<!DOCTYPE HealthData [" + b" " * (1 << 19)] * 4), "declaration without an end"),
        (lambda: iter([b'<!DOCTYPE x [<!ENTITY a "b">', b"]><HealthData>&a;</HealthData>"]), "undefined entity"),
        (lambda: iter([b"<?xml version='1.0' encoding='klingon'?><HealthData/>"]), "encoding"),
    ],
)
def test_bombs_are_refused(pieces: Callable[[], Iterator[bytes]], what: str) -> None:
    walk = AppleWalk()
    with pytest.raises(FormatError, match=what):
        for piece in pieces():
            walk.feed(piece)
    assert walk.found.workouts == []


def test_routes_that_are_missing_damaged_or_elsewhere_cost_the_route_only() -> None:
    routes = "".join(
        f'<FileReference path="{path}"/>' for path in ("/workout-routes/gone.gpx", "../../etc/passwd", "bad.gpx")
    )
    body = WORKOUT.replace('<FileReference path="/workout-routes/r.gpx"/>', routes)
    found, warnings = opened(zipped(**{"e/export.xml": export(body), "e/bad.gpx": "<gpx><trk>"}))
    assert [contents.recordings[0].points for _, contents in found if contents is not None] == [2]
    assert len(warnings) == 3
    alone, told = opened(io.BytesIO(export(body)))
    assert len(alone) == 1
    assert "whole export.zip" in told[0]


def test_a_workout_without_a_time_is_a_broken_row() -> None:
    found, _ = opened(io.BytesIO(export(WORKOUT.replace("2025-05-04 12:01", "never"))))
    assert [(entry.data, entry.problem) for entry, _ in found] == [(b"", "Its start or its end cannot be read.")]


def test_other_files_are_no_archive() -> None:
    assert open_archive(io.BytesIO(GPX.encode()), "r.gpx") is None
    assert open_archive(zipped(**{"r.gpx": GPX}), "r.zip") is None


def test_real_exports(recordings: Path) -> None:
    with (recordings / "exports/apple_health/export_dev.zip").open("rb") as file:
        archive = open_archive(file, "export_dev.zip")
        assert archive is not None
        found = [read_contents(entry.data, entry.name) for entry in archive.entries()]
    sports = [(one.recordings[0].sport, one.recordings[0].duration_s) for one in found if one.recordings]
    assert sports == [
        ("walking", 999.0),
        ("cycling", 4353.0),
        ("strength", 1215.0),
        ("running", 3653.0),
        ("running", 2301.0),
        ("hiking", 814.0),
    ]
    run = found[3].recordings[0].columns
    assert np.isfinite(run["latitude_deg"]).sum() == 3651
    assert [one.value for days in found[-1].days for one in days.values] == [58.0, 60.0, 57.0]
    with (recordings / "exports/apple_health/healthkit-to-sqlite_export.xml").open("rb") as file:
        older = open_archive(file, "export.xml")
        assert older is not None
        (workout,) = [read_contents(entry.data, entry.name).recordings[0] for entry in older.entries()]
    assert np.nanmax(workout.columns["latitude_deg"]) == 37.7777
