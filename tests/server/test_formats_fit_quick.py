"""Records read all of a layout at once are what fitfast, which decodes message by message, gives of the same bytes."""

from pathlib import Path
from typing import Literal

import fitfast
import numpy as np
import pytest
from paceline_server.formats.fit.messages import DEVELOPERS, FitMessages, sealed
from paceline_server.formats.fit.other_messages import sequences
from paceline_server.formats.fit.quick_records import FIELDS, UnusualError, stepped
from paceline_server.formats.fit.reader import read_fit

Order = Literal["little", "big"]
HEAD = bytes([14, 32, 0, 8])
FIRST_S, EPOCH_S = 1_000_000_000, 631_065_600
NAMES = {name for name, *_ in FIELDS.values()} | set(DEVELOPERS)


def record(fields: list[tuple[int, int, int]], *messages: bytes, is_big: bool = False, kind: int = 20) -> bytes:
    """Return a definition, and messages of it."""
    number = kind.to_bytes(2, "big" if is_big else "little")
    definition = bytes([0x40, 0, is_big]) + number + bytes([len(fields)]) + b"".join(bytes(one) for one in fields)
    return definition + b"".join(b"\0" + message for message in messages)


def file(*parts: bytes) -> bytes:
    return sealed(HEAD, b"".join(parts))


def at(second: int, order: Order = "little") -> bytes:
    return (FIRST_S + second).to_bytes(4, order)


def check(data: bytes) -> None:
    sound = b"".join(sealed(head, body) for head, body in sequences(data))  # some are written with a wrong check sum
    ours, theirs = FitMessages(data).columns("record"), fitfast.records(sound)
    derived = {f"enhanced_{name}" for name in theirs}  # from the plain field, which is looked at first
    assert {name for name in theirs if name in NAMES and not np.isnan(theirs[name]).all()} - derived <= ours.keys()
    for name, column in ours.items():
        other = theirs.get(name, np.full(len(column), np.nan))
        same = (column == other) | np.isnan(column) & (np.isnan(other) | (name in derived))
        assert len(column) == len(other) and same.all(), name


def test_every_recorded_file_is_the_same_both_ways(recordings: Path) -> None:
    quick = 0
    for path in sorted((recordings / "activities" / "fit").iterdir()):
        data = path.read_bytes()
        try:
            stepped(data)
        except UnusualError:
            continue
        check(data)
        quick += 1
    assert quick >= 55


def test_bytes_in_either_order_signs_and_what_is_missing() -> None:
    fields = [(253, 4, 0x86), (0, 4, 0x85), (1, 4, 0x85), (2, 2, 0x84), (3, 1, 2), (4, 1, 2), (53, 1, 2), (200, 3, 13)]
    parts = []
    orders: tuple[Order, ...] = ("little", "big")
    for order in orders:
        rows = [(0, -5, 500, 3000, 140, 90, 64), (1, 2**31 - 1, -(2**31), 0xFFFF, 0xFF, 0xFF, 0xFF)]
        packed = [
            at(second + (order == "big") * 10, order)
            + latitude.to_bytes(4, order, signed=True)
            + longitude.to_bytes(4, order, signed=True)
            + altitude.to_bytes(2, order)
            + bytes([heart, cadence, part, 1, 2, 3])
            for second, latitude, longitude, altitude, heart, cadence, part in rows
        ]
        parts.append(record(fields, *packed, is_big=order == "big"))
    data = file(*parts) + file(record(fields[:1], at(30), at(31)))
    check(data)
    columns = FitMessages(data).columns("record")
    assert (columns["timestamp"] - EPOCH_S - FIRST_S).tolist() == [0, 1, 10, 11, 30, 31]
    assert columns["altitude"][[0, 2]].tolist() == [100.0, 100.0]
    assert np.isnan(columns["heart_rate"]).tolist() == [False, True, False, True, True, True]
    assert columns["fractional_cadence"][0] == 0.5


TIME = (253, 4, 0x86)


@pytest.mark.parametrize(
    "data",
    [
        file(record([TIME], at(0))) + b"rest",
        file(record([TIME], at(0)))[:-3],
        file(record([TIME], at(0)) + b"\x01" + at(1)),
        file(record([TIME], at(0)) + b"\x80" + at(1)),
        file(record([TIME, (3, 2, 2)], at(0) + b"\x60\x61")),
        file(record([TIME, (3, 2, 0x84)], at(0) + b"\x60\x61")),
        file(record([TIME, (3, 3, 0x84)], at(0) + b"\x60\x61\x62")),
        file(record([TIME, (9, 2, 0x42)], at(0) + b"\x60\x61")),
        file(record([TIME, (3, 1, 2), (3, 1, 2)], at(0) + b"\x60\x61")),
        file(record([TIME, (8, 3, 13)], at(0) + b"\x10\x20\x30")),
        file(record([(3, 1, 2)], b"\x60")),
        file(record([TIME], b"\xff\xff\xff\xff")),
        file(record([TIME], b"\x10\0\0\0")),
    ],
)
def test_what_is_unusual_is_left_to_the_decoder(data: bytes) -> None:
    with pytest.raises(UnusualError):
        stepped(data).columns([], DEVELOPERS)


def test_speed_in_its_wide_field_alone_counts() -> None:
    fields = [TIME, (73, 4, 0x86), (9, 2, 0x42)]
    data = file(record(fields, *(at(second) + (2500).to_bytes(4, "little") + b"\0\0" for second in range(3))))
    with pytest.raises(UnusualError):
        stepped(data)
    usual = file(record(fields[:2], *(at(second) + (2500).to_bytes(4, "little") for second in range(3))))
    for one in (data, usual):
        assert read_fit(one).recordings[0].columns["speed_m_s"].tolist() == [2.5] * 3
