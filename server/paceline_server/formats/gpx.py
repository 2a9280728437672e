"""GPX 1.0 and 1.1 (topografix.com/gpx.asp) with the common extensions for heart rate and cadence → Recordings."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from paceline_server.formats.errors import FormatError
from paceline_server.formats.point_rows import PointRows, columns_of
from paceline_server.formats.recording import Pause, Recording
from paceline_server.formats.tidying import steps_per_minute, tidy
from paceline_server.formats.xml_points import TIME, Lifted, lift
from paceline_server.formats.xml_walk import XmlWalk

FIELDS = {
    "ele": "altitude_m",
    "speed": "speed_m_s",
    "hr": "heart_rate_bpm",
    "heartrate": "heart_rate_bpm",
    "cad": "cadence_spm",
    "cadence": "cadence_spm",
    "power": "power_w",
    "PowerInWatts": "power_w",
}
COLUMNS = ("time_s", "latitude_deg", "longitude_deg", *dict.fromkeys(FIELDS.values()))
NUMBERED_SPORTS = {"1": "cycling", "4": "hiking", "9": "running", "10": "walking", "16": "swimming"}
"""What Strava writes into <type>."""
NAMED_SPORTS = {
    "run": "running",
    "walk": "walking",
    "hik": "hiking",
    "bik": "cycling",
    "cycl": "cycling",
    "swim": "swimming",
}


LIFTED = {f"@{name}": column for name, column in (("lat", "latitude_deg"), ("lon", "longitude_deg"))} | FIELDS
LIFTED["trkpt/time"] = TIME


def read_gpx(data: bytes) -> list[Recording]:
    """Return one Recording for each track that has points with times; a gap between its segments is a pause.

    Raises FormatError when the document is damaged or no point of it has a time.
    """
    reader = _read(data)
    recordings = [made for track in reader.tracks if (made := track.recording(reader.creator))]
    if not recordings:
        points = sum(len(segment) for track in reader.tracks for segment in track.segments)
        raise FormatError(f"No track point has a time (of {points})", "trk")
    return recordings


def _read(data: bytes) -> "_GpxReader":
    lifted = lift(data, "trkpt", LIFTED)
    try:
        return _GpxReader(lifted)
    except FormatError:
        if not lifted.runs:
            raise
        return _GpxReader(Lifted(data, lifted.mark, []))  # so that the error names a line of the document


class _Track:
    def __init__(self) -> None:
        self.sport = "other"
        self.segments: list[PointRows] = []

    def recording(self, creator: str) -> Recording | None:
        start, columns = tidy(columns_of(self.segments, COLUMNS))
        if not len(columns["time_s"]):
            return None
        columns["cadence_spm"] = steps_per_minute(columns["cadence_spm"], self.sport)
        return Recording.of(self.sport, creator, start, columns, pauses=self._pauses(start))

    def _pauses(self, start: float) -> tuple[Pause, ...]:
        times = (segment.column(TIME) for segment in self.segments)
        known = (time_s[~np.isnan(time_s)] for time_s in times)
        spans = sorted((float(time_s.min()), float(time_s.max())) for time_s in known if len(time_s))
        gaps = ((before[1] - start, after[0] - start) for before, after in pairwise(spans))
        return tuple(Pause(begin, end) for begin, end in gaps if end > begin)


class _GpxReader:
    def __init__(self, lifted: Lifted) -> None:
        self.creator = "GPX"
        self.tracks: list[_Track] = []
        self._lifted = lifted
        self._point: dict[str, float] | None = None
        self.walk = XmlWalk(self._start, self._end)
        self.walk.run(lifted.rest)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "gpx":
            self.creator = attributes.get("creator", "").strip()[:80] or self.creator
        elif name == "trk":
            self.tracks.append(_Track())
        elif name == "trkseg" and self.tracks:
            self.tracks[-1].segments.append(PointRows())
        elif name == "trkpt" and self.tracks and self.tracks[-1].segments:
            if (run := attributes.get(self._lifted.mark)) is not None:
                self.tracks[-1].segments[-1].add_run(self._lifted.runs[int(run)])
                return
            self._point = {
                "latitude_deg": self.walk.number(attributes.get("lat", "")),
                "longitude_deg": self.walk.number(attributes.get("lon", "")),
            }
            self.tracks[-1].segments[-1].add(self._point)

    def _end(self, name: str, text: str) -> None:
        if name == "trkpt":
            self._point = None
        elif self._point is None:
            if name == "type" and self.walk.path[-2:-1] == ["trk"]:
                self.tracks[-1].sport = _sport(text)
        elif name == "time" and self.walk.path[-2] == "trkpt":
            self._point["time_s"] = self.walk.moment(text)
        elif name in FIELDS:
            self._point.setdefault(FIELDS[name], self.walk.number(text))


def _sport(text: str) -> str:
    lower = text.lower()
    return NUMBERED_SPORTS.get(lower) or next((sport for part, sport in NAMED_SPORTS.items() if part in lower), "other")
