"""Garmin Training Center XML v2 (TrainingCenterDatabasev2.xsd) with ActivityExtension v2 for speed and cadence."""

import numpy as np

from paceline_server.formats.recording import Lap
from paceline_server.formats.writing.text import known, moment, number, xml_text
from paceline_server.formats.writing.workout import Workout

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
 xmlns:x="http://www.garmin.com/xmlschemas/ActivityExtension/v2"><Activities>
"""
SPORTS = {"running": "Running", "cycling": "Biking"}
TRIGGERS = {"manual": "Manual", "distance": "Distance", "time": "Time"}
FOOT_SPORTS = frozenset({"running", "walking", "hiking"})


def write_tcx(workout: Workout) -> bytes:
    """Return one activity; its laps are the recording's, or one over all; a pause parts the tracks of a lap."""
    recording = workout.recording
    end_s = recording.duration_s
    laps = recording.laps or (Lap(0.0, end_s),)
    rows = _points(workout)
    sport = SPORTS.get(recording.sport, "Other")
    parts = [HEAD, f'<Activity Sport="{sport}"><Id>{moment(recording.start_utc_s)}</Id>\n']
    for number_of_lap, lap in enumerate(laps):
        last = number_of_lap == len(laps) - 1
        parts.append(_lap(workout, rows, lap, end_s if last else laps[number_of_lap + 1].start_s, last=last))
    text = "\n".join(part for part in (workout.title, workout.notes) if part)
    if text:
        parts.append(f"<Notes>{xml_text(text)}</Notes>")
    parts.append("</Activity></Activities></TrainingCenterDatabase>\n")
    return "".join(parts).encode()


def _lap(workout: Workout, rows: list[str], lap: Lap, until_s: float, *, last: bool) -> str:
    recording = workout.recording
    time_s, distance_m = recording.columns["time_s"], workout.distance_m
    from_s = max(lap.start_s, 0.0)
    paused_s = sum(max(0.0, min(pause.end_s, until_s) - max(pause.start_s, from_s)) for pause in recording.pauses)
    own = (time_s >= from_s) & ((time_s <= until_s) if last else (time_s < until_s))
    covered = np.interp([from_s, until_s], time_s, distance_m) if len(time_s) else np.zeros(2)
    hearts = workout.sure_heart_rate_bpm[own]
    hearts = hearts[~np.isnan(hearts)]
    share = (until_s - from_s) / recording.duration_s if recording.duration_s else 1.0
    parts = [
        f'<Lap StartTime="{moment(recording.start_utc_s + from_s)}">',
        f"<TotalTimeSeconds>{number(max(0.0, until_s - from_s - paused_s), 3)}</TotalTimeSeconds>",
        f"<DistanceMeters>{number(float(covered[1] - covered[0]), 2)}</DistanceMeters>",
        f"<Calories>{round((workout.calories_kcal or 0) * share)}</Calories>",
    ]
    if len(hearts):
        parts.append(f"<AverageHeartRateBpm><Value>{round(float(hearts.mean()))}</Value></AverageHeartRateBpm>")
        parts.append(f"<MaximumHeartRateBpm><Value>{round(float(hearts.max()))}</Value></MaximumHeartRateBpm>")
    parts.append(f"<Intensity>Active</Intensity><TriggerMethod>{TRIGGERS.get(lap.trigger, 'Manual')}</TriggerMethod>\n")
    for stretch in workout.stretches():
        points = [rows[row] for row in stretch.tolist() if own[row]]
        if points:
            parts += ["<Track>\n", *points, "</Track>\n"]
    return "".join([*parts, "</Lap>\n"])


def _points(workout: Workout) -> list[str]:
    recording = workout.recording
    columns = recording.columns
    names = ("latitude_deg", "longitude_deg", "altitude_m", "speed_m_s", "cadence_spm")
    on_foot = recording.sport in FOOT_SPORTS
    hearts, ways, powers = known(workout.sure_heart_rate_bpm), workout.distance_m.tolist(), known(workout.power_w)
    points = []
    times = columns["time_s"].tolist()
    rows = zip(times, *(known(columns[name]) for name in names), hearts, ways, powers, strict=True)
    for time_s, latitude, longitude, altitude, speed, cadence, heart, way, power in rows:
        parts = [f"<Time>{moment(recording.start_utc_s + time_s)}</Time>"]
        if latitude is not None and longitude is not None:
            place = f"<LatitudeDegrees>{number(latitude, 7)}</LatitudeDegrees>"
            parts.append(f"<Position>{place}<LongitudeDegrees>{number(longitude, 7)}</LongitudeDegrees></Position>")
        if altitude is not None:
            parts.append(f"<AltitudeMeters>{number(altitude, 2)}</AltitudeMeters>")
        parts.append(f"<DistanceMeters>{number(way, 2)}</DistanceMeters>")
        if heart is not None:
            parts.append(f"<HeartRateBpm><Value>{number(heart, 0)}</Value></HeartRateBpm>")
        extended = f"<x:Speed>{number(speed, 3)}</x:Speed>" if speed is not None else ""
        if cadence is not None and on_foot:  # the schema counts one foot
            extended += f"<x:RunCadence>{number(min(cadence / 2, 254), 0)}</x:RunCadence>"
        elif cadence is not None:
            parts.append(f"<Cadence>{number(min(cadence, 254), 0)}</Cadence>")
        if power is not None:
            extended += f"<x:Watts>{number(power, 0)}</x:Watts>"
        if extended:
            parts.append(f"<Extensions><x:TPX>{extended}</x:TPX></Extensions>")
        points.append(f"<Trackpoint>{''.join(parts)}</Trackpoint>\n")
    return points
