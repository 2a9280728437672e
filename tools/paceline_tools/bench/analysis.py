"""`python -m paceline_tools.bench.analysis [FOLDER]`: what it takes to analyse an hour, and a year from stored blobs.

Hours are the first 3,600 samples of every recording of the corpus that has as many, at 1 Hz, measured as a run and as a
ride by turns; without the folder, hours that are made. A year is 365 of them, unpacked from their blobs. CPU seconds of
this process, of each hour the least of the rounds: other work on the machine makes a time longer, nothing makes it
shorter. The baseline is the shortest time for the same distances by a plain loop. Then the statistics over time.
"""

import math
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
from paceline_server.analysis.best_efforts import USUAL, best_efforts
from paceline_server.analysis.metrics import measure
from paceline_server.formats.recording import Column, Recording
from paceline_server.telemetry import pack_columns, unpack_columns

from paceline_tools.bench.analysis_over_time import ACTIVITIES, GOAL_WARM_MS, YEARS, measure_stats
from paceline_tools.bench.corpus import read_corpus

HOUR_ROWS = 3600
GOAL_HOUR_MS = 3.0
GOAL_YEAR_S = 1.0
ROUNDS = 9
_DAYS = 365


def main() -> int:
    """Print the figures; return 1 when a goal is missed."""
    default = Path(__file__).resolve().parents[4] / "shared" / "data"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    hours = _recorded_hours(folder) if folder.is_dir() else [_made_hour(seed) for seed in range(10)]
    each_ms = sorted(min(_cpu_s(lambda hour=hour: measure(hour)) for _ in range(ROUNDS)) * 1000 for hour in hours)
    runs = [hour for hour in hours if hour.sport == "running"]
    efforts_ms = min(_cpu_s(lambda: [_efforts(hour) for hour in runs]) for _ in range(ROUNDS)) * 1000 / len(runs)
    loop_ms = min(_cpu_s(lambda: [_efforts_by_loop(hour) for hour in runs]) for _ in range(3)) * 1000 / len(runs)
    blobs = [(hour.sport, pack_columns(hour.columns)) for hour in hours]
    again_s = [min(_cpu_s(lambda blob=blob: _again(*blob)) for _ in range(ROUNDS)) for blob in blobs]
    bare_s = [min(_cpu_s(lambda blob=blob: unpack_columns(blob[1])) for _ in range(ROUNDS)) for blob in blobs]
    year_s, unpack_s = (sum(each[day % len(each)] for day in range(_DAYS)) for each in (again_s, bare_s))

    print(f"{len(hours)} hours of {HOUR_ROWS} samples")
    print(f"{'':46}{'ours':>10}{'baseline':>11}{'goal':>9}")
    print(f"{'all metrics of an hour, median':46}{median(each_ms):>7.2f} ms{'':>11}{GOAL_HOUR_MS:>6.0f} ms")
    print(f"{'all metrics of an hour, slowest':46}{each_ms[-1]:>7.2f} ms")
    print(f"{'  best efforts of it (baseline: plain loop)':46}{efforts_ms:>7.2f} ms{loop_ms:>8.2f} ms")
    print(f"{'a year anew from blobs':46}{year_s:>7.2f} s {'':>11}{GOAL_YEAR_S:>6.0f} s")
    print(f"{'  unpacking of it':46}{unpack_s:>7.2f} s")
    cold_ms, answer_ms, page_ms = measure_stats()
    print(f"\nStatistics of {ACTIVITIES:,} activities in {YEARS} years, without HTTP")
    print(f"{'read anew':46}{cold_ms:>7.2f} ms")
    print(f"{'warm, for the API':46}{answer_ms:>7.2f} ms{'':>11}{GOAL_WARM_MS:>6.0f} ms")
    print(f"{'warm, for the page':46}{page_ms:>7.2f} ms{'':>11}{GOAL_WARM_MS:>6.0f} ms")
    held = (
        ("hour", each_ms[-1], GOAL_HOUR_MS),
        ("year", year_s, GOAL_YEAR_S),
        ("statistics", max(answer_ms, page_ms), GOAL_WARM_MS),
    )
    missed = [name for name, value, goal in held if value > goal]
    print(f"Missed: {', '.join(missed)}" if missed else "All goals are met.")
    return 1 if missed else 0


def _recorded_hours(folder: Path) -> list[Recording]:
    activities = [activity for activity in read_corpus(folder)[0] if activity.samples >= HOUR_ROWS]
    hours = []
    for number, activity in enumerate(activities):
        cut = {name: column[:HOUR_ROWS] for name, column in activity.columns.items()}
        fix, heart = cut["fix"] > 0, cut["heart_rate_bpm"] > 0
        columns = {
            "time_s": cut["t_s"] - float(cut["t_s"][0]),
            "latitude_deg": np.where(fix, cut["latitude_udeg"] / 1e6, np.nan),
            "longitude_deg": np.where(fix, cut["longitude_udeg"] / 1e6, np.nan),
            "altitude_m": np.where(fix, cut["altitude_2dm"] / 5, np.nan),
            "speed_m_s": np.where(fix, cut["speed_cm_s"] / 100, np.nan),
            "heart_rate_bpm": np.where(heart, cut["heart_rate_bpm"], np.nan),
        }
        hours.append(Recording.of(("running", "cycling")[number % 2], "bench", 0.0, columns))
    return hours


def _made_hour(seed: int) -> Recording:
    chance, time_s = np.random.default_rng(seed), np.arange(float(HOUR_ROWS))
    speed = np.round(3 + 0.5 * np.sin(time_s / 200) + chance.normal(0, 0.1, HOUR_ROWS), 2)
    columns = {
        "time_s": time_s,
        "latitude_deg": np.round(47 + np.cumsum(speed) / 111_195, 6),
        "longitude_deg": np.full(HOUR_ROWS, 8.0),
        "altitude_m": np.round(400 + 20 * np.sin(time_s / 300), 1),
        "speed_m_s": speed,
        "heart_rate_bpm": np.round(150 + 10 * np.sin(time_s / 400) + chance.normal(0, 1, HOUR_ROWS)),
    }
    return Recording.of(("running", "cycling")[seed % 2], "bench", 0.0, columns)


def _again(sport: str, blob: bytes) -> None:
    measure(Recording.of(sport, "bench", 0.0, unpack_columns(blob)))


def _efforts(hour: Recording) -> None:
    best_efforts(hour.columns["time_s"], _distance_m(hour), hour.sport)


def _efforts_by_loop(hour: Recording) -> None:
    distance, times = _distance_m(hour).tolist(), hour.columns["time_s"].tolist()
    for metres in USUAL[hour.sport][0]:
        best, first = math.inf, 0
        for last, reached in enumerate(distance):
            while distance[first] + metres <= reached:
                best = min(best, times[last] - times[first])
                first += 1


def _distance_m(hour: Recording) -> Column:
    return np.cumsum(np.nan_to_num(hour.columns["speed_m_s"]))


def _cpu_s(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


if __name__ == "__main__":
    sys.exit(main())
