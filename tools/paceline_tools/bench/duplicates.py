"""`python -m paceline_tools.bench.duplicates [FOLDER]`: which recordings are told to be of one workout.

All recordings of the manifest are taken as one person's: the groups of the manifest should be found and nothing else.
Then each long recording is told from near-duplicates made of it (duplicates_made.py).
"""

import itertools
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from paceline_server.analysis.same_workout import Same, compare
from paceline_server.formats.errors import FormatError
from paceline_server.formats.read import read_contents
from paceline_server.formats.recording import Recording

from paceline_tools.bench.duplicates_made import MADE, long_enough

GOAL_PRECISION, GOAL_RECALL = 1.0, 0.98
NO_TIMES = "gpxpy__cerknicko-without-times.gpx"  # but for its last segment: its group cannot be told by time


class Known(NamedTuple):
    """A recording of the manifest; files of one workout have its group and, session by session, its number."""

    name: str
    group: str | None
    number: int
    recording: Recording


def main() -> int:
    """Print the figures; return 1 when a goal is missed."""
    default = Path(__file__).resolve().parents[4] / "shared" / "data"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    if not folder.is_dir():
        print(f"There are no recordings in {folder}.")
        return 1
    known = read_known(folder)
    met = print_groups(known)
    return 0 if print_made([one.recording for one in known]) and met else 1


def read_known(folder: Path) -> list[Known]:
    """Return all recordings of activity files that can be read and have rows with times."""
    known: list[Known] = []
    for item in json.loads((folder / "MANIFEST.json").read_text())["items"]:
        if item["category"] != "A":
            continue
        try:
            contents = read_contents((folder / item["path"]).read_bytes(), item["path"])
        except FormatError:
            continue
        name, group = Path(item["path"]).name, item.get("group_same_workout")
        if name == NO_TIMES:
            continue
        known += [Known(name, group, number, one) for number, one in enumerate(contents.recordings) if one.points]
    return known


def print_groups(known: list[Known]) -> bool:
    """Print how the pairs of the manifest are told; True when the goals are met."""
    told: Counter[tuple[bool, Same]] = Counter()
    compared = 0
    began_s = time.process_time()
    unsure: list[str] = []
    for one, other in itertools.combinations(known, 2):
        verdict = compare(one.recording, other.recording)
        compared += verdict.likeness is not None
        same = one.group is not None and (one.group, one.number) == (other.group, other.number)
        told[same, verdict.same] += 1
        if verdict.same is not (Same.YES if same else Same.NO):
            unsure.append(f"  {verdict.same.value}: {one.name} and {other.name}: {verdict.reasons[-1]}")
    each_ms = (time.process_time() - began_s) * 1000 / max(1, compared)
    pairs = f"{sum(told.values())} pairs, {compared} overlapping, {each_ms:.1f} ms each"
    print(f"{len(known)} recordings as of one person, {pairs}")
    _print_row("", *Same)
    for same, words in ((True, "of one workout"), (False, "of two workouts")):
        _print_row(words, *(told[same, one] for one in Same))
    precision = told[True, Same.YES] / max(1, told[True, Same.YES] + told[False, Same.YES])
    found = told[True, Same.YES] + told[True, Same.PERHAPS]
    recall = found / max(1, found + told[True, Same.NO])
    sure = told[True, Same.YES] / max(1, found + told[True, Same.NO])
    print(f"precision of what is told {precision:.1%} (goal {GOAL_PRECISION:.0%}), found {recall:.1%}", end="")
    print(f" (goal {GOAL_RECALL:.0%}), of which told without asking {sure:.1%}")
    print("Not told as the manifest says:", *unsure, sep="\n")
    return precision >= GOAL_PRECISION and recall >= GOAL_RECALL


def print_made(recordings: list[Recording]) -> bool:
    """Print how near-duplicates are told; True when none is told what it must not be."""
    chosen = [one for one in recordings if long_enough(one)]
    print(f"\nNear-duplicates made of {len(chosen)} recordings with positions, of ten minutes and more")
    _print_row("", *Same, "must be")
    met = True
    for name, (make, allowed) in MADE.items():
        told = Counter(compare(*pair).same for one in chosen for pair in [make(one)] if pair is not None)
        _print_row(name, *(told[one] for one in Same), " or ".join(one.value for one in Same if one in allowed))
        met &= all(one in allowed for one in told)
    return met


def _print_row(name: str, *cells: object) -> None:
    print(f"{name:52}" + "".join(f"{cell!s:>16}" for cell in cells))


if __name__ == "__main__":
    raise SystemExit(main())
