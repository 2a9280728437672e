"""`python -m paceline_tools.fuzz.files [COUNT] [SEED]`: mutated files against every reader of formats/.

So are whole exports of other platforms against `open_archive`, and each entry of one against the readers.

Each input comes from a small sound file (made here, so that nothing but the program is needed) by a few mutations: bits
flipped, bytes set, stretches doubled, cut, swapped between seeds, numbers replaced by absurd ones. A reader must give
recordings or a FormatError; anything else, and an input that takes too long, is written to build/fuzz with its number.
"""

import gzip
import io
import os
import random
import sys
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from paceline_server.analysis.metrics import measure
from paceline_server.formats.archives.opening import open_archive
from paceline_server.formats.contents import Contents
from paceline_server.formats.errors import FormatError
from paceline_server.formats.read import read_contents
from paceline_server.formats.recording import ExerciseSet, Lap, Length, Pause, Recording
from paceline_server.formats.writing.fit import write_fit
from paceline_server.formats.writing.gpx import write_gpx
from paceline_server.formats.writing.tcx import write_tcx
from paceline_server.formats.writing.workout import Workout

from paceline_tools.fuzz.archives import made_archives

COUNT = 200_000
LONGEST_CPU_S = 2.0
FOLDER = Path("build/fuzz")
ABSURD = (b"-1", b"1e308", b"nan", b"99999999999999999999", b"", b"\x00", b"\xff\xff\xff\xff", b"9999-12-31T23:59:60Z")

Mutation = Callable[[bytearray, random.Random], None]


def main() -> int:
    """Run; return 1 when a reader did what it must not."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    began = time.process_time()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # where the Rust decoder tells of every panic, which is caught
    read, refused, wrong = run(count, seed)
    took_s = time.process_time() - began
    print(
        f"{count:,} inputs, seed {seed}: {read:,} read, {refused:,} refused, {len(wrong)} wrong; {took_s:.0f} s of CPU"
    )
    for line in wrong[:20]:
        print(line)
    return 1 if wrong else 0


def run(count: int, seed: int, folder: Path = FOLDER) -> tuple[int, int, list[str]]:
    """Return how many inputs were read and refused, and a line for each that went wrong."""
    seeds = sound_files()
    read = refused = 0
    wrong: list[str] = []
    for number in range(count):
        dice = random.Random(f"{seed}:{number}")  # noqa: S311 (repeatable, no secret)
        data = mutated(seeds, dice)
        began = time.process_time()
        try:
            for contents in _contents(data):
                for recording in contents.recordings:
                    measure(recording)
            read += 1
        except FormatError:
            refused += 1
        except Exception:  # noqa: BLE001 (the top of a task: kept with what caused it)
            wrong.append(_kept(folder, number, data, traceback.format_exc(limit=-1).strip().replace("\n", " ")))
        if time.process_time() - began > LONGEST_CPU_S:
            wrong.append(_kept(folder, number, data, f"more than {LONGEST_CPU_S} s"))
    return read, refused, wrong


def _contents(data: bytes) -> Iterator[Contents]:
    """Yield what is read of a file; FormatError for one that is refused, not for an entry of an archive that is."""
    archive = open_archive(io.BytesIO(data), "fuzz")
    if archive is None:
        yield read_contents(data, "fuzz")
        return
    for entry in archive.entries():
        with suppress(FormatError):
            yield read_contents(entry.data, entry.name)
    assert all(archive.warnings)


def mutated(seeds: Sequence[bytes], dice: random.Random) -> bytes:
    """Return one seed, mutated one to six times."""
    data = bytearray(dice.choice(seeds))
    for _ in range(dice.randint(1, 6)):
        if data:
            dice.choice(MUTATIONS)(data, dice)
    if dice.random() < 0.1:
        other = dice.choice(seeds)
        at = dice.randrange(len(data) + 1)
        data[at:] = other[dice.randrange(len(other)) :]
    return bytes(data)


def sound_files() -> list[bytes]:
    """Return small files of every format."""
    workout = _workout()
    fit, gpx, tcx = write_fit(workout), write_gpx(workout), write_tcx(workout)
    whens = "".join(f"<when>2024-05-01T10:00:{second:02}Z</when>" for second in range(9))
    coords = "".join(f"<gx:coord>8.{second} 47.1 400</gx:coord>" for second in range(9))
    kml = f'<?xml version="1.0"?><kml><Placemark><gx:Track>{whens}{coords}</gx:Track></Placemark></kml>'.encode()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("run.gpx", gpx)
        archive.writestr("run.fit", fit)
    return [fit, fit + fit, gpx, tcx, kml, gzip.compress(fit, mtime=0), file.getvalue(), *made_archives(fit, gpx, tcx)]


def _workout() -> Workout:
    time_s = np.arange(40.0)
    columns = {
        "time_s": time_s,
        "latitude_deg": 47 + time_s * 1e-5,
        "longitude_deg": 8 + time_s * 1e-5,
        "altitude_m": 400 + time_s,
        "speed_m_s": np.full(40, 3.0),
        "heart_rate_bpm": np.full(40, 140.0),
        "cadence_spm": np.full(40, 170.0),
    }
    recording = Recording.of(
        "running",
        "fuzz",
        1_714_557_600.0,
        columns,
        laps=(Lap(0, 20), Lap(20, 39)),
        pauses=(Pause(10, 12),),
        lengths=(Length(0, 9, 7, 25.0),),
        sets=(ExerciseSet(12, 20, 8),),
    )
    return Workout(recording, 3.0 * time_s, 37.0, title="Fuzz", notes="&")


def _flip(data: bytearray, dice: random.Random) -> None:
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def _set(data: bytearray, dice: random.Random) -> None:
    data[dice.randrange(len(data))] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)))


def _cut(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data))
    del data[at : at + dice.choice((1, 2, 4, 16, 200, len(data)))]


def _double(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data))
    piece = data[at : at + dice.choice((1, 4, 40, 400))]
    data[at:at] = piece * dice.choice((1, 2, 50))


def _absurd(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data))
    data[at : at + dice.randrange(6)] = dice.choice(ABSURD)


MUTATIONS: tuple[Mutation, ...] = (_flip, _flip, _set, _set, _cut, _double, _absurd)


def _kept(folder: Path, number: int, data: bytes, reason: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number}.bin"
    path.write_bytes(data)
    return f"{path}: {reason[-300:]}"


if __name__ == "__main__":
    raise SystemExit(main())
