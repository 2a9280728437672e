"""What is sent to the wrist for each user of a wearable, in words. Pure."""

import struct
from dataclasses import dataclass

from paceline_protocol import wrist_settings

from paceline_server.words import quantities
from paceline_server.words.quantities import DASH


@dataclass(frozen=True, slots=True)
class WristUser:
    """A user number with what the wearable reckons by; a dash for what it does not know, `zones` where each begins."""

    number: int
    name: str
    weight: str
    highest: str
    resting: str
    zones: str
    steps: str


def wrist_users(settings: bytes) -> tuple[WristUser, ...]:
    """Return the users in a checked settings blob (docs/WRIST.md); none for no blob."""
    users = []
    for place in range(settings[3] if settings else 0):
        user = struct.unpack_from(wrist_settings.USER_FORMAT, settings, wrist_settings.user_at(place))
        slot, name, _year, _sex, weight_hg, _height, highest, resting, zones = user[:9]
        users.append(
            WristUser(
                slot + 1,
                wrist_settings.name_of(name).decode("utf-8", "replace"),
                str(quantities.weight(weight_hg / 10)) if weight_hg else DASH,
                f"{highest} bpm" if highest else DASH,
                f"{resting} bpm" if resting else DASH,
                _zones(tuple(zones), highest),
                quantities.count(user[-1]) if user[-1] else DASH,
            )
        )
    return tuple(users)


def _zones(zones_bpm: tuple[int, ...], highest_bpm: int) -> str:
    if not zones_bpm[-1] and highest_bpm:
        zones_bpm = tuple(highest_bpm * percent // 100 for percent in (50, 60, 70, 80, 90))  # as the wearable does
    return " · ".join(map(str, zones_bpm)) if zones_bpm[-1] else DASH
