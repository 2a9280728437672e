"""What is sent to be drawn: few rows, in which peaks, turns and gaps stay; small on the wire. Pure."""

import gzip
from collections.abc import Mapping

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paceline_server.analysis.drawing import CHART_MEAN_S, GRADE, between, drawn
from paceline_server.analysis.running_mean import mean_around
from paceline_server.analysis.thinning import LEAST, SERIES, thinned
from paceline_server.formats.recording import Column

POINTS = 2000  # what the page asks for (server/web/src/rows.ts)
HOUR_BYTES, TEN_HOURS_BYTES = 60_000, 120_000


def ride(seconds: int, seed: int = 3) -> dict[str, Column]:
    """Noisy as recordings are, with every series there is."""
    chance, t = np.random.default_rng(seed), np.arange(float(seconds))
    speed = np.abs(8 + np.cumsum(chance.normal(0, 0.15, seconds)) % 5 + chance.normal(0, 0.4, seconds))
    heading = np.cumsum(chance.normal(0, 0.05, seconds))
    columns = {
        "time_s": t,
        "latitude_deg": 46 + np.cumsum(speed * np.cos(heading)) / 111_195,
        "longitude_deg": 7 + np.cumsum(speed * np.sin(heading)) / 77_000,
        "altitude_m": np.rint((500 + 80 * np.sin(t / 900) + np.cumsum(chance.normal(0, 0.1, seconds))) * 5) / 5,
        "speed_m_s": np.rint(speed * 100) / 100,
        "heart_rate_bpm": np.rint(140 + 25 * np.sin(t / 300) + chance.normal(0, 2, seconds)),
        "heart_rate_confidence": np.full(seconds, 3.0),
        "cadence_spm": np.rint(85 + chance.normal(0, 5, seconds)),
        "distance_m": np.rint(np.cumsum(speed) * 100) / 100,
        "power_w": np.rint(np.abs(210 + chance.normal(0, 60, seconds))),
    }
    return {name: np.round(column, 6) for name, column in columns.items()}


def body(columns: Mapping[str, Column]) -> bytes:
    return orjson.dumps(dict(columns), option=orjson.OPT_SERIALIZE_NUMPY)


@pytest.mark.parametrize(("hours", "most"), [(1, HOUR_BYTES), (10, TEN_HOURS_BYTES)])
def test_a_workout_is_small_on_the_wire_and_keeps_its_peaks(hours: int, most: int) -> None:
    columns = ride(3600 * hours)
    columns["heart_rate_bpm"][1234] = 231  # a peak of one row
    columns["power_w"][2345] = 1450
    few = thinned(columns, POINTS)
    assert POINTS * 0.6 < len(few["time_s"]) <= POINTS
    for name in SERIES:
        assert (few[name].min(), few[name].max()) == (columns[name].min(), columns[name].max()), name
    assert (few["time_s"][0], few["time_s"][-1]) == (0, 3600 * hours - 1)
    sent = drawn(columns, POINTS, mean_s=CHART_MEAN_S)
    assert len(gzip.compress(body(sent), 5)) <= most
    assert sent["heart_rate_bpm"].max() == 231
    assert GRADE in sent and np.isfinite(sent[GRADE]).all()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([1, 1, 1, 2, 5, 40, 900]), min_size=0, max_size=300),
    st.integers(LEAST, 120),
    st.integers(0, 2**32),
)
def test_rows_are_few_ascend_and_are_of_the_recording(steps: list[int], most: int, seed: int) -> None:
    chance, time_s = np.random.default_rng(seed), np.cumsum([0.0, *steps])
    columns = {name: np.rint(chance.normal(100, 30, len(time_s))) for name in ("heart_rate_bpm", "latitude_deg")}
    columns = {name: np.where(chance.random(len(time_s)) < 0.2, np.nan, column) for name, column in columns.items()}
    columns |= {"time_s": time_s, "longitude_deg": columns["latitude_deg"]}
    few = thinned(columns, most)
    assert len(few["time_s"]) <= max(most, 1) and (np.diff(few["time_s"]) > 0).all()
    taken = np.isin(few["time_s"], time_s)
    assert np.isnan(few["heart_rate_bpm"][~taken]).all()  # put into gaps
    at = np.searchsorted(time_s, few["time_s"][taken])
    np.testing.assert_array_equal(few["heart_rate_bpm"][taken], columns["heart_rate_bpm"][at])
    if len(time_s):
        assert (few["time_s"][0], few["time_s"][-1]) == (time_s[0], time_s[-1])


def test_a_gap_breaks_the_curves_and_one_stays_where_one_was() -> None:
    columns = ride(1000)
    columns["time_s"][500:] += 600
    few = thinned(columns, 2000)
    (row,) = np.flatnonzero(np.isnan(few["speed_m_s"]))
    assert few["time_s"][row] == 500 + 299.5
    assert few["distance_m"][row] == columns["distance_m"][499]
    # A recorder that writes a row in 40 s has no gaps for that.
    assert len(thinned({"time_s": np.arange(50.0) * 40}, LEAST * 3)["time_s"]) == 50


def test_a_corner_of_the_way_stays() -> None:
    there, back = np.linspace(0, 0.01, 500), np.linspace(0.01, 0, 500)
    columns = {
        "time_s": np.arange(1000.0),
        "latitude_deg": np.concatenate([there, back]),
        "longitude_deg": np.zeros(1000),
    }
    assert thinned(columns, 40)["latitude_deg"].max() == 0.01


def test_a_stretch_is_smoothed_and_sloped_as_within_the_whole() -> None:
    columns = ride(3000)
    whole, part = drawn(columns, 20_000, mean_s=15), drawn(columns, 20_000, from_s=1000, to_s=1100, mean_s=15)
    assert part["time_s"].tolist() == list(range(1000, 1101))
    for name, column in between(whole, 1000, 1100).items():
        np.testing.assert_array_equal(part[name], column, err_msg=name)
    assert len(drawn(columns, 100, from_s=50, to_s=10)["time_s"]) == 0


def test_a_mean_leaves_out_what_is_not_known() -> None:
    values = np.array([1.0, np.nan, 3.0, 10.0])
    np.testing.assert_array_equal(mean_around(np.array([0.0, 1, 2, 50]), values, 4), [2, np.nan, 2, 10])
