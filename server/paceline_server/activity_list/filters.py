"""What somebody wants to see in a list of activities. Pure."""

import math
from dataclasses import dataclass

from paceline_server.errors import InvalidError

METRES_A_DEGREE = 111_195.0
MOST_LATITUDE_DEG = 89.9


@dataclass(frozen=True, slots=True)
class Place:
    """A box in degrees; `centre` (latitude, longitude) and `radius_m` narrow it to a circle."""

    south_deg: float
    west_deg: float
    north_deg: float
    east_deg: float
    centre: tuple[float, float] | None = None
    radius_m: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """None: whatever it is. Times are Unix seconds, from (included) to (excluded); `words` in title or notes."""

    from_s: float | None = None
    to_s: float | None = None
    sport: str | None = None
    min_distance_m: float | None = None
    max_distance_m: float | None = None
    min_duration_s: float | None = None
    max_duration_s: float | None = None
    words: str | None = None
    visibility: str | None = None
    place: Place | None = None
    sort: str = "start"
    descending: bool = True
    every_recording: bool = False  # those that another one is shown for, too


EVERYTHING = Wanted()


def place_of(box: str | None, near: str | None, radius_m: float) -> Place | None:
    """Return the place of `south,west,north,east` or of `latitude,longitude`; InvalidError names the field."""
    if box is not None:
        south, west, north, east = _numbers("box", box, 4)
        if not (-90 <= south <= north <= 90 and -180 <= west <= east <= 180):
            raise InvalidError("query", "box is south,west,north,east in degrees, not over the date line.", field="box")
        return Place(south, west, north, east)
    if near is None:
        return None
    latitude, longitude = _numbers("near", near, 2)
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise InvalidError("query", "near is latitude,longitude in degrees.", field="near")
    tall = radius_m / METRES_A_DEGREE
    nearest_pole = min(MOST_LATITUDE_DEG, abs(latitude) + tall)
    wide = tall / math.cos(math.radians(nearest_pole))
    return Place(latitude - tall, longitude - wide, latitude + tall, longitude + wide, (latitude, longitude), radius_m)


def _numbers(name: str, text: str, count: int) -> list[float]:
    try:
        values = [float(one) for one in text.split(",")]
    except ValueError:
        values = []
    if len(values) != count or not all(map(math.isfinite, values)):
        raise InvalidError("query", f"{name} holds {count} numbers with commas between them.", field=name)
    return values
