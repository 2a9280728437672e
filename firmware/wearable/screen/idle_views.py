"""The views between workouts; each is a function of canvas and snapshot that draws on a dark canvas."""

from .canvas import CENTRE, RIGHT, WIDTH, Canvas
from .fonts import FIGURES_16, FIGURES_32, TEXT
from .layout import line, right, sport_name, status, title
from .settings import ALWAYS_ON, BRIGHTNESS, MAX_HEART_RATE, ROWS, TIME_ZONE, USER
from .snapshot import ALONE, CONNECTED, TRUSTED, Snapshot

_DAYS = (b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun")
_MONTHS = (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec")
_LINKS = {ALONE: b"no connection", CONNECTED: b"connected", TRUSTED: b"gateway"}
_ROW_NAMES = {
    BRIGHTNESS: b"Brightness",
    ALWAYS_ON: b"Lit in workouts",
    TIME_ZONE: b"Time zone UTC",
    MAX_HEART_RATE: b"Max heart rate",
    USER: b"User",
}
_LEVELS = (b"low", b"medium", b"high")


def clock(canvas: Canvas, model: Snapshot) -> None:
    """Time, day and the day's steps; above them the sport that START begins."""
    canvas.text(1, 0, sport_name(model.chosen_sport), TEXT)
    status(canvas, model)
    line.clear()
    if model.minute_of_day < 0:
        canvas.line(WIDTH // 2, 15, line.put(b"--:--"), FIGURES_32, CENTRE)
        canvas.text(WIDTH // 2, 55, b"waiting for the time", TEXT, CENTRE)
        return
    canvas.line(WIDTH // 2, 15, line.time_of_day(model.minute_of_day), FIGURES_32, CENTRE)
    line.clear().put(_DAYS[model.weekday]).put(b" ").number(model.day).put(b" ").put(_MONTHS[model.month - 1])
    canvas.line(1, 55, line, TEXT)
    canvas.line(WIDTH - 1, 55, line.clear().number(model.steps_today).put(b" steps"), TEXT, RIGHT)


def sport(canvas: Canvas, model: Snapshot) -> None:
    """The chosen sport large, its neighbours above and below; who wears the wearable, if it may be another."""
    chosen = model.chosen_sport
    canvas.text(WIDTH // 2, 4, sport_name((chosen + 7) % 8), TEXT, CENTRE)
    canvas.text(WIDTH // 2, 19, sport_name(chosen), TEXT, CENTRE, 2)
    canvas.invert(0, 15, WIDTH, 22)
    canvas.text(WIDTH // 2, 41, sport_name((chosen + 1) % 8), TEXT, CENTRE)
    if model.many_users:
        _user(model)
        canvas.line(1, 56, line, TEXT)
    else:
        canvas.text(1, 56, b"START begins", TEXT)
    canvas.text(WIDTH - 1, 56, b"LAP next", TEXT, RIGHT)


def sync(canvas: Canvas, model: Snapshot) -> None:
    """What the server does not hold yet, and who is connected."""
    line.clear()
    if model.hours_left > 0:
        line.number(model.hours_left).put(b" h left")
    title(canvas, b"Sync", line)
    if model.backlog_bytes == 0:
        canvas.text(WIDTH // 2, 21, b"_ All sent", TEXT, CENTRE, 2)
    else:
        line.clear().tenths((model.backlog_bytes * 10 + 1023) // 1024)
        width = canvas.line(3, 18, line, FIGURES_16)
        canvas.text(width + 7, 19, b"kB", TEXT)
        canvas.text(width + 7, 27, b"to send", TEXT)
    sent = model.held_bytes - model.backlog_bytes
    canvas.frame(3, 40, WIDTH - 6, 7)
    # Kilobytes keep the product small.
    canvas.fill(5, 42, (WIDTH - 10) * (sent >> 10) // max(1, model.held_bytes >> 10), 3)
    canvas.text(3, 53, _LINKS[model.link], TEXT)
    right_end = line.clear().number(model.held_bytes >> 10).put(b" kB held")
    canvas.line(WIDTH - 3, 53, right_end, TEXT, RIGHT)


def settings(canvas: Canvas, model: Snapshot) -> None:
    """Rows of name and value; START changes the marked one."""
    title(canvas, b"Settings")
    for row in range(ROWS):
        y = 13 + 10 * row
        canvas.text(3, y, _ROW_NAMES[row], TEXT)
        _value(model, row)
        right(canvas, y)
        if row == model.row:
            canvas.invert(0, y - 1, WIDTH, 10)


def _value(model: Snapshot, row: int) -> None:
    line.clear()
    if row == BRIGHTNESS:
        line.put(_LEVELS[model.brightness])
    elif row == ALWAYS_ON:
        line.put(b"always" if model.always_on else b"on press")
    elif row == TIME_ZONE:
        minutes = abs(model.zone_quarters) * 15
        line.put(b"-" if model.zone_quarters < 0 else b"+").number(minutes // 60).put(b":").number(minutes % 60, 2)
    elif row == MAX_HEART_RATE:
        line.number(model.highest_bpm)
    elif row == USER:
        _user(model)


def _user(model: Snapshot) -> None:
    line.clear()
    if model.user_name:
        line.put(model.user_name)
    else:
        line.number(model.user + 1)
