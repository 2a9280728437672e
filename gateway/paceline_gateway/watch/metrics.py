"""The state in the text format of Prometheus, version 0.0.4. Wearables are told apart by label, never by name."""

from collections.abc import Iterator, Mapping

from paceline_gateway.config import Config
from paceline_gateway.watch.backlog import Backlog
from paceline_gateway.watch.health import reasons
from paceline_gateway.watch.labels import labels
from paceline_gateway.watch.state import GatewayState, WearableState

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_WEARABLE = {
    "connected": "Whether it is connected now.",
    "recording": "Whether it recorded a workout when it told last.",
    "last_sync_timestamp_seconds": "When all that it held was safe here.",
    "overdue": "Whether it was not synced for longer than alert_after_h.",
    "battery_ratio": "Charge of its battery, 0 to 1, when it told last.",
    "signal_dbm": "Signal strength when it was connected last.",
    "pending_bytes": "Bytes that it holds and that are not safe here, as far as is known.",
    "spooled_bytes": "Bytes of its journals that are held here.",
    "backlog_bytes": "Bytes held here that the server has not confirmed.",
    "upload_stopped": "Whether its upload waits for somebody to look.",
}


def exposition(config: Config, state: GatewayState, held: Mapping[bytes, Backlog], now_utc_s: int) -> str:
    """Return the page; a value that is not known is left out."""
    healthy = not any(reasons(config, state, held, now_utc_s))
    lines = [
        *_one("paceline_gateway_healthy", "Whether /healthz says 200.", healthy),
        *_one("paceline_gateway_radio_usable", "Whether Bluetooth can be used.", not state.radio_problem),
        *_one("paceline_gateway_spool_limit_bytes", "The most that journals may fill.", config.spool_max_bytes),
    ]
    called = labels(config.wearables)
    blank = WearableState()
    rows = {
        label: _values(
            state.wearables.get(device_id, blank), held.get(device_id, Backlog()), now_utc_s, config.alert_after_h
        )
        for device_id, label in called.items()
    }
    for name, about in _WEARABLE.items():
        known = [(label, value) for label, row in rows.items() if (value := row[name]) is not None]
        if known:
            lines += _head(f"paceline_wearable_{name}", about)
            lines += [f'paceline_wearable_{name}{{wearable="{label}"}} {_number(value)}' for label, value in known]
    return "\n".join(lines) + "\n"


def _values(wearable: WearableState, held: Backlog, now_utc_s: int, alert_after_h: float) -> dict[str, float | None]:
    return {
        "connected": wearable.connected,
        "recording": wearable.recording == 1,
        "last_sync_timestamp_seconds": wearable.synced_utc_s or None,
        "overdue": wearable.overdue(now_utc_s, alert_after_h),
        "battery_ratio": wearable.battery_percent / 100 if wearable.battery_percent >= 0 else None,
        "signal_dbm": wearable.rssi_dbm or None,
        "pending_bytes": max(wearable.end - wearable.durable, 0) if wearable.epoch else None,
        "spooled_bytes": held.held,
        "backlog_bytes": held.waiting,
        "upload_stopped": wearable.upload_stopped,
    }


def _head(name: str, about: str) -> Iterator[str]:
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} gauge"


def _one(name: str, about: str, value: float) -> Iterator[str]:
    yield from _head(name, about)
    yield f"{name} {_number(value)}"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
