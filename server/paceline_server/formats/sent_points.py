"""Points as programs send them ⇄ bytes that are kept, and columns of a Recording. Pure."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
import numpy as np
import zstandard
from msgspec import Meta, Struct

from paceline_server.errors import told
from paceline_server.formats.recording import BOUNDS, OPTIONAL, Column

MOST_POINTS = 200_000
LONGEST_S = 400 * 86400.0
_COLUMNS = {
    "latitude_deg": "lat",
    "longitude_deg": "lng",
    "altitude_m": "altitude",
    "speed_m_s": "speed",
    "heart_rate_bpm": "heart_rate",
    "heart_rate_confidence": "heart_rate_confidence",
    "cadence_spm": "cadence",
    "distance_m": "distance",
    "power_w": "power",
}
_LARGEST_PART = MOST_POINTS * 400


class SentPoint(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One moment of a workout; what is left out was not measured."""

    time: Annotated[float, Meta(ge=0, le=LONGEST_S, description="Seconds since the start.")]
    lat: Annotated[float, Meta(ge=-90, le=90, description="Degrees north.")] | None = None
    lng: Annotated[float, Meta(ge=-180, le=180, description="Degrees east.")] | None = None
    altitude: Annotated[float, Meta(ge=-1000, le=100_000, description="Metres.")] | None = None
    speed: Annotated[float, Meta(ge=0, le=1000, description="Metres a second.")] | None = None
    heart_rate: Annotated[float, Meta(ge=0, le=255, description="Per minute; 0 means none.")] | None = None
    heart_rate_confidence: Annotated[int, Meta(ge=0, le=3, description="0 none to 3 good.")] | None = None
    cadence: Annotated[float, Meta(ge=0, le=1000, description="Steps or turns a minute.")] | None = None
    power: Annotated[float, Meta(ge=0, le=5000, description="Watts.")] | None = None
    distance: Annotated[float, Meta(ge=0, le=100_000_000, description="Metres since the start.")] | None = None


_DECODER = msgspec.json.Decoder(list[SentPoint])


def packed(points: Sequence[SentPoint]) -> bytes:
    """Return points as they are kept."""
    return zstandard.ZstdCompressor(level=3).compress(msgspec.json.encode(points))


def unpacked(body: bytes) -> list[SentPoint]:
    """Return the points of a kept part."""
    return _DECODER.decode(zstandard.ZstdDecompressor().decompress(body, max_output_size=_LARGEST_PART))


def columns_of(points: Sequence[SentPoint]) -> tuple[dict[str, Column], list[str]]:
    """Return a Recording's columns, and in sentences what had to be mended.

    Times count to the millisecond. Points are put in order; of those with one time the first stays. The position 0, 0
    and heart rate 0 are what devices write for none.
    """
    time_s = np.rint(np.array([point.time for point in points], dtype=np.float64) * 1000) / 1000
    _, rows = np.unique(time_s, return_index=True)
    problems: list[str] = []
    late = int((np.diff(time_s) < 0).sum()) if len(time_s) else 0
    if late:
        problems.append(told(f"the order of time was broken {late} times: the points were put in order"))
    if len(rows) < len(time_s):
        problems.append(told(f"{len(time_s) - len(rows)} points have the time of another and were left out"))
    columns: dict[str, Column] = {"time_s": time_s[rows]}
    for name, sent in _COLUMNS.items():
        values = np.array([getattr(point, sent) for point in points], dtype=np.float64)[rows]
        if name not in OPTIONAL or not np.isnan(values).all():
            columns[name] = values
    none = (columns["latitude_deg"] == 0) & (columns["longitude_deg"] == 0)
    columns["latitude_deg"][none] = columns["longitude_deg"][none] = np.nan
    heart = columns["heart_rate_bpm"]
    heart[heart < BOUNDS["heart_rate_bpm"][0]] = np.nan
    return columns, problems


def columns_of_parts(parts: Sequence[bytes], count: int) -> tuple[dict[str, Column], list[str]]:
    """Do as columns_of with the first so many points of kept parts."""
    return columns_of([point for body in parts for point in unpacked(body)][:count])
