"""The views of a workout; each is a function of canvas and snapshot that draws on a dark canvas."""

from .canvas import CENTRE, RIGHT, WIDTH, Canvas
from .fonts import FIGURES_16, FIGURES_24, TEXT
from .layout import CYCLING, battery, cell, cells, line, link_mark, pace_or_speed, right, speed_of, sport_name, title
from .snapshot import NO_ALTITUDE, Snapshot

_PAUSED = 2
_SWIMMING, _STRENGTH, _INDOOR = 5, 6, 7
_NARROW_S = 36_000  # from 10 h on the time leaves no room for parts of a kilometre
_UNSURE = 2  # a heart rate of less confidence is shown with a question mark
_CELLS_Y, _FIGURE_Y = 27, 32  # figures on whole pages: fewer change
_LAP_CELLS_Y, _LAP_FIGURE_Y = 35, 37


def page_1(canvas: Canvas, model: Snapshot) -> None:
    """Time, distance, pace; indoors heart rate and cadence, in the pool lengths, with weights sets and rests."""
    canvas.line(1, 0, line.clear().duration(model.elapsed_s), FIGURES_24)
    _corner(canvas, model)
    cells(canvas, _CELLS_Y)
    if model.sport == _SWIMMING:
        line.clear().number(model.lengths)
        cell(canvas, 0, _FIGURE_Y, b"lengths")
        _pool_pace(model)
        cell(canvas, 1, _FIGURE_Y, b"min/100 m")
        return
    if model.sport == _STRENGTH:
        _sets(canvas, model)
        return
    if model.sport == _INDOOR:
        _heart_rate(model)
        cell(canvas, 0, _FIGURE_Y, b"bpm")
        _cadence(canvas, model, 1)
        return
    line.clear().kilometres(model.distance_m)
    cell(canvas, 0, _FIGURE_Y, b"km")
    label = pace_or_speed(model.sport, model.speed_cm_s)
    cell(canvas, 1, _FIGURE_Y, label)


def page_2(canvas: Canvas, model: Snapshot) -> None:
    """Heart rate and its zone; cadence or the pool's distance; altitude or, without a fix, energy."""
    _heart_rate(model)
    width = canvas.line(2, 0, line, FIGURES_24)
    canvas.text(width + 6, 16, b"bpm", TEXT)
    canvas.text(width + 7, 5, b"~" if model.heart_rate_confidence >= _UNSURE else b"?", TEXT)
    _zones(canvas, model.zone)
    cells(canvas, _CELLS_Y)
    if model.sport == _SWIMMING:
        line.clear().number(model.distance_m)
        cell(canvas, 0, _FIGURE_Y, b"m")
    else:
        _cadence(canvas, model, 0)
    if model.altitude_m == NO_ALTITUDE:
        line.clear().number(model.kilocalories)
        cell(canvas, 1, _FIGURE_Y, b"kcal")
        return
    line.clear().number(model.altitude_m)
    cell(canvas, 1, _FIGURE_Y, b"m altitude")


def lap(canvas: Canvas, model: Snapshot) -> None:
    """The lap that was just ended."""
    line.clear().duration(model.elapsed_s)
    title(canvas, b"Lap", line)
    canvas.ink = 0
    canvas.line(25, 1, line.clear().number(model.lap - 1), TEXT)
    canvas.ink = 1
    canvas.line(WIDTH // 2, 10, line.clear().duration(model.done_elapsed_s), FIGURES_24, CENTRE)
    cells(canvas, _LAP_CELLS_Y)
    line.clear().kilometres(model.done_distance_m)
    cell(canvas, 0, _LAP_FIGURE_Y, b"km")
    label = pace_or_speed(model.sport, speed_of(model.done_distance_m, model.done_elapsed_s))
    cell(canvas, 1, _LAP_FIGURE_Y, label)


def summary(canvas: Canvas, model: Snapshot) -> None:
    """The workout that was just ended."""
    title(canvas, sport_name(model.sport), line.clear().put(b"_ saved"))
    if model.lap > 1:
        canvas.ink = 0
        canvas.line(76, 1, line.clear().number(model.lap).put(b" laps"), TEXT, RIGHT)
        canvas.ink = 1
    canvas.line(0, 15, line.clear().duration(model.elapsed_s), FIGURES_16)
    line.clear()
    if model.elapsed_s < _NARROW_S:
        line.kilometres(model.distance_m)
    else:
        line.number(model.distance_m // 1000)
    canvas.line(WIDTH, 15, line, FIGURES_16, RIGHT)
    canvas.fill(0, 35, WIDTH, 1)
    if model.sport == _SWIMMING:
        _pool_pace(model)
        label = b"/100 m"
    else:
        label = pace_or_speed(model.sport, speed_of(model.distance_m, model.moving_s))
    canvas.line(3, 40, line.put(b" ").put(label), TEXT)
    line.clear().put(b"^ ").number(model.ascent_m).put(b" m")
    if model.sport == _STRENGTH:
        line.clear().number(model.sets).put(b" sets")
    elif model.sport == _SWIMMING:
        line.clear().number(model.lengths).put(b" lengths")
    right(canvas, 40)
    if model.heart_rate_max_bpm:
        line.clear().put(b"~ ").number(model.heart_rate_avg_bpm).put(b"/").number(model.heart_rate_max_bpm)
    else:
        line.clear().put(b"~ --")
    canvas.line(3, 53, line, TEXT)
    line.clear().number(model.kilocalories).put(b" kcal")
    right(canvas, 53)


def _corner(canvas: Canvas, model: Snapshot) -> None:
    battery(canvas, WIDTH - 15, 0, model.battery_percent)
    canvas.text(WIDTH, 9, b"GPS" if model.fix else b"", TEXT, RIGHT)
    if model.state == _PAUSED or model.auto_paused:
        canvas.text(WIDTH - 2, 18, b"PAUSE" if model.state == _PAUSED else b"AUTO", TEXT, RIGHT)
        canvas.invert(95, 17, 33, 9)
    else:
        link_mark(canvas, WIDTH - 12, 18, model.link)


def _heart_rate(model: Snapshot) -> None:
    line.clear()
    if model.heart_rate_bpm:
        line.number(model.heart_rate_bpm)
    else:
        line.put(b"--")


def _pool_pace(model: Snapshot) -> None:
    # Of the whole swim: what the clock at the wall tells.
    line.clear()
    if model.distance_m and model.moving_s:
        line.duration(model.moving_s * 100 // model.distance_m)
    else:
        line.put(b"-:--")


def _sets(canvas: Canvas, model: Snapshot) -> None:
    line.clear()
    if model.resting:
        line.duration(model.rest_s)
        cell(canvas, 0, _FIGURE_Y, b"rest")
    else:
        line.number(model.repetitions)
        cell(canvas, 0, _FIGURE_Y, b"repetitions")
    line.clear().number(model.sets + (0 if model.resting else 1))
    cell(canvas, 1, _FIGURE_Y, b"sets done" if model.resting else b"set")


def _cadence(canvas: Canvas, model: Snapshot, column: int) -> None:
    line.clear()
    if model.cadence_spm:
        line.number(model.cadence_spm)
    else:
        line.put(b"--")
    cell(canvas, column, _FIGURE_Y, b"rpm" if model.sport == CYCLING else b"steps/min")


def _zones(canvas: Canvas, zone: int) -> None:
    # Five bars that grow, full up to the zone; its number above.
    if zone:
        canvas.line(84, 1, line.clear().put(b"Zone ").number(zone), TEXT)
    for i in range(5):
        height = 4 + 2 * i
        x = 84 + 9 * i
        if i < zone:
            canvas.fill(x, 24 - height, 7, height)
        else:
            canvas.frame(x, 24 - height, 7, height)
