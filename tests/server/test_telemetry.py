"""Telemetry: what goes in at the journal's precision comes out, whichever columns are asked for."""

import numpy as np
import pytest
from paceline_server.formats.recording import Column
from paceline_server.telemetry import COLUMN_NAMES, TelemetryError, pack_columns, unpack_columns
from server.journal_builder import run_samples

UNITS = (1000, 1_000_000, 1_000_000, 5, 100, 1, 1, 1, 10, 1)


def columns_of(rows: int, missing: float, seed: int = 1) -> dict[str, Column]:
    """Return columns at the journal's precision with a share of their values missing."""
    rng = np.random.default_rng(seed)
    numbers = np.array(run_samples(rows), np.int64).reshape(-1, 9)[:, [0, 2, 3, 4, 5, 6, 7, 8, 5, 6]]
    columns: dict[str, Column] = {name: numbers[:, i] / UNITS[i] for i, name in enumerate(COLUMN_NAMES)}
    columns["time_s"] = np.arange(rows, dtype=np.float64) * 1.001
    for name in COLUMN_NAMES[1:]:
        columns[name][rng.random(rows) < missing] = np.nan
    return columns


@pytest.mark.parametrize("missing", [0.0, 0.1, 1.0])
@pytest.mark.parametrize("rows", [0, 1, 7, 3600])
def test_columns_come_back_exactly(rows: int, missing: float) -> None:
    columns = columns_of(rows, missing)
    back = unpack_columns(pack_columns(columns))
    assert back.keys() == set(COLUMN_NAMES)
    for name in COLUMN_NAMES:
        np.testing.assert_array_equal(back[name], np.rint(columns[name] * 1e6) / 1e6 if rows else np.empty(0))


@pytest.mark.parametrize("names", [("time_s",), ("cadence_spm", "latitude_deg"), ("distance_m",), ()])
def test_any_subset_equals_the_whole(names: tuple[str, ...]) -> None:
    blob = pack_columns(columns_of(500, 0.2))
    whole = unpack_columns(blob)
    subset = unpack_columns(blob, names)
    assert tuple(subset) == names
    for name in names:
        np.testing.assert_array_equal(subset[name], whole[name])


def test_an_absent_column_comes_back_missing() -> None:
    columns = columns_of(50, 0)
    del columns["distance_m"]
    assert np.isnan(unpack_columns(pack_columns(columns))["distance_m"]).all()


def test_an_hour_is_small() -> None:
    assert len(pack_columns(columns_of(3600, 0))) < 30_000


@pytest.mark.parametrize("cut", [0, 3, 8, 20, 60, 400])
def test_a_damaged_blob_is_refused(cut: int) -> None:
    blob = pack_columns(columns_of(500, 0.2))
    with pytest.raises(TelemetryError):
        unpack_columns(blob[:cut])
    with pytest.raises(TelemetryError):
        unpack_columns(b"XLT\x01" + blob[4:])


def test_a_blob_of_fewer_rows_than_it_holds_is_refused() -> None:
    blob = pack_columns(columns_of(50, 0))
    with pytest.raises(TelemetryError, match="another number of rows"):
        unpack_columns(blob[:4] + (20).to_bytes(4, "little") + blob[8:])
