"""`python -m paceline_tools.bench.imports [--files N] [--singles N]`: files in, by HTTP, until they are shown.

First single files of an hour at 1 Hz, then a zip of thousands: read, confirmed, imported. CPU is that of all of the
server's processes, from the kernel; wall times are those of this machine. While the zip is worked off a client asks for
something light again and again.
"""

import argparse
import asyncio
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from aiohttp import ClientSession
from paceline_server.config import Config
from paceline_server.formats.recording import Recording
from paceline_server.formats.writing.fit import write_fit
from paceline_server.formats.writing.gpx import write_gpx
from paceline_server.formats.writing.workout import Workout

from paceline_tools.bench.server_data import Filled, fill, resident_bytes
from paceline_tools.bench.server_run import all_cpu_s, fetch, start, until_idle

HOUR_S = 3600
BEGAN_S = 1_600_000_000.0
APART_S = 86400.0  # from one workout to the next: a year has 365
GOAL_FIT_MS, GOAL_GPX_MS = 15.0, 25.0
GOAL_ZIP_S, GOAL_ZIP_FILES = 60.0, 2000
GOAL_LIGHT_P99_MS = 50.0
PAUSE_S = 0.02
BEFORE = {"fit": 37.0, "gpx": 58.0, "zip": 25.0}  # statements built at each call (e956f69), on two quiet cores


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; return 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="paceline_tools.bench.imports")
    parser.add_argument("--files", type=int, default=GOAL_ZIP_FILES)
    parser.add_argument("--singles", type=int, default=40)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        zipped = _zip_of(Path(folder) / "years.zip", options.files)
        config = Config(data=Path(folder) / "data")
        made = fill(config, 1, 1, 0)
        return 0 if asyncio.run(_measure(config, made, zipped, options.files, options.singles)) else 1


async def _measure(config: Config, made: Filled, zipped: Path, files: int, singles: int) -> bool:
    size = zipped.stat().st_size  # noqa: ASYNC240 (nothing else runs yet)
    process, url, _ = await start(config, "--max-import-bytes", str(2**31 - 1))
    try:
        async with ClientSession(url, headers={"Authorization": f"Bearer {made.token}"}) as http:
            print(f"{'':<58} {'ours':>8}      {'before':>8}      goal")
            met = [
                await _singles(http, process.pid, "fit", write_fit, singles, GOAL_FIT_MS),
                await _singles(http, process.pid, "gpx", write_gpx, singles, GOAL_GPX_MS),
                await _zip(http, process.pid, made, zipped, files, size),
            ]
    finally:
        process.terminate()
        await process.wait()
    return all(met)


async def _singles(
    http: ClientSession, pid: int, name: str, write: Callable[[Workout], bytes], count: int, goal_ms: float
) -> bool:
    first = -1000 if name == "fit" else -2000
    files = [write(_hour(first - number)) for number in range(count + 2)]
    for data in files[:2]:  # the first starts the process for heavy work
        await _send(http, data)
    await until_idle(http)
    before_s, walls = all_cpu_s(pid), list[float]()
    for data in files[2:]:
        began = time.perf_counter()
        await _send(http, data)
        walls.append(time.perf_counter() - began)
    await until_idle(http)  # what follows from an activity is a part of it
    cpu_ms = (all_cpu_s(pid) - before_s) / count * 1e3
    wall_ms = sorted(walls)[len(walls) // 2] * 1e3
    return _said(f"{name.upper()} of 1 h sent, until shown: wall {wall_ms:.0f} ms, CPU", cpu_ms, goal_ms, "ms", name)


async def _send(http: ClientSession, data: bytes) -> None:
    async with http.post("/api/v1/imports", data=data) as response:
        response.raise_for_status()
        batch = await response.json()
    if batch["status"] != "done":  # the answer waits a moment for it, so it seldom has to be asked
        await _until(http, f"/api/v1/imports/{batch['batch_id']}", "done", 0.01)


async def _zip(http: ClientSession, pid: int, made: Filled, path: Path, files: int, size: int) -> bool:
    light = f"/api/v1/users/{made.owner_id}"
    walls, done = list[float](), asyncio.Event()

    async def ask() -> None:
        while not done.is_set():
            walls.append(await fetch(http, light))
            await asyncio.sleep(PAUSE_S)

    asking = asyncio.create_task(ask())
    before_s, began = all_cpu_s(pid), time.perf_counter()
    with path.open("rb") as file:
        async with http.post("/api/v1/imports?mode=look", data=file) as response:
            response.raise_for_status()
            batch_url = f"/api/v1/imports/{(await response.json())['batch_id']}"
    await _until(http, batch_url, "looked")
    looked_s = time.perf_counter() - began
    async with http.post(f"{batch_url}/confirm", json={}) as response:
        response.raise_for_status()
    counts = await _until(http, batch_url, "done")
    took_s = time.perf_counter() - began
    done.set()
    await asking
    assert counts == {"imported": files}, counts
    cpu_ms = (all_cpu_s(pid) - before_s) / files * 1e3
    print(
        f"  a zip of {files} files of 1 h, {size >> 20} MiB: looked at in {looked_s:.1f} s, {cpu_ms:.1f} ms CPU a file"
    )
    print(f"  memory of the server itself after it: {resident_bytes(pid) >> 20} MiB")
    walls.sort()
    light_ms = walls[int(len(walls) * 0.99)] * 1e3
    middle_ms, slowest_ms = walls[len(walls) // 2] * 1e3, walls[-1] * 1e3
    print(f"  light requests meanwhile: the middle one {middle_ms:.1f} ms, the slowest {slowest_ms:.0f} ms")
    met = _said(f"{len(walls)} light requests meanwhile, 99th percentile", light_ms, GOAL_LIGHT_P99_MS, "ms", "")
    goal_s = GOAL_ZIP_S * files / GOAL_ZIP_FILES
    return (
        _said("sent, looked at, confirmed, imported: wall", took_s, goal_s, "s", "zip", files / GOAL_ZIP_FILES) and met
    )


async def _until(http: ClientSession, url: str, status: str, pause_s: float = 0.2) -> dict[str, int]:
    while True:
        async with http.get(f"{url}?limit=1") as response:
            batch = await response.json()
        if batch["status"] == status:
            return batch["counts"]
        if batch["status"] == "failed":
            raise SystemExit(batch["reason"])
        await asyncio.sleep(pause_s)


def _zip_of(path: Path, files: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(files):
            archive.writestr(f"{number:05}.fit", write_fit(_hour(number)))
    return path


def _hour(number: int) -> Workout:
    """Return a run of an hour, another for each number: heart rate, pace and hills as a runner's vary."""
    rows = np.arange(HOUR_S, dtype=float)
    draw = np.random.default_rng(number & 0xFFFFFFFF)
    speed_m_s = 3 + 0.4 * np.sin(rows / 300 + number) + draw.normal(0, 0.08, HOUR_S)
    distance_m = np.cumsum(speed_m_s)
    heading = np.cumsum(draw.normal(0, 0.01, HOUR_S))
    columns = {
        "time_s": rows,
        "latitude_deg": 47 + np.cumsum(speed_m_s * np.cos(heading)) / 111_195,
        "longitude_deg": 8.5 + np.cumsum(speed_m_s * np.sin(heading)) / 75_800,
        "altitude_m": 400 + 20 * np.sin(rows / 500) + np.cumsum(draw.normal(0, 0.05, HOUR_S)),
        "speed_m_s": speed_m_s,
        "heart_rate_bpm": np.clip(np.rint(145 + 15 * np.sin(rows / 400) + draw.normal(0, 1, HOUR_S)), 60, 200),
        "cadence_spm": np.rint((168 + draw.normal(0, 2, HOUR_S)) / 2) * 2,
        "distance_m": distance_m,
    }
    recording = Recording.of("running", "bench", BEGAN_S + number * APART_S, columns)
    return Workout(recording, distance_m, float(HOUR_S))


def _said(name: str, value: float, goal: float, unit: str, key: str, scale: float = 1.0) -> bool:
    met = value <= goal
    was = f"{BEFORE[key] * scale:8.1f}" if key else " " * 8
    print(f"  {name:<58} {value:>8.1f} {unit:<4} {was}      ≤ {goal:g}: {'met' if met else 'MISSED'}")
    return met


if __name__ == "__main__":
    sys.exit(main())
