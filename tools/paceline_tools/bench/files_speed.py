"""What it takes to read an hour of FIT, GPX and TCX and to analyse it, beside other readers alone; bytes per sample."""

import gzip
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median
from xml.etree import ElementTree

import fitdecode
from paceline_server.analysis.metrics import measure
from paceline_server.formats.read import read_recording
from paceline_server.telemetry import COLUMN_NAMES, column_sizes, pack_columns, unpack_columns

from paceline_tools.bench.corpus import read_corpus

FILES = {
    "FIT": "activities/fit/sports-lib__6782987395.fit",
    "GPX": "activities/gpx/sports-lib__6782987395.gpx.gz",
    "TCX": "activities/tcx/sports-lib__6782987395.tcx.gz",
}
"""One run of 83 minutes at 1 Hz in three formats."""
GOAL_BYTES = 2.2
OF_A_SAMPLE = [name for name in COLUMN_NAMES if name not in {"distance_m", "power_w"}]
"""The columns of a blob that a sample of the journal has (docs/SAMPLES.md)."""
ROUNDS = 7


def print_speed(folder: Path) -> bool:
    """Print CPU milliseconds per hour of recording, and bytes per sample; True when the goal for bytes is met."""
    print("\nCPU milliseconds for an hour at 1 Hz (the run of 83 minutes, in proportion)")
    print(f"{'':6}{'read':>9}{'analyse':>10}{'pack':>8}{'sum':>8}{'unpack':>9}   another reader alone")
    for name, path in FILES.items():
        data = (folder / path).read_bytes()
        content = gzip.decompress(data) if path.endswith(".gz") else data
        recording = read_recording(content, path)[0]
        hours = recording.duration_s / 3600
        read_ms = _cpu_ms(lambda content=content, path=path: read_recording(content, path)) / hours
        analyse_ms = _cpu_ms(lambda recording=recording: measure(recording)) / hours
        pack_ms = _cpu_ms(lambda recording=recording: pack_columns(recording.columns)) / hours
        blob = pack_columns(recording.columns)
        unpack_ms = _cpu_ms(lambda blob=blob: unpack_columns(blob)) / hours
        other, other_ms = _other(name, content)
        total_ms = read_ms + analyse_ms + pack_ms
        ours = f"{read_ms:>9.1f}{analyse_ms:>10.1f}{pack_ms:>8.1f}{total_ms:>8.1f}{unpack_ms:>9.1f}"
        print(f"{name:6}{ours}   {other} {other_ms / hours:.0f}")
    return _print_bytes(folder)


def _print_bytes(folder: Path) -> bool:
    """Print what telemetry takes, pooled. The goal is from before there was power, and is held without it."""
    activities, _ = read_corpus(folder)
    samples = wearable = 0
    sizes: Counter[str] = Counter()
    for activity in activities:
        recording = read_recording(activity.data, activity.path)[0]
        blob = pack_columns(recording.columns)
        columns = column_sizes(blob)
        samples += recording.points
        sizes.update(columns | {"": len(blob) - sum(columns.values())})
        wearable += len(pack_columns({name: recording.columns[name] for name in OF_A_SAMPLE}))
    without = (sizes.total() - sizes["power_w"]) / samples
    print(
        f"\nTelemetry of {len(activities)} recordings, {samples:,} samples: bytes for each, pooled (goal {GOAL_BYTES})"
    )
    print(f"{wearable / samples:>6.2f} of the columns that a wearable's sample has")
    print(f"{without:>6.2f} with the distance, which files have")
    print(f"{sizes.total() / samples:>6.2f} with power too, which the goal is older than")
    print("of it " + ", ".join(f"{name or 'heads'} {size / samples:.3f}" for name, size in sizes.items() if size))
    return without <= GOAL_BYTES


def _other(name: str, content: bytes) -> tuple[str, float]:
    if name == "FIT":
        return "fitdecode", _cpu_ms(lambda: _drain(content), rounds=1)
    return "ElementTree (a tree, no values)", _cpu_ms(lambda: ElementTree.fromstring(content))  # noqa: S314 (a recording of ours)


def _drain(content: bytes) -> None:
    with fitdecode.FitReader(content) as reader:
        for frame in reader:
            if isinstance(frame, fitdecode.FitDataMessage):
                _ = [field.value for field in frame.fields]


def _cpu_ms(task: Callable[[], object], rounds: int = ROUNDS) -> float:
    spent = []
    for _ in range(rounds):
        began = time.process_time()
        task()
        spent.append(time.process_time() - began)
    return median(spent) * 1000
