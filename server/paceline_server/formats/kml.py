"""KML 2.2 (OGC 07-147r2) with Google's gx:Track (when and where, in pairs) → Recordings."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from paceline_server.formats.errors import FormatError
from paceline_server.formats.recording import Pause, Recording
from paceline_server.formats.tidying import steps_per_minute, tidy
from paceline_server.formats.xml_walk import XmlWalk

ARRAYS = {
    "heartrate": "heart_rate_bpm",
    "heart_rate": "heart_rate_bpm",
    "hr": "heart_rate_bpm",
    "cadence": "cadence_spm",
    "speed": "speed_m_s",
}
"""Names of gx:SimpleArrayData, in lower case; a value for each pair."""


def read_kml(data: bytes) -> list[Recording]:
    """Return one Recording for each gx:MultiTrack or lone gx:Track; a gap between tracks of one is a pause.

    Raises FormatError when the document is damaged or no place in it has a time: a line alone (LineString) has none.
    """
    reader = _KmlReader()
    reader.walk.run(data)
    recordings = [made for tracks in reader.groups if (made := _recording(tracks))]
    if not recordings:
        raise FormatError(f"No place has a time (of {reader.places})", "kml")
    return recordings


class _Track:
    def __init__(self) -> None:
        self.times: list[float] = []
        self.places: list[tuple[float, float, float]] = []
        self.arrays: dict[str, list[float]] = {}

    def rows(self) -> dict[str, np.ndarray]:
        """Return columns as long as there are pairs of time and place."""
        size = min(len(self.times), len(self.places))
        places = np.array(self.places[:size], dtype=np.float64).reshape(size, 3)
        columns = {name: np.full(size, np.nan) for name in dict.fromkeys(ARRAYS.values())}
        for name, values in self.arrays.items():
            columns[name][: len(values)] = values[:size]
        longitude, latitude, altitude = places.T
        found = {"latitude_deg": latitude, "longitude_deg": longitude, "altitude_m": altitude}
        return {"time_s": np.array(self.times[:size]), **found, **columns}


def _recording(tracks: list[_Track]) -> Recording | None:
    rows = [track.rows() for track in tracks]
    start, columns = tidy({name: np.concatenate([part[name] for part in rows]) for name in rows[0]} if rows else {})
    if not len(columns["time_s"]):
        return None
    columns["cadence_spm"] = steps_per_minute(columns["cadence_spm"], "other")
    times = (part["time_s"][~np.isnan(part["time_s"])] - start for part in rows)
    spans = sorted((float(time_s.min()), float(time_s.max())) for time_s in times if len(time_s))
    pauses = tuple(Pause(before[1], after[0]) for before, after in pairwise(spans) if after[0] > before[1])
    return Recording.of("other", "KML", start, columns, pauses=pauses)


class _KmlReader:
    def __init__(self) -> None:
        self.walk = XmlWalk(self._start, self._end)
        self.groups: list[list[_Track]] = []
        self.places = 0
        self._track: _Track | None = None
        self._array: list[float] | None = None

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "MultiTrack":
            self.groups.append([])
        elif name == "Track":
            self._track = _Track()
            if "MultiTrack" not in self.walk.path:
                self.groups.append([])
            self.groups[-1].append(self._track)
        elif name == "SimpleArrayData" and self._track is not None:
            column = ARRAYS.get(attributes.get("name", "").lower())
            self._array = self._track.arrays.setdefault(column, []) if column else None

    def _end(self, name: str, text: str) -> None:
        track = self._track
        if name == "coordinates":
            self.places += len(text.split())
        if track is None:
            return
        if name == "Track":
            self._track = None
        elif name == "when":
            track.times.append(self.walk.moment(text))
        elif name == "coord":
            self.places += 1
            track.places.append(self._place(text))
        elif name == "SimpleArrayData":
            self._array = None
        elif name == "value" and self._array is not None:
            self._array.append(self.walk.number(text))

    def _place(self, text: str) -> tuple[float, float, float]:
        numbers = [self.walk.number(part) for part in text.split()]
        if not numbers:
            return (np.nan, np.nan, np.nan)  # gx:coord may be empty: no fix at that time
        if len(numbers) not in (2, 3):
            raise FormatError(f"{text[:40]!r} in <gx:coord> is no place", self.walk.where)
        return numbers[0], numbers[1], numbers[2] if len(numbers) == 3 else np.nan
