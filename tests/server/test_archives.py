"""Strava, Garmin and Google Fit: files with what is said beside them, days, and what is broken named."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest
from paceline_server.formats.archives.archive import Entry, Said
from paceline_server.formats.archives.opening import open_archive
from paceline_server.formats.contents import Contents
from paceline_server.formats.errors import FormatError
from paceline_server.formats.read import read_contents
from paceline_tools.fuzz.files import sound_files

FIT, _, GPX, TCX, *_ = sound_files()  # all of one run, begun at START_MS
START_MS = 1_714_557_600_000
SETTINGS_FIT = FIT[: FIT.index(b".FIT") + 4]  # no message of it can be read


def zipped(members: dict[str, bytes | str]) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file


def opened(members: dict[str, bytes | str], kind: str) -> tuple[dict[str, Entry], tuple[str, ...]]:
    archive = open_archive(zipped(members), "export.zip")
    assert archive is not None
    assert archive.kind == kind
    found = list(archive.entries())
    assert len({one.name for one in found}) == len(found)
    return {one.name: one for one in found}, archive.warnings


def read(entry: Entry) -> Contents:
    return read_contents(entry.data, entry.name)


HEADER = "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance"
ROWS = [
    '1,"May 1, 2024, 10:00:00 AM",Easy one,Run,"By the lake,\nslowly",40,0.11,150,Old shoes,activities/1.fit.gz',
    '2,"May 2, 2024, 10:00:00 AM",Commute,E-Bike Ride,,600,3.5,,,activities/2.tcx.gz',
    '3,"May 3, 2024, 10:00:00 AM",By hand,Swim,,1800,1.2,,,',
    '4,"May 4, 2024, 10:00:00 AM",Gone,Run,,40,0.11,,,activities/4.gpx',
    '5,"4. Mai 2024",Wann?,Run,,40,0.11,,,',
]
STRAVA: dict[str, bytes | str] = {
    "export_7/activities.csv": "\n".join([HEADER + ",Calories,Activity Gear,Filename", *ROWS]),
    "export_7/activities/1.fit.gz": gzip.compress(FIT),
    "export_7/activities/2.tcx.gz": gzip.compress(b"          " + TCX),
    "export_7/activities/9.gpx": GPX,
    "export_7/profile.csv": "x",
}


def test_strava_joins_what_the_athlete_wrote_with_the_files() -> None:
    found, warnings = opened(STRAVA, "Strava")
    run = found["activities/1.fit.gz"]
    assert run.said == Said("Easy one", "By the lake,\nslowly", "running", "Old shoes", 150.0)
    assert run.data == FIT  # as the device wrote it: uploaded alone, it is the same
    assert found["activities/2.tcx.gz"].said.sport == "cycling"
    assert read(found["activities/2.tcx.gz"]).recordings[0].points == 39
    (swim,) = read(found["activities/3.json"]).recordings
    assert (swim.sport, swim.duration_s, swim.columns["distance_m"][-1]) == ("swimming", 1800.0, 1200.0)
    assert swim.start_utc_s == START_MS / 1000 + 2 * 86400
    assert found["activities/4.gpx"].problem == "The file is not in the archive."
    assert "cannot be read" in found["activities/5.json"].problem
    assert found["activities/9.gpx"].said == Said()
    assert (len(found), warnings) == (6, ())


def test_a_type_that_we_do_not_know_leaves_the_sport_to_the_file() -> None:
    table = str(STRAVA["export_7/activities.csv"]).replace("Easy one,Run", "Easy one,Kitesurf")
    found, _ = opened(STRAVA | {"export_7/activities.csv": table}, "Strava")
    assert found["activities/1.fit.gz"].said.sport == ""


def test_strava_in_another_language() -> None:
    table = str(STRAVA["export_7/activities.csv"]).replace(HEADER, "ID,Datum,Name,Art,Text,Zeit,Distanz")
    table = table.replace("Calories,Activity Gear,Filename", "Kalorien,Ausrüstung,Dateiname")
    found, _ = opened(STRAVA | {"export_7/activities.csv": table}, "Strava")
    assert found["activities/1.fit.gz"].said == Said("Easy one", "By the lake,\nslowly", "running", "Old shoes")


AGAIN = "Max,Effort,Commute,Note,Gear,Filename,Athlete,Bike,Elapsed Time,Moving Time,Distance"
MANUAL = '{},"{}",{},{},,{},{},,,false,,Shoes,,70,8,{},{},{}'


def test_what_strava_says_twice_is_taken_in_metres_and_seconds() -> None:
    rows = [
        MANUAL.format(1, "May 1, 2024, 10:00:00\u202fAM", "Lake", "Swim", 1800, '"1,200"', 1801, 1700, "1200.4"),
        MANUAL.format(2, "May 2, 2024, 10:00:00 AM", "Miles", "Run", 1800, 3.1, 1800, 1700, "4988.9"),
        MANUAL.format(3, "May 3, 2024, 10:00:00 AM", "Bare", "Run", 1800, "5.5", "", "", ""),
        MANUAL.format(4, "May 4, 2024, 10:00:00 AM", "Pool", "Swim", 1800, 1000, "", "", ""),
    ]
    found, _ = opened({"activities.csv": "\n".join([f"{HEADER},{AGAIN}", *rows])}, "Strava")
    recordings = [read(one).recordings[0] for one in found.values()]
    assert [one.columns["distance_m"][-1] for one in recordings] == [1200.4, 4988.9, 5500.0, 1000.0]
    assert [one.duration_s for one in recordings] == [1801, 1800, 1800, 1800]


@pytest.mark.parametrize(
    "date", ["01.05.2024, 10:00:00", "1 mai 2024 à 10:00:00", "1 de mai. de 2024, 10:00:00", "1 may 2024, 10:00:00"]
)
def test_strava_by_hand_in_another_language(date: str) -> None:
    german = "Aktivitäts-ID,Datum,Name,Art,Beschreibung,Verstrichene Zeit,Distanz"
    again = "Max,Leistung,Pendeln,Notiz,Ausrüstung,Dateiname,Sportler,Rad,Verstrichene Zeit,Bewegungszeit,Distanz"
    further = "," * 16 + ",Kalorien"
    row = MANUAL.format(1, date, "Runde", "Lauf", 1390, '"2,81"', 1390, 1390, '"2,81"') + "," * 16 + ",299"
    found, _ = opened({"activities.csv": f"{german},{again}{further}\n{row}", "activities/x": ""}, "Strava")
    (run,) = read(found["activities/1.json"]).recordings
    assert (run.start_utc_s, run.columns["distance_m"][-1]) == (START_MS / 1000, 2810.0)
    assert (found["activities/1.json"].said.title, found["activities/1.json"].said.calories_kcal) == ("Runde", 299.0)


def summaries() -> str:
    run = {
        "activityId": 5,
        "name": "Lake",
        "activityType": "trail_running",
        "beginTimestamp": START_MS,
        "duration": 4e4,
    }
    part = run | {"activityId": 6, "name": "A part", "duration": 1e4}
    return json.dumps([{"summarizedActivitiesExport": [part, run, {"activityId": 7, "beginTimestamp": None}]}])


def garmin() -> dict[str, bytes | str]:
    inner = {"me_1.fit": FIT, "me_2.fit": SETTINGS_FIT, "readme.txt": "x"}
    gear = [
        {"gearDTOS": [{"gearPk": 9, "customMakeModel": "Fast shoes"}], "gearActivityDTOs": {"9": [{"activityId": 5}]}}
    ]
    days = [
        {"calendarDate": "2024-05-01", "totalSteps": 9000, "totalKilocalories": 2100.5, "restingHeartRate": 47},
        {
            "calendarDate": "2024-05-02",
            "moderateIntensityMinutes": 20,
            "vigorousIntensityMinutes": 15,
            "totalSteps": -4,
        },
        {"calendarDate": {"date": "2024-05-03"}, "totalDistanceMeters": 5000.0},
        {"calendarDate": "never"},
    ]
    night = {"calendarDate": "2024-05-01", "deepSleepSeconds": 3600, "lightSleepSeconds": 14400, "remSleepSeconds": 600}
    body = [{"metaData": {"calendarDate": "2024-05-01T06:00:00.0"}, "weight": {"weight": 71500.0}}, {"weight": None}]
    return {
        "DI_CONNECT/DI-Connect-Fitness/me_0_summarizedActivities.json": summaries(),
        "DI_CONNECT/DI-Connect-Fitness/me_gear.json": json.dumps(gear),
        "DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part1.zip": zipped(inner).getvalue(),
        "DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part2.zip": b"PK\x03\x04 no zip",
        "DI_CONNECT/DI-Connect-Aggregator/UDSFile_2024.json": json.dumps(days),
        "DI_CONNECT/DI-Connect-Wellness/2024_sleepData.json": json.dumps([night]),
        "DI_CONNECT/DI-Connect-Wellness/1_userBioMetrics.json": json.dumps(body),
        "DI_CONNECT/DI-Connect-Wellness/2_userBioMetrics.json": "[{",
    }


def test_garmin_joins_files_and_summaries_by_their_beginning() -> None:
    found, warnings = opened(garmin(), "Garmin Connect")
    assert found["me_1.fit"].data == FIT
    assert found["me_1.fit"].said == Said("Lake", "", "running", "Fast shoes")
    assert len(read(found["me_1.fit"]).recordings) == 1
    days = read(found["Days 2024 Garmin.json"]).days[0]
    assert {(one.metric, one.day[-2:], one.value) for one in days.values} == {
        ("steps", "01", 9000),
        ("kilocalories", "01", 2100.5),
        ("resting_heart_rate_bpm", "01", 47),
        ("active_minutes", "02", 35),
        ("distance_m", "03", 5000),
        ("sleep_minutes", "01", 310),
        ("weight_kg", "01", 71.5),
    }
    assert [warning.split(" ")[0].rpartition("/")[2] for warning in warnings] == [
        "UploadedFiles_0-_Part2.zip",
        "2_userBioMetrics.json",
    ]


def test_garmin_in_other_shapes() -> None:
    bare = [{"activityId": "five", "name": "Odd"}, {"activityId": 5, "name": "Lake", "beginTimestamp": START_MS}]
    days = [{"calendarDate": "2024-05-01", "totalSteps": "many"}, {"calendarDate": "2024-05-02", "totalSteps": 4000}]
    body = [
        {"metaData": {"calendarDate": f"2024-05-01T{hour}:00:00.0"}, "weight": {"weight": grams, "sourceType": "X"}}
        for hour, grams in (("06", 72500.0), ("18", 71500.0))
    ]
    members: dict[str, bytes | str] = {
        "6b1f/DI_CONNECT/DI-Connect-Fitness/me_summarizedActivities.json": json.dumps(bare),
        "6b1f/DI_CONNECT/DI-Connect-Fitness-Uploaded-Files/me_ACTIVITY.fit": FIT,
        "6b1f/DI_CONNECT/DI-Connect-Aggregator/UDSFile_2024.json": json.dumps(days),
        "6b1f/DI_CONNECT/DI-Connect-Wellness/1_userBioMetrics.json": json.dumps(body),
    }
    found, warnings = opened(members, "Garmin Connect")
    run, of_days = found.values()
    assert run.said.title == "Lake"
    values = {(one.metric, one.day[-2:], one.value) for one in read(of_days).days[0].values}
    assert values == {("steps", "02", 4000), ("weight_kg", "01", 71.5)}
    assert [warning.split(" ")[0] for warning in warnings] == ["1", "1"], warnings


DAILY = "Date,Average weight (kg),Calories (kcal),Step count,Distance (m),Move Minutes count\n"
OF_DAY = (
    "Start time,End time,Move Minutes count,Calories (kcal),Distance (m),Step count\n"
    "06:00:00.000+02:00,06:15:00.000+02:00,3,30.5,100.25,150\n"
    "23:45:00.000+02:00,00:00:00.000+02:00,,20,,\n"
)


def google() -> dict[str, bytes | str]:
    fit = "Takeout/Fit/"
    segments = [
        {"fitnessActivity": "sleep.light", "startTime": "2024-04-30T21:00:00Z", "endTime": "2024-04-30T23:00:00Z"},
        {"fitnessActivity": "sleep.deep", "startTime": "2024-04-30T23:00:00Z", "endTime": "2024-05-01T00:00:00Z"},
    ]
    night = {"fitnessActivity": "sleep", "startTime": "", "endTime": "", "segment": segments}
    point = {"fitValue": [{"value": {"fpVal": 71.25}}], "startTimeNanos": START_MS * 1_000_000}
    return {
        f"{fit}Tägliche Aktivitätsmesswerte/Daily activity metrics.csv": DAILY
        + "2024-05-01,71.0,2000.0,8000,6000.5,60\n",
        f"{fit}Tägliche Aktivitätsmesswerte/2024-05-01.csv": OF_DAY,
        f"{fit}Activities/2024-05-01T10_00_00Z_Running.tcx": TCX,
        f"{fit}All Sessions/2024-04-30T21_00_00Z_SLEEP.json": json.dumps(night),
        f"{fit}All Data/raw_com.google.weight_x.json": json.dumps({"Data Points": [point, {"fitValue": []}]}),
        f"{fit}All Data/derived_com.google.weight_x.json": "not read",
    }


def test_google_fit_has_activities_days_nights_and_weights() -> None:
    found, warnings = opened(google(), "Google Fit")
    assert warnings == ()
    daily, run, rest = found.values()
    assert read(run).recordings[0].points == 39
    totals = {one.metric: one.value for one in read(daily).days[0].values}
    assert totals == {
        "weight_kg": 71.0,
        "kilocalories": 2000.0,
        "steps": 8000.0,
        "distance_m": 6000.5,
        "active_minutes": 60.0,
    }
    days = read(rest).days[0]
    assert days.source == read(daily).days[0].source == "Google Fit"
    early_s = START_MS // 1000 - 6 * 3600  # 06:00 in summer time
    late_s = early_s + 17 * 3600 + 2700
    assert [(one.metric, one.start_s, one.value) for one in days.counts] == [
        ("active_minutes", early_s, 3.0),
        ("distance_m", early_s, 100.25),
        ("kilocalories", early_s, 30.5),
        ("kilocalories", late_s, 20.0),
        ("steps", early_s, 150.0),
    ]
    assert [(one.end_s - one.start_s, len(one.stages)) for one in days.sleeps] == [(3 * 3600, 2)]
    assert [one.value for one in days.values] == [71.25]


def test_tables_of_days() -> None:
    ours = (
        "date;steps;weight_kg;resting_heart_rate_bpm;source\n2026-05-04;8000;72,5;;phone\n2026-05-05;9000;;0;\n"
        "x;1;;;\n2026-5-011;1;;;\n"
    )
    contents = read_contents(ours.encode("utf-8-sig"), "days.csv")
    assert {days.source: [(one.metric, one.value) for one in days.values] for days in contents.days} == {
        "phone": [("steps", 8000.0), ("weight_kg", 72.5)],
        "CSV": [("steps", 9000.0)],
    }
    assert contents.warnings == ("2 rows without a date were left out.",)
    whoop = (
        "Cycle start time,Cycle end time,Cycle timezone,Recovery score %,Resting heart rate (bpm),Energy burned (cal),"
        "Sleep onset,Wake onset,Asleep duration (min)\n"
        "2024-05-01 22:30:00,2024-05-02 23:00:00,UTC+02:00,66,49,2210,2024-05-01 22:30:00,2024-05-02 06:10:00,430\n"
    )
    (days,) = read_contents(whoop.encode(), "physiological_cycles.csv").days
    assert [(one.metric, one.day, one.value) for one in days.values] == [
        ("kilocalories", "2024-05-02", 2210.0),
        ("resting_heart_rate_bpm", "2024-05-02", 49.0),
        ("sleep_minutes", "2024-05-02", 430.0),
    ]
    for damaged in ("date,steps\n", "date,steps\n2026-05-04,\n"):
        with pytest.raises(FormatError):
            read_contents(damaged.encode(), "days.csv")


@pytest.mark.parametrize(
    "header",
    [
        "Fecha,Calorías (kcal),Distancia (m),Frecuencia cardiaca media (ppm),Velocidad media (m/s),Recuento de pasos,"
        "Peso medio (kg),Peso máximo (kg),Recuento de Minutos Activos",
        "Datum,Kalorien (kcal),Distanz (m),Herzfrequenz (bpm),Tempo (m/s),Schrittzahl,Gewicht (kg),Max (kg),?",
    ],
)
def test_google_fit_in_another_language(header: str) -> None:
    table = f"{header}\n2024-05-01,2000.5,6000,60,1.5,8000,71.5,72.5,60\n"
    of_day = table.replace("2024-05-01", "06:00:00.000+02:00").replace(",", ",Ende,", 1)
    of_day = of_day.replace("+02:00,2000", "+02:00,06:15:00.000+02:00,2000")
    found, warnings = opened(
        {"Takeout/Fit/Tag/Tage.csv": table, "Takeout/Fit/Tag/2024-05-02.csv": of_day}, "Google Fit"
    )
    whole, quarters = (read(one).days[0] for one in found.values())
    said = {one.metric: one.value for one in whole.values if one.metric != "active_minutes"}
    assert said == {"kilocalories": 2000.5, "distance_m": 6000, "steps": 8000, "weight_kg": 71.5}
    counted = {one.metric: one.value for one in quarters.counts if one.metric != "active_minutes"}
    assert (counted, warnings) == ({"kilocalories": 2000.5, "distance_m": 6000, "steps": 8000}, ())


def test_the_real_tables(recordings: Path) -> None:
    (days,) = read_contents((recordings / "exports/google_fit/Daily activity metrics.csv").read_bytes(), "d.csv").days
    steps = {one.day: one.value for one in days.values if one.metric == "steps"}
    assert steps["2019-05-05"] == 609
    assert len({one.day for one in days.values}) > 1000
    table = (recordings / "exports/strava/activities.csv").read_bytes()
    found, _ = opened({"activities.csv": table}, "Strava")
    first = next(iter(found.values()))
    assert (first.said.title, first.said.sport, first.said.gear) == ("Evening Ride", "cycling", "TCR ADV 3")
    assert read(first).recordings[0].columns["distance_m"][-1] == 33912.5  # it had no file


def test_other_zips_are_none_of_these() -> None:
    assert open_archive(zipped({"activities.csv": "a,b\n", "run.gpx": GPX}), "x.zip") is None
    with pytest.raises(FormatError):
        open_archive(io.BytesIO(b"PK\x03\x04 no zip"), "x.zip")
