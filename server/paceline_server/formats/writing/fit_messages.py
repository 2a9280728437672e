"""FIT messages as bytes: definitions by Profile.xlsx, values scaled, what is missing as the type's invalid value."""

from dataclasses import dataclass, replace

import numpy as np

from paceline_server.formats.recording import Column

EPOCH = 631065600  # 1989-12-31 00:00 UTC in Unix seconds
SEMICIRCLES = 2**31 / 180

# Base types (FIT protocol, table 7): number of the type, numpy's, invalid value.
ENUM, UINT8 = (0x00, "<u1", 0xFF), (0x02, "<u1", 0xFF)
UINT16, SINT32, UINT32 = (0x84, "<u2", 0xFFFF), (0x85, "<i4", 0x7FFFFFFF), (0x86, "<u4", 0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a message: its number, base type, and how a value becomes the integer: value × scale + offset."""

    name: str
    number: int
    base: tuple[int, str, int]
    scale: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the profile: its global number and the local number that it is written under."""

    number: int
    local: int
    fields: tuple[Field, ...]


def _time(name: str, number: int) -> Field:
    return Field(name, number, UINT32, 1.0, -EPOCH)


def _seconds(name: str, number: int) -> Field:
    return Field(name, number, UINT32, 1000.0)


FILE_ID = Message(
    0,
    0,
    (Field("type", 0, ENUM), Field("manufacturer", 1, UINT16), Field("product", 2, UINT16), _time("time_created", 4)),
)
RECORD = Message(
    20,
    1,
    (
        _time("timestamp", 253),
        Field("position_lat", 0, SINT32, SEMICIRCLES),
        Field("position_long", 1, SINT32, SEMICIRCLES),
        Field("enhanced_altitude", 78, UINT32, 5.0, 2500.0),
        Field("distance", 5, UINT32, 100.0),
        Field("enhanced_speed", 73, UINT32, 1000.0),
        Field("heart_rate", 3, UINT8),
        Field("cadence", 4, UINT8),
        Field("fractional_cadence", 53, UINT8, 128.0),
    ),
)
POWERED_RECORD = replace(RECORD, fields=(*RECORD.fields, Field("power", 7, UINT16)))
_EVENT = (Field("event", 0, ENUM), Field("event_type", 1, ENUM))
EVENT = Message(21, 2, (_time("timestamp", 253), *_EVENT))
LAP = Message(
    19,
    3,
    (
        _time("timestamp", 253),
        Field("message_index", 254, UINT16),
        *_EVENT,
        _time("start_time", 2),
        _seconds("total_elapsed_time", 7),
        _seconds("total_timer_time", 8),
        Field("total_distance", 9, UINT32, 100.0),
        Field("lap_trigger", 24, ENUM),
    ),
)
LENGTH = Message(
    101,
    4,
    (
        _time("timestamp", 253),
        Field("message_index", 254, UINT16),
        *_EVENT,
        _time("start_time", 2),
        _seconds("total_elapsed_time", 3),
        _seconds("total_timer_time", 4),
        Field("total_strokes", 5, UINT16),
        Field("length_type", 12, ENUM),
    ),
)
SET = Message(
    225,
    5,
    (
        _time("timestamp", 254),
        _seconds("duration", 0),
        Field("repetitions", 3, UINT16),
        Field("set_type", 5, UINT8),
        _time("start_time", 6),
        Field("message_index", 10, UINT16),
    ),
)
SESSION = Message(
    18,
    6,
    (
        _time("timestamp", 253),
        Field("message_index", 254, UINT16),
        *_EVENT,
        _time("start_time", 2),
        Field("sport", 5, ENUM),
        Field("sub_sport", 6, ENUM),
        _seconds("total_elapsed_time", 7),
        _seconds("total_timer_time", 8),
        Field("total_distance", 9, UINT32, 100.0),
        Field("total_calories", 11, UINT16),
        Field("avg_heart_rate", 16, UINT8),
        Field("max_heart_rate", 17, UINT8),
        Field("total_ascent", 22, UINT16),
        Field("total_descent", 23, UINT16),
        Field("first_lap_index", 25, UINT16),
        Field("num_laps", 26, UINT16),
        Field("pool_length", 44, UINT16, 100.0),
    ),
)
ACTIVITY = Message(
    34,
    7,
    (
        _time("timestamp", 253),
        _seconds("total_timer_time", 0),
        Field("num_sessions", 1, UINT16),
        Field("type", 2, ENUM),
        Field("event", 3, ENUM),
        Field("event_type", 4, ENUM),
        _time("local_timestamp", 5),
    ),
)


def rows(message: Message, count: int) -> np.ndarray:
    """Return so many messages as a structured array, every field invalid; `header` is there already."""
    made = np.zeros(count, dtype=[("header", "<u1"), *((field.name, field.base[1]) for field in message.fields)])
    made["header"] = message.local
    for field in message.fields:
        made[field.name] = field.base[2]
    return made


def fill(made: np.ndarray, message: Message, name: str, values: Column) -> None:
    """Put values into a field, scaled; NaN and what does not fit stay invalid."""
    field = next(field for field in message.fields if field.name == name)
    scaled = np.rint(values * field.scale + field.offset)
    lowest = -(2**31) if field.base[1] == "<i4" else 0
    fits = (scaled >= lowest) & (scaled < field.base[2])
    made[name][fits] = scaled[fits].astype(np.int64)


class FitWriter:
    """Collects messages; a definition goes before the first one of its kind."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._defined: set[int] = set()

    def add(self, message: Message, **values: float | None) -> None:
        """Add one message; None and what is not named is invalid."""
        made = rows(message, 1)
        for name, value in values.items():
            if value is not None:
                fill(made, message, name, np.array([float(value)]))
        self.add_rows(message, made)

    def add_rows(self, message: Message, made: np.ndarray) -> None:
        """Add messages that `rows` made."""
        if not len(made):
            return
        if message.local not in self._defined:
            self._defined.add(message.local)
            self._parts.append(_definition(message))
        self._parts.append(made.tobytes())

    def body(self) -> bytes:
        """Return everything, without header and check sum."""
        return b"".join(self._parts)


def _definition(message: Message) -> bytes:
    head = bytes([0x40 | message.local, 0, 0]) + message.number.to_bytes(2, "little") + bytes([len(message.fields)])
    sizes = (bytes([field.number, np.dtype(field.base[1]).itemsize, field.base[0]]) for field in message.fields)
    return head + b"".join(sizes)
