"""Receiver logs and what gpsd made of them, second by second."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from wearable.calendar import UNIX_2020_S
from wearable.drivers import nav_pvt
from wearable.drivers.nmea import NmeaParser
from wearable.drivers.ubx import UbxParser
from wearable.gps.solution import Solution

ANY_ACCURACY = 1 << 29
_CHUNK = 200


@dataclass(frozen=True)
class Told:
    """A solution as plain numbers; `utc_s` None when the receiver did not know the time."""

    utc_s: int | None
    fix: int
    latitude_udeg: float
    longitude_udeg: float
    altitude_2dm: float | None
    speed_cm_s: float | None


def read_log(path: Path) -> bytes:
    """The bytes of a log, unpacked."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def told(solution: Solution) -> Told:
    """The solution as it is now."""
    return Told(
        solution.time_2020_s + UNIX_2020_S if solution.time_valid else None,
        solution.fix,
        solution.latitude_udeg,
        solution.longitude_udeg,
        solution.altitude_2dm,
        solution.speed_cm_s,
    )


def from_nmea(data: bytes, chunk: int = _CHUNK) -> list[Told]:
    """What the NMEA parser makes of a log, of any year and accuracy."""
    parser = NmeaParser(Solution(ANY_ACCURACY, ANY_ACCURACY), first_year=1)
    found = []
    for start in range(0, len(data), chunk):
        piece = data[start : start + chunk]
        at = parser.put(piece, 0, len(piece))
        while at >= 0:
            found.append(told(parser.solution))
            at = parser.put(piece, at, len(piece))
    return found


def from_ubx(data: bytes, chunk: int = _CHUNK) -> list[Told]:
    """What the UBX parser makes of a log, at any accuracy."""
    parser = UbxParser()
    solution = nav_pvt.NavPvt(ANY_ACCURACY, ANY_ACCURACY)
    found = []
    for start in range(0, len(data), chunk):
        piece = data[start : start + chunk]
        parser.put(piece, len(piece))
        while parser.next_frame():
            if (parser.frame_class, parser.frame_id) == (1, 7) and parser.length >= nav_pvt.LENGTH:
                solution.decode(bytes(parser.payload))
                found.append(told(solution))
    return found


def expected(path: Path, whole_seconds: bool = False) -> list[Told]:
    """What gpsd reports: its last TPV of each time (it reports anew after each sentence), the last fixed one if any.

    Without a time in the sentences that follow gpsd repeats the newest it knows, also when the fix is gone.
    """
    reports: dict[str, dict[str, float]] = {}
    for line in gzip.decompress(path.read_bytes()).split(b"\n"):
        if line.startswith(b'{"class":"TPV"'):
            report = json.loads(line)
            if "time" in report and (report["mode"] >= 2 or report["time"] not in reports):
                reports[report["time"]] = report
    return [_expected(time, report) for time, report in reports.items() if not whole_seconds or time.endswith(".000Z")]


def _expected(time: str, report: dict[str, float]) -> Told:
    return Told(
        int(datetime.fromisoformat(time).timestamp()),
        int(report["mode"]) if report["mode"] >= 2 else 0,
        report.get("lat", 0) * 1e6,
        report.get("lon", 0) * 1e6,
        report["altMSL"] * 5 if "altMSL" in report else None,
        report["speed"] * 100 if "speed" in report else None,
    )


@dataclass
class Comparison:
    """How two lists of solutions differ; `pairs` have the same second and both a fix."""

    fixes: int
    fixes_expected: int
    pairs: int = 0
    only_here: int = 0  # a fix here and none there
    only_there: int = 0
    flat_or_not: int = 0  # pairs of which one is flat and the other is not
    place_udeg: float = 0
    altitude_2dm: float = 0
    speed_cm_s: float = 0


def compare(here: list[Told], there: list[Told]) -> Comparison:
    """Compare by second, and within it in order."""
    result = Comparison(sum(one.fix > 0 for one in here if one.utc_s), sum(one.fix > 0 for one in there))
    for ours, theirs in _pairs(here, there):
        if not ours.fix or not theirs.fix:
            result.only_here += ours.fix > 0
            result.only_there += theirs.fix > 0
            continue
        result.pairs += 1
        result.flat_or_not += ours.fix != theirs.fix
        place = max(abs(ours.latitude_udeg - theirs.latitude_udeg), abs(ours.longitude_udeg - theirs.longitude_udeg))
        result.place_udeg = max(result.place_udeg, place)
        if theirs.altitude_2dm is not None and ours.altitude_2dm is not None and theirs.fix == ours.fix == 3:
            result.altitude_2dm = max(result.altitude_2dm, abs(ours.altitude_2dm - theirs.altitude_2dm))
        if theirs.speed_cm_s is not None and ours.speed_cm_s is not None:
            result.speed_cm_s = max(result.speed_cm_s, abs(ours.speed_cm_s - theirs.speed_cm_s))
    return result


def _pairs(here: list[Told], there: list[Told]) -> Iterator[tuple[Told, Told]]:
    ours: dict[int, list[Told]] = defaultdict(list)
    for one in here:
        if one.utc_s is not None:
            ours[one.utc_s].append(one)
    theirs: dict[int, list[Told]] = defaultdict(list)
    for one in there:
        if one.utc_s is not None:
            theirs[one.utc_s].append(one)
    for second, those in theirs.items():
        yield from zip(ours.get(second, []), those, strict=False)
