"""The plan blob (blob kind 2): what to do in a workout, step by step, for each user (docs/WRIST.md, bit for bit).

A plan is followed in its bytes. Step i of the plan at byte `at` lies at step_at(at, i).
"""

import struct

from .integrity import crc16

FORMAT_VERSION = 1
MOST_BYTES = 2048
MOST_STEPS = 64

HEAD = "version:B plans:B"
PLAN = "user:B sport:B steps:B name:20s"
STEP = "kind:B until:B amount:H target:B low:H high:H times:B back:B"

HEAD_SIZE = 2
STEP_FORMAT = "<BBHBHHBB"

STEP_KINDS = ("warm-up", "work", "recovery", "rest", "cool-down", "set")
UNTIL = ("button", "time_s", "distance_m", "repetitions")
TARGETS = ("none", "zone", "heart_rate_bpm", "pace_s_per_km")

_PLAN_SIZE = 23
_STEP_SIZE = 11
_SPORTS = 8


def step_at(plan: int, step: int) -> int:
    """Return the offset of a step, counted from 0, of the plan at an offset of the blob."""
    return plan + _PLAN_SIZE + step * _STEP_SIZE


def plan_for(data: bytes, user: int, sport: int) -> int:
    """Return the offset of the plan of a user and a sport in a blob that passed, 0 when there is none."""
    at = HEAD_SIZE
    for _ in range(data[1] if data else 0):
        if data[at] == user and data[at + 1] == sport:
            return at
        at = step_at(at, data[at + 2])
    return 0


def check(data: bytes) -> str:
    """Return what is wrong with a whole blob, "" when nothing is."""
    if len(data) < HEAD_SIZE + 2 or data[0] != FORMAT_VERSION:
        return f"plan: not of format version {FORMAT_VERSION}"
    if len(data) > MOST_BYTES:
        return f"plan: {len(data)} bytes are more than {MOST_BYTES}"
    if crc16(memoryview(data)[:-2]) != data[-2] | data[-1] << 8:
        return "plan: the check sum does not fit"
    at = HEAD_SIZE
    for plan in range(data[1]):
        if at + _PLAN_SIZE > len(data) - 2 or step_at(at, data[at + 2]) > len(data) - 2:
            return f"plan {plan + 1} is cut"
        wrong = _wrong_plan(data, at)
        if wrong:
            return f"plan {plan + 1}: {wrong}"
        at = step_at(at, data[at + 2])
    return "" if at == len(data) - 2 else f"plan: {len(data) - 2 - at} bytes too many"


def _wrong_plan(data: bytes, at: int) -> str:
    steps = data[at + 2]
    if data[at] > 7 or data[at + 1] >= _SPORTS or not 1 <= steps <= MOST_STEPS:
        return "user, sport or number of steps is not known"
    try:
        if "\0" in data[at + 3 : at + _PLAN_SIZE].rstrip(b"\0").decode():
            return "the name has a gap"
    except UnicodeError:
        return "the name is not UTF-8"
    behind_block = 0
    for i in range(steps):
        kind, until, amount, target, low, high, times, back = struct.unpack_from(STEP_FORMAT, data, step_at(at, i))
        if kind >= len(STEP_KINDS) or until >= len(UNTIL) or target >= len(TARGETS):
            return f"step {i + 1}: kind, end or target is not known"
        if (until == 0) != (amount == 0):
            return f"step {i + 1}: no amount fits its end"
        if (not 0 < low <= high or (target == 1 and high > 5)) if target else low or high:
            return f"step {i + 1}: the target is no range"
        if times == 0:
            if back:
                return f"step {i + 1}: it repeats nothing"
        elif times == 1 or i - back < behind_block:
            return f"step {i + 1}: the block it repeats is none"
        else:
            behind_block = i + 1
    return ""
