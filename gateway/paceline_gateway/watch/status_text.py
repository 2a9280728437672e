"""The state in words, as plain lines; for `status --once` and as the words of the live view."""

from collections.abc import Iterator

from paceline_gateway.config import Config
from paceline_gateway.progress import amount
from paceline_gateway.report import status_lines
from paceline_gateway.watch.backlog import Backlog, backlogs
from paceline_gateway.watch.state import GatewayState, WearableState

_RECORDING = {1: "recording", 2: "paused"}


def plain_lines(config: Config, state: GatewayState, alive: bool, now_utc_s: int) -> Iterator[str]:
    """Yield the gateway's line, a line per wearable with its problems below, then a line per journal."""
    yield f"gateway  {gateway_words(state, alive)}"
    held = backlogs(config.spool)
    for device_id, wearable in config.wearables.items():
        known = state.wearables.get(device_id, WearableState())
        words = [*wearable_words(known, alive, now_utc_s), backlog_words(held.get(device_id, Backlog()))]
        yield f"{device_id.hex()}  {printable(wearable.name)}  {', '.join(words)}"
        yield from (f"  ! {problem}" for problem in problems(known, now_utc_s, config.alert_after_h))
    yield from status_lines(config)


def gateway_words(state: GatewayState, alive: bool) -> str:
    """Return whether it runs, and whether it has a radio."""
    if not alive:
        return "is not running"
    return f"runs, but Bluetooth does not: {printable(state.radio_problem)}" if state.radio_problem else "runs"


def wearable_words(wearable: WearableState, alive: bool, now_utc_s: int) -> list[str]:
    """Return connection and signal, progress, workout, battery, last sync: what is known of them."""
    words: list[str] = []
    if alive and wearable.connected:
        words.append(f"connected ({wearable.rssi_dbm} dBm)")
        if wearable.epoch and not wearable.caught_up:
            words.append(f"pulling, {percent(wearable)} % of {amount(wearable.end - wearable.start)}")
        if wearable.recording in _RECORDING:
            words.append(_RECORDING[wearable.recording])
    elif alive:
        words.append("not connected")
    if wearable.battery_percent >= 0:
        words.append(f"battery {wearable.battery_percent} %")
    if not wearable.synced_utc_s:
        return [*words, "never synced"]
    return [*words, f"synced {ago(max(now_utc_s - wearable.synced_utc_s, 0))}"]


def backlog_words(backlog: Backlog) -> str:
    """Return what waits here for the server."""
    return f"{amount(backlog.waiting)} for the server" if backlog.waiting else "nothing for the server"


def problems(wearable: WearableState, now_utc_s: int, alert_after_h: float) -> Iterator[str]:
    """Yield what is wrong with a wearable, a line each."""
    if wearable.overdue(now_utc_s, alert_after_h):
        yield f"not synced for {(wearable.unsynced_s(now_utc_s) or 0) // 3600} hours"
    if wearable.upload_overdue(now_utc_s, alert_after_h):
        yield f"not uploaded for {(now_utc_s - wearable.upload_waits_utc_s) // 3600} hours"
    if wearable.upload_problem:
        yield f"{'upload stopped' if wearable.upload_stopped else 'upload waits'}: {printable(wearable.upload_problem)}"
    if wearable.link_problem and not wearable.caught_up:  # who has told everything may walk away
        yield f"last connection: {printable(wearable.link_problem)}"


def percent(wearable: WearableState) -> int:
    """Return how much of what the wearable holds is safe here, 0 to 100; 100 only when it is all."""
    size = wearable.end - wearable.start
    return 100 if wearable.durable >= wearable.end else 100 * max(wearable.durable - wearable.start, 0) // size


def ago(seconds: int) -> str:
    """Return a duration up to now as people say it."""
    if seconds < 60:
        return "just now"
    for unit_s, name in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * unit_s or unit_s == 60:
            return f"{seconds // unit_s} {name} ago"
    raise AssertionError


def printable(text: str) -> str:
    """Return the text without what would move a terminal's cursor."""
    return "".join(character if character.isprintable() else " " for character in text)
