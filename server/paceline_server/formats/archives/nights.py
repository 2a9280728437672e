"""Stages of sleep, as platforms keep them one by one → sleeps."""

from bisect import bisect_right, insort
from collections.abc import Iterable
from itertools import islice

from paceline_server.formats.days import LONGEST_S, MOST_STAGES, SleepSpan

APART_S = 3600  # a longer stretch without a stage is between two sleeps
Stage = tuple[int, int, str]  # Unix seconds from, to; one of days.STAGES
MOST_TOGETHER = 2000
_VAGUE = ("in_bed", "asleep")  # what a stage says more exactly is taken instead


def sleeps_of(stages: Iterable[Stage]) -> list[SleepSpan]:
    """Return the sleeps of one source. Stages that overlap are cut: the exact before the vague, else the earlier."""
    groups: list[list[Stage]] = []
    end_s = 0
    for stage in sorted({one for one in stages if 0 < one[1] - one[0] <= LONGEST_S}):
        if not groups or stage[0] > end_s + APART_S or stage[1] > groups[-1][0][0] + LONGEST_S:
            groups.append([])
            end_s = 0
        if len(groups[-1]) < MOST_TOGETHER:
            groups[-1].append(stage)
        end_s = max(end_s, stage[1])
    return [sleep for group in groups if (sleep := _sleep(group)) is not None]


def _sleep(group: list[Stage]) -> SleepSpan | None:
    laid: list[Stage] = []
    for vague in ("", "asleep", "in_bed"):
        for one in group:
            if (one[2] if one[2] in _VAGUE else "") == vague:
                _lay(laid, one)
    slept = [stage for stage in laid if stage[2] != "in_bed"]
    if not slept:
        return None  # nobody said that anyone slept
    laid = _joined(laid)[:MOST_STAGES]
    start_s, end_s = laid[0][0], laid[-1][1]
    stages = tuple((begin - start_s, end - start_s, stage) for begin, end, stage in laid)
    return SleepSpan(str(start_s), start_s, end_s, stages, end_s)


def _lay(laid: list[Stage], one: Stage) -> None:
    """Put a stage into the time that the others leave free."""
    parts: list[Stage] = []
    at = one[0]
    for begin, end, _ in islice(laid, max(bisect_right(laid, one) - 1, 0), None):
        if end <= at:
            continue
        if begin >= one[1]:
            break
        if begin > at:
            parts.append((at, begin, one[2]))
        at = max(at, end)
    if at < one[1]:
        parts.append((at, one[1], one[2]))
    for part in parts:
        insort(laid, part)


def _joined(laid: list[Stage]) -> list[Stage]:
    joined: list[Stage] = []
    for one in laid:
        if joined and joined[-1][1] == one[0] and joined[-1][2] == one[2]:
            joined[-1] = (joined[-1][0], one[1], one[2])
        else:
            joined.append(one)
    return joined
