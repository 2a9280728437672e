"""The settings blob (blob kind 1): the wearers of a wearable, their zones and goals (docs/WRIST.md, bit for bit).

check() is what a wearable asks before it takes a blob; user_at() and goal_at() lead through one that passed.
The tables are strings, name:format, because tuples would cost the wearable a kilobyte.
"""

import struct

from .integrity import crc16

FORMAT_VERSION = 1
MOST_USERS = 8
GOALS = 3  # of each user
ZONES = 5
ANY_SPORT = 255

HIDE_LIVE, ROTATE_ADDRESS, RECORD_RR, RECORD_PPG = 1, 2, 4, 8  # bits of flags
USUAL_POOL_CM = 2500
ZONE_UTC = 128  # what zone is with UTC; 0 means that the wearer's own time zone stays

HEAD = "version:B flags:B zone:B users:B epoch:I position:I"
USER = (
    "slot:B name:12s birth_year:H sex:B weight_hg:H height_cm:B max_heart_rate_bpm:B resting_heart_rate_bpm:B "
    "zones_bpm:5s zone_low:B zone_high:B auto_pause:B auto_lap_m:H auto_lap_s:H pool_cm:H daily_steps:I"
)
GOAL = "goal:H kind:B period:B sport:B target:I done:I until_utc_s:I"

HEAD_SIZE = 12
USER_FORMAT = "<B12sHBHBBB5sBBBHHHI"
GOAL_FORMAT = "<HBBBIII"

GOAL_KINDS = ("none", "distance_m", "time_s", "count", "steps", "kilocalories", "climb_m")
PERIODS = ("free", "day", "week", "month")
SEXES = ("unknown", "female", "male")

_USER_SIZE = 39
_GOAL_SIZE = 17
_SLOT_SIZE = _USER_SIZE + GOALS * _GOAL_SIZE
_EAST, _WEST = 56, -48  # quarters of an hour: UTC+14 to UTC−12
_SPORTS = 8


def user_at(place: int) -> int:
    """Return the offset of the user with this place in the blob, counted from 0."""
    return HEAD_SIZE + place * _SLOT_SIZE


def goal_at(place: int, goal: int) -> int:
    """Return the offset of a goal, 0–2, of the user with this place in the blob."""
    return user_at(place) + _USER_SIZE + goal * _GOAL_SIZE


def check(data: bytes) -> str:
    """Return what is wrong with a whole blob, "" when nothing is."""
    if len(data) < HEAD_SIZE or data[0] != FORMAT_VERSION:
        return f"settings: not of format version {FORMAT_VERSION}"
    if not 1 <= data[3] <= MOST_USERS or len(data) != user_at(data[3]) + 2:
        return f"settings: {len(data)} bytes do not hold {data[3]} users"
    if crc16(memoryview(data)[:-2]) != data[-2] | data[-1] << 8:
        return "settings: the check sum does not fit"
    if data[1] > 15 or (data[2] and not _WEST <= data[2] - ZONE_UTC <= _EAST):
        return "settings: flags or time zone are not known"
    slot = -1
    for place in range(data[3]):
        wrong = _wrong_user(data, user_at(place), slot)
        slot = data[user_at(place)]
        for goal in range(GOALS):
            wrong = wrong or _wrong_goal(data, goal_at(place, goal))
        if wrong:
            return f"settings: user {place + 1}: {wrong}"
    return ""


def name_of(field: bytes) -> bytes:
    """Return a name without the zeros behind it."""
    return field.rstrip(b"\0")


def _wrong_user(data: bytes, at: int, slot_before: int) -> str:
    user = struct.unpack_from(USER_FORMAT, data, at)
    slot, name, _, sex = user[:4]
    zones, low, high, auto_pause = user[8:12]
    if not slot_before < slot < MOST_USERS:
        return "slots do not rise"
    try:
        if "\0" in name_of(name).decode():
            return "the name has a gap"
    except UnicodeError:
        return "the name is not UTF-8"
    if sex >= len(SEXES) or auto_pause > 1:
        return "sex or auto-pause is not known"
    for i in range(1, ZONES):
        if zones[i] < zones[i - 1] or (zones[i] and not zones[i - 1]):
            return "zones do not rise"
    if not low <= high <= ZONES or (low == 0) != (high == 0):
        return "the zones to stay in are none"
    return ""


def _wrong_goal(data: bytes, at: int) -> str:
    _, kind, period, sport, target = struct.unpack_from(GOAL_FORMAT, data, at)[:5]
    if kind >= len(GOAL_KINDS) or period >= len(PERIODS) or (sport >= _SPORTS and sport != ANY_SPORT):
        return "a goal's kind, period or sport is not known"
    if kind and not 0 < target < 1 << 30:
        return "a goal's target is out of range"
    return ""
