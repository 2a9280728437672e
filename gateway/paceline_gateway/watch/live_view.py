"""The state as a picture in a terminal, drawn again and again in its place until a key interrupts."""

import shutil
import sys
import time
import unicodedata
from collections.abc import Iterator
from typing import TextIO

from paceline_gateway.config import Config
from paceline_gateway.progress_mark import this_boot
from paceline_gateway.watch.backlog import Backlog, backlogs
from paceline_gateway.watch.state import GatewayState, WearableState
from paceline_gateway.watch.state_file import read_state
from paceline_gateway.watch.status_text import (
    backlog_words,
    gateway_words,
    percent,
    plain_lines,
    printable,
    problems,
    wearable_words,
)

EVERY_S = 1.0
BAR_CELLS = 20
_BOLD, _RED, _PLAIN = "\x1b[1m", "\x1b[31m", "\x1b[0m"
_CLEAR_LINE, _CLEAR_BELOW = "\x1b[K", "\x1b[J"


def once(config: Config) -> Iterator[str]:
    """Yield the present state as plain lines."""
    state = read_state(config.spool)
    yield from plain_lines(config, state, state.alive(this_boot(), time.monotonic()), int(time.time()))


def follow(config: Config, out: TextIO = sys.stdout) -> None:
    """Draw until KeyboardInterrupt, which the caller handles."""
    drawn = 0
    while True:
        state = read_state(config.spool)
        size = shutil.get_terminal_size()
        alive = state.alive(this_boot(), time.monotonic())
        lines = list(picture(config, state, backlogs(config.spool), alive=alive, now_utc_s=int(time.time())))
        shown = [cut(line, size.columns - 1) for line in lines[: max(size.lines - 1, 1)]]
        up = f"\x1b[{drawn}A" if drawn else ""
        out.write(f"{up}\r" + "".join(f"{line}{_PLAIN}{_CLEAR_LINE}\n" for line in shown) + _CLEAR_BELOW)
        out.flush()
        drawn = len(shown)
        time.sleep(EVERY_S)


def picture(
    config: Config, state: GatewayState, held: dict[bytes, Backlog], *, alive: bool, now_utc_s: int
) -> Iterator[str]:
    """Yield the lines of one picture, with colours, as wide as they get."""
    moment = time.strftime("%H:%M:%S", time.localtime(now_utc_s))
    red = "" if alive and not state.radio_problem else _RED
    yield f"{_BOLD}Paceline gateway{_PLAIN} {red}{gateway_words(state, alive)}{_PLAIN}, {moment}"
    if not config.wearables:
        yield "no wearable yet; do: paceline-gateway add"
    names = {device_id: printable(wearable.name) for device_id, wearable in config.wearables.items()}
    widest = max((width(name) for name in names.values()), default=0)
    for device_id, name in names.items():
        known = state.wearables.get(device_id, WearableState())
        yield ""
        yield f"{_BOLD}{name}{_PLAIN}{' ' * (widest - width(name))}  {bar(known)}"
        words = [*wearable_words(known, alive, now_utc_s), backlog_words(held.get(device_id, Backlog()))]
        yield "  " + ", ".join(words)
        for problem in problems(known, now_utc_s, config.alert_after_h):
            yield f"  {_RED}! {problem}{_PLAIN}"


def bar(wearable: WearableState) -> str:
    """Return how much of what the wearable is known to hold is safe here, as a bar of fixed width."""
    if not wearable.epoch:
        return f"[{'·' * BAR_CELLS}]"
    share = percent(wearable)
    full = BAR_CELLS * share // 100
    return f"[{'█' * full}{'░' * (BAR_CELLS - full)}] {share:3} %"


def width(text: str) -> int:
    """Return how many cells of a terminal a printable text takes."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def cut(line: str, cells: int) -> str:
    """Return the line as far as it fits, escape sequences whole and not counted: a wrapped line spoils the rest."""
    parts: list[str] = []
    left, index = cells, 0
    while index < len(line):
        if line[index] == "\x1b":
            end = line.index("m", index) + 1
            parts.append(line[index:end])
            index = end
            continue
        left -= width(line[index])
        if left < 0:
            break
        parts.append(line[index])
        index += 1
    return "".join(parts)
