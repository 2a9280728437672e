"""Totals of files against what their devices, or the tests of their origins, say."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from paceline_server.analysis.distance import haversine_m
from paceline_server.analysis.metrics import Metrics, measure
from paceline_server.formats.errors import FormatError
from paceline_server.formats.read import read_contents
from paceline_server.formats.recording import Recording

from paceline_tools.bench.files_reasons import ASSERTED_REASONS, REASONS

Totals = Mapping[str, float | None]


@dataclass(frozen=True)
class Measure:
    """One total: how far it may be off (a part, or an amount if that is more), and the part of files to get right."""

    name: str
    part: float
    amount: float
    goal: float


MEASURES = (
    Measure("distance_m", 0.01, 0.0, 0.97),
    Measure("timer_s", 0.02, 0.0, 0.97),
    Measure("ascent_m", 0.10, 10.0, 0.85),
    Measure("heart_rate_bpm", 0.0, 1.0, 0.95),
)
PLAIN_GOALS = {"distance_m": "95 %", "timer_s": "90 %", "ascent_m": "46 %", "heart_rate_bpm": "84 %"}
"""What the issue says of the plain way."""


def print_totals(folder: Path) -> bool:
    """Print tables of FIT, then of GPX and TCX files; True when the goals for FIT are met."""
    rows = list(_fit_files(folder))
    print(f"FIT: {len(rows)} files with totals of their device (multisport summed); damaged files apart\n")
    print(f"{'':18}{'files':>7}{'ours':>9}{'plain way':>11}{'of the issue':>14}{'goal':>8}")
    met = True
    for one in MEASURES:
        known = [row for row in rows if row.device[one.name] is not None and not row.damaged]
        ours = sum(_right(one, row.ours, row.device) for row in known) / len(known)
        plain = sum(_right(one, row.plain, row.device) for row in known) / len(known)
        print(
            f"{one.name:18}{len(known):>7}{ours:>9.1%}{plain:>11.1%}{PLAIN_GOALS[one.name]:>14}{f'≥ {one.goal:.0%}':>8}"
        )
        met &= ours >= one.goal
    print("\nEvery file that is off, and why:")
    for row in rows:
        for one in MEASURES:
            if row.device[one.name] is not None and not _right(one, row.ours, row.device):
                reason = REASONS.get((row.name, one.name), "not known")
                ours, device = _text(row.ours[one.name]), _text(row.device[one.name])
                print(f"  {row.name}: {one.name} {ours}, device {device}: {reason}")
    _print_asserted(folder)
    return met


@dataclass(frozen=True)
class _File:
    name: str
    ours: Totals
    plain: Totals
    device: Totals
    damaged: bool


def _fit_files(folder: Path) -> Iterator[_File]:
    for item in _items(folder):
        if item["kind"] == "activity/fit" and "device_totals_session" in item:
            try:
                contents = read_contents((folder / item["path"]).read_bytes(), item["path"])
            except FormatError:
                continue
            pairs = [(recording, measure(recording)) for recording in contents.recordings]
            name = Path(item["path"]).name.partition("__")[2]
            device = _device(item["device_totals_session"])
            yield _File(name, _ours(pairs), _plain(contents.recordings), device, bool(contents.warnings))


def _device(sessions: list[Mapping[str, Any]]) -> Totals:
    def total(key: str) -> float | None:
        values = [session[key] for session in sessions if session.get(key) is not None]
        return float(sum(values)) if values else None

    hearts = [
        (session["avg_heart_rate"], session.get("total_timer_time") or 1.0)
        for session in sessions
        if session.get("avg_heart_rate")
    ]
    return {
        "distance_m": total("total_distance") or None,
        "timer_s": total("total_timer_time") or None,
        "ascent_m": total("total_ascent"),
        "heart_rate_bpm": _mean(hearts),
    }


def _ours(pairs: list[tuple[Recording, Metrics]]) -> Totals:
    climbs = [metrics.ascent_m for _, metrics in pairs if metrics.ascent_m is not None]
    return {
        "distance_m": sum(metrics.distance_m for _, metrics in pairs),
        "timer_s": sum(metrics.findings.timer_s for _, metrics in pairs),
        "ascent_m": sum(climbs) if climbs else None,
        "heart_rate_bpm": _mean(
            [
                (metrics.heart_rate_avg_bpm, metrics.findings.timer_s)
                for _, metrics in pairs
                if metrics.heart_rate_avg_bpm is not None
            ]
        ),
    }


def _plain(recordings: tuple[Recording, ...]) -> Totals:
    """Last distance less the first, else between positions; time less pauses; every rise; mean of the rows."""
    distance_m = timer_s = ascent_m = 0.0
    beats: list[float] = []
    for recording in recordings:
        columns = recording.columns
        own = columns.get("distance_m")
        known = own[~np.isnan(own)] if own is not None else np.empty(0)
        placed = ~np.isnan(columns["latitude_deg"])
        ways = haversine_m(columns["latitude_deg"][placed], columns["longitude_deg"][placed])
        distance_m += float(known[-1] - known[0]) if len(known) else float(ways.sum())
        timer_s += recording.duration_s - sum(pause.end_s - pause.start_s for pause in recording.pauses)
        altitude_m = columns["altitude_m"][~np.isnan(columns["altitude_m"])]
        ascent_m += float(np.clip(np.diff(altitude_m), 0, None).sum())
        beats += columns["heart_rate_bpm"][~np.isnan(columns["heart_rate_bpm"])].tolist()
    mean_bpm = float(np.mean(beats)) if beats else None
    return {"distance_m": distance_m, "timer_s": timer_s, "ascent_m": ascent_m, "heart_rate_bpm": mean_bpm}


ASSERTED: Mapping[str, tuple[Measure, Callable[[Metrics], float | None]]] = {
    "distance_m": (Measure("distance_m", 0.02, 0.0, 0.0), lambda metrics: metrics.distance_m),
    "ascent_m": (Measure("ascent_m", 0.10, 10.0, 0.0), lambda metrics: metrics.ascent_m),
    "avg_hr": (Measure("avg_hr", 0.0, 2.0, 0.0), lambda metrics: metrics.heart_rate_avg_bpm),
    "max_hr": (Measure("max_hr", 0.0, 1.0, 0.0), lambda metrics: metrics.heart_rate_max_bpm),
    "moving_s": (Measure("moving_s", 0.05, 0.0, 0.0), lambda metrics: metrics.moving_time_s),
}
"""What origins assert of GPX and TCX files (by their own algorithms, so some per cent are allowed) and ours of it."""


def _print_asserted(folder: Path) -> None:
    print("\nGPX and TCX: against the values that their origins' tests assert (theirs in brackets where ours is off)")
    print(f"{'':34}" + "".join(f"{name:>20}" for name in ASSERTED))
    for item in _items(folder):
        asserted = item.get("upstream_asserted")
        if item["kind"] not in ("activity/gpx", "activity/tcx") or not isinstance(asserted, list):
            continue
        contents = read_contents((folder / item["path"]).read_bytes(), item["path"])
        metrics = measure(contents.recordings[0])
        cells, off = [], list[str]()
        short = Path(item["path"]).name.partition("__")[2]
        for name, (one, ours) in ASSERTED.items():
            theirs = asserted[0].get(name)
            right = theirs is None or _right(one, {one.name: ours(metrics)}, {one.name: theirs})
            if not right:
                off.append(f"    {name}: {ASSERTED_REASONS.get((short, name), 'not known')}")
            cells.append(_text(ours(metrics)) if right else f"{_text(ours(metrics))} ({_text(theirs)})")
        print("\n".join([f"{short:34}" + "".join(f"{cell:>20}" for cell in cells), *off]))


def _items(folder: Path) -> list[dict[str, Any]]:
    return json.loads((folder / "MANIFEST.json").read_text())["items"]


def _right(one: Measure, ours: Totals, theirs: Totals) -> bool:
    found, told = ours[one.name], theirs[one.name]
    return found is not None and told is not None and abs(found - told) <= max(one.part * told, one.amount)


def _mean(weighted: list[tuple[float, float]]) -> float | None:
    weight = sum(seconds for _, seconds in weighted)
    return sum(value * seconds for value, seconds in weighted) / weight if weight else None


def _text(value: float | None) -> str:
    return "–" if value is None else f"{value:,.1f}" if value < 300 else f"{value:,.0f}"
