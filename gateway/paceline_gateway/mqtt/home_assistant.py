"""What Home Assistant is told, as topics and payloads: entities by its MQTT discovery, and the state of each wearable.

homeassistant/sensor/paceline_<device id>/<entity>/config   one for each of ENTITIES, retained
paceline/<device id>/state                                  JSON, retained; null where nothing is known
paceline/gateway                                            "online", or "offline" (also as the will), retained
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

PREFIX = "homeassistant"
BIRTH_TOPIC = f"{PREFIX}/status"
"""Home Assistant says "online" here when it was started: then all is told anew."""
GATEWAY_TOPIC = "paceline/gateway"
ONLINE, OFFLINE = "online", "offline"

ENTITIES: dict[str, dict[str, str]] = {
    "battery": {
        "name": "Battery",
        "device_class": "battery",
        "unit_of_measurement": "%",
        "state_class": "measurement",
        "entity_category": "diagnostic",
        "value_template": "{{ value_json.battery_percent }}",
    },
    "last_sync": {
        "name": "Last sync",
        "device_class": "timestamp",
        "entity_category": "diagnostic",
        "value_template": "{{ value_json.last_sync }}",
    },
    "steps_today": {
        "name": "Steps today",
        "icon": "mdi:shoe-print",
        "unit_of_measurement": "steps",
        "state_class": "total_increasing",
        "value_template": "{{ value_json.steps_today }}",
    },
    "heart_rate": {
        "name": "Heart rate",
        "icon": "mdi:heart-pulse",
        "unit_of_measurement": "bpm",
        "state_class": "measurement",
        "value_template": "{{ value_json.heart_rate_bpm }}",
    },
}


@dataclass(frozen=True)
class Shown:
    """What is told of one wearable; None where it is not known, `heart_rate_bpm` but for a workout under way."""

    battery_percent: int | None = None
    last_sync_utc_s: int | None = None
    steps_today: int | None = None
    heart_rate_bpm: int | None = None


def state_topic(device_id: bytes) -> str:
    """Return where the wearable's state is told."""
    return f"paceline/{device_id.hex()}/state"


def state_payload(shown: Shown) -> str:
    """Return the state's JSON."""
    synced = shown.last_sync_utc_s
    table = {
        "battery_percent": shown.battery_percent,
        "last_sync": datetime.fromtimestamp(synced, UTC).isoformat() if synced else None,
        "steps_today": shown.steps_today,
        "heart_rate_bpm": shown.heart_rate_bpm,
    }
    return json.dumps(table)


def discovery(device_id: bytes, name: str) -> dict[str, str]:
    """Return the payload by topic that makes a wearable a device with its entities."""
    node = f"paceline_{device_id.hex()}"
    device = {"identifiers": [node], "name": name, "manufacturer": "Paceline", "model": "Wearable"}
    return {
        f"{PREFIX}/sensor/{node}/{key}/config": json.dumps(
            {
                **entity,
                "unique_id": f"{node}_{key}",
                "state_topic": state_topic(device_id),
                "availability_topic": GATEWAY_TOPIC,
                "device": device,
                "origin": {"name": "Paceline gateway"},
            }
        )
        for key, entity in ENTITIES.items()
    }
