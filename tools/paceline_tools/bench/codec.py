"""`python -m paceline_tools.bench.codec [FOLDER]`: what a sample costs, all in, beside other formats and the goal.

Every recording of the corpus is written as journal pages, read back from them and compared; the pages' bytes are what
is counted: headers, check sums, clock and session records, slack, seals.
"""

import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from paceline_protocol.sample import COLUMNS
from paceline_protocol.sample_codec import WORST_SAMPLE_BYTES
from paceline_server.formats.sample_chunks import decode_chunks, warm_up

from paceline_tools.bench.corpus import Activity, read_corpus
from paceline_tools.bench.journal_pages import PageWriter, payloads_of
from paceline_tools.bench.on_micropython import ESP32_S3_RATIO, measure_device
from paceline_tools.bench.other_formats import gzipped_gpx_bytes, pcodec_bytes
from paceline_tools.bench.tune_codec import tuning_half

GOAL_BYTES = 2.5
GOAL_DECODE_US = 3.0
GOAL_STATE_BYTES = 8192
GOAL_DEVICE_MS = 10.0
DECODE_ROUNDS = 5
DEVICE_SAMPLES = 3000


@dataclass(frozen=True)
class Cost:
    """Bytes of one recording; `fit` is None when it was not recorded as FIT; `fixes` counts samples with a position."""

    name: str
    tuning: bool
    samples: int
    fixes: int
    ours: int
    coded: int
    fit: int | None
    gpx: int
    pcodec: int


def main() -> int:
    """Print the table; return 1 when a goal is missed."""
    default = Path(__file__).resolve().parents[4] / "shared" / "data"
    activities, left_out = read_corpus(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
    tuning = {activity.path for activity in tuning_half(activities)}
    costs: list[Cost] = []
    payloads: list[list[bytes]] = []
    for activity in activities:
        pages = _pages(activity)
        payloads.append(list(payloads_of(pages)))
        _check_lossless(activity, payloads[-1])
        costs.append(_cost(activity, activity.path in tuning, pages, payloads[-1]))
    _print_costs(costs)
    print(f"\nLeft out of the {len(activities) + len(left_out)} files of the rule:")
    for file in left_out:
        print(f"  {Path(file.path).name}: {file.reason}")
    return 0 if _print_goals(costs, payloads, activities) else 1


def _pages(activity: Activity) -> list[bytes]:
    writer = PageWriter()
    writer.write(_rows(activity).tolist())
    return writer.pages


def _rows(activity: Activity) -> NDArray[np.int64]:
    return np.stack([activity.columns[name] for name, _, _ in COLUMNS], axis=1)


def _check_lossless(activity: Activity, payloads: Sequence[bytes]) -> None:
    found = decode_chunks(payloads)
    valid = activity.columns["fix"] > 0
    for name, column in activity.columns.items():
        rows = valid if name in ("latitude_udeg", "longitude_udeg", "altitude_2dm", "speed_cm_s") else slice(None)
        if not np.array_equal(found[name][rows], column[rows]):
            raise AssertionError(f"{activity.path}: {name} did not come back as it was put")


def _cost(activity: Activity, tuning: bool, pages: Sequence[bytes], payloads: Sequence[bytes]) -> Cost:
    is_fit = activity.path.endswith(".fit")
    return Cost(
        name=Path(activity.path).name.removesuffix(".gz"),
        tuning=tuning,
        samples=activity.samples,
        fixes=int(np.count_nonzero(activity.columns["fix"])),
        ours=sum(map(len, pages)),
        coded=sum(map(len, payloads)),
        fit=len(activity.data) if is_fit else None,
        gpx=gzipped_gpx_bytes(activity.columns),
        pcodec=pcodec_bytes(activity.columns),
    )


def _print_costs(costs: Sequence[Cost]) -> None:
    print("Bytes per sample. ours: whole journal pages; codec: SAMPLES payloads alone; pcodec: columns alone, no page.")
    print("half: T tuned on, O other.  fix: samples with a position.  FIT: as recorded, with all its fields.\n")
    print(
        f"{'recording':<58}{'half':>5}{'samples':>9}{'fix':>6}{'ours':>8}{'codec':>8}{'pcodec':>8}{'GPX.gz':>8}{'FIT':>8}"
    )
    for cost in costs:
        _print_row(cost.name[:57], "T" if cost.tuning else "O", [cost])
    print()
    _print_row("tuning half", "T", [cost for cost in costs if cost.tuning])
    _print_row("other half", "O", [cost for cost in costs if not cost.tuning])
    _print_row(
        "with a position in ≥ 95 % of samples", "", [cost for cost in costs if cost.fixes >= 0.95 * cost.samples]
    )
    _print_row("ALL, pooled", "", costs)


def _print_row(name: str, half: str, costs: Sequence[Cost]) -> None:
    samples = sum(cost.samples for cost in costs)
    from_fit = [cost for cost in costs if cost.fit is not None]
    fit = sum(cost.fit or 0 for cost in from_fit) / max(1, sum(cost.samples for cost in from_fit))
    print(
        f"{name:<58}{half:>5}{samples:>9}{sum(cost.fixes for cost in costs) / samples:>6.0%}"
        f"{sum(cost.ours for cost in costs) / samples:>8.3f}{sum(cost.coded for cost in costs) / samples:>8.3f}"
        f"{sum(cost.pcodec for cost in costs) / samples:>8.3f}{sum(cost.gpx for cost in costs) / samples:>8.2f}"
        + (f"{fit:>8.2f}" if from_fit else f"{'–':>8}")
    )


def _print_goals(costs: Sequence[Cost], payloads: Sequence[Sequence[bytes]], activities: Sequence[Activity]) -> bool:
    samples = sum(cost.samples for cost in costs)
    all_in = sum(cost.ours for cost in costs) / samples
    decode_us = _decode_us(payloads, samples)
    chosen = max(activities, key=lambda activity: activity.samples)
    device = measure_device({name: column[:DEVICE_SAMPLES] for name, column in chosen.columns.items()})
    device_ms = device.encode_us * ESP32_S3_RATIO / 1000
    rows = [
        ("bytes per sample, all in, pooled", all_in, GOAL_BYTES, "1.65 without speed is the real limit"),
        ("native decoder, µs CPU per sample", decode_us, GOAL_DECODE_US, "pcodec 0.02"),
        ("encoder's heap on MicroPython (unix, 64 bit), bytes", device.state_bytes, GOAL_STATE_BYTES, "built and idle"),
        ("allocated while encoding, bytes", device.allocated_bytes, 0, f"{DEVICE_SAMPLES} samples, collector off"),
        (
            "encoder on an ESP32-S3, ms per sample (estimate)",
            device_ms,
            GOAL_DEVICE_MS,
            f"{device.encode_us:.0f} µs × 73",
        ),
    ]
    print(f"\n{'figure':<54}{'measured':>10}{'goal':>8}  beside")
    for name, measured, goal, beside in rows:
        mark = "" if measured <= goal else "  MISSED"
        print(f"{name:<54}{measured:>10.3f}{goal:>8g}  {beside}{mark}")
    print(f"A chunk keeps {WORST_SAMPLE_BYTES} bytes free for the worst sample.")
    return all(measured <= goal for _, measured, goal, _ in rows)


def _decode_us(payloads: Iterable[Sequence[bytes]], samples: int) -> float:
    warm_up()
    start = time.process_time()
    for _ in range(DECODE_ROUNDS):
        for chunks in payloads:
            decode_chunks(chunks)
    return (time.process_time() - start) / DECODE_ROUNDS / samples * 1e6


if __name__ == "__main__":
    sys.exit(main())
