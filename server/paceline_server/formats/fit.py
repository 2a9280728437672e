"""FIT activity files (Garmin FIT protocol, Profile.xlsx 21) → Recordings, decoded by fitfast."""

from collections.abc import Mapping

import fitfast
import numpy as np
from numpy.typing import NDArray

from paceline_server.formats.errors import FormatError
from paceline_server.formats.recording import Column, Lap, Pause, Recording
from paceline_server.formats.tidying import steps_per_minute, tidy

FIELDS: Mapping[str, tuple[str, ...]] = {
    "time_s": ("timestamp",),
    "latitude_deg": ("position_lat",),
    "longitude_deg": ("position_long",),
    "altitude_m": ("altitude", "enhanced_altitude"),
    "speed_m_s": ("speed", "enhanced_speed"),
    "heart_rate_bpm": ("heart_rate",),
    "distance_m": ("distance",),
}
"""Our column → the fields of a record message that hold it; the first one that has a value counts.

The plain field comes first: where the file has only that, fitfast derives the enhanced one and may lose 1 mm/s by it.
"""

SPORTS = {1: "running", 2: "cycling", 5: "swimming", 11: "walking", 17: "hiking", 4: "indoor", 10: "indoor"}
SUB_SPORT_STRENGTH = 20
TRIGGERS = {
    0: "manual",
    1: "time",
    2: "distance",
    3: "start",
    4: "lap",
    5: "waypoint",
    6: "marked",
    7: "end",
    8: "fitness",
}
EVENT_TIMER, TYPE_START, TYPES_STOP = 0, 0, (1, 4, 8, 9)
LONGEST_STRAY_S = 86400.0
"""A record further than this outside its session has a broken clock."""

Messages = Mapping[str, Column]
Rows = NDArray[np.bool_]


def read_fit(data: bytes) -> list[Recording]:
    """Return one Recording for each session that has records (one in all when there is no session message).

    Cadence of sports on foot is doubled: FIT counts the strides of one leg. A wrong check sum is let pass, as some
    devices and programs write one. Raises FormatError when the file cannot be decoded or has no record with a
    time.
    """
    sound, records = _decoded(data)
    columns = {name: _field(records, fields) for name, fields in FIELDS.items()}
    columns["cadence_spm"] = _field(records, ("cadence",)) + np.nan_to_num(_field(records, ("fractional_cadence",)))
    laps, events, sessions = (_messages(sound, kind) for kind in ("lap", "event", "session"))
    recordings = [
        made
        for rows, sport in _sessions(columns["time_s"], sessions)
        if (made := _recording({name: column[rows] for name, column in columns.items()}, sport, laps, events))
    ]
    if not recordings:
        raise FormatError("No record has a time", f"FIT, {len(columns['time_s'])} record messages")
    return recordings


def _decoded(data: bytes) -> tuple[bytes, Messages]:
    try:
        return data, _messages(data)
    except fitfast.FitDecodeError as error:
        first_error = error
    header_size = data[0]
    end = header_size + int.from_bytes(data[4:8], "little")
    if header_size in (12, 14) and end <= len(data) <= end + 2:
        for body in (data[header_size:end], data[header_size:]):
            mended = _sealed(data[:12], body)
            try:
                return mended, _messages(mended)
            except fitfast.FitDecodeError:
                continue
    reason = str(first_error).removeprefix("FIT decode error: ")
    raise FormatError(f"Damaged FIT file: {reason}", f"file of {len(data)} bytes") from first_error


def _messages(data: bytes, kind: str = "record") -> Messages:
    try:
        return fitfast.records(data, kind)
    except BaseException as error:
        # The Rust decoder panics on some damaged definitions; PanicException cannot be imported and is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise fitfast.FitDecodeError(f"undecodable ({error})") from None


def _sealed(header: bytes, body: bytes) -> bytes:
    """The same messages with size and check sums as fitfast wants them.

    Only these may be mended, for the messages are all there: a header check sum of 0, which the protocol allows, an
    absent or wrong one at the end, and a size that leaves out the end.
    """
    front = bytes([14]) + header[1:4] + len(body).to_bytes(4, "little") + b".FIT"
    return front + _crc(front).to_bytes(2, "little") + body + _crc(body).to_bytes(2, "little")


def _crc(data: bytes) -> int:
    """CRC-16 of FIT: polynomial 0x8005 reflected, start 0 (FIT protocol, "CRC")."""
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = (value >> 1) ^ (0xA001 if value & 1 else 0)
        table.append(value)
    crc = 0
    for byte in data:
        crc = (crc >> 8) ^ table[(crc ^ byte) & 0xFF]
    return crc


def _field(messages: Messages, names: tuple[str, ...]) -> Column:
    rows = len(next(iter(messages.values()), ()))
    values = np.full(rows, np.nan)
    for name in names:
        if name in messages:
            values = np.where(np.isnan(values), messages[name], values)
    return values


def _sessions(time_s: Column, sessions: Messages) -> list[tuple[Rows, str]]:
    """For each session the rows that are its own and its sport."""
    starts = _field(sessions, ("start_time",))
    ends = np.fmax(_field(sessions, ("timestamp",)), starts + _field(sessions, ("total_elapsed_time",)))
    sports = [
        _sport(*pair) for pair in zip(_field(sessions, ("sport",)), _field(sessions, ("sub_sport",)), strict=True)
    ]
    if not len(starts) or np.isnan(starts).any():
        return [(np.ones(len(time_s), dtype=bool), sports[0] if sports else "other")]
    order = np.argsort(starts, kind="stable")
    owner = np.clip(np.searchsorted(starts[order], time_s, side="right") - 1, 0, None)
    found = []
    for place, session in enumerate(order):
        stray = (time_s < starts[session] - LONGEST_STRAY_S) | (time_s > ends[session] + LONGEST_STRAY_S)
        found.append(((owner == place) & ~stray, sports[session]))
    return found


def _sport(sport: float, sub_sport: float) -> str:
    if sub_sport == SUB_SPORT_STRENGTH:
        return "strength"
    return "other" if np.isnan(sport) else SPORTS.get(int(sport), "other")


def _recording(rows: Mapping[str, Column], sport: str, laps: Messages, events: Messages) -> Recording | None:
    start, columns = tidy(rows)
    if not len(columns["time_s"]):
        return None
    columns["cadence_spm"] = steps_per_minute(columns["cadence_spm"], sport, strides=True)
    end_s = float(columns["time_s"][-1])
    return Recording.of(
        sport, "FIT", start, columns, laps=_laps(laps, start, end_s), pauses=_pauses(events, start, end_s)
    )


def _laps(laps: Messages, start: float, end_s: float) -> tuple[Lap, ...]:
    begins = _field(laps, ("start_time",)) - start
    ends = np.fmin(begins + _field(laps, ("total_elapsed_time",)), _field(laps, ("timestamp",)) - start)
    triggers = np.nan_to_num(_field(laps, ("lap_trigger",)))
    found = []
    for begin, end, trigger in zip(begins.tolist(), ends.tolist(), triggers.tolist(), strict=True):
        if begin <= end_s and end >= 0 and begin <= end:
            found.append(Lap(max(begin, 0.0), end, TRIGGERS.get(int(trigger), "manual")))
    return tuple(sorted(found, key=lambda lap: lap.start_s))


def _pauses(events: Messages, start: float, end_s: float) -> tuple[Pause, ...]:
    """From each timer stop to the next timer start within the recording; the last stop is its end, not a pause."""
    timer = _field(events, ("event",)) == EVENT_TIMER
    times = (_field(events, ("timestamp",)) - start)[timer].tolist()
    kinds = _field(events, ("event_type",))[timer].tolist()
    pauses: list[Pause] = []
    stopped: float | None = None
    for time, kind in sorted(zip(times, kinds, strict=True), key=lambda pair: pair[0]):
        if kind in TYPES_STOP and stopped is None:
            stopped = time
        elif kind == TYPE_START and stopped is not None:
            if 0 <= stopped < time <= end_s:
                pauses.append(Pause(stopped, time))
            stopped = None
    return tuple(pauses)
