"""GPX 1.1 (topografix.com/gpx.asp) with Garmin's TrackPointExtension v2 for heart rate, cadence and speed."""

import numpy as np

from paceline_server.formats.errors import FormatError
from paceline_server.formats.writing.text import known, moment, number, xml_text
from paceline_server.formats.writing.workout import Workout

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Paceline" xmlns="http://www.topografix.com/GPX/1/1"
 xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2">
"""


def write_gpx(workout: Workout) -> bytes:
    """Return one track with a segment between pauses; rows without a position are left out.

    Raises FormatError when no row has one: GPX knows nothing else.
    """
    columns = workout.recording.columns
    placed = ~np.isnan(columns["latitude_deg"])
    if not placed.any():
        raise FormatError("GPX needs positions, and this workout has none", "trkpt")
    rows = _points(workout)
    parts = [HEAD, "<trk>"]
    if workout.title:
        parts.append(f"<name>{xml_text(workout.title)}</name>")
    if workout.notes:
        parts.append(f"<desc>{xml_text(workout.notes)}</desc>")
    parts.append(f"<type>{xml_text(workout.recording.sport)}</type>\n")
    for stretch in workout.stretches():
        points = [rows[row] for row in stretch.tolist() if placed[row]]
        if points:
            parts += ["<trkseg>\n", *points, "</trkseg>\n"]
    parts.append("</trk></gpx>\n")
    return "".join(parts).encode()


def _points(workout: Workout) -> list[str]:
    recording = workout.recording
    columns = recording.columns
    extensions = (
        ("hr", known(workout.sure_heart_rate_bpm), 0),
        ("cad", known(columns["cadence_spm"]), 0),
        ("speed", known(columns["speed_m_s"]), 3),
    )
    points = []
    rows = zip(*(columns[name].tolist() for name in ("time_s", "latitude_deg", "longitude_deg")), strict=True)
    altitudes, powers = known(columns["altitude_m"]), known(workout.power_w)
    for row, (time_s, latitude, longitude) in enumerate(rows):
        altitude, told = altitudes[row], [(name, values[row], digits) for name, values, digits in extensions]
        climb = "" if altitude is None else f"<ele>{number(altitude, 2)}</ele>"
        more = "".join(
            f"<gpxtpx:{name}>{number(value, digits)}</gpxtpx:{name}>"
            for name, value, digits in told
            if value is not None
        )
        if more:
            more = f"<gpxtpx:TrackPointExtension>{more}</gpxtpx:TrackPointExtension>"
        if (power := powers[row]) is not None:
            more = f"<power>{number(power, 0)}</power>{more}"  # as Strava writes it
        if more:
            more = f"<extensions>{more}</extensions>"
        place = f'lat="{number(latitude, 7)}" lon="{number(longitude, 7)}"'
        points.append(f"<trkpt {place}>{climb}<time>{moment(recording.start_utc_s + time_s)}</time>{more}</trkpt>\n")
    return points
