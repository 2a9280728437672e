"""`python -m paceline_tools.fuzz [COUNT]`: mutated inputs against every parser, COUNT for each (200000).

`--only gpx,tcx` takes these alone; `--from N` goes on behind the first N inputs, after a run that was cut short;
`--jobs` says how many processes (one for each core). An input that gives anything but a reading or the parser's one
error, or takes more than two seconds, lies in build/fuzz under its parser, seed and number.
"""

import argparse
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from paceline_tools.fuzz.running import Tally, run, still
from paceline_tools.fuzz.targets import TARGETS

COUNT = 200_000
CHUNK = 1000
_MOST_SHOWN = 20
_COLUMNS = "{:<16}{:>10}{:>10}{:>10}{:>10}{:>8}{:>9}"


def main() -> int:
    """Run; return 1 when a parser did what it must not."""
    asked = _asked()
    print(_COLUMNS.format("parser", "inputs", "read", "warned", "refused", "wrong", "CPU s"), flush=True)
    failed = False
    for name in asked.only or TARGETS:
        tally = _target(name, asked.begin, asked.count, asked.seed, asked.jobs)
        counts = [f"{count:,}" for count in (tally.inputs, tally.read, tally.warned, tally.refused, len(tally.wrong))]
        print(_COLUMNS.format(name, *counts, f"{tally.cpu_s:.0f}"), flush=True)
        for line in tally.wrong[:_MOST_SHOWN]:
            print(f"  {line}", flush=True)
        failed |= bool(tally.wrong)
    return 1 if failed else 0


def _target(name: str, begin: int, count: int, seed: int, jobs: int) -> Tally:
    chunks = [range(at, min(at + CHUNK, count)) for at in range(begin, count, CHUNK)]
    whole = Tally()
    with ProcessPoolExecutor(jobs, get_context("spawn"), still) as pool:
        results: Iterator[Tally] = pool.map(run, [name] * len(chunks), chunks, [seed] * len(chunks))
        for chunk in chunks:
            try:
                whole += next(results)
            except BrokenProcessPool:
                lost = f"a process died in {name}, seed {seed}, inputs {chunk.start} to {chunk.stop - 1} or the next"
                return whole + Tally(wrong=(lost,))
    return whole


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Mutated inputs against every parser.")
    parser.add_argument("count", nargs="?", type=int, default=COUNT)
    parser.add_argument("--only", type=_names, default=[])
    parser.add_argument("--from", dest="begin", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    return parser.parse_args()


def _names(text: str) -> list[str]:
    names = [name for name in text.split(",") if name]
    unknown = set(names) - TARGETS.keys()
    if unknown:
        raise argparse.ArgumentTypeError(f"no parser {sorted(unknown)}; there are {', '.join(TARGETS)}")
    return names


if __name__ == "__main__":
    raise SystemExit(main())
