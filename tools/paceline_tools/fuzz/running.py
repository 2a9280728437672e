"""Mutated inputs, one after the other, against a target; what must not be is kept with its number."""

import os
import random
import signal
import time
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FrameType

from paceline_tools.fuzz.mutating import Seed, mutated
from paceline_tools.fuzz.targets import TARGETS

LONGEST_CPU_S = 2.0
HUNG_CPU_S = 20.0
FOLDER = Path("build/fuzz")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many inputs were read, some of them with a warning, and refused; a line for each that went wrong."""

    inputs: int = 0
    read: int = 0
    warned: int = 0
    refused: int = 0
    wrong: tuple[str, ...] = ()
    cpu_s: float = 0.0

    def __add__(self, other: "Tally") -> "Tally":
        """Return the sum of two."""
        read, warned, refused = self.read + other.read, self.warned + other.warned, self.refused + other.refused
        wrong, cpu_s = self.wrong + other.wrong, self.cpu_s + other.cpu_s
        return Tally(self.inputs + other.inputs, read, warned, refused, wrong, cpu_s)


class HungError(BaseException):
    """An input that takes no end; no parser may catch it."""


def run(name: str, numbers: Iterable[int], seed: int = 1, folder: Path = FOLDER) -> Tally:
    """Give the target of this name the inputs of these numbers; the same number and seed are the same input."""
    target, seeds = TARGETS[name], _seeds(name)
    inputs = read = warned = refused = 0
    wrong: list[str] = []
    before = signal.signal(signal.SIGVTALRM, _give_up)
    whole_began = time.process_time()
    for number in numbers:
        inputs += 1
        data = mutated(seeds, random.Random(f"{seed}:{name}:{number}"))  # noqa: S311 (repeatable, no secret)
        began = time.process_time()
        problem = ""
        signal.setitimer(signal.ITIMER_VIRTUAL, HUNG_CPU_S)
        try:
            warned += target.read(data)
            read += 1
        except target.refusals:
            refused += 1
        except (Exception, HungError):  # noqa: BLE001 (the top of a task: kept with what caused it)
            problem = traceback.format_exc(limit=-1).strip().replace("\n", " ")
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        if not problem and time.process_time() - began > LONGEST_CPU_S:
            problem = f"more than {LONGEST_CPU_S} s"
        if problem:
            wrong.append(_kept(folder, f"{name}-{seed}-{number}", data, problem))
    signal.signal(signal.SIGVTALRM, before)
    return Tally(inputs, read, warned, refused, tuple(wrong), time.process_time() - whole_began)


def still() -> None:
    """Let nothing be said on the error output: there the Rust decoder tells of every panic, which is caught."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


@cache
def _seeds(name: str) -> list[Seed]:
    """Return the seeds, once each was read: what the program loads and compiles for it is no input's time."""
    found = list(TARGETS[name].seeds())
    for seed in found:
        TARGETS[name].read(seed.whole)
    return found


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise HungError(f"more than {HUNG_CPU_S} s")


def _kept(folder: Path, name: str, data: bytes, reason: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.bin"
    path.write_bytes(data)
    return f"{path}: {reason[-300:]}"
