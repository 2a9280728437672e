"""The 1 Hz activities with GPS of the folder of recordings, as the integer columns of a sample.

The rule: every item of MANIFEST.json whose median interval is 1 s and that has a position somewhere; of the files of
one workout (group_same_workout) the first, FIT before the others. Each file is pinned by the manifest's sha256.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import fitfast
import numpy as np
from numpy.typing import NDArray
from paceline_protocol.sample import COLUMNS

Columns = dict[str, NDArray[np.int64]]
Floats = Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Activity:
    """One recording: where it is, its bytes as published (unpacked), and its samples as integer columns."""

    path: str
    data: bytes
    columns: Columns

    @property
    def samples(self) -> int:
        """Number of samples."""
        return len(self.columns["t_s"])


@dataclass(frozen=True)
class LeftOut:
    """A file that the rule names and that is not counted, and why."""

    path: str
    reason: str


def read_corpus(folder: Path, every: int = 1) -> tuple[list[Activity], list[LeftOut]]:
    """Return the activities, FIT first, and the files left out, of every so manieth file.

    ValueError when a file is not the pinned one.
    """
    activities: list[Activity] = []
    left_out: list[LeftOut] = []
    groups: dict[str, str] = {}
    for item in _candidates(folder)[::every]:
        path, group = item["path"], item.get("group_same_workout")
        if group in groups:
            left_out.append(LeftOut(path, f"same workout as {Path(groups[group]).name}"))
            continue
        data = (folder / path).read_bytes()
        if hashlib.sha256(data).hexdigest() != item["sha256"]:
            raise ValueError(f"{path} is not the file that MANIFEST.json pins")
        data = gzip.decompress(data) if path.endswith(".gz") else data
        try:
            activities.append(Activity(path, data, _integer_columns(_read(path, data))))
        except (fitfast.FitDecodeError, ElementTree.ParseError) as error:
            left_out.append(LeftOut(path, f"not readable: {error}"))
            continue
        if group:
            groups[group] = path
    return activities, left_out


def _candidates(folder: Path) -> list[dict[str, Any]]:
    items = json.loads((folder / "MANIFEST.json").read_text())["items"]
    chosen = [item for item in items if item.get("interval_median_s") == 1 and (item.get("points_with_gps") or 0) > 0]
    return sorted(chosen, key=lambda item: not item["path"].endswith(".fit"))


def _read(path: str, data: bytes) -> dict[str, NDArray[np.float64]]:
    readers: dict[str, Callable[[bytes], dict[str, NDArray[np.float64]]]] = {
        ".fit": _read_fit,
        ".gpx": _read_xml,
        ".tcx": _read_xml,
    }
    return readers[Path(path.lower().removesuffix(".gz")).suffix](data)


def _read_fit(data: bytes) -> dict[str, NDArray[np.float64]]:
    records = fitfast.records(data)
    rows = len(records["timestamp"])
    empty = np.full(rows, np.nan)

    def first(*names: str) -> NDArray[np.float64]:
        column = empty
        for name in names:
            values = np.asarray(records.get(name, empty), dtype=np.float64)
            column = np.where(np.isnan(column), values, column)
        return column

    steps = 2.0 if "running" in _sports(data) or "walking" in _sports(data) else 1.0
    return {
        "time": first("timestamp"),
        "latitude": first("position_lat"),
        "longitude": first("position_long"),
        "altitude": first("enhanced_altitude", "altitude"),
        "speed": first("enhanced_speed", "speed"),
        "heart_rate": first("heart_rate"),
        "cadence": steps * (first("cadence") + np.nan_to_num(first("fractional_cadence"))),
    }


def _sports(data: bytes) -> set[str]:
    sessions = fitfast.parse(data).get("session", [])
    return {str(session.get("sport")) for session in sessions}


_XML_NAMES = {
    "time": "time",
    "latitudedegrees": "latitude",
    "longitudedegrees": "longitude",
    "ele": "altitude",
    "altitudemeters": "altitude",
    "speed": "speed",
    "hr": "heart_rate",
    "heartratebpm": "heart_rate",
    "cad": "cadence",
    "cadence": "cadence",
    "runcadence": "run_cadence",
}


def _read_xml(data: bytes) -> dict[str, NDArray[np.float64]]:
    # Prefixes are taken off, because one recording uses some that it never declares.
    text = re.sub(rb"(</?)[\w-]+:", rb"\1", re.sub(rb"\s(?:xmlns|[\w-]+):[\w-]+=(\"[^\"]*\"|'[^']*')", b"", data))
    rows: list[dict[str, float]] = []
    root = ElementTree.fromstring(text.lstrip(b"\xef\xbb\xbf"))  # noqa: S314 (pinned files)
    for point in root.iter():
        if point.tag.rpartition("}")[2] in ("trkpt", "Trackpoint"):
            row = dict(_xml_values(point))
            if "time" in row:
                rows.append(row)
    names = {"time", "latitude", "longitude", "altitude", "speed", "heart_rate", "cadence", "run_cadence"}
    columns = {name: np.array([row.get(name, np.nan) for row in rows]) for name in names}
    both = np.isnan(columns["cadence"])
    columns["cadence"] = np.where(both, 2 * columns.pop("run_cadence"), columns["cadence"])
    return columns


def _xml_values(point: ElementTree.Element) -> Iterator[tuple[str, float]]:
    for name, attribute in (("latitude", "lat"), ("longitude", "lon")):
        if attribute in point.attrib:
            yield name, float(point.attrib[attribute])
    for element in point.iter():
        name = _XML_NAMES.get(element.tag.rpartition("}")[2].lower())
        text = "".join(element.itertext()).strip()
        if name == "time":
            yield name, datetime.fromisoformat(text).timestamp()
        elif name is not None and text:
            yield name, float(text)


def _integer_columns(raw: Floats) -> Columns:
    seconds = np.round(np.nan_to_num(raw["time"])).astype(np.int64)
    # One sample a second, in order: of two in one second the first stays.
    seconds, rows = np.unique(seconds, return_index=True)
    valid = ~(np.isnan(raw["latitude"][rows]) | np.isnan(raw["longitude"][rows]))
    fix = np.where(valid, 3, 0)
    heart_rate = _whole(raw["heart_rate"][rows], 1.0)
    columns = {
        "t_s": seconds - seconds[0],
        "fix": fix,
        "latitude_udeg": _whole(raw["latitude"][rows], 1e6),
        "longitude_udeg": _whole(raw["longitude"][rows], 1e6),
        "altitude_2dm": _whole(raw["altitude"][rows], 5.0),
        "heart_rate_bpm": heart_rate,
        "heart_rate_confidence": np.where(heart_rate > 0, 3, 0),
        "cadence_spm": _whole(raw["cadence"][rows], 1.0),
    }
    speed = raw["speed"][rows]
    columns["speed_cm_s"] = _track_speed(columns) if np.isnan(speed).all() else _whole(speed, 100.0)
    return {name: np.clip(columns[name], low, high) for name, low, high in COLUMNS}


def _whole(values: NDArray[np.float64], factor: float) -> NDArray[np.int64]:
    """Scale and round; a missing value repeats the one before it (0 at the start), as a sensor's register would."""
    filled = values.copy()
    last = np.maximum.accumulate(np.where(np.isnan(filled), -1, np.arange(len(filled))))
    filled = np.where(last >= 0, filled[np.maximum(last, 0)], 0.0)
    return np.round(filled * factor).astype(np.int64)


def _track_speed(columns: Columns) -> NDArray[np.int64]:
    """Speed between the neighbours of each point, for recordings that name none."""
    north = columns["latitude_udeg"] * 0.111195
    east = columns["longitude_udeg"] * 0.111195 * np.cos(np.radians(columns["latitude_udeg"] / 1e6))
    seconds = np.gradient(columns["t_s"].astype(np.float64)) if len(north) > 1 else np.ones(len(north))
    metres = np.hypot(np.gradient(north), np.gradient(east)) if len(north) > 1 else np.zeros(len(north))
    return np.round(100 * metres / seconds).astype(np.int64)
