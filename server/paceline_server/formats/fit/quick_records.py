"""The record messages of a sound FIT file as columns, all of a layout at once; other messages as bytes of their own.

A decoder visits each field of each message, of which most are not looked at, and that is most of what reading a file
costs. Here the messages are only stepped over; then a field of all records of a layout is one look into the bytes.
What is not as plain as nearly all files are (compressed time stamps, arrays where numbers should be, layouts that the
protocol does not know) is left to the decoder. FIT protocol, "Message Definitions", "FIT Base Type"; profile, `record`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from paceline_server.formats.ascii_words import WORD, Floats, Places, Word, words_of
from paceline_server.formats.fit.other_messages import COMPRESSED, DEFINITION, DEVELOPER, KEPT

RECORD, TIMESTAMP, COMPRESSED_SPEED_DISTANCE = 20, 253, 8
UNPACKED = frozenset({0, 5, 6})  # beside one of these the packed field is not looked at
RESERVED = 0x10
EPOCH_S = 631_065_600  # 1989-12-31, in Unix seconds
DEGREES = 180 / 2**31
FIRST_DATE = 0x10000000  # below it a time stamp counts from when the device was switched on

Scaling = Callable[[Floats], Floats]
FIELDS: Mapping[int, tuple[str, int, Scaling | None]] = {
    0: ("position_lat", 0x85, lambda raw: raw * DEGREES),
    1: ("position_long", 0x85, lambda raw: raw * DEGREES),
    2: ("altitude", 0x84, lambda raw: raw / 5 - 500),
    3: ("heart_rate", 0x02, None),
    4: ("cadence", 0x02, None),
    5: ("distance", 0x86, lambda raw: raw / 100),
    6: ("speed", 0x84, lambda raw: raw / 1000),
    7: ("power", 0x84, None),
    53: ("fractional_cadence", 0x02, lambda raw: raw / 128),
    73: ("enhanced_speed", 0x86, lambda raw: raw / 1000),
    78: ("enhanced_altitude", 0x86, lambda raw: raw / 5 - 500),
    TIMESTAMP: ("timestamp", 0x86, lambda raw: raw + EPOCH_S),
}
"""Number in the profile → name, type, and what makes its unit of the integer."""


@dataclass(frozen=True, slots=True)
class _Type:
    size: int
    is_signed: bool
    missing: int


_TYPES = {
    0x02: _Type(1, False, 0xFF),
    0x84: _Type(2, False, 0xFFFF),
    0x85: _Type(4, True, 0x7FFFFFFF),
    0x86: _Type(4, False, 0xFFFFFFFF),
}
_BY_SIZE = {1: (0x00, 0x01, 0x02, 0x07, 0x0A, 0x0D), 2: (0x83, 0x84, 0x8B), 4: (0x85, 0x86, 0x88, 0x8C)}
_LONG = dict.fromkeys((0x89, 0x8E, 0x8F, 0x90), 8)
SIZES = {code: size for size, codes in _BY_SIZE.items() for code in codes} | _LONG
HEADER_SIZES = (12, 14)
SCALINGS = frozenset({"scale", "offset", "array", "components", "bits", "accumulate"})


class UnusualError(ValueError):
    """The file is for the decoder."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Of a definition: its messages' number, their bytes with the header, which fields of FIELDS are where.

    `fields`: number, place in the message; `developers`: index and number, place, bytes.
    """

    number: int
    size: int
    is_big: bool
    fields: tuple[tuple[int, int], ...]
    developers: tuple[tuple[tuple[int, int], int, int], ...]


@dataclass(slots=True)
class _Runs:
    """Where messages of one layout follow each other: the first's place, how many, the first's row."""

    starts: list[int] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)

    def spread(self, size: int) -> tuple[Places, Places]:
        """Return place and row of each message."""
        counts = np.array(self.counts)
        within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        return np.repeat(np.array(self.starts), counts) + within * size, np.repeat(np.array(self.rows), counts) + within


@dataclass
class Stepped:
    """A file stepped through: runs of records by layout; for each sequence its head and what messages are KEPT."""

    data: bytes
    rows: int = 0
    runs: dict[_Layout, _Runs] = field(default_factory=dict)
    others: list[tuple[bytes, bytes]] = field(default_factory=list)

    def columns(self, described: Sequence[Mapping[str, Any]], names: Sequence[str]) -> dict[str, Floats]:
        """Return the fields of FIELDS by name, and those of developers that have one of the names.

        `described` are the messages that describe these. UnusualError when one is no plain number.
        """
        developers = _described(described, names)
        _, words = words_of(self.data)
        columns: dict[str, Floats] = {}
        for layout, runs in self.runs.items():
            places, rows = runs.spread(layout.size)
            for number, offset in layout.fields:
                name, code, scaling = FIELDS[number]
                values = _values(words, places + offset, _TYPES[code], layout.is_big)
                if number == TIMESTAMP and not (values >= FIRST_DATE).all():
                    raise UnusualError("a time that is none")
                column = columns.setdefault(name, np.full(self.rows, np.nan))
                column[rows] = values if scaling is None else scaling(values)
            for key, offset, size in layout.developers:
                name, base = developers.get(key, ("", None))
                if base is not None:
                    if base.size != size:
                        raise UnusualError("an array")
                    column = columns.setdefault(name, np.full(self.rows, np.nan))
                    column[rows] = _values(words, places + offset, base, layout.is_big)
        return columns


def stepped(data: bytes) -> Stepped:
    """Step through the messages; UnusualError when the file is for the decoder."""
    found = Stepped(data)
    at = 0
    while at < len(data):
        end = at + data[at] + int.from_bytes(data[at + 4 : at + 8], "little")
        if data[at] not in HEADER_SIZES or data[at + 8 : at + 12] != b".FIT" or end + 2 > len(data):
            raise UnusualError("no sequence begins here")
        kept = _step(found, at + data[at], end)
        found.others.append((data[at : at + 12], b"".join(kept)))
        at = end + 2
    if not found.others:
        raise UnusualError("there is nothing")
    return found


def _step(found: Stepped, at: int, end: int) -> list[bytes]:
    data, kept = found.data, list[bytes]()
    layouts: dict[int, _Layout] = {}
    while at < end:
        header, first = data[at], at
        if header & (COMPRESSED | RESERVED):
            raise UnusualError("a header of another kind")
        if header & DEFINITION:
            layout, at = _layout(data, at, end)
            layouts[header & 0x0F] = layout
            if layout.number in KEPT:
                kept.append(data[first:at])
            continue
        layout = layouts.get(header)
        if layout is None:
            raise UnusualError("a message that is not defined")
        size, last = layout.size, end - layout.size
        while at <= last and data[at] == header:
            at += size
        if at == first:
            raise UnusualError("a message goes beyond the end")
        if layout.number == RECORD:
            runs = found.runs.setdefault(layout, _Runs())
            runs.starts.append(first)
            runs.counts.append((at - first) // size)
            runs.rows.append(found.rows)
            found.rows += runs.counts[-1]
        elif layout.number in KEPT:
            kept.append(data[first:at])
    return kept


def _layout(data: bytes, at: int, end: int) -> tuple[_Layout, int]:
    """Return what the definition at a place says, and where it ends."""
    count_at = at + 5
    ends = count_at + 1 + 3 * data[count_at] if count_at < end else end + 1
    dev_at = ends
    if data[at] & DEVELOPER:
        ends += 1 + 3 * data[dev_at] if dev_at < end else 1
    if ends > end or data[at + 2] > 1 or not data[count_at]:
        raise UnusualError("a definition of another kind")
    number = int.from_bytes(data[at + 3 : at + 5], "big" if data[at + 2] else "little")
    size, seen = 1, set[int]()
    fields: list[tuple[int, int]] = []
    for place in range(count_at + 1, dev_at, 3):
        one, length, code = data[place : place + 3]
        if length == 0 or length % SIZES.get(code, 256) or one in seen:
            raise UnusualError("a field of another kind")
        seen.add(one)
        if number == RECORD and one in FIELDS:
            if code != FIELDS[one][1] or length != SIZES[code]:
                raise UnusualError("an array, or a field of another type than the profile's")
            fields.append((one, size))
        size += length
    if number == RECORD and (TIMESTAMP not in seen or (COMPRESSED_SPEED_DISTANCE in seen and not seen & UNPACKED)):
        raise UnusualError("a record without a time, or whose speed is packed")
    developers: list[tuple[tuple[int, int], int, int]] = []
    for place in range(dev_at + 1, ends, 3):
        one, length, index = data[place : place + 3]
        developers.append(((index, one), size, length))
        size += length
    if len({key for key, *_ in developers}) < len(developers) or not all(length for *_, length in developers):
        raise UnusualError("a developer's field of another kind")
    return _Layout(number, size, bool(data[at + 2]), tuple(fields), tuple(developers)), ends


def _described(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> dict[tuple[int, int], tuple[str, _Type]]:
    """Return name and type of developers' fields by index and number: of those that have one of the names."""
    found: dict[tuple[int, int], tuple[str, _Type]] = {}
    keys = [(row.get("developer_data_index"), row.get("field_definition_number")) for row in rows]
    for key, row in zip(keys, rows, strict=True):
        name, code = row.get("field_name"), row.get("fit_base_type_id")
        if name not in names:
            continue
        if keys.count(key) > 1 or any(name == other for other, _ in found.values()) or row.keys() & SCALINGS:
            raise UnusualError("a developer's field that is described in another way")
        if not isinstance(key[0], int) or not isinstance(key[1], int) or code not in _TYPES:
            raise UnusualError("a developer's field that is no number")
        found[key[0], key[1]] = (str(name), _TYPES[code])
    return found


def _values(words: Word, places: Places, base: _Type, is_big: bool) -> Floats:
    bits = np.uint64(WORD * (WORD - base.size))
    raw = words[places]
    raw = (raw.byteswap() >> bits) if is_big else (raw << bits) >> bits
    missing = raw == np.uint64(base.missing)
    if base.is_signed:
        raw = (raw << bits).view(np.int64) >> bits.astype(np.int64)
    values = raw.astype(np.float64)
    values[missing] = np.nan
    return values
