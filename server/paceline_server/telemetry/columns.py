"""What a telemetry blob can hold: its columns, and the steps in which each is kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from paceline_server.formats.recording import Column


@dataclass(frozen=True, slots=True)
class Kept:
    """A column: `per_unit` is the number of steps of the kept integer in one unit of it."""

    name: str
    per_unit: int


# A column's number is its place here, in coder/column.h and for ever: only ever append.
COLUMNS = (
    Kept("time_s", 1000),
    Kept("latitude_deg", 1_000_000),
    Kept("longitude_deg", 1_000_000),
    Kept("altitude_m", 5),
    Kept("speed_m_s", 100),
    Kept("heart_rate_bpm", 1),
    Kept("heart_rate_confidence", 1),
    Kept("cadence_spm", 1),
    Kept("distance_m", 10),
    Kept("power_w", 1),
)
COLUMN_NAMES = tuple(kept.name for kept in COLUMNS)
FINE_PER_M = 100


def is_fine(columns: Mapping[str, Column]) -> bool:
    """Return whether the distance is kept in cm: less than half of the rows have a position.

    Where there is a track its steps, 0.11 m, are the distance's too.
    """
    latitude, longitude = columns.get("latitude_deg"), columns.get("longitude_deg")
    if latitude is None or longitude is None:
        return True
    return 2 * int(np.count_nonzero(~np.isnan(latitude + longitude))) < len(latitude)


def as_kept(columns: Mapping[str, Column]) -> dict[str, Column]:
    """Return columns as they come out of a blob of all of them, rounded to its steps."""
    steps = {kept.name: kept.per_unit for kept in COLUMNS}
    if is_fine(columns):
        steps["distance_m"] = FINE_PER_M
    return {name: np.rint(column * steps[name]) / steps[name] for name, column in columns.items()}


def no_columns(names: Iterable[str]) -> dict[str, Column]:
    """Return the named columns without any row."""
    return {name: np.empty(0) for name in names}


def without(columns: Mapping[str, Column], names: Iterable[str]) -> dict[str, Column]:
    """Return the columns, those of these names all missing."""
    gone = frozenset(names)
    return {name: np.full(len(column), np.nan) if name in gone else column for name, column in columns.items()}
