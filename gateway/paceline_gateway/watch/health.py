"""Whether somebody should look after the gateway, and why. Nothing personal: this goes to monitors.

A wearable that is away, or a server that is down for a while, is none of that: the gateway lives with both.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from paceline_gateway.config import Config
from paceline_gateway.watch.backlog import Backlog
from paceline_gateway.watch.labels import labels
from paceline_gateway.watch.state import GatewayState

FULL = 0.95
"""Of spool_max_bytes, waiting for the server: then soon nothing more is pulled."""


@dataclass(frozen=True)
class Reason:
    """Why the gateway is not well: a `code` for programs, `text` for people, `wearable` its label or ""."""

    code: str
    text: str
    wearable: str = ""


def reasons(config: Config, state: GatewayState, held: Mapping[bytes, Backlog], now_utc_s: int) -> Iterator[Reason]:
    """Yield what is wrong now; nothing when all is well."""
    if state.radio_problem:
        yield Reason("radio", "Bluetooth cannot be used")
    if state.disk_problem:
        yield Reason("disk", "the disk of the spool refuses to be written")
    waiting = sum(backlog.waiting for backlog in held.values())
    if waiting >= FULL * config.spool_max_bytes:
        yield Reason("spool_full", "the spool is full of what the server has not confirmed")
    for device_id, label in labels(config.wearables).items():
        wearable = state.wearables.get(device_id)
        if wearable is None:
            continue
        if wearable.overdue(now_utc_s, config.alert_after_h):
            hours = (wearable.unsynced_s(now_utc_s) or 0) // 3600
            yield Reason("not_synced", f"not synced for {hours} hours", label)
        if wearable.upload_stopped:
            yield Reason("upload_stopped", "its upload stopped until somebody looks", label)
        elif wearable.upload_overdue(now_utc_s, config.alert_after_h):
            hours = (now_utc_s - wearable.upload_waits_utc_s) // 3600
            yield Reason("not_uploaded", f"not uploaded for {hours} hours", label)
