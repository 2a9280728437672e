"""A Recording: named columns over time, laps, pauses, sport, source. Everything that enters the server becomes one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from paceline_server.formats.errors import FormatError

Column = NDArray[np.float64]

BOUNDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "time_s": (0, 400 * 86400.0),
        "latitude_deg": (-90, 90),
        "longitude_deg": (-180, 180),
        "altitude_m": (-1000, 100_000),
        "speed_m_s": (0, 1000),
        "heart_rate_bpm": (1, 255),
        "heart_rate_confidence": (0, 3),
        "cadence_spm": (0, 1000),
        "distance_m": (0, 100_000_000),
        "power_w": (0, 5000),
    }
)
"""Every column there may be, and the lowest and highest value that it may hold."""

MOST_POINTS = 4_000_000
"""46 days of seconds; more is no workout, and telemetry keeps no more."""

MOST_KCAL = 100_000.0
"""Nobody spends more in a workout."""

OPTIONAL = frozenset({"distance_m", "power_w"})


@dataclass(frozen=True, slots=True)
class Lap:
    """A stretch that the athlete or the device set apart; seconds since the start; trigger as the source names it."""

    start_s: float
    end_s: float
    trigger: str = "manual"


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which the timer stood; seconds since the start."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Length:
    """A length of a pool; seconds since the start; strokes of one arm."""

    start_s: float
    end_s: float
    strokes: int
    pool_m: float


@dataclass(frozen=True, slots=True)
class ExerciseSet:
    """A set of a strength workout; seconds since the start; 0 repetitions: not known."""

    start_s: float
    end_s: float
    repetitions: int


@dataclass(frozen=True, eq=False)
class Recording:
    """One workout as it was recorded.

    `columns` maps the names of BOUNDS to float64 arrays of equal length: `time_s` in seconds since `start_utc_s`,
    strictly ascending; NaN in any other column means missing; `distance_m` and `power_w` may be absent. The arrays are
    kept as read-only views. `utc_offset_s` is how far east of UTC the clock of whoever recorded it stood,
    `calories_kcal` the energy that the recorder counted (above 0), None where the source does not say. The constructor
    raises FormatError, naming the column and row, on anything else.
    """

    sport: str
    source: str
    start_utc_s: float
    columns: Mapping[str, Column]
    laps: tuple[Lap, ...] = ()
    pauses: tuple[Pause, ...] = ()
    lengths: tuple[Length, ...] = ()
    sets: tuple[ExerciseSet, ...] = ()
    utc_offset_s: int | None = None
    calories_kcal: float | None = None

    def __post_init__(self) -> None:
        if not self.sport:
            raise FormatError("A recording needs a sport", "sport")
        if not np.isfinite(self.start_utc_s):
            raise FormatError(f"The start {self.start_utc_s} is no time", "start_utc_s")
        if self.utc_offset_s is not None and not is_utc_offset(self.utc_offset_s):
            raise FormatError(f"No clock is {self.utc_offset_s} s east of UTC", "utc_offset_s")
        if self.calories_kcal is not None and not 0 < self.calories_kcal < MOST_KCAL:
            raise FormatError(f"No workout takes {self.calories_kcal} kcal", "calories_kcal")
        checked = _checked_columns(self.columns)
        _check_stretches(self.laps, "laps")
        _check_stretches(self.pauses, "pauses")
        _check_stretches(self.lengths, "lengths")
        _check_stretches(self.sets, "sets")
        object.__setattr__(self, "columns", MappingProxyType(checked))

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"columns": dict(self.columns)}  # the read-only mapping cannot go to another process

    def __setstate__(self, state: dict[str, Any]) -> None:
        for column in state["columns"].values():
            column.flags.writeable = False
        self.__dict__.update(state | {"columns": MappingProxyType(state["columns"])})

    @classmethod
    def of(
        cls,
        sport: str,
        source: str,
        start_utc_s: float,
        columns: Mapping[str, ArrayLike],
        *,
        laps: tuple[Lap, ...] = (),
        pauses: tuple[Pause, ...] = (),
        lengths: tuple[Length, ...] = (),
        sets: tuple[ExerciseSet, ...] = (),
        utc_offset_s: int | None = None,
        calories_kcal: float | None = None,
    ) -> "Recording":
        """Make a Recording from what columns there are (at least time_s); the others become all missing."""
        arrays = {name: np.asarray(values, dtype=np.float64) for name, values in columns.items()}
        empty = np.full(len(arrays.get("time_s", ())), np.nan)
        for name in BOUNDS.keys() - OPTIONAL - {"time_s"}:
            arrays.setdefault(name, empty)
        return cls(sport, source, start_utc_s, arrays, laps, pauses, lengths, sets, utc_offset_s, calories_kcal)

    @property
    def points(self) -> int:
        """Number of rows."""
        return len(self.columns["time_s"])

    @property
    def duration_s(self) -> float:
        """Seconds from the first row to the last; 0 when there is none."""
        time_s = self.columns["time_s"]
        return float(time_s[-1] - time_s[0]) if len(time_s) else 0.0


def energy_kcal(told: float) -> float | None:
    """Return the energy that a source tells; None where it tells none, or what nobody spends in a workout."""
    return told if 0 < told < MOST_KCAL else None


def is_utc_offset(offset_s: int | None) -> bool:
    """Tell whether a clock may stand so many seconds east of UTC: from 12 hours west to 14 hours east."""
    return offset_s is not None and -12 * 3600 <= offset_s <= 14 * 3600


def _checked_columns(columns: Mapping[str, Column]) -> dict[str, Column]:
    unknown = sorted(columns.keys() - BOUNDS.keys())
    absent = sorted(BOUNDS.keys() - OPTIONAL - columns.keys())
    if unknown or absent:
        raise FormatError(f"Columns unknown: {unknown or 'none'}, absent: {absent or 'none'}", "columns")
    rows = len(columns["time_s"])
    if rows > MOST_POINTS:
        raise FormatError(f"More than {MOST_POINTS:,} points", "time_s")
    checked: dict[str, Column] = {}
    for name in (name for name in BOUNDS if name in columns):
        column = np.asarray(columns[name], dtype=np.float64).view()
        if column.shape != (rows,):
            raise FormatError(f"Column {name} has shape {column.shape}, time_s has {rows} rows", name)
        _check_values(name, column)
        column.flags.writeable = False
        checked[name] = column
    _check_positions(checked["latitude_deg"], checked["longitude_deg"])
    return checked


def _check_values(name: str, column: Column) -> None:
    low, high = BOUNDS[name]
    outside = (column < low) | (column > high)
    if outside.any():
        row = int(outside.argmax())
        raise FormatError(f"{name} {column[row]:g} is not within {low:g} … {high:g}", f"{name}, row {row}")
    if name == "time_s":
        ascends = column[1:] > column[:-1]
        if not ascends.all() or np.isnan(column[:1]).any():
            row = 0 if ascends.all() else int(ascends.argmin()) + 1
            raise FormatError("time_s must ascend without a missing value", f"time_s, row {row}")


def _check_positions(latitude: Column, longitude: Column) -> None:
    halves = np.isnan(latitude) != np.isnan(longitude)
    if halves.any():
        row = int(halves.argmax())
        raise FormatError("A position needs both latitude and longitude", f"latitude_deg, row {row}")


def _check_stretches(stretches: Sequence[Lap | Pause | Length | ExerciseSet], name: str) -> None:
    for number, stretch in enumerate(stretches):
        if not stretch.start_s <= stretch.end_s:
            raise FormatError(f"Ends at {stretch.end_s} before its start {stretch.start_s}", f"{name}, number {number}")
