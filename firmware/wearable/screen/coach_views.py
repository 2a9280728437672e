"""The views of plan and goals; each is a function of canvas and snapshot that draws on a dark canvas."""

from .canvas import WIDTH, Canvas
from .fonts import FIGURES_24, TEXT
from .layout import line, right, title
from .snapshot import Snapshot

_STEPS = (b"Warm-up", b"Work", b"Recovery", b"Rest", b"Cool-down", b"Set")  # as in STEP_KINDS
_PERIODS = (b"", b"day ", b"week ", b"month ")  # as in PERIODS
_TIME, _DISTANCE, _REPETITIONS = 1, 2, 3  # UNTIL
_ZONE, _HEART_RATE, _PACE = 1, 2, 3  # TARGETS
_KILOMETRES, _SECONDS, _COUNT, _WALKED, _KILOCALORIES = 1, 2, 3, 4, 5  # GOAL_KINDS


def plan(canvas: Canvas, model: Snapshot) -> None:
    """The step under way: its kind, what is left, its target; and what comes next."""
    now = model.plan
    if now is None:
        return
    line.clear().number(now.step + 1).put(b" of ").number(now.steps)
    title(canvas, _STEPS[now.kind], line)
    left = max(0, now.left)
    line.clear()
    unit = b""
    if now.until == _TIME:
        line.duration(left)
    elif now.until == _DISTANCE:
        line.number(left)
        unit = b"m"
    elif now.until == _REPETITIONS:
        line.number(left)
        unit = b"left"
    else:
        line.duration(now.seconds)
        unit = b"LAP ends"
    width = canvas.line(3, 13, line, FIGURES_24)
    canvas.text(width + 8, 28, unit, TEXT)
    if now.rounds > 1:
        line.clear().put(b"round ").number(now.round).put(b"/").number(now.rounds)
        right(canvas, 13)
    _target(now)
    canvas.line(3, 42, line, TEXT)
    canvas.fill(0, 51, WIDTH, 1)
    line.clear().put(b"then ")
    following = now.following
    line.put(_STEPS[following] if following >= 0 else b"done")
    canvas.line(3, 55, line, TEXT)


def goals(canvas: Canvas, model: Snapshot) -> None:
    """Up to three goals: period, progress, target, and a bar."""
    title(canvas, b"Goals")
    held = model.goals
    if held is None:
        return
    y = 12
    for i in range(len(held.kinds)):
        kind = held.kinds[i]
        if kind == 0:
            continue
        done, target = held.progress[i], held.targets[i]
        line.clear().put(_PERIODS[held.periods[i]])
        _amount(kind, done, False)
        line.put(b"/")
        _amount(kind, target, True)
        canvas.line(3, y, line, TEXT)
        if done >= target:
            canvas.text(WIDTH - 10, y, b"_", TEXT)
        canvas.frame(3, y + 10, WIDTH - 6, 5)
        canvas.fill(5, y + 12, _part(WIDTH - 10, done, target), 1)
        y += 18


def _target(now) -> None:
    line.clear()
    if now.target == _ZONE:
        line.put(b"~ zone ")
    elif now.target == _HEART_RATE:
        line.put(b"~ ")
    elif now.target == _PACE:
        line.duration(now.low).put(b" - ").duration(now.high).put(b" min/km")
        return
    else:
        return
    line.number(now.low)
    if now.high != now.low:
        line.put(b" - ").number(now.high)


def _amount(kind: int, amount: int, unit: bool) -> None:
    if kind == _KILOMETRES:
        line.tenths(amount // 100)
        name = b" km"
    elif kind == _SECONDS:
        line.number(amount // 3600).put(b":").number(amount // 60 % 60, 2)
        name = b" h"
    else:
        line.number(amount)
        name = b" workouts" if kind == _COUNT else b" steps" if kind == _WALKED else b" kcal"
        if kind > _KILOCALORIES:
            name = b" m up"
    if unit:
        line.put(name)


def _part(width: int, done: int, target: int) -> int:
    # Small factors keep the product small.
    while target > 1_000_000:
        done >>= 1
        target >>= 1
    return width * min(done, target) // max(1, target)
