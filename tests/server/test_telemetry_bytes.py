"""Telemetry blobs byte for byte: vectors of both versions, tables, and bytes that nobody wrote."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paceline_server.formats.recording import Column
from paceline_server.telemetry import (
    COLUMN_NAMES,
    TelemetryError,
    as_kept,
    column_sizes,
    pack_columns,
    row_count,
    unpack_columns,
)
from paceline_tools.fuzz.running import run
from paceline_tools.fuzz.telemetry import FIRST_VERSION, sound_columns

from server import telemetry_by_hand

NONE = math.nan
FEW: dict[str, Column] = {
    "time_s": np.arange(6.0) * 2,
    "latitude_deg": np.array([47.1, 47.100021, NONE, 47.100065, 47.10009, 47.1001]),
    "longitude_deg": np.array([8.5, 8.50003, NONE, 8.5001, 8.50012, 8.5002]),
    "heart_rate_bpm": np.array([100.0, 101, 101, NONE, 99, 99]),
    "distance_m": np.array([0, 2.31, 4.72, 7.0, 9.9, 12.25]),
}
FEW_BYTES = bytes.fromhex(
    "504c540206000000050006010b020c05060806000000185fb408c0c1f52ca222ecab9cf708c0cc8d08c0c66a9bfddf9e08c801aaa4030000"
    "070d0d10"
)
MANY_BYTES = bytes.fromhex(
    "504c5402500000000600060126022203150811042400000030bffc0480a7e92ccc49c6219f3200c4012c02cd474e6a7294c6610c6c241853"
    "bba35c8909f5b3fb7d04d0d7d0078e33d212e50529db07f309a09273c32159b6db45aecd9dcb0bddf6aa4e06a01ff93fe13f03c701037053"
    "dcbc46f43eb143f806005549ac3f0405040200037540b9f0ed0600f93bff3c8601ba01cf0cbe13910af201ee01a602380e02b703003d1ea5"
    "4719462268"
)


def test_few_rows_are_these_bytes() -> None:
    assert pack_columns(FEW) == FEW_BYTES
    _same(unpack_columns(FEW_BYTES, tuple(FEW)), as_kept(FEW))


MANY_ROW = np.arange(80, dtype=np.float64)
MANY: dict[str, Column] = {
    "time_s": MANY_ROW * 1.0,
    "latitude_deg": 47 + np.sin(MANY_ROW / 4) / 1000,
    "longitude_deg": 8 + np.cos(MANY_ROW / 4) / 1000,
    "altitude_m": 400 + MANY_ROW * 3 % 8 // 3 * 10.0,
    "speed_m_s": (MANY_ROW * 7 % 11) * 0.55,
    "distance_m": np.floor(MANY_ROW * 3.3 / 5) * 5.0,
}


def test_fitted_and_listed_columns_are_these_bytes() -> None:
    flags = _flags(MANY_BYTES)
    assert flags[1] & 4 and flags[3] & 3, "factors, and a list"
    assert pack_columns(MANY) == MANY_BYTES
    _same(unpack_columns(MANY_BYTES, tuple(MANY)), as_kept(MANY))


def test_blobs_of_the_first_version_are_read() -> None:
    blob = FIRST_VERSION
    assert row_count(blob) == 6
    _same(unpack_columns(blob, tuple(FEW)), FEW)
    assert np.isnan(unpack_columns(blob, ("power_w",))["power_w"]).all()


@pytest.mark.parametrize("rows", [0, 5, 7, 2**32 - 1])
def test_a_first_blob_that_lies_about_its_rows_is_refused_before_room_is_made(rows: int) -> None:
    blob = FIRST_VERSION
    for names in (COLUMN_NAMES, ("power_w",)):
        with pytest.raises(TelemetryError, match="6 values for"):
            unpack_columns(blob[:4] + rows.to_bytes(4, "little") + blob[8:], names)
    with pytest.raises(TelemetryError, match="0 values for"):
        unpack_columns(b"PLT\x01\xff\xff\xff\xff\0")


@pytest.mark.parametrize("rows", [9_000, 16_384 * len(FEW_BYTES + b"...."), 4_000_000, 4_000_001, 2**32 - 1])
def test_a_blob_that_says_more_rows_than_it_holds_is_refused(rows: int) -> None:
    lies = FEW_BYTES[:4] + rows.to_bytes(4, "little") + FEW_BYTES[8:]
    with pytest.raises(TelemetryError):
        unpack_columns(lies)
    if rows > 16_384 * (len(FEW_BYTES) + 1):
        with pytest.raises(TelemetryError, match="out of bounds"):
            row_count(lies)


def test_the_document_alone_suffices_to_read() -> None:
    for kind in range(4):
        _by_hand(sound_columns(kind))
    _by_hand(FEW)
    _by_hand({"time_s": MANY_ROW * 2.0, "speed_m_s": MANY_ROW % 9 / 3, "distance_m": np.cumsum(MANY_ROW % 5) * 1.37})


@pytest.mark.parametrize("blob", [FEW_BYTES, MANY_BYTES])
def test_a_blob_that_is_cut_or_longer_is_refused(blob: bytes) -> None:
    for broken in (*(blob[:length] for length in range(0, len(blob), 3)), blob + b"\0"):
        with pytest.raises(TelemetryError):
            unpack_columns(broken)


def test_what_would_not_fit_is_refused() -> None:
    for value in (2.0**48 / 1000, -1e300, math.inf, -math.inf):
        with pytest.raises(ValueError, match="out of bounds"):
            pack_columns({"time_s": np.array([0.0, value])})
    with pytest.raises(ValueError, match="one length"):
        pack_columns({"time_s": np.arange(3.0), "power_w": np.arange(2.0)})


def test_the_largest_values_come_back() -> None:
    most = 2.0**48 - 1
    swings = np.array([most, -most, 0, most, most, -most, 1] * 10, np.float64)
    track = {"time_s": swings / 1000, "latitude_deg": swings / 1e6, "longitude_deg": -swings / 1e6}
    columns = track | {"distance_m": swings / 10, "speed_m_s": swings[::-1] / 100, "power_w": swings}
    _by_hand(columns)
    _by_hand({"time_s": swings[:1] / 1000, "power_w": -swings[:1]})


def test_a_distance_is_kept_in_cm_where_there_is_no_track() -> None:
    row = np.arange(40.0)
    pool = {"time_s": row, "distance_m": row * 1.2345}
    found = unpack_columns(pack_columns(pool))["distance_m"]
    np.testing.assert_array_equal(found, np.rint(row * 1.2345 * 100) / 100)
    half = row < 19.5
    for share, per_m in ((half, 10), (half & (row > 0), 100)):
        track = pool | {"latitude_deg": np.where(share, 47 + row / 1e5, NONE), "longitude_deg": row / 1e5}
        found = unpack_columns(pack_columns(track), ("distance_m",))
        np.testing.assert_array_equal(found["distance_m"], np.rint(row * 1.2345 * per_m) / per_m)
        _same(found, {"distance_m": as_kept(as_kept(track))["distance_m"]})


def test_the_bytes_of_columns_are_told() -> None:
    sizes = column_sizes(FEW_BYTES)
    assert sizes["latitude_deg"] > 0 and sizes["power_w"] == 0
    assert sum(sizes.values()) == len(FEW_BYTES) - 9 - 2 * len(FEW)


def test_damaged_blobs_are_refused_or_read() -> None:
    tally = run("telemetry", range(300))
    assert tally.wrong == () and tally.read > 0 and tally.refused > 0


@settings(max_examples=25, deadline=None)
@given(st.data(), st.integers(1, 120))
def test_any_columns_come_back(data: st.DataObject, rows: int) -> None:
    dice = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    unit_s = float(data.draw(st.sampled_from([0.001, 1.0])))
    columns: dict[str, Column] = {"time_s": np.cumsum(dice.integers(1, 5, rows)).astype(np.float64) * unit_s}
    for name in data.draw(st.sets(st.sampled_from(COLUMN_NAMES[1:]))):
        width = data.draw(st.sampled_from([0, 1, 30, 10**4, 10**9]))
        drawn = dice.integers(-width, width + 1, rows) * 1.0
        drawn = np.cumsum(drawn) / 1000 if data.draw(st.booleans()) else drawn
        drawn[dice.random(rows) < data.draw(st.sampled_from([0, 0.3, 1]))] = np.nan
        columns[name] = np.clip(drawn, -1e5, 1e5).astype(np.float64)
    _by_hand(columns)


def _by_hand(columns: dict[str, Column]) -> None:
    """Assert that columns come back, and that the plain reader reads the same."""
    blob = pack_columns(columns)
    found = unpack_columns(blob)
    _same(found, as_kept(columns))
    for number, column in telemetry_by_hand.read(blob).items():
        np.testing.assert_array_equal(found[COLUMN_NAMES[number]], np.array(column, np.float64))


def _flags(blob: bytes) -> dict[int, int]:
    taken = telemetry_by_hand.Taken(blob)
    lengths = [(taken.take(1)[0], taken.size()) for _ in range(taken.take(9)[8])]
    return {number: taken.take(length)[0] for number, length in lengths}


def _same(found: dict[str, Column], expected: dict[str, Column]) -> None:
    for name, column in expected.items():
        np.testing.assert_array_equal(found[name], column, err_msg=name)
