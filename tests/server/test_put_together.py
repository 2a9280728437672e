"""One recording of several: by clocks put right, silent stretches filled, parts one after the other."""

from dataclasses import replace

import numpy as np
import pytest
from paceline_server.analysis.put_together import Member, put_together
from paceline_server.analysis.stream_choice import chosen, told_of
from paceline_server.formats.recording import Lap, Recording
from server.test_same_workout import PLACES, RUN, START_S, only, rows_of


def member(name: str, recording: Recording) -> Member:
    """Return the recording with its distance, as telemetry has it."""
    placed = not np.isnan(recording.columns["latitude_deg"]).all()
    way_m = 3.0 * recording.columns["time_s"] if placed else np.zeros(recording.points)
    return Member(name, replace(recording, columns=dict(recording.columns) | {"distance_m": way_m}), own_distance=False)


def rule(*members: Member) -> dict[str, str]:
    """Return what the rule takes, the first being the primary one."""
    told = {one.name: told_of(one.recording, one.own_distance, 1800.0) for one in members}
    return chosen(told, members[0].name)


def test_the_heart_rate_of_a_strap_whose_clock_is_ahead_comes_to_its_seconds() -> None:
    watch = member("watch", RUN)
    strap = member("strap", replace(only(RUN, "heart_rate_bpm"), start_utc_s=START_S + 100))
    sources = rule(watch, strap)
    assert sources == {"position": "watch", "distance": "watch", "heart_rate": "strap"}
    made, primary_s = put_together([watch, strap], sources, "watch")
    assert (made.start_utc_s, made.points, primary_s) == (START_S, 1800, 0.0)
    apart = np.abs(made.columns["heart_rate_bpm"] - RUN.columns["heart_rate_bpm"])
    assert np.nanmax(apart) <= 2 and np.isnan(apart).sum() < 10
    assert "distance_m" not in made.columns, "it is measured anew from the watch's own positions"


def test_where_the_chosen_one_is_silent_the_next_one_speaks() -> None:
    watch = member("watch", RUN)
    beats = RUN.columns["heart_rate_bpm"].copy()
    beats[600:900] = beats[1200:1210] = np.nan
    strap = member("strap", replace(only(RUN), columns=dict(only(RUN).columns) | {"heart_rate_bpm": beats + 1}))
    made, _ = put_together([watch, strap], {"position": "watch", "heart_rate": "strap"}, "watch")
    given = made.columns["heart_rate_bpm"] - RUN.columns["heart_rate_bpm"]
    assert given[650:850] == pytest.approx(0) and given[:590] == pytest.approx(1)
    assert np.isnan(given[1203:1207]).all() or given[1203:1207] == pytest.approx(1, abs=2), "a moment is left as it is"


def test_a_distance_that_was_counted_is_added_up_along_the_way() -> None:
    watch = member("watch", only(RUN, *PLACES))
    pod = replace(member("pod", only(RUN, "heart_rate_bpm")), own_distance=True)
    counted = dict(pod.recording.columns) | {"distance_m": 3.1 * RUN.columns["time_s"]}
    pod = replace(pod, recording=replace(pod.recording, columns=counted))
    assert rule(watch, pod)["distance"] == "pod"
    made, _ = put_together([watch, pod], rule(watch, pod), "watch")
    assert float(made.columns["distance_m"][-1]) == pytest.approx(3.1 * 1799, rel=1e-6)


def test_parts_follow_each_other_with_a_pause_and_their_laps() -> None:
    first = member("first", replace(rows_of(RUN, 0, 600), laps=(Lap(0, 599),)))
    second = member("second", replace(rows_of(RUN, 1000, 1800), laps=(Lap(1000, 1799),)))
    made, _ = put_together([second, first], rule(second, first), "second")
    assert made.start_utc_s == START_S and made.points == 1400
    assert [(one.start_s, one.end_s) for one in made.pauses] == [(599, 1000)]
    assert sorted((lap.start_s, lap.end_s) for lap in made.laps) == [(0, 599), (1000, 1799)]
    assert float(made.columns["distance_m"][-1]) == pytest.approx(3.0 * (599 + 799), rel=1e-6)


def test_what_is_alike_is_left_with_the_primary_one() -> None:
    assert set(rule(member("fit", RUN), member("gpx", RUN)).values()) == {"fit"}
    assert rule(member("gpx", only(RUN, *PLACES)), member("fit", RUN))["heart_rate"] == "fit"
