"""CSV (RFC 4180): a row a sample, a column a measure, in the units of the header; and GeoJSON (RFC 7946)."""

import numpy as np
import orjson

from paceline_server.formats.recording import BOUNDS
from paceline_server.formats.writing.text import known, moment, number
from paceline_server.formats.writing.workout import Workout

PLACES = {"time_s": 3, "latitude_deg": 7, "longitude_deg": 7, "altitude_m": 2, "speed_m_s": 3, "distance_m": 2}


def write_csv(workout: Workout) -> bytes:
    """Return UTC time and every column that is known anywhere; an empty cell is missing."""
    recording = workout.recording
    columns = {**recording.columns, "distance_m": workout.distance_m}
    names = [name for name in BOUNDS if name in columns and not np.isnan(columns[name]).all()]
    lines = [",".join(["utc", *names])]
    times = recording.columns["time_s"].tolist()
    for time_s, *row in zip(times, *(known(columns[name]) for name in names), strict=True):
        told = zip(names, row, strict=True)
        cells = ["" if value is None else number(value, PLACES.get(name, 0)) for name, value in told]
        lines.append(",".join([moment(recording.start_utc_s + time_s), *cells]))
    return ("\r\n".join(lines) + "\r\n").encode()


def write_geojson(workout: Workout) -> bytes:
    """Return a Feature: a line between pauses (a MultiLineString), its times and heart rates beside it.

    `coordTimes` and `heartRates` have the shape of the coordinates, as Mapbox's togeojson writes them. Without any
    position the geometry is null.
    """
    recording = workout.recording
    columns = recording.columns
    placed = ~np.isnan(columns["latitude_deg"])
    hearts = workout.sure_heart_rate_bpm
    lines = [rows[placed[rows]] for rows in workout.stretches()]
    lines = [rows for rows in lines if len(rows) > 1]
    feature = {
        "type": "Feature",
        "properties": {
            "name": workout.title,
            "sport": recording.sport,
            "time": moment(recording.start_utc_s),
            "distance_m": round(float(workout.distance_m[-1]), 1) if recording.points else 0.0,
            "timer_s": round(workout.timer_s, 1),
            "coordTimes": [
                [moment(recording.start_utc_s + float(columns["time_s"][row])) for row in rows] for rows in lines
            ],
            "heartRates": [[None if np.isnan(hearts[row]) else int(hearts[row]) for row in rows] for rows in lines],
        },
        "geometry": {"type": "MultiLineString", "coordinates": [_places(workout, rows) for rows in lines]}
        if lines
        else None,
    }
    return orjson.dumps(feature)


def _places(workout: Workout, rows: np.ndarray) -> list[list[float]]:
    columns = workout.recording.columns
    places = []
    for row in rows.tolist():
        place = [round(float(columns["longitude_deg"][row]), 7), round(float(columns["latitude_deg"][row]), 7)]
        altitude = float(columns["altitude_m"][row])
        places.append(place if np.isnan(altitude) else [*place, round(altitude, 2)])
    return places
