"""Garmin Training Center XML v2 (TrainingCenterDatabasev2.xsd, ActivityExtensionv2.xsd) → Recordings."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from paceline_server.formats.errors import FormatError
from paceline_server.formats.point_rows import PointRows, columns_of
from paceline_server.formats.recording import Lap, Pause, Recording, energy_kcal
from paceline_server.formats.tidying import steps_per_minute, tidy
from paceline_server.formats.xml_points import TIME, Lifted, lift
from paceline_server.formats.xml_walk import XmlWalk

FIELDS = {
    "LatitudeDegrees": "latitude_deg",
    "LongitudeDegrees": "longitude_deg",
    "AltitudeMeters": "altitude_m",
    "DistanceMeters": "distance_m",
    "Speed": "speed_m_s",
    "Cadence": "cadence_spm",
    "RunCadence": "cadence_spm",
    "Watts": "power_w",
}
COLUMNS = ("time_s", "heart_rate_bpm", *dict.fromkeys(FIELDS.values()))
SPORTS = {"Running": "running", "Biking": "cycling"}


LIFTED = {"Trackpoint/Time": TIME, "HeartRateBpm/Value": "heart_rate_bpm"} | FIELDS


def read_tcx(data: bytes) -> list[Recording]:
    """Return one Recording for each activity that has track points; a gap between the tracks of a lap is a pause.

    Raises FormatError when the document is damaged or holds no activity with times.
    """
    reader = _read(data)
    recordings = [made for activity in reader.activities if (made := activity.recording())]
    if not recordings:
        what = "A course, not an activity" if reader.has_course else "No activity has a track point with a time"
        raise FormatError(what, "TrainingCenterDatabase")
    return recordings


def _read(data: bytes) -> "_TcxReader":
    lifted = lift(data, "Trackpoint", LIFTED)
    try:
        return _TcxReader(lifted)
    except FormatError:
        if not lifted.runs:
            raise
        return _TcxReader(Lifted(data, lifted.mark, []))  # so that the error names a line of the document


class _Activity:
    def __init__(self, sport: str) -> None:
        self.sport = sport
        self.source = "TCX"
        self.has_run_cadence = False
        self.laps: list[dict[str, float]] = []
        self.triggers: list[str] = []
        self.tracks: list[tuple[int, PointRows]] = []

    def recording(self) -> Recording | None:
        start, columns = tidy(columns_of([points for _, points in self.tracks], COLUMNS))
        if not len(columns["time_s"]):
            return None
        columns["cadence_spm"] = steps_per_minute(columns["cadence_spm"], self.sport, strides=self.has_run_cadence)
        laps, pauses = self._laps(start), self._pauses(start)
        kcal = energy_kcal(sum(lap.get("kcal", 0.0) for lap in self.laps))
        return Recording.of(self.sport, self.source, start, columns, laps=laps, pauses=pauses, calories_kcal=kcal)

    def _laps(self, start: float) -> tuple[Lap, ...]:
        laps: list[Lap] = []
        for lap, trigger in zip(self.laps, self.triggers, strict=True):
            begin = lap["start"] - start
            if np.isfinite(begin):
                laps.append(Lap(max(begin, 0.0), max(begin + max(lap.get("duration", 0.0), 0.0), 0.0), trigger))
        return tuple(laps)

    def _pauses(self, start: float) -> tuple[Pause, ...]:
        spans: list[tuple[int, float, float]] = []
        for lap, track in self.tracks:
            times = track.column(TIME)
            known = times[~np.isnan(times)]
            if len(known):
                spans.append((lap, float(known.min()) - start, float(known.max()) - start))
        return tuple(
            Pause(before[2], after[1])
            for before, after in pairwise(sorted(spans))
            if before[0] == after[0] and after[1] > before[2]
        )


class _TcxReader:
    def __init__(self, lifted: Lifted) -> None:
        self.activities: list[_Activity] = []
        self.has_course = False
        self._lifted = lifted
        self._activity: _Activity | None = None
        self._point: dict[str, float] | None = None
        self.walk = XmlWalk(self._start, self._end)
        self.walk.run(lifted.rest)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        activity = self._activity
        if name == "Activity":
            self._activity = _Activity(SPORTS.get(attributes.get("Sport", ""), "other"))
            self.activities.append(self._activity)
        elif name == "Course":
            self.has_course = True
        elif activity is None:
            return
        elif name == "Lap":
            activity.laps.append({"start": self.walk.moment(attributes.get("StartTime", ""))})
            activity.triggers.append("manual")
        elif name == "Track":
            activity.tracks.append((len(activity.laps), PointRows()))
        elif name == "Trackpoint" and activity.tracks:
            points = activity.tracks[-1][1]
            if (run := attributes.get(self._lifted.mark)) is not None:
                points.add_run(self._lifted.runs[int(run)])
                activity.has_run_cadence |= "RunCadence" in self._lifted.runs[int(run)].elements
                return
            self._point = {}
            points.add(self._point)

    def _end(self, name: str, text: str) -> None:
        activity = self._activity
        if activity is None:
            return
        if name == "Activity":
            self._activity = None
        elif name == "Trackpoint":
            self._point = None
        elif self._point is not None:
            self._end_in_point(self._point, activity, name, text)
        elif name == "TotalTimeSeconds" and activity.laps:
            activity.laps[-1]["duration"] = self.walk.number(text)
        elif name == "Calories" and activity.laps:
            activity.laps[-1]["kcal"] = energy_kcal(self.walk.number(text)) or 0.0
        elif name == "TriggerMethod" and activity.laps:
            activity.triggers[-1] = text[:40].lower() or "manual"
        elif name == "Name" and self.walk.path[-2] == "Creator":
            activity.source = text[:80] or "TCX"

    def _end_in_point(self, point: dict[str, float], activity: _Activity, name: str, text: str) -> None:
        if name == "Time":
            point["time_s"] = self.walk.moment(text)
        elif name == "Value" and self.walk.path[-2] == "HeartRateBpm":
            point["heart_rate_bpm"] = self.walk.number(text)
        elif name in FIELDS:
            point.setdefault(FIELDS[name], self.walk.number(text))
            activity.has_run_cadence |= name == "RunCadence"
